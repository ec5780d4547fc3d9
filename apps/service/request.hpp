// Request: what a client asks, as the server hands it over; no socket and no library in it.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "apps/service/problem.hpp"

namespace allot::service {

struct Request {
    std::string method{};
    std::string target{};  // as received: path and query
    std::string host{};
    std::string content_type{};
    std::string content_encoding{};
    std::string authorization{};
    std::optional<std::string> origin{};  // sent by browsers only
    std::string client{};                 // address, for the log
    std::string id{};                     // of the request
    std::string body{};                   // empty until it was read
    std::string_view operation{"none"};   // where it leads; noted when the head was looked at
};

// What answers requests. Thread safety: called from several threads at once.
class Handler {
  public:
    Handler() = default;
    Handler(const Handler&) = delete;
    Handler& operator=(const Handler&) = delete;
    virtual ~Handler() = default;

    // Looks at a request before its body is read: the answer to one that will not be served, so
    // that nobody can make the server read megabytes that it would not use. Notes the operation.
    [[nodiscard]] virtual std::optional<Response> refuse(Request& head) = 0;
    [[nodiscard]] virtual Response answer(const Request& request) = 0;
    // The answer to bytes that are no request, or to one that broke a limit.
    [[nodiscard]] virtual Response answer_broken(int status, const std::string& detail,
                                                 const std::string& request_id) = 0;
    // A name for the next request, which no other has.
    [[nodiscard]] virtual std::string next_request_id() = 0;
    virtual void finished(const Request& request, int status, std::size_t bytes,
                          std::chrono::nanoseconds duration) = 0;
};

// The path of a target without a doubled /api, its parts decoded, and the query's parameters.
class Target {
  public:
    // nullopt: it has a `%` without two hexadecimal digits, bytes that are not text, or no `/`.
    [[nodiscard]] static std::optional<Target> parse(std::string_view text);

    [[nodiscard]] const std::vector<std::string>& path() const noexcept { return path_; }
    // The value of a parameter; nullptr when it is not given.
    [[nodiscard]] const std::string* parameter(std::string_view name) const noexcept;
    // All values of a parameter.
    [[nodiscard]] std::vector<std::string> parameters(std::string_view name) const;

  private:
    std::vector<std::string> path_;
    std::vector<std::pair<std::string, std::string>> query_;
};

}  // namespace allot::service
