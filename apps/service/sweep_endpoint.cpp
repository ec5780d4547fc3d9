// SweepBlocks: blocks of which everything is finished are put out of the way.
#include <algorithm>

#include "apps/service/command.hpp"
#include "apps/service/entity_writer.hpp"
#include "apps/service/order_graph.hpp"

namespace allot::service {
namespace {

bool is_finished(std::string_view state) {
    return is_one_of(state, {"Closed", "Cancelled", "Canceled", "Booked"});
}

std::string unfinished(const char* kind, const ResourceId& id, const std::string& state) {
    return fmt::format("{} {} is {}", kind, id.to_string(), state.empty() ? "New" : state);
}

// The first of the published requirements that a block does not meet; empty: it may be swept.
std::string hindrance(const Store& store, const RecordPtr<Block>& record,
                      const Instant& latest_allowed) {
    const GraphBlock graph = graph_of(store, record);
    for (const OrderId& id : record->value.order_ids) {
        const RecordPtr<Order>* const order = store.find<Order>(id.resource());
        if (order == nullptr) {
            return "order " + id.to_string() + " is not there";
        }
        if (!is_finished((*order)->value.state)) {
            return unfinished("order", id.resource(), (*order)->value.state);
        }
    }
    for (const RecordPtr<Placement>& placement : graph.placed.records) {
        constexpr std::string_view done = "Allocated";
        constexpr std::string_view overdone = "Over-allocated";
        // Nothing here sets the state of a placement, so what follows from its fills counts too.
        if (!is_one_of(placement->value.state, {done, overdone})) {
            const std::string derived = graph_of(store, placement).derived_state;
            if (!is_one_of(derived, {done, overdone})) {
                return unfinished("placement", placement->value.id.resource(), derived);
            }
        }
    }
    for (const RecordPtr<Allocation>& allocation : graph.allocated.records) {
        if (!is_finished(allocation->value.state)) {
            return unfinished("allocation", allocation->value.id.resource(),
                              allocation->value.state);
        }
    }
    return latest_allowed < graph.latest_fill
               ? "an execution or allocation was changed after latestAllowableModificationTime"
               : "";
}

// A time; cut labels are the original's own.
std::optional<Instant> latest_allowed_of(const Json& body, Findings& findings) {
    const char* const field = "latestAllowableModificationTime";
    const Json* const given = required_member(body, "body", field, findings);
    if (given == nullptr) {
        return std::nullopt;
    }
    const Result<Instant> instant =
        given->text() == nullptr ? parse_instant("") : parse_instant(*given->text());
    if (!instant) {
        findings.add(field, "found " + given->description() + ", expected a date or time");
        return std::nullopt;
    }
    return *instant;
}

}  // namespace

Answer<Response> sweep_blocks(State& state, const Call& call) {
    std::optional<Instant> latest_allowed;
    KeyedCommand command;
    command.entries_member = "blockIds";
    command.read = [&](const Json& body, Findings& findings) {
        latest_allowed = latest_allowed_of(body, findings);
    };
    command.step = [&](Draft& draft, const std::string&, const Json&,
                       const ResourceId& id) -> std::optional<Problem> {
        const RecordPtr<Block>* const record = draft.store().find<Block>(id);
        if (record == nullptr) {
            return not_there<Block>(id);
        }
        const std::string why = hindrance(draft.store(), *record, *latest_allowed);
        if (!why.empty()) {
            return make_problem(409, ProblemCode::cannot_sweep_block,
                                "block " + id.to_string() + ": " + why);
        }
        Block block = (*record)->value;
        block.is_swept = true;
        return draft.put(std::move(block));
    };
    command.tell = [](const Draft&, std::string& out, const std::string&, const ResourceId& id) {
        write_id(out, id.scope, id.code);
    };
    return for_each_key(state, call, command);
}

}  // namespace allot::service
