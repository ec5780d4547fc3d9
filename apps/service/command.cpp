// Commands: reading their bodies, writing their drafts, telling what came of them.
#include "apps/service/command.hpp"

#include "apps/service/clock.hpp"
#include "apps/service/entity_writer.hpp"
#include "apps/service/field_path.hpp"

namespace allot::service {
namespace {

// Writes a draft under a stamp, and gives the number to settle. The store is held.
std::uint64_t write(State& state, std::shared_ptr<const Stamp> stamp, Draft& draft) {
    Change change;
    change.stamp = std::move(stamp);
    draft.stage(change);
    if (!change.empty()) {
        commit(state, std::move(change));
    }
    return number_to_settle(state);
}

struct KeyedResults {
    struct Failed {
        std::string key{};
        ResourceId id{};
        Problem why{};
    };
    std::vector<std::pair<std::string, ResourceId>> done{};
    std::vector<Failed> failed{};
};

// Where the entries of a command stand in its body; what is wrong goes to `findings`.
const Json* entries_of(const Json& body, const KeyedCommand& command, Findings& findings) {
    const Json* entries = &body;
    if (body.object() != nullptr && command.entries_member != nullptr) {
        entries = required_member(body, "body", command.entries_member, findings);
    }
    if (entries != nullptr && entries->object() == nullptr) {
        findings.add(entries == &body ? "body" : command.entries_member,
                     "found " + entries->description() + ", expected an object");
    }
    return entries;
}

// The id of each entry.
std::vector<ResourceId> ids_of(const Json::Object& entries, const char* id_member,
                               Findings& findings) {
    std::vector<ResourceId> ids;
    for (const auto& [key, item] : entries) {
        if (id_member == nullptr) {
            ids.push_back(read_id(item, key, findings));
        } else if (const Json* id = required_member(item, key, id_member, findings)) {
            ids.push_back(read_id(*id, key + '.' + id_member, findings));
        }
    }
    return ids;
}

}  // namespace

std::string map_key(const ResourceId& id) {
    return "Scope:" + id.scope + " Code:" + id.code;
}

Answer<Json::List> requests_of(const State& state, const Call& call, ListBounds bounds) {
    Answer<Json> body = body_of(state, call);
    if (!body) {
        return Unexpected{std::move(body).error()};
    }
    Findings findings;
    const Json* const list = body->member("requests");
    if (list == nullptr || list->list() == nullptr) {
        findings.add("requests", "expected a list");
        return Unexpected{findings.take()};
    }
    const std::size_t count = list->list()->size();
    if (count < bounds.least || count > bounds.most) {
        findings.add("requests",
                     fmt::format("found {}, expected {} to {}", count, bounds.least, bounds.most));
    }
    for (std::size_t i = 0; i < count; ++i) {
        if ((*list->list())[i].object() == nullptr) {
            findings.add(fmt::format("requests[{}]", i), "expected an object");
        }
    }
    if (!findings.empty()) {
        return Unexpected{findings.take()};
    }
    return *list->list();
}

const Json* required_member(const Json& object, const std::string& path, const char* name,
                            Findings& findings) {
    const Json* const member = object.member(name);
    if (member == nullptr) {
        findings.add(path + '.' + name, "field is missing");
    }
    return member;
}

Properties read_properties(const Json& object, const std::string& path, const char* name,
                           Findings& findings) {
    Order holder;
    if (const Json* const properties = object.member(name)) {
        read_partial(Json{Json::Object{{"properties", *properties}}},
                     path + (path.empty() ? "" : ".") + name, {"properties"}, holder, findings);
    }
    return std::move(holder.properties);
}

bool truth_of(const Target& target, const char* name, bool usual, Findings& findings) {
    const std::string* const text = target.parameter(name);
    if (text == nullptr) {
        return usual;
    }
    const bool is_true = same_without_case(*text, "true");
    if (!is_true && !same_without_case(*text, "false")) {
        findings.add(name, "found " + text->substr(0, 200) + ", expected true or false");
    }
    return is_true;
}

Answer<Response> carry_out(State& state, const Call& call, int status, const Plan& plan,
                           const std::function<void(const Draft&, std::string&)>& tell) {
    std::string body;
    std::uint64_t number = 0;
    {
        const std::unique_lock lock{state.mutex};
        const std::shared_ptr<const Stamp> stamp = next_stamp(state, call);
        Draft draft{state.store, *stamp};
        if (std::optional<Problem> refusal = plan(draft)) {
            return Unexpected{*std::move(refusal)};
        }
        number = write(state, stamp, draft);
        tell(draft, body);
    }
    if (std::optional<Problem> lost = settle(state, number)) {
        return Unexpected{*std::move(lost)};
    }
    return json_response(std::move(body), status);
}

void append_failure(std::string& out, const std::string& key, const ResourceId& id,
                    const Problem& why) {
    append_failure(out, key, map_key(id), name(why.code), why.detail);
}

void append_failure(std::string& out, const std::string& key, const std::string& id,
                    std::string_view type, std::string_view detail) {
    out += out.back() == '{' ? "" : ",";
    append_json(out, key);
    out += ":{\"id\":";
    append_json(out, id);
    out += ",\"type\":";
    append_json(out, type);
    out += ",\"detail\":";
    append_json(out, detail);
    out += ",\"errorDetails\":[]}";
}

Answer<Response> for_each_key(State& state, const Call& call, const KeyedCommand& command) {
    Answer<Json> body = body_of(state, call);
    if (!body) {
        return Unexpected{std::move(body).error()};
    }
    Findings findings;
    const Json* const entries = entries_of(*body, command, findings);
    if (!findings.empty()) {
        return Unexpected{findings.take()};
    }
    const std::vector<ResourceId> ids = ids_of(*entries->object(), command.id_member, findings);
    if (command.read) {
        command.read(*body, findings);
    }
    if (!findings.empty()) {
        return Unexpected{findings.take()};
    }
    KeyedResults results;
    const auto plan = [&](Draft& draft) -> std::optional<Problem> {
        if (command.prepare) {
            command.prepare(draft, ids);
        }
        for (std::size_t i = 0; i < ids.size(); ++i) {
            const auto& [key, item] = (*entries->object())[i];
            if (std::optional<Problem> refusal = command.step(draft, key, item, ids[i])) {
                results.failed.push_back({key, ids[i], *std::move(refusal)});
            } else {
                results.done.emplace_back(key, ids[i]);
            }
        }
        return std::nullopt;
    };
    return carry_out(state, call, 200, plan, [&](const Draft& draft, std::string& out) {
        out = "{\"values\":{";
        for (const auto& [key, id] : results.done) {
            out += out.back() == '{' ? "" : ",";
            append_json(out, key);
            out += ':';
            command.tell(draft, out, key, id);
        }
        out += "},\"failed\":{";
        for (const KeyedResults::Failed& one : results.failed) {
            append_failure(out, one.key, one.id, one.why);
        }
        out += command.entries_member == nullptr ? "},\"links\":[]}" : "}}";
    });
}

}  // namespace allot::service
