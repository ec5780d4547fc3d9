// List, get, upsert and delete, the same for all five kinds of entity.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "apps/service/clock.hpp"
#include "apps/service/command.hpp"
#include "apps/service/correcting.hpp"
#include "apps/service/endpoints.hpp"
#include "apps/service/entity_writer.hpp"
#include "apps/service/listing.hpp"
#include "apps/service/protection.hpp"

namespace allot::service {
namespace {

template <class Entity>
std::string list_body(const std::vector<RecordPtr<Entity>>& records, const std::string& next,
                      const std::vector<std::string>& keys) {
    std::string out = "{";
    if (!next.empty()) {
        out += "\"nextPage\":";
        append_json(out, next);
        out += ',';
    }
    out += "\"values\":[";
    for (const RecordPtr<Entity>& record : records) {
        out += out.back() == '[' ? "" : ",";
        write_record(out, *record, keys.empty() ? nullptr : &keys);
    }
    return out + "],\"links\":[]}";
}

// A member beside the list. It is let pass where others are; where there is no list it was meant
// for one, and nothing would be stored in silence.
void check_members(const Json::Object& body, std::string_view list_name, bool is_strict,
                   Findings& findings) {
    const bool has_list = std::any_of(body.begin(), body.end(),
                                      [&](const auto& one) { return one.first == list_name; });
    for (const auto& [name, value] : body) {
        if (name != list_name && (is_strict || !has_list)) {
            findings.add(
                name.substr(0, 200),
                fmt::format("is no member of this request, expected the list {}", list_name));
            return;
        }
    }
}

// The entities of an upsert. An empty body, or one with null for the list, has none.
template <class Entity>
Answer<std::vector<Entity>> entities_of(const State& state, const Json& body) {
    const KindInfo& kind = kind_info<Entity>;
    const std::string list_name{kind.set_member};
    Findings findings;
    std::vector<Entity> entities;
    const Json* const list = body.member(kind.set_member);
    if (body.object() == nullptr || (list != nullptr && list->list() == nullptr)) {
        findings.add(body.object() == nullptr ? "body" : list_name,
                     fmt::format("found {}, expected an object with the list {}",
                                 (list == nullptr ? body : *list).description(), list_name));
        return Unexpected{findings.take()};
    }
    check_members(*body.object(), kind.set_member, state.options.strict, findings);
    if (!findings.empty()) {
        return Unexpected{findings.take()};
    }
    if (list == nullptr) {
        return entities;
    }
    const Strictness strictness{state.options.strict, state.options.strict};
    entities.reserve(list->list()->size());
    for (std::size_t i = 0; i < list->list()->size(); ++i) {
        entities.push_back(read_entity<Entity>(
            (*list->list())[i], fmt::format("{}[{}]", list_name, i), strictness, findings));
    }
    if (!findings.empty()) {
        return Unexpected{findings.take()};
    }
    return entities;
}

// The same entity twice in one call is fine; one id with two contents is not.
template <class Entity>
std::optional<Problem> drop_doubles(std::vector<Entity>& entities) {
    std::map<ResourceId, std::size_t> first;
    std::vector<bool> is_double(entities.size());
    for (std::size_t i = 0; i < entities.size(); ++i) {
        const auto [at, is_new] = first.emplace(entities[i].id.resource(), i);
        if (is_new) {
            continue;
        }
        if (!(entities[at->second] == entities[i])) {
            Problem problem;
            problem.code = ProblemCode::duplicate_id;
            problem.detail = fmt::format("{}[{}] and [{}] have the id {} and different contents",
                                         kind_info<Entity>.set_member, at->second, i,
                                         entities[i].id.to_string());
            return problem;
        }
        is_double[i] = true;
    }
    std::size_t at = 0;
    std::erase_if(entities, [&](const Entity&) { return is_double[at++]; });
    return std::nullopt;
}

// --strict: what an entity refers to has to be there.
class References {
  public:
    References(const Store& store, std::string path, Findings& findings)
        : store_{store}, path_{std::move(path)}, findings_{findings} {}

    template <class Kind>
    void check(const char* field, const Id<Kind>& id) {
        if (store_.find<Kind>(id.resource()) == nullptr) {
            findings_.add(path_ + '.' + field,
                          fmt::format("reference is missing, found {}, expected an existing {}",
                                      id.to_string(), kind_info<Kind>.singular));
        }
    }
    template <class Kind>
    void check(const char* field, const std::vector<Id<Kind>>& ids) {
        for (const Id<Kind>& id : ids) {
            check(field, id);
        }
    }
    void check_all(const Order& /*order*/) {}
    void check_all(const Block& block) { check("orderIds", block.order_ids); }
    void check_all(const Placement& placement) {
        check("blockIds", placement.block_ids);
        if (placement.parent_placement_id) {
            check("parentPlacementId", *placement.parent_placement_id);
        }
    }
    void check_all(const Execution& execution) { check("placementId", execution.placement_id); }
    void check_all(const Allocation& allocation) {
        check("allocatedOrderId", allocation.allocated_order_id);
        check("placementIds", allocation.placement_ids);
        check("executionIds", allocation.execution_ids);
    }

  private:
    const Store& store_;
    std::string path_;
    Findings& findings_;
};

template <class Entity>
std::optional<Problem> refuse_upsert(const State& state, const std::vector<Entity>& entities) {
    Findings findings;
    for (std::size_t i = 0; i < entities.size(); ++i) {
        if (std::optional<Problem> problem = refuse_change(state.store, entities[i])) {
            return problem;
        }
        if (state.options.strict) {
            References{state.store, fmt::format("{}[{}]", kind_info<Entity>.set_member, i),
                       findings}
                .check_all(entities[i]);
        }
    }
    return findings.empty() ? std::nullopt : std::optional{findings.take()};
}

// The parameters verificationAsAt and retryWithoutChangedEntities of UpsertAllocations.
struct Verification {
    std::optional<Instant> as_at{};
    bool drops_changed{false};
};

Answer<Verification> verification_of(const Target& target) {
    Findings findings;
    Verification verification;
    verification.as_at = as_at_of(target, findings, "verificationAsAt");
    verification.drops_changed = truth_of(target, "retryWithoutChangedEntities", false, findings);
    if (!findings.empty()) {
        return Unexpected{findings.take()};
    }
    return verification;
}

// Refuses, or drops, what somebody else has changed since the client looked.
template <class Entity>
std::optional<Problem> verify(const Store& store, const Verification& verification,
                              std::vector<Entity>& entities) {
    if (!verification.as_at) {
        return std::nullopt;
    }
    const auto is_changed = [&](const Entity& entity) {
        const RecordPtr<Entity>* const stored = store.find<Entity>(entity.id.resource());
        return stored != nullptr && *verification.as_at < (*stored)->modified->as_at;
    };
    if (verification.drops_changed) {
        std::erase_if(entities, is_changed);
        return std::nullopt;
    }
    const auto changed = std::find_if(entities.begin(), entities.end(), is_changed);
    if (changed == entities.end()) {
        return std::nullopt;
    }
    Problem problem;
    problem.status = 409;
    problem.code = ProblemCode::concurrency_conflict;
    problem.detail = std::string{kind_info<Entity>.singular} + ' ' + changed->id.to_string() +
                     " was changed after verificationAsAt";
    return problem;
}

// Stages what follows for allocations when executions are others than they were allocated as.
std::optional<Problem> stage_corrections(const State& state,
                                         const std::vector<Execution>& executions, Change& change) {
    for (const Execution& wanted : executions) {
        Answer<std::vector<Allocation>> after = allocations_after(state, wanted, *change.stamp);
        if (!after) {
            return std::move(after).error();
        }
        if (auto problem = refuse_less_than_allocated(state.store, wanted, *after)) {
            return problem;
        }
        for (Allocation& allocation : *after) {
            static_cast<void>(state.store.stage(change, std::move(allocation)));
        }
    }
    return std::nullopt;
}

// Writes all of them, or none; `number` is to be settled before that is said. The store must not be
// held.
template <class Entity>
Answer<std::vector<RecordPtr<Entity>>> write_all(State& state, const Call& call,
                                                 const Verification& verification,
                                                 std::vector<Entity> entities,
                                                 std::uint64_t& number) {
    const std::unique_lock lock{state.mutex};
    if (std::optional<Problem> problem = verify(state.store, verification, entities)) {
        return Unexpected{*std::move(problem)};
    }
    if (std::optional<Problem> problem = refuse_upsert(state, entities)) {
        return Unexpected{*std::move(problem)};
    }
    Change change;
    change.stamp = next_stamp(state, call);
    if constexpr (std::is_same_v<Entity, Execution>) {
        if (std::optional<Problem> problem = stage_corrections(state, entities, change)) {
            return Unexpected{*std::move(problem)};
        }
    }
    std::vector<RecordPtr<Entity>> records;
    records.reserve(entities.size());
    for (Entity& entity : entities) {
        records.push_back(state.store.stage(change, std::move(entity)));
    }
    if (!change.of<Entity>().empty()) {
        commit(state, std::move(change));
    }
    // What was there already may be on its way to the file.
    number = number_to_settle(state);
    return records;
}

}  // namespace

template <class Entity>
Answer<Response> list_entities(State& state, const Call& call) {
    Findings findings;
    const std::vector<std::string> keys = property_keys_of(call.target, findings);
    if (!findings.empty()) {
        return Unexpected{findings.take()};
    }
    const auto page = [&] {
        const std::shared_lock lock{state.mutex};
        return list_page<Entity>(state.store, call.target);
    }();
    if (!page) {
        return Unexpected{page.error()};
    }
    state.metrics.count_looked_at(page->looked_at);
    return json_response(list_body(page->records, page->next, keys));
}

template <class Entity>
Answer<Response> get_entity(State& state, const Call& call) {
    Findings findings;
    const std::optional<Instant> as_at = as_at_of(call.target, findings);
    const std::vector<std::string> keys = property_keys_of(call.target, findings);
    if (!findings.empty()) {
        return Unexpected{findings.take()};
    }
    RecordPtr<Entity> record;
    {
        const std::shared_lock lock{state.mutex};
        if (const RecordPtr<Entity>* found = state.store.find<Entity>(call.id, as_at)) {
            record = *found;
        }
    }
    if (record == nullptr) {
        return Unexpected{not_there<Entity>(call.id)};
    }
    std::string out;
    write_record(out, *record, keys.empty() ? nullptr : &keys);
    return json_response(std::move(out));
}

template <class Entity>
Answer<Response> upsert_entities(State& state, const Call& call) {
    Answer<Json> body = body_of(state, call);
    if (!body) {
        return Unexpected{std::move(body).error()};
    }
    Answer<std::vector<Entity>> entities = entities_of<Entity>(state, *body);
    if (!entities) {
        return Unexpected{std::move(entities).error()};
    }
    if (std::optional<Problem> problem = drop_doubles(*entities)) {
        return Unexpected{*std::move(problem)};
    }
    Answer<Verification> verification = std::is_same_v<Entity, Allocation>
                                            ? verification_of(call.target)
                                            : Answer<Verification>{Verification{}};
    if (!verification) {
        return Unexpected{std::move(verification).error()};
    }
    std::uint64_t number = 0;
    const auto records = write_all(state, call, *verification, *std::move(entities), number);
    if (!records) {
        return Unexpected{records.error()};
    }
    if (std::optional<Problem> problem = settle(state, number)) {
        return Unexpected{*std::move(problem)};
    }
    return json_response(list_body(*records, "", {}), kind_info<Entity>.upsert_status);
}

template <class Entity>
Answer<Response> delete_entity(State& state, const Call& call) {
    std::shared_ptr<const Stamp> stamp;
    std::uint64_t number = 0;
    {
        const std::unique_lock lock{state.mutex};
        if (state.store.find<Entity>(call.id) == nullptr) {
            return Unexpected{not_there<Entity>(call.id)};
        }
        if (std::optional<Problem> problem = refuse_removal<Entity>(state.store, call.id)) {
            return Unexpected{*std::move(problem)};
        }
        Change change;
        change.stamp = stamp = next_stamp(state, call);
        state.store.stage_removal<Entity>(change, call.id);
        commit(state, std::move(change));
        number = number_to_settle(state);
    }
    if (std::optional<Problem> problem = settle(state, number)) {
        return Unexpected{*std::move(problem)};
    }
    return json_response(
        fmt::format("{{\"effectiveFrom\":\"0001-01-01T00:00:00.0000000+00:00\",\"asAt\":\"{}\","
                    "\"entityType\":\"{}\",\"links\":[]}}",
                    to_wire(stamp->as_at), kind_info<Entity>.type));
}

#define ALLOT_SERVICE_KIND(Entity)                                          \
    template Answer<Response> list_entities<Entity>(State&, const Call&);   \
    template Answer<Response> get_entity<Entity>(State&, const Call&);      \
    template Answer<Response> upsert_entities<Entity>(State&, const Call&); \
    template Answer<Response> delete_entity<Entity>(State&, const Call&);
ALLOT_SERVICE_KIND(Order)
ALLOT_SERVICE_KIND(Block)
ALLOT_SERVICE_KIND(Placement)
ALLOT_SERVICE_KIND(Execution)
ALLOT_SERVICE_KIND(Allocation)
#undef ALLOT_SERVICE_KIND

}  // namespace allot::service
