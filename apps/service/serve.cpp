// Start-up: the token, the imported book, the address; then the server.
#include "apps/service/serve.hpp"

#include <fmt/format.h>

#include <fstream>
#ifdef __GLIBC__
#include <malloc.h>
#endif

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
void import(State& state, const Book& book, const std::string& request_id) {
    Change change;
    change.stamp =
        std::make_shared<const Stamp>(Stamp{next_instant(state.store.last_write()), request_id});
    stage_all(state.store, book, book.order_ids(), change);
    stage_all(state.store, book, book.block_ids(), change);
    stage_all(state.store, book, book.placement_ids(), change);
    stage_all(state.store, book, book.execution_ids(), change);
    stage_all(state.store, book, book.allocation_ids(), change);
    commit(state, std::move(change));
    state.store.take_settings(book);
}

// What the book says beside its entities, as a book.
Result<std::string> settings_of(const Book& book) {
    BookBuilder builder;
    for (const Instrument& instrument : book.instruments()) {
        builder.add(instrument);
    }
    for (const Portfolio& portfolio : book.portfolios()) {
        builder.add(portfolio);
    }
    for (const auto& [name, code] : book.algorithms()) {
        builder.add_algorithm(name, code);
    }
    const Result<Book, Errors> settings = builder.build();
    if (!settings) {
        return Unexpected{settings.error().front()};
    }
    std::string json;
    Result<void> written = write_book_json(*settings, [&](std::string_view text) {
        json += text;
        return true;
    });
    return written ? Result<std::string>{std::move(json)} : Unexpected{std::move(written).error()};
}

// The import is one change: it is in the file whole, or the file is still empty.
Result<void> keep_import(State& state, const Book& book) {
    if (state.journal == nullptr) {
        return {};
    }
    Result<std::string> settings = settings_of(book);
    if (!settings) {
        return Unexpected{std::move(settings).error()};
    }
    Result<void> kept = state.journal->keep_settings(*settings);
    if (kept && !state.journal->wait_for(state.journal->last())) {
        Error error;
        error.code = ErrorCode::file_is_not_writable;
        return Unexpected{std::move(error)};
    }
    return kept;
}

std::string counts_of(const Store& store) {
    const auto counted = [](std::size_t number, std::string_view noun) {
        return fmt::format("{} {}{}", number, noun, number == 1 ? "" : "s");
    };
    return fmt::format("{}, {}, {}, {}, {}", counted(store.count<Order>(), "order"),
                       counted(store.count<Block>(), "block"),
                       counted(store.count<Placement>(), "placement"),
                       counted(store.count<Execution>(), "execution"),
                       counted(store.count<Allocation>(), "allocation"));
}

using Say = std::function<void(std::string_view)>;

// The store as it is when the service begins.
Result<void, Errors> fill(Service& service, const ServeOptions& options, const Say& say) {
    State& state = service.state();
    if (!options.data_file.empty()) {
        auto journal = Journal::open(options.data_file, options.is_synchronous, state.store);
        if (!journal) {
            return Unexpected{Errors{std::move(journal).error()}};
        }
        state.journal = *std::move(journal);
        say(fmt::format("{} has {}", options.data_file, counts_of(state.store)));
    }
    if (options.import_book.empty()) {
        return {};
    }
    if (state.journal != nullptr && state.journal->last() != 0) {
        return Unexpected{Errors{option_error("--import", options.import_book,
                                              "no --import when the data file has something")}};
    }
    ReadOptions reading;
    reading.lenient = options.lenient_import;
    Result<ReadBook, Errors> read = read_book(options.import_book, reading);
    if (!read) {
        return Unexpected{std::move(read).error()};
    }
    for (const Error& warning : read->warnings) {
        say("warning: " + warning.located_message());
    }
    import(state, read->book, service.next_request_id());
    if (Result<void> kept = keep_import(state, read->book); !kept) {
        return Unexpected{Errors{std::move(kept).error()}};
    }
    say(fmt::format("imported {}: {}", options.import_book, counts_of(state.store)));
    return {};
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

// Calls take some memory and give it back at once: asking the system for it each time takes longer
// than many of them do. What is large goes back all the same.
void keep_small_memory() {
#ifdef __GLIBC__
    mallopt(M_TOP_PAD, 1 << 22);
    mallopt(M_TRIM_THRESHOLD, 1 << 26);
#endif
}

std::string url_of(const std::string& host, std::uint16_t port) {
    const bool is_v6 = host.find(':') != std::string::npos;
    return fmt::format("http://{}{}{}:{}", is_v6 ? "[" : "", host, is_v6 ? "]" : "", port);
}

}  // namespace

Result<void, Errors> serve(const ServeOptions& options, const Say& say) {
    Result<ServiceOptions, Errors> guards = guarded(options);
    if (!guards) {
        return Unexpected{std::move(guards).error()};
    }
    keep_small_memory();
    Service service{*std::move(guards)};
    if (Result<void, Errors> filled = fill(service, options, say); !filled) {
        return filled;
    }
    Result<std::unique_ptr<HttpServer>> server = HttpServer::listen(options.server, service);
    if (!server) {
        return Unexpected{Errors{std::move(server).error()}};
    }
    say(fmt::format("serving on {}, {}", url_of(options.server.host, (*server)->port()),
                    options.data_file.empty()
                        ? "in memory only: everything is lost when the service ends"
                        : "keeping everything in " + options.data_file));
    (*server)->run();
    if (service.state().has_lost_storage) {
        Error error;
        error.code = ErrorCode::file_is_not_writable;
        error.place.file = options.data_file;
        return Unexpected{Errors{std::move(error)}};
    }
    say("stopped");
    return {};
}

}  // namespace allot::service
