// Routes: every operation of the family. Dispatch, the description under
// /openapi.json and the table in docs/service.md come from, or are compared with, this table.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "apps/service/endpoints.hpp"

namespace allot::service {

struct Route {
    using Endpoint = Answer<Response> (*)(State&, const Call&);

    std::string_view method;
    std::string_view pattern;    // "/api/orders/{scope}/{code}"
    std::string_view operation;  // "GetOrder"
    Endpoint endpoint;
    bool changes{false};  // refused when the service is read-only
    bool is_open{false};  // needs no token
};

[[nodiscard]] std::span<const Route> routes() noexcept;

// Where a path leads.
struct Match {
    const Route* route{nullptr};              // nullptr: not with this method
    std::string_view pattern{};               // empty: nowhere
    std::vector<std::string_view> methods{};  // that the path has
    ResourceId id{};
};
[[nodiscard]] Match match(std::string_view method, const std::vector<std::string>& path);

}  // namespace allot::service
