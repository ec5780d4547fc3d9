// Start-up: the token, the imported book, the address; then the server.
#include "apps/service/serve.hpp"

#include <fmt/format.h>

#include <fstream>

#include "allot/book_file.hpp"
#include "apps/service/clock.hpp"
#include "apps/service/service.hpp"

namespace allot::service {
namespace {

constexpr std::size_t shortest_token = 16;

Error option_error(std::string option, std::string found, std::string expected) {
    Error error;
    error.code = ErrorCode::option_is_not_valid;
    error.field = std::move(option);
    error.found = std::move(found);
    error.expected = std::move(expected);
    return error;
}

// The first line of the file, without white space around it.
Result<std::string> read_token(const std::string& path) {
    std::ifstream file{path};
    std::string line;
    if (!file || !std::getline(file, line)) {
        Error error;
        error.code = ErrorCode::file_is_unreadable;
        error.place.file = path;
        return Unexpected{std::move(error)};
    }
    constexpr const char* space = " \t\r";
    const std::size_t first = line.find_first_not_of(space);
    line = first == std::string::npos
               ? ""
               : line.substr(first, line.find_last_not_of(space) - first + 1);
    const bool is_plain = line.find_first_of(" \t") == std::string::npos;
    if (line.size() < shortest_token || !is_plain) {
        return Unexpected{option_error(
            "--token-file", std::to_string(line.size()) + " characters in its first line",
            "a token of 16 characters or more, without spaces")};
    }
    return line;
}

bool is_loopback(std::string_view host) {
    return host.starts_with("127.") || host == "::1";
}

template <class Entity>
void stage_all(const Store& store, const Book& book, const std::vector<Id<Entity>>& ids,
               Change& change) {
    for (const Id<Entity>& id : ids) {
        store.stage(change, *book.find(id));
    }
}

// Everything that is in the book now; its history and its runs stay in the file.
void import(Store& store, const Book& book, const std::string& request_id) {
    Change change;
    change.stamp =
        std::make_shared<const Stamp>(Stamp{next_instant(store.last_write()), request_id});
    stage_all(store, book, book.order_ids(), change);
    stage_all(store, book, book.block_ids(), change);
    stage_all(store, book, book.placement_ids(), change);
    stage_all(store, book, book.execution_ids(), change);
    stage_all(store, book, book.allocation_ids(), change);
    store.apply(change);
    store.instruments = book.instruments();
    for (Portfolio& portfolio : book.portfolios()) {
        store.portfolios.emplace(portfolio.id, std::move(portfolio));
    }
    store.algorithms = book.algorithms();
}

Result<ServiceOptions, Errors> guarded(const ServeOptions& options) {
    ServiceOptions service = options.service;
    if (!options.token_file.empty()) {
        Result<std::string> token = read_token(options.token_file);
        if (!token) {
            return Unexpected{Errors{std::move(token).error()}};
        }
        service.token = *std::move(token);
    }
    const std::string& host = options.server.host;
    if (!is_loopback(host) && service.token.empty() && !options.i_know) {
        return Unexpected{Errors{
            option_error("--host", host, "a loopback address, or --token-file, or --i-know")}};
    }
    if (service.token.empty() && is_loopback(host)) {
        service.hosts = {"localhost", "127.0.0.1", "[::1]", host};
    }
    return service;
}

std::string url_of(const std::string& host, std::uint16_t port) {
    const bool is_v6 = host.find(':') != std::string::npos;
    return fmt::format("http://{}{}{}:{}", is_v6 ? "[" : "", host, is_v6 ? "]" : "", port);
}

}  // namespace

Result<void, Errors> serve(const ServeOptions& options,
                           const std::function<void(std::string_view)>& say) {
    Result<ServiceOptions, Errors> guards = guarded(options);
    if (!guards) {
        return Unexpected{std::move(guards).error()};
    }
    Service service{*std::move(guards)};
    if (!options.import_book.empty()) {
        ReadOptions reading;
        reading.lenient = options.lenient_import;
        Result<ReadBook, Errors> read = read_book(options.import_book, reading);
        if (!read) {
            return Unexpected{std::move(read).error()};
        }
        for (const Error& warning : read->warnings) {
            say("warning: " + warning.located_message());
        }
        import(service.state().store, read->book, service.next_request_id());
        say(fmt::format(
            "imported {}: {} orders, {} blocks, {} placements, {} executions, {} "
            "allocations",
            options.import_book, service.state().store.count<Order>(),
            service.state().store.count<Block>(), service.state().store.count<Placement>(),
            service.state().store.count<Execution>(), service.state().store.count<Allocation>()));
    }
    Result<std::unique_ptr<HttpServer>> server = HttpServer::listen(options.server, service);
    if (!server) {
        return Unexpected{Errors{std::move(server).error()}};
    }
    say(fmt::format("serving on {}, in memory only: everything is lost when the service ends",
                    url_of(options.server.host, (*server)->port())));
    (*server)->run();
    say("stopped");
    return {};
}

}  // namespace allot::service
