// The service as a whole: what the program `allot serve` starts.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "allot/result.hpp"
#include "apps/service/http_server.hpp"
#include "apps/service/state.hpp"

namespace allot::service {

struct ServeOptions {
    ServerOptions server{};
    ServiceOptions service{};
    std::string token_file{};   // empty: no token
    std::string import_book{};  // a book to begin with; empty: none
    bool lenient_import{false};
    std::string data_file{};  // empty: in memory only
    bool is_synchronous{true};
    bool i_know{false};  // listen beyond this machine without a token
};

// Listens and serves until SIGTERM or SIGINT. `say` is given what the operator should read: where
// the service listens, and what is not kept. Errors, before anything is served:
// option_is_not_valid, file_is_unreadable, and those of read_book. Error afterwards, alone:
// file_is_not_writable, when the data file could not be written any more.
[[nodiscard]] Result<void, Errors> serve(const ServeOptions& options,
                                         const std::function<void(std::string_view)>& say);

}  // namespace allot::service
