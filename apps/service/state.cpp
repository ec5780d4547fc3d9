// Helpers of all endpoints.
#include "apps/service/state.hpp"

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

Response json_response(std::string body, int status) {
    Response response;
    response.status = status;
    response.body = std::move(body);
    return response;
}

}  // namespace allot::service
