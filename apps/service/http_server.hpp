// HttpServer: sockets and HTTP/1.1. Everything about Boost.Beast stays in http_server.cpp.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "allot/result.hpp"
#include "apps/service/request.hpp"

namespace allot::service {

struct ServerOptions {
    std::string host{"127.0.0.1"};  // an address, not a name
    std::uint16_t port{8711};       // 0: any free one
    unsigned threads{2};
    std::uint32_t header_bytes{64 * 1024};  // request line and headers; a filter may be long
    std::uint64_t body_bytes{64ULL * 1024 * 1024};
    // Bodies that are being read or answered, all together.
    std::uint64_t bodies_bytes{256ULL * 1024 * 1024};
    unsigned connections{256};
    // For a whole request to arrive, for an answer to be taken, and between requests.
    std::chrono::seconds request_time{30};
};

class HttpServer {
  public:
    // Listens. Errors: option_is_not_valid: no address, or not one that can be listened on.
    [[nodiscard]] static Result<std::unique_ptr<HttpServer>> listen(const ServerOptions& options,
                                                                    Handler& handler);
    virtual ~HttpServer() = default;

    [[nodiscard]] virtual std::uint16_t port() const = 0;
    [[nodiscard]] virtual std::size_t connections() const noexcept = 0;
    // Answers until SIGTERM or SIGINT, then finishes what has begun and returns.
    virtual void run() = 0;
};

}  // namespace allot::service
