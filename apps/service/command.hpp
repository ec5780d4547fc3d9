// Command: what the commands of order management have in common. Each reads, checks and drafts all
// its steps, then writes them as one change.
#pragma once

#include <fmt/format.h>

#include <functional>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "apps/service/draft.hpp"
#include "apps/service/endpoints.hpp"

namespace allot::service {

template <class Entity>
[[nodiscard]] Problem not_there(const ResourceId& id) {
    return make_problem(
        404, kind_info<Entity>.not_found,
        fmt::format("there is no {} {}", kind_info<Entity>.singular, id.to_string()));
}

template <class Entity>
[[nodiscard]] Problem there_already(const ResourceId& id) {
    return make_problem(
        409, ProblemCode::duplicate_id,
        fmt::format("there is an {} {} already", kind_info<Entity>.singular, id.to_string()));
}

// "Scope:MyScope Code:PLAC00000456": how the wire names an entity in a map.
[[nodiscard]] std::string map_key(const ResourceId& id);

// How many entries a list may have.
struct ListBounds {
    std::size_t least{0};
    std::size_t most{std::numeric_limits<std::size_t>::max()};
};

// The list `requests` of the body, objects only. Errors: validation_error.
[[nodiscard]] Answer<Json::List> requests_of(const State& state, const Call& call,
                                             ListBounds bounds);

// The member of an object; what is missing goes to `findings`, and nullptr comes back.
[[nodiscard]] const Json* required_member(const Json& object, const std::string& path,
                                          const char* name, Findings& findings);

// The properties in a member of `object`, which need not be there.
[[nodiscard]] Properties read_properties(const Json& object, const std::string& path,
                                         const char* name, Findings& findings);

// A parameter that is true or false; `usual` when it is not given.
[[nodiscard]] bool truth_of(const Target& target, const char* name, bool usual, Findings& findings);

// Drafts what a command wants; or why the command is refused as a whole.
using Plan = std::function<std::optional<Problem>(Draft&)>;

// Holds the store, lets `plan` draft, writes, and lets `tell` say what came of it.
[[nodiscard]] Answer<Response> carry_out(
    State& state, const Call& call, int status, const Plan& plan,
    const std::function<void(const Draft&, std::string&)>& tell);

// Takes the entry of `json` under `key` one step further; the problem is that of this entry alone.
using Step = std::function<std::optional<Problem>(Draft&, const std::string& key, const Json& json,
                                                  const ResourceId& id)>;
using Tell = std::function<void(const Draft&, std::string& out, const std::string& key,
                                const ResourceId& id)>;

// A command over {key: entry}, with a result for each key that the caller has chosen.
struct KeyedCommand {
    const char* entries_member{nullptr};  // where they stand; nullptr: they are the body itself
    const char* id_member{nullptr};  // that says what an entry is about; nullptr: it is a bare id
    // Reads what else the body has.
    std::function<void(const Json& body, Findings&)> read{};
    // Looks at all entries before the first step.
    std::function<void(const Draft&, const std::vector<ResourceId>&)> prepare{};
    Step step{};
    Tell tell{};
};

// Every entry is done, or fails by itself.
[[nodiscard]] Answer<Response> for_each_key(State& state, const Call& call,
                                            const KeyedCommand& command);

// Appends `"key":{"id":...,"type":...,"detail":...}`, an entry of `failed`.
void append_failure(std::string& out, const std::string& key, const ResourceId& id,
                    const Problem& why);
void append_failure(std::string& out, const std::string& key, const std::string& id,
                    std::string_view type, std::string_view detail);

}  // namespace allot::service
