// Requests are judged by their heads, led to their endpoints, and logged.
#include "apps/service/service.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <new>

#include "apps/service/clock.hpp"
#include "apps/service/field_path.hpp"
#include "apps/service/routes.hpp"

namespace allot::service {
namespace {

// Takes the same time wherever the two differ. That it takes longer for a longer text is no secret:
// the client knows how long its own is.
bool is_same_secret(std::string_view given, std::string_view wanted) {
    unsigned difference = given.size() == wanted.size() ? 0 : 1;
    for (std::size_t i = 0; i < given.size(); ++i) {
        difference |= static_cast<unsigned char>(given[i]) ^
                      static_cast<unsigned>(static_cast<unsigned char>(wanted[i % wanted.size()]));
    }
    return difference == 0;
}

bool has_token(const Request& head, const std::string& token) {
    constexpr std::string_view scheme = "bearer ";
    const std::string_view given = head.authorization;
    return given.size() > scheme.size() &&
           same_without_case(given.substr(0, scheme.size()), scheme) &&
           is_same_secret(given.substr(scheme.size()), token);
}

// The name in a Host header, without the port.
std::string_view name_of_host(std::string_view host) {
    if (host.starts_with('[')) {
        return host.substr(0, host.find(']') + 1);
    }
    return host.substr(0, host.find(':'));
}

// The types that the wire takes for bodies. One must be given: a browser sends requests without,
// for any web page and without asking.
bool is_json(std::string_view content_type) {
    std::string_view type = content_type.substr(0, content_type.find(';'));
    while (type.ends_with(' ')) {
        type.remove_suffix(1);
    }
    return same_without_case(type, "application/json") || same_without_case(type, "text/json") ||
           same_without_case(type, "application/json-patch+json") ||
           (type.size() > 17 && same_without_case(type.substr(0, 12), "application/") &&
            same_without_case(type.substr(type.size() - 5), "+json"));
}

// The parts of a path that the wire limits.
Findings check_id(const Match& found) {
    constexpr std::size_t longest = 64;
    Findings findings;
    if (found.pattern.find("{scope}") == std::string_view::npos) {
        return findings;
    }
    const auto is_sign = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '-' || c == '_';
    };
    const std::string& scope = found.id.scope;
    if (scope.empty() || scope.size() > longest ||
        !std::all_of(scope.begin(), scope.end(), is_sign)) {
        findings.add("scope", "found " + scope.substr(0, 200) +
                                  ", expected 1 to 64 letters, digits, `-` and `_`");
    }
    if (found.id.code.empty() || found.id.code.size() > longest) {
        findings.add("code",
                     "found " + found.id.code.substr(0, 200) + ", expected 1 to 64 characters");
    }
    return findings;
}

Problem no_such_path(const Request& head) {
    return make_problem(404, ProblemCode::invalid_request,
                        "there is nothing at " + head.target.substr(0, 200));
}

Problem wrong_method(const Request& head, const Match& found) {
    Problem made = make_problem(405, ProblemCode::invalid_request, "");
    std::string allowed;
    for (const std::string_view method : found.methods) {
        allowed += (allowed.empty() ? "" : ", ") + std::string{method};
    }
    made.detail = "the method, found " + head.method.substr(0, 20) + ", expected " + allowed;
    made.headers.emplace_back("Allow", allowed);
    return made;
}

// Who may ask, before what is asked.
std::optional<Problem> refuse_client(const ServiceOptions& options, const Request& head,
                                     bool is_open) {
    if (head.origin) {
        return make_problem(403, ProblemCode::access_denied,
                            "requests of web pages (header Origin) are not answered");
    }
    if (!options.hosts.empty() &&
        std::none_of(options.hosts.begin(), options.hosts.end(), [&](const std::string& name) {
            return same_without_case(name, name_of_host(head.host));
        })) {
        return make_problem(403, ProblemCode::access_denied,
                            "the service is not called " + head.host.substr(0, 200));
    }
    if (!is_open && !options.token.empty() && !has_token(head, options.token)) {
        Problem made = make_problem(401, ProblemCode::access_denied,
                                    "expected the header Authorization: Bearer TOKEN");
        made.headers.emplace_back("WWW-Authenticate", "Bearer");
        return made;
    }
    return std::nullopt;
}

std::optional<Problem> refuse_what(const ServiceOptions& options, const Request& head,
                                   const Match& found) {
    if (found.pattern.empty()) {
        return no_such_path(head);
    }
    if (found.route == nullptr) {
        return wrong_method(head, found);
    }
    if (found.route->changes && options.read_only) {
        return make_problem(403, ProblemCode::access_denied, "the service is read-only");
    }
    if (head.method == "POST" && !is_json(head.content_type)) {
        return make_problem(
            415, ProblemCode::invalid_request,
            "Content-Type, found " +
                (head.content_type.empty() ? "none" : head.content_type.substr(0, 200)) +
                ", expected application/json");
    }
    if (!head.content_encoding.empty() && !same_without_case(head.content_encoding, "identity")) {
        return make_problem(
            415, ProblemCode::invalid_request,
            "Content-Encoding, found " + head.content_encoding.substr(0, 200) + ", expected none");
    }
    return std::nullopt;
}

// For a log line: no spaces, quotes or control characters.
std::string plain(std::string_view text) {
    constexpr std::size_t longest = 200;
    std::string out;
    for (const char c : text.substr(0, longest)) {
        const bool is_plain = c > ' ' && c < 127 && c != '"' && c != '\\';
        out += is_plain ? std::string{c} : fmt::format("\\x{:02X}", static_cast<unsigned char>(c));
    }
    return out;
}

}  // namespace

Service::Service(ServiceOptions options)
    : state_{std::move(options)}, start_{fmt::format("{:08X}", now().seconds)} {}

std::optional<Response> Service::refuse(Request& head) {
    const std::optional<Target> target = Target::parse(head.target);
    const Match found = target ? match(head.method, target->path()) : Match{};
    if (found.route != nullptr) {
        head.operation = found.route->operation;
    }
    const bool is_open = found.route != nullptr && found.route->is_open;
    std::optional<Problem> refusal = refuse_client(state_.options, head, is_open);
    if (!refusal) {
        refusal = target
                      ? refuse_what(state_.options, head, found)
                      : make_problem(400, ProblemCode::invalid_request, "the target is not a path");
    }
    return refusal ? std::optional{response_of(*refusal, head.id)} : std::nullopt;
}

Response Service::answer(const Request& request) {
    try {
        const std::optional<Target> target = Target::parse(request.target);
        const Match found = match(request.method, target->path());
        if (Findings findings = check_id(found); !findings.empty()) {
            return response_of(findings.take(), request.id);
        }
        Answer<Response> response = found.route->endpoint(state_, Call{request, *target, found.id});
        return response ? *std::move(response) : response_of(response.error(), request.id);
    } catch (const std::bad_alloc&) {
        return answer_broken(503, "not enough memory for this request", request.id);
    } catch (const std::exception& failure) {
        return answer_broken(500, failure.what(), request.id);
    }
}

Response Service::answer_broken(int status, const std::string& detail,
                                const std::string& request_id) {
    return response_of(make_problem(status, ProblemCode::invalid_request, detail), request_id);
}

std::string Service::next_request_id() {
    return fmt::format("{}-{}", start_, ++requests_);
}

void Service::finished(const Request& request, int status, std::size_t bytes,
                       std::chrono::nanoseconds duration) {
    state_.metrics.count_request(std::string{request.operation}, status, duration);
    if (!state_.options.access_log) {
        return;
    }
    const std::string_view path =
        std::string_view{request.target}.substr(0, request.target.find('?'));
    const std::string line = fmt::format(
        "time={} request={} client={} method={} path=\"{}\" operation=\"{}\" status={} bytes={} "
        "ms={:.3f}\n",
        to_wire(now()), request.id, request.client, plain(request.method), plain(path),
        request.operation, status, bytes,
        std::chrono::duration<double, std::milli>(duration).count());
    std::fwrite(line.data(), 1, line.size(), stderr);
}

Answer<Response> health(State& /*state*/, const Call& /*call*/) {
    return json_response("{\"status\":\"ok\"}");
}

Answer<Response> metrics(State& state, const Call& /*call*/) {
    Response response;
    response.content_type = "text/plain; version=0.0.4; charset=utf-8";
    state.metrics.write(response.body);
    const std::shared_lock lock{state.mutex};
    response.body +=
        "# HELP allot_entities Entities that are there now.\n"
        "# TYPE allot_entities gauge\n";
    const auto line = [&](std::string_view kind, std::size_t count) {
        response.body += fmt::format("allot_entities{{kind=\"{}\"}} {}\n", kind, count);
    };
    line("order", state.store.count<Order>());
    line("block", state.store.count<Block>());
    line("placement", state.store.count<Placement>());
    line("execution", state.store.count<Execution>());
    line("allocation", state.store.count<Allocation>());
    return response;
}

}  // namespace allot::service
