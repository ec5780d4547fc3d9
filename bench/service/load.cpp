// allot_load: puts load on a running `allot serve` over kept connections, and says what came of it.
//
//   allot_load --port PORT [OPTION...] WORK
//
// Works; call n is about what is numbered n, from --first on, so that calls can be repeated and
// continued:
//   orders      uploads --batch orders in a call
//   day         uploads placements of ten orders with a block and a fill each, --batch in a call:
//               four calls for each batch
//   allocate    runs placement n of `day`; it must make allocations
//   again       runs the same placement again, where nothing is left to do
//   get         GET --path
// Options:
//   --calls N         ends after so many calls (without it, and without --seconds: one)
//   --seconds S       ends after so much time
//   --connections C   one without it
//   --rate R          calls are due R times a second, and a call's time counts from when it was
//                     due; without it each connection calls as soon as it has its answer
//   --pid PID         of the service, to state its processor time too
//   --token TOKEN     bearer token
//
// Prints one line of NAME=VALUE; exit status 1 when an answer was not what it should be. One
// thread, epoll; it takes a small part of what the service takes.
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <iostream>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::microseconds;
using std::chrono::nanoseconds;

struct Options {
    std::string work{};
    std::uint64_t port{8711};
    std::uint64_t first{0};
    std::uint64_t batch{1};
    std::uint64_t calls{0};
    std::uint64_t seconds{0};
    std::uint64_t connections{1};
    std::uint64_t rate{0};
    std::uint64_t pid{0};
    std::string path{"/healthz"};
    std::string token{};
};

// What is sent, and what has to stand in the answer.
struct Call {
    std::string method{"POST"};
    std::string path{};
    std::string body{};
    std::string_view expected{};
};
using MakeCall = std::function<Call(std::uint64_t)>;

std::string padded(std::uint64_t number, std::size_t width) {
    const std::string digits = std::to_string(number);
    return std::string(width - std::min(width, digits.size()), '0') + digits;
}

std::string id(char kind, std::uint64_t number) {
    return R"({"scope":"load","code":")" + (kind + padded(number, 9)) + "\"}";
}

constexpr std::string_view common =
    R"("side":"Buy","type":"Market","timeInForce":"Day","state":"New","properties":{},)"
    R"("instrumentIdentifiers":{"Instrument/default/Figi":"BBG000B9XRY4"})";
constexpr std::string_view without_side =
    common.substr(std::string_view{R"("side":"Buy",)"}.size());

std::string order_but_for_side(std::uint64_t n) {
    const std::uint64_t minute = n % (28 * 1440);
    std::string out = "{\"id\":" + id('O', n);
    out += ",\"quantity\":" + std::to_string(100 + n % 10 * 100);
    out += ",\"portfolioId\":" + id('F', n * 7919 % 1000);
    out += ",\"date\":\"2026-02-" + padded(1 + minute / 1440, 2) + 'T';
    return out + padded(minute / 60 % 24, 2) + ':' + padded(minute % 60, 2) + ":00Z\",";
}

std::string order_to_buy(std::uint64_t n) {
    return order_but_for_side(n).append(common) + '}';
}

// Every thousandth sells; 1,000 portfolios; a minute from one order to the next, within a month.
std::string order(std::uint64_t n) {
    return n % 1000 == 999
               ? order_but_for_side(n).append(R"("side":"Sell",)").append(without_side) + '}'
               : order_to_buy(n);
}

std::string block(std::uint64_t n) {
    std::string out = "{\"id\":" + id('B', n) + ",\"orderIds\":[";
    for (std::uint64_t i = 0; i < 10; ++i) {
        out += (i == 0 ? "" : ",") + id('O', n * 10 + i);
    }
    out += R"(],"quantity":5500,"createdDate":"2026-03-02T09:30:00Z",)";
    return out.append(common) + '}';
}

std::string placement(std::uint64_t n) {
    std::string out = "{\"id\":" + id('P', n) + ",\"blockIds\":[" + id('B', n);
    out += R"(],"quantity":5500,"createdDate":"2026-03-02T09:30:00Z",)";
    return out.append(common) + '}';
}

std::string execution(std::uint64_t n) {
    std::string out = "{\"id\":" + id('E', n) + ",\"placementId\":" + id('P', n);
    out += R"(,"quantity":4321,"createdDate":"2026-03-02T09:31:00Z","counterparty":"Broker",)"
           R"("price":{"amount":10.25,"currency":"USD"},"settlementCurrency":"USD",)"
           R"("settlementCurrencyFxRate":1,)";
    return out.append(common) + '}';
}

Call upload(std::string_view kind, std::string_view member, std::string (*make)(std::uint64_t),
            std::uint64_t from, std::uint64_t count) {
    Call call;
    call.path = "/api/" + std::string{kind};
    call.body = "{\"" + std::string{member} + "\":[";
    for (std::uint64_t i = 0; i < count; ++i) {
        call.body += (i == 0 ? "" : ",") + make(from + i);
    }
    call.body += "]}";
    return call;
}

Call upload_day(std::uint64_t n, std::uint64_t batch) {
    const std::uint64_t from = n / 4 * batch;
    switch (n % 4) {
        case 0:
            return upload("orders", "orderRequests", &order_to_buy, from * 10, batch * 10);
        case 1:
            return upload("blocks", "requests", &block, from, batch);
        case 2:
            return upload("placements", "requests", &placement, from, batch);
        default:
            return upload("executions", "requests", &execution, from, batch);
    }
}

Call allocate(std::uint64_t n, bool is_again) {
    Call call;
    call.path = "/api/ordermanagement/allocate";
    call.body = '[' + id('P', n) + ']';
    call.expected = is_again ? "{\"values\":[],\"failed\":{}}" : "{\"values\":[{";
    return call;
}

MakeCall work_of(const Options& options) {
    if (options.work == "orders") {
        return [&options](std::uint64_t n) {
            return upload("orders", "orderRequests", &order, n * options.batch, options.batch);
        };
    }
    if (options.work == "day") {
        return [&options](std::uint64_t n) { return upload_day(n, options.batch); };
    }
    if (options.work == "allocate") {
        return [](std::uint64_t n) { return allocate(n, false); };
    }
    if (options.work == "again") {
        return [&options](std::uint64_t) { return allocate(options.first, true); };
    }
    if (options.work == "get") {
        return [&options](std::uint64_t) { return Call{"GET", options.path, "", ""}; };
    }
    throw std::invalid_argument{"no such work: " + options.work};
}

// The head of an answer, as far as it matters here.
struct Head {
    std::size_t size{0};  // 0: not all of it has arrived
    std::size_t body{0};
    int status{0};
};

Head head_of(std::string_view text) {
    Head head;
    const std::size_t end = text.find("\r\n\r\n");
    constexpr std::string_view length = "Content-Length: ";
    const std::size_t at = text.substr(0, end).find(length);
    if (end == std::string_view::npos || at == std::string_view::npos) {
        return head;
    }
    head.size = end + 4;
    head.status = std::atoi(text.data() + text.find(' '));
    head.body = std::strtoull(text.data() + at + length.size(), nullptr, 10);
    return head;
}

// One connection: a call is in it, or none.
struct Connection {
    int socket{-1};
    bool is_busy{false};
    bool is_stuck{false};  // the socket takes no more for now
    Clock::time_point due{};
    std::string_view expected{};
    std::string out{};
    std::size_t sent{0};
    std::string in{};
};

int connected(std::uint64_t port) {
    const int made = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(made, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        throw std::runtime_error{"nobody answers on port " + std::to_string(port)};
    }
    const int on = 1;
    ::setsockopt(made, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    ::fcntl(made, F_SETFL, O_NONBLOCK);
    return made;
}

// Processor time that a process has used; 0 when it is not known.
microseconds processor_time(std::uint64_t pid) {
    std::ifstream file{"/proc/" + std::to_string(pid) + "/stat"};
    std::string text;
    std::getline(file, text);
    std::size_t at = std::min(text.rfind(')'), text.size());  // behind the name, which may be any
    for (int field = 2; field < 14; ++field) {
        at = text.find(' ', at) + 1;
    }
    if (pid == 0 || text.empty()) {
        return microseconds{0};
    }
    char* end = nullptr;
    const std::uint64_t ticks = std::strtoull(text.c_str() + at, &end, 10);
    const std::uint64_t all = ticks + std::strtoull(end, nullptr, 10);
    const auto per_second = static_cast<std::uint64_t>(::sysconf(_SC_CLK_TCK));
    return microseconds{all * 1'000'000 / per_second};
}

class Load {
  public:
    explicit Load(const Options& options)
        : options_{options}, make_{work_of(options)}, next_{options.first} {
        watch(EPOLL_CTL_ADD, timer_, EPOLLIN, options.connections);
        connections_.resize(options.connections);
        for (std::size_t i = 0; i < connections_.size(); ++i) {
            connections_[i].socket = connected(options.port);
            watch(EPOLL_CTL_ADD, connections_[i].socket, EPOLLIN, i);
        }
    }
    Load(const Load&) = delete;
    Load& operator=(const Load&) = delete;
    ~Load() {
        for (const Connection& connection : connections_) {
            ::close(connection.socket);
        }
        ::close(timer_);
        ::close(epoll_);
    }

    // False when an answer was not what it should be.
    bool run() {
        const microseconds before = processor_time(options_.pid);
        begun_ = Clock::now();
        give_out();
        while (busy_ > 0 || has_more()) {
            epoll_event events[64];
            const int count = ::epoll_wait(epoll_, events, 64, -1);
            for (int i = 0; i < count; ++i) {
                serve(events[i]);
            }
            give_out();
        }
        print(Clock::now() - begun_, processor_time(options_.pid) - before);
        return failed_ == 0;
    }

  private:
    void watch(int how, int descriptor, std::uint32_t events, std::uint64_t number) {
        epoll_event event{};
        event.events = events;
        event.data.u64 = number;
        ::epoll_ctl(epoll_, how, descriptor, &event);
    }

    [[nodiscard]] bool has_more() const {
        const std::uint64_t limit =
            options_.seconds == 0 ? std::max<std::uint64_t>(options_.calls, 1) : options_.calls;
        const bool is_in_time =
            options_.seconds == 0 || Clock::now() - begun_ < std::chrono::seconds{options_.seconds};
        return is_in_time && (limit == 0 || given_ < limit);
    }
    [[nodiscard]] Clock::time_point due() const {
        return options_.rate == 0 ? Clock::now()
                                  : begun_ + nanoseconds{given_ * 1'000'000'000 / options_.rate};
    }

    // Starts what is due on the connections that are free, and sets the clock for what is not.
    void give_out() {
        for (std::size_t i = 0; i < connections_.size() && has_more(); ++i) {
            const Clock::time_point at = due();
            if (at > Clock::now()) {
                const nanoseconds since = at.time_since_epoch();
                itimerspec when{};
                when.it_value.tv_sec = since.count() / 1'000'000'000;
                when.it_value.tv_nsec = since.count() % 1'000'000'000;
                ::timerfd_settime(timer_, TFD_TIMER_ABSTIME, &when, nullptr);
                return;
            }
            if (!connections_[i].is_busy) {
                start(i, at);
            }
        }
    }

    void start(std::size_t i, Clock::time_point at) {
        const Call call = make_(next_++);
        ++given_;
        ++busy_;
        Connection& connection = connections_[i];
        connection.is_busy = true;
        connection.due = at;
        connection.expected = call.expected;
        connection.out = call.method + ' ' + call.path + " HTTP/1.1\r\nHost: localhost\r\n";
        if (!options_.token.empty()) {
            connection.out += "Authorization: Bearer " + options_.token + "\r\n";
        }
        if (call.method == "POST") {
            connection.out += "Content-Type: application/json\r\nContent-Length: ";
            connection.out += std::to_string(call.body.size()) + "\r\n";
        }
        connection.out += "\r\n" + call.body;
        connection.sent = 0;
        connection.in.clear();
        send(i);
    }

    void send(std::size_t i) {
        Connection& connection = connections_[i];
        while (connection.sent < connection.out.size()) {
            const ssize_t count = ::send(connection.socket, connection.out.data() + connection.sent,
                                         connection.out.size() - connection.sent, MSG_NOSIGNAL);
            if (count <= 0) {
                connection.is_stuck = true;
                watch(EPOLL_CTL_MOD, connection.socket, EPOLLIN | EPOLLOUT, i);
                return;
            }
            connection.sent += static_cast<std::size_t>(count);
        }
        if (std::exchange(connection.is_stuck, false)) {
            watch(EPOLL_CTL_MOD, connection.socket, EPOLLIN, i);
        }
    }

    void serve(const epoll_event& event) {
        const std::size_t i = event.data.u64;
        if (i == connections_.size()) {
            std::uint64_t times = 0;
            [[maybe_unused]] const ssize_t count = ::read(timer_, &times, sizeof times);
            return;
        }
        if ((event.events & EPOLLOUT) != 0) {
            send(i);
        }
        if ((event.events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0) {
            receive(connections_[i]);
        }
    }

    void receive(Connection& connection) {
        char part[65536];
        const ssize_t count = ::recv(connection.socket, part, sizeof part, 0);
        if (count == 0 || (count < 0 && errno != EAGAIN)) {
            throw std::runtime_error{"the service has closed a connection"};
        }
        connection.in.append(part, count < 0 ? 0 : static_cast<std::size_t>(count));
        const Head head = head_of(connection.in);
        if (head.size == 0 || connection.in.size() < head.size + head.body) {
            return;
        }
        const std::string_view body = std::string_view{connection.in}.substr(head.size);
        if (head.status / 100 != 2 || !body.starts_with(connection.expected)) {
            if (failed_++ == 0) {
                std::cerr << "allot_load: found " << connection.in.substr(0, 1000) << '\n';
            }
        }
        received_ += connection.in.size();
        times_.push_back(Clock::now() - connection.due);
        connection.is_busy = false;
        --busy_;
    }

    [[nodiscard]] std::int64_t percentile(std::size_t hundredths) const {
        const std::size_t at = (times_.size() - 1) * hundredths / 10'000;
        return std::chrono::duration_cast<microseconds>(times_[at]).count();
    }

    void print(nanoseconds elapsed, microseconds processor) {
        std::sort(times_.begin(), times_.end());
        const auto calls = static_cast<std::int64_t>(times_.size());
        std::cout << "work=" << options_.work << " connections=" << options_.connections
                  << " calls=" << calls << " failed=" << failed_
                  << " calls_per_second=" << calls * 1'000'000'000 / elapsed.count();
        if (processor.count() > 0) {
            std::cout << " calls_per_processor_second=" << calls * 1'000'000 / processor.count()
                      << " processor_ms=" << processor.count() / 1000;
        }
        std::cout << " p50_us=" << percentile(5000) << " p99_us=" << percentile(9900)
                  << " p99.9_us=" << percentile(9990) << " max_us=" << percentile(10'000)
                  << " bytes=" << received_ << std::endl;
    }

    const Options& options_;
    MakeCall make_;
    int epoll_{::epoll_create1(EPOLL_CLOEXEC)};
    int timer_{::timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC)};
    std::vector<Connection> connections_;
    Clock::time_point begun_{};
    std::vector<nanoseconds> times_;
    std::uint64_t next_;
    std::uint64_t given_{0};
    std::uint64_t busy_{0};
    std::uint64_t failed_{0};
    std::uint64_t received_{0};
};

Options options_of(const std::vector<std::string>& words) {
    Options options;
    const std::map<std::string, std::uint64_t*> numbers = {
        {"--port", &options.port},       {"--first", &options.first},
        {"--batch", &options.batch},     {"--calls", &options.calls},
        {"--seconds", &options.seconds}, {"--connections", &options.connections},
        {"--rate", &options.rate},       {"--pid", &options.pid}};
    for (std::size_t i = 0; i < words.size(); ++i) {
        const auto number = numbers.find(words[i]);
        if (words[i].starts_with("--") && i + 1 == words.size()) {
            throw std::invalid_argument{"nothing stands behind " + words[i]};
        }
        if (number != numbers.end()) {
            *number->second = std::stoull(words[++i]);
        } else if (words[i] == "--path") {
            options.path = words[++i];
        } else if (words[i] == "--token") {
            options.token = words[++i];
        } else {
            options.work = words[i];
        }
    }
    return options;
}

}  // namespace

int main(int count, char** words) {
    try {
        const Options options = options_of({words + 1, words + count});
        Load load{options};
        return load.run() ? 0 : 1;
    } catch (const std::exception& failure) {
        std::cerr << "allot_load: " << failure.what() << '\n';
        return 2;
    }
}
