// The server: one strand for each connection, a few threads for all of them.
#include "apps/service/http_server.hpp"

#include <sys/socket.h>

#include <atomic>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <cstdio>
#include <optional>
#include <set>
#include <thread>
#include <vector>

namespace allot::service {
namespace {

namespace net = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using tcp = net::ip::tcp;
using Clock = std::chrono::steady_clock;
// By name rather than as any executor, whose calls go through tables of functions.
using Strand = net::strand<net::io_context::executor_type>;
using Socket = net::basic_stream_socket<tcp, Strand>;
using Timer = net::basic_waitable_timer<Clock, net::wait_traits<Clock>, Strand>;

// What connections share.
struct Shared {
    ServerOptions options;
    Handler& handler;
    std::atomic<std::size_t> connections{0};
    std::atomic<std::uint64_t> body_bytes{0};
    std::atomic<bool> is_stopping{false};
};

// One connection: head, body, answer, and again. All callbacks run on the connection's strand.
class Session : public std::enable_shared_from_this<Session> {
  public:
    Session(Socket&& socket, Shared& shared)
        : stream_{std::move(socket)}, deadline_{stream_.get_executor()}, shared_{shared} {
        ++shared_.connections;
        beast::error_code ignored;
        const tcp::endpoint peer = stream_.socket().remote_endpoint(ignored);
        client_ = ignored ? "?" : peer.address().to_string();
    }
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;
    ~Session() {
        give_back_body_bytes();
        --shared_.connections;
    }

    void start() {
        net::dispatch(stream_.get_executor(), [self = shared_from_this()] { self->read_head(); });
    }
    // Closes the connection unless a request has begun to arrive or is being answered.
    void stop_when_idle() {
        net::dispatch(stream_.get_executor(), [self = shared_from_this()] {
            if (self->phase_ == Phase::head && self->has_no_byte()) {
                self->close();
            }
        });
    }

  private:
    enum class Phase : std::uint8_t { head, body, answer, linger };
    using Parser = http::request_parser<http::string_body>;

    [[nodiscard]] bool has_no_byte() const { return buffer_.size() == 0 && !parser_->got_some(); }

    void close() {
        deadline_.cancel();
        beast::error_code ignored;
        stream_.socket().shutdown(tcp::socket::shutdown_both, ignored);
        stream_.socket().close(ignored);
    }

    void give_back_body_bytes() {
        shared_.body_bytes -= held_bytes_;
        held_bytes_ = 0;
    }

    // Ends what is being waited for when it takes longer than `time`.
    void limit(std::chrono::milliseconds time) {
        is_late_ = false;
        deadline_.expires_after(time);
        deadline_.async_wait([self = shared_from_this(), round = ++round_](beast::error_code ec) {
            if (!ec && round == self->round_) {
                self->is_late_ = true;
                self->stream_.cancel();
            }
        });
    }

    void read_head() {
        give_back_body_bytes();
        if (shared_.is_stopping && buffer_.size() == 0) {
            close();
            return;
        }
        phase_ = Phase::head;
        parser_.emplace();
        parser_->header_limit(shared_.options.header_bytes);
        parser_->body_limit(shared_.options.body_bytes);
        limit(shared_.options.request_time);
        http::async_read_header(
            stream_, buffer_, *parser_,
            [self = shared_from_this()](beast::error_code ec, std::size_t) { self->on_head(ec); });
    }

    void on_head(beast::error_code ec) {
        begun_ = Clock::now();
        request_ = Request{};
        request_.id = shared_.handler.next_request_id();
        request_.client = client_;
        if (ec) {
            on_broken_read(ec);
            return;
        }
        take_head();
        if (std::optional<Response> refusal = shared_.handler.refuse(request_)) {
            refuse(*std::move(refusal));
            return;
        }
        held_bytes_ =
            parser_->content_length().value_or(parser_->chunked() ? shared_.options.body_bytes : 0);
        if (shared_.body_bytes.fetch_add(held_bytes_) + held_bytes_ >
            shared_.options.bodies_bytes) {
            refuse(shared_.handler.answer_broken(
                503, "other requests are being read that are too large together", request_.id));
            return;
        }
        phase_ = Phase::body;
        if (beast::iequals(parser_->get()[http::field::expect], "100-continue")) {
            go_on_.emplace(http::status::continue_, 11);
            http::async_write(stream_, *go_on_,
                              [self = shared_from_this()](beast::error_code failed, std::size_t) {
                                  failed ? self->close() : self->read_body();
                              });
            return;
        }
        read_body();
    }

    void take_head() {
        const auto& head = parser_->get();
        const auto text = [](beast::string_view view) {
            return std::string{view.data(), view.size()};
        };
        request_.method = text(head.method_string());
        request_.target = text(head.target());
        request_.host = text(head[http::field::host]);
        request_.content_type = text(head[http::field::content_type]);
        request_.content_encoding = text(head[http::field::content_encoding]);
        request_.authorization = text(head[http::field::authorization]);
        if (head.count(http::field::origin) != 0) {
            request_.origin = text(head[http::field::origin]);
        }
        is_head_request_ = head.method() == http::verb::head;
        keep_alive_ = parser_->keep_alive();
        version_ = head.version();
    }

    void read_body() {
        http::async_read(
            stream_, buffer_, *parser_,
            [self = shared_from_this()](beast::error_code ec, std::size_t) { self->on_body(ec); });
    }

    void on_body(beast::error_code ec) {
        if (ec) {
            on_broken_read(ec);
            return;
        }
        request_.body = std::move(parser_->get().body());
        write(shared_.handler.answer(request_));
    }

    void on_broken_read(beast::error_code ec) {
        int status = 400;
        std::string detail = "this is not an HTTP request: " + ec.message();
        if (is_late_) {
            status = 408;
            detail = "the request did not arrive in time";
        } else if (ec == http::error::header_limit || ec == http::error::buffer_overflow) {
            status = 431;
            detail = "the head of the request is larger than " +
                     std::to_string(shared_.options.header_bytes) + " bytes";
        } else if (ec == http::error::body_limit) {
            status = 413;
            detail =
                "the body is larger than " + std::to_string(shared_.options.body_bytes) + " bytes";
        } else if (ec == http::error::partial_message) {
            detail = "the request ended before it was whole";  // the client may still listen
        } else if (ec.category() != make_error_code(http::error::end_of_stream).category() ||
                   ec == http::error::end_of_stream) {
            close();  // the client has gone
            return;
        }
        if (is_late_ && phase_ == Phase::head && has_no_byte()) {
            close();
            return;
        }
        refuse(shared_.handler.answer_broken(status, detail, request_.id));
    }

    // Answers a request of which not everything was read: nothing more can come on this connection.
    void refuse(Response response) {
        keep_alive_ = false;
        write(std::move(response));
    }

    void write(Response response) {
        phase_ = Phase::answer;
        response_ = {};
        response_.result(static_cast<unsigned>(response.status));
        response_.version(version_);
        response_.set(http::field::server, "allot");
        response_.set(http::field::content_type, response.content_type);
        response_.set(http::field::cache_control, "no-store");
        response_.set("X-Content-Type-Options", "nosniff");
        response_.set("X-Request-ID", request_.id);
        for (const auto& [name, value] : response.headers) {
            response_.set(name, value);
        }
        keep_alive_ = keep_alive_ && !shared_.is_stopping;
        response_.keep_alive(keep_alive_);
        response_.content_length(response.body.size());
        if (!is_head_request_) {
            response_.body() = std::move(response.body);
        }
        limit(shared_.options.request_time);
        http::async_write(stream_, response_,
                          [self = shared_from_this()](beast::error_code ec, std::size_t bytes) {
                              self->on_written(ec, bytes);
                          });
    }

    void on_written(beast::error_code ec, std::size_t bytes) {
        shared_.handler.finished(request_, static_cast<int>(response_.result_int()), bytes,
                                 Clock::now() - begun_);
        if (ec) {
            close();
        } else if (keep_alive_) {
            read_head();
        } else {
            linger();
        }
    }

    // A socket that is closed while the client still sends may take the answer with it. So we only
    // say that we are done, and read away what comes for a moment.
    void linger() {
        phase_ = Phase::linger;
        give_back_body_bytes();
        beast::error_code ignored;
        stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
        limit(std::chrono::milliseconds{1000});
        read_away(1024);
    }
    void read_away(int rounds) {
        stream_.async_read_some(net::buffer(waste_),
                                [self = shared_from_this(), rounds](beast::error_code ec, auto) {
                                    if (ec || rounds == 0) {
                                        self->close();
                                    } else {
                                        self->read_away(rounds - 1);
                                    }
                                });
    }

    beast::basic_stream<tcp, Strand> stream_;
    Timer deadline_;
    Shared& shared_;
    beast::flat_buffer buffer_;
    std::optional<Parser> parser_;
    std::optional<http::response<http::empty_body>> go_on_;
    http::response<http::string_body> response_;
    Request request_;
    std::string client_;
    std::array<char, 4096> waste_{};
    Clock::time_point begun_{};
    std::uint64_t held_bytes_{0};
    std::uint64_t round_{0};
    unsigned version_{11};
    Phase phase_{Phase::head};
    bool keep_alive_{false};
    bool is_head_request_{false};
    bool is_late_{false};
};

class BeastServer : public HttpServer {
  public:
    BeastServer(const ServerOptions& options, Handler& handler)
        : shared_{options, handler},
          context_{static_cast<int>(options.threads)},
          acceptor_{net::make_strand(context_)},
          again_{acceptor_.get_executor()},
          signals_{acceptor_.get_executor(), SIGINT, SIGTERM} {}

    beast::error_code open() {
        beast::error_code ec;
        const net::ip::address address = net::ip::make_address(shared_.options.host, ec);
        if (ec) {
            return ec;
        }
        const tcp::endpoint endpoint{address, shared_.options.port};
        acceptor_.open(endpoint.protocol(), ec);
        if (!ec) {
            acceptor_.set_option(net::socket_base::reuse_address{true}, ec);
        }
        if (!ec) {
            acceptor_.bind(endpoint, ec);
        }
        if (!ec) {
            acceptor_.listen(net::socket_base::max_listen_connections, ec);
        }
        return ec;
    }

    [[nodiscard]] std::uint16_t port() const override {
        beast::error_code ignored;
        return acceptor_.local_endpoint(ignored).port();
    }
    [[nodiscard]] std::size_t connections() const noexcept override { return shared_.connections; }

    void run() override {
        signals_.async_wait([this](beast::error_code ec, int) {
            if (!ec) {
                stop();
            }
        });
        net::dispatch(acceptor_.get_executor(), [this] { accept(); });
        std::vector<std::thread> threads;
        for (unsigned i = 1; i < shared_.options.threads; ++i) {
            threads.emplace_back([this] { work(); });
        }
        work();
        for (std::thread& thread : threads) {
            thread.join();
        }
    }

  private:
    // A callback that throws, for want of memory, takes its connection with it and no other.
    void work() {
        for (bool is_done = false; !is_done;) {
            try {
                context_.run();
                is_done = true;
            } catch (const std::exception& failure) {
                std::fprintf(stderr, "allot: a connection was given up: %s\n", failure.what());
            }
        }
    }

    void accept() {
        acceptor_.async_accept(net::make_strand(context_),
                               [this](beast::error_code ec, Socket socket) {
                                   if (shared_.is_stopping) {
                                       return;
                                   }
                                   if (ec) {
                                       accept_later();
                                       return;
                                   }
                                   accept();  // first: a welcome may throw
                                   welcome(std::move(socket));
                               });
    }

    // When descriptors have run out, trying at once would only burn time.
    void accept_later() {
        again_.expires_after(std::chrono::milliseconds{100});
        again_.async_wait([this](beast::error_code ec) {
            if (!ec && !shared_.is_stopping) {
                accept();
            }
        });
    }

    void welcome(Socket socket) {
        if (shared_.connections >= shared_.options.connections) {
            // Fits into the socket's buffer, so nothing waits for the client.
            constexpr std::string_view full =
                "HTTP/1.1 503 Service Unavailable\r\nServer: allot\r\nRetry-After: 1\r\n"
                "Connection: close\r\nContent-Length: 0\r\n\r\n";
            beast::error_code ignored;
            socket.non_blocking(true, ignored);
            socket.send(net::buffer(full.data(), full.size()), 0, ignored);
            return;
        }
        beast::error_code ignored;
        socket.set_option(tcp::no_delay{true}, ignored);
        const auto session = std::make_shared<Session>(std::move(socket), shared_);
        std::erase_if(sessions_, [](const std::weak_ptr<Session>& old) { return old.expired(); });
        sessions_.push_back(session);
        session->start();
    }

    void stop() {
        shared_.is_stopping = true;
        beast::error_code ignored;
        acceptor_.close(ignored);
        again_.cancel();
        for (const std::weak_ptr<Session>& weak : sessions_) {
            if (const std::shared_ptr<Session> session = weak.lock()) {
                session->stop_when_idle();
            }
        }
        // A second signal, while the last requests are being finished, ends without them.
        signals_.async_wait([this](beast::error_code ec, int) {
            if (!ec) {
                context_.stop();
            }
        });
        watch_the_end();
    }

    // The context has work as long as the signals are waited for.
    void watch_the_end() {
        if (shared_.connections == 0) {
            signals_.cancel();
            return;
        }
        again_.expires_after(std::chrono::milliseconds{10});
        again_.async_wait([this](beast::error_code) { watch_the_end(); });
    }

    Shared shared_;  // connections that the context still has when it goes look into it
    net::io_context context_;
    tcp::acceptor acceptor_;
    net::steady_timer again_;
    net::signal_set signals_;
    std::vector<std::weak_ptr<Session>> sessions_;
};

}  // namespace

Result<std::unique_ptr<HttpServer>> HttpServer::listen(const ServerOptions& options,
                                                       Handler& handler) {
    auto server = std::make_unique<BeastServer>(options, handler);
    if (const beast::error_code ec = server->open()) {
        Error error;
        error.code = ErrorCode::option_is_not_valid;
        error.field = "--host, --port";
        error.found = options.host + ", " + std::to_string(options.port);
        error.expected = "an address and a port to listen on (" + ec.message() + ")";
        return Unexpected{std::move(error)};
    }
    return std::unique_ptr<HttpServer>{std::move(server)};
}

}  // namespace allot::service
