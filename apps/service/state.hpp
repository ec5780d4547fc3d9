// State: what the endpoints work on.
#pragma once

#include <atomic>
#include <memory>
#include <shared_mutex>
#include <string>
#include <vector>

#include "allot/engine.hpp"
#include "apps/service/entity_reader.hpp"
#include "apps/service/journal.hpp"
#include "apps/service/json.hpp"
#include "apps/service/metrics.hpp"
#include "apps/service/request.hpp"
#include "apps/service/store.hpp"

namespace allot::service {

struct ServiceOptions {
    std::string token{};  // empty: none is asked for
    // Without a token: the names under which the service may be called, so that a web page whose
    // name is turned to this machine cannot read it. Empty: any.
    std::vector<std::string> hosts{};
    bool read_only{false};
    bool strict{false};
    bool placements_as_values{false};  // of a run, in place of the allocations made
    bool access_log{true};
    JsonLimits json{};
    RunOptions run{};
};

struct State {
    explicit State(ServiceOptions chosen) : options{std::move(chosen)} {}

    const ServiceOptions options;
    const Engine engine{};
    Metrics metrics{};
    // Whoever reads the store holds it shared, whoever writes holds it alone: a run sees one
    // consistent store, and two runs never give out the same units.
    std::shared_mutex mutex{};
    Store store{};
    std::unique_ptr<Journal> journal{};  // none: in memory only
    std::atomic<bool> has_lost_storage{false};
};

// One request on its way through an endpoint.
struct Call {
    const Request& request;
    const Target& target;
    ResourceId id{};  // from the path
};

// The request's body. Errors: validation_error, the body is no JSON within the limits.
[[nodiscard]] Answer<Json> body_of(const State& state, const Call& call);

// The stamp of a write that is about to be made. Precondition: the store is held alone.
[[nodiscard]] std::shared_ptr<const Stamp> next_stamp(const State& state, const Call& call);

// Writes a change to the store, and hands it to the journal. Precondition: the store is held alone.
void commit(State& state, Change change);

// The number to settle, for what was done or found while the store was held. Precondition: it is.
[[nodiscard]] std::uint64_t number_to_settle(const State& state);

// Waits until everything up to that number is in the file; without a file it is so at once. An
// answer that says that something is written goes out after this. The store must not be held.
// When the file cannot be written any more the service is told to end.
[[nodiscard]] std::optional<Problem> settle(State& state, std::uint64_t number);

// 200 with a body of JSON.
[[nodiscard]] Response json_response(std::string body, int status = 200);

}  // namespace allot::service
