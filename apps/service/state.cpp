// Helpers of all endpoints.
#include "apps/service/state.hpp"

#include <csignal>

#include "apps/service/clock.hpp"

namespace allot::service {

Answer<Json> body_of(const State& state, const Call& call) {
    Result<Json, JsonFault> json = parse_json(call.request.body, state.options.json);
    if (!json) {
        Findings findings;
        findings.add("body", std::move(json).error().detail);
        return Unexpected{findings.take()};
    }
    return *std::move(json);
}

std::shared_ptr<const Stamp> next_stamp(const State& state, const Call& call) {
    return std::make_shared<const Stamp>(
        Stamp{next_instant(state.store.last_write()), call.request.id});
}

void commit(State& state, Change change) {
    state.store.apply(change);
    if (state.journal != nullptr) {
        state.journal->add(std::move(change));
    }
}

std::uint64_t number_to_settle(const State& state) {
    return state.journal == nullptr ? 0 : state.journal->last();
}

std::optional<Problem> settle(State& state, std::uint64_t number) {
    if (state.journal == nullptr || state.journal->wait_for(number)) {
        return std::nullopt;
    }
    if (!state.has_lost_storage.exchange(true)) {
        std::raise(SIGTERM);
    }
    Problem problem;
    problem.status = 500;
    problem.detail =
        "the file cannot be written; whether this was kept is not known, and the "
        "service ends";
    return problem;
}

Response json_response(std::string body, int status) {
    Response response;
    response.status = status;
    response.body = std::move(body);
    return response;
}

}  // namespace allot::service
