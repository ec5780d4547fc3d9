// Sets of entities by value; a filter that wants a range of values gets several of them, merged.
#include "apps/service/field_index.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <queue>

namespace allot::service {
namespace {

// What desks ask for. A field that hardly varies is here too: those that differ are few.
template <class Entity>
std::vector<std::string_view> indexed_fields() {
    if constexpr (std::is_same_v<Entity, Order>) {
        return {"side", "state", "portfolioId.code", "date"};
    } else if constexpr (std::is_same_v<Entity, Block>) {
        return {"side", "createdDate"};
    } else if constexpr (std::is_same_v<Entity, Placement>) {
        return {"side", "state", "createdDate"};
    } else if constexpr (std::is_same_v<Entity, Execution>) {
        return {"placementId.code", "state", "createdDate"};
    } else {
        return {"portfolioId.code", "state"};
    }
}

// More sets than this cost more to merge than they save.
constexpr std::size_t most_postings = 10'000;

// A text that is ordered as the values are; nullopt: nothing.
std::optional<std::string> key_of(const FieldValue& value) {
    if (const auto* text = std::get_if<std::string_view>(&value)) {
        return std::string{*text};
    }
    if (const auto* instant = std::get_if<Instant>(&value)) {
        constexpr std::int64_t before_all = 62'200'000'000;  // seconds: later than year 1 began
        return fmt::format("{:09}", (instant->seconds + before_all) / 3600);
    }
    return std::nullopt;
}

// The ends of a range as keys.
struct KeyRange {
    explicit KeyRange(const ValueRange& range)
        : least{key_of(range.least).value_or("")},
          most{key_of(range.most)},
          is_prefix{range.is_prefix} {}

    [[nodiscard]] bool ends_before(std::string_view key) const {
        return is_prefix ? least < key && !key.starts_with(least) : most && *most < key;
    }

    std::string least;
    std::optional<std::string> most;  // nullopt: no end
    bool is_prefix;
};

std::vector<KeyRange> ranges_of(const Requirement& requirement) {
    std::vector<KeyRange> ranges;
    ranges.reserve(requirement.values.size());
    for (const ValueRange& range : requirement.values) {
        ranges.emplace_back(range);
    }
    // Several are single values, so they do not overlap once none is there twice.
    std::sort(ranges.begin(), ranges.end(),
              [](const KeyRange& a, const KeyRange& b) { return a.least < b.least; });
    ranges.erase(
        std::unique(ranges.begin(), ranges.end(),
                    [](const KeyRange& a, const KeyRange& b) { return a.least == b.least; }),
        ranges.end());
    return ranges;
}

const Requirement* requirement_of(const std::vector<Requirement>& requirements,
                                  const std::optional<FieldPath>& path) {
    const auto found =
        std::find_if(requirements.begin(), requirements.end(),
                     [&](const Requirement& requirement) { return requirement.path == path; });
    return found == requirements.end() ? nullptr : &*found;
}

template <class Entity>
const Requirement* codes_of(const std::vector<Requirement>& requirements) {
    static const std::optional<FieldPath> path = FieldPath::parse<Entity>("id.code");
    return requirement_of(requirements, path);
}

// Steps from id to id over those that are not wanted.
template <class Entity>
class Steps {
  public:
    Steps(const Chains<Entity>& chains, const std::vector<Requirement>& requirements)
        : chains_{chains} {
        static const std::optional<FieldPath> scope = FieldPath::parse<Entity>("id.scope");
        const Requirement* const scopes = requirement_of(requirements, scope);
        const Requirement* const codes = codes_of<Entity>(requirements);
        scopes_ = scopes == nullptr ? std::vector{KeyRange{ValueRange{}}} : ranges_of(*scopes);
        codes_ = codes == nullptr ? std::vector{KeyRange{ValueRange{}}} : ranges_of(*codes);
    }

    using At = typename Chains<Entity>::const_iterator;

    // The first at or behind `at` that may be wanted.
    [[nodiscard]] At next_wanted(At at) const {
        while (at != chains_.end()) {
            const ResourceId& id = at->first;
            const KeyRange* const scope = first_not_before(scopes_, id.scope);
            if (scope == nullptr) {
                return chains_.end();
            }
            if (id.scope < scope->least) {
                at = chains_.lower_bound({scope->least, ""});
                continue;
            }
            const KeyRange* const code = first_not_before(codes_, id.code);
            if (code == nullptr) {
                at = chains_.lower_bound({id.scope + '\0', ""});  // the next scope
            } else if (id.code < code->least) {
                at = chains_.lower_bound({id.scope, code->least});
            } else {
                return at;
            }
        }
        return at;
    }

  private:
    static const KeyRange* first_not_before(const std::vector<KeyRange>& ranges,
                                            std::string_view key) {
        const auto found =
            std::partition_point(ranges.begin(), ranges.end(),
                                 [&](const KeyRange& range) { return range.ends_before(key); });
        return found == ranges.end() ? nullptr : &*found;
    }

    const Chains<Entity>& chains_;
    std::vector<KeyRange> scopes_;
    std::vector<KeyRange> codes_;
};

}  // namespace

template <class Entity>
FieldIndex<Entity>::FieldIndex() {
    for (const std::string_view text : indexed_fields<Entity>()) {
        fields_.push_back({*FieldPath::parse<Entity>(text)});
    }
}

template <class Entity>
void FieldIndex<Entity>::add(const Chain<Entity>& chain, const Record<Entity>& next) {
    for (Field& field : fields_) {
        const FieldValue value = field.path.value_in(next);
        if (!chain.second.empty() && field.path.value_in(*chain.second.back()) == value) {
            continue;  // noted already
        }
        const std::optional<std::string> key = key_of(value);
        if (!key) {
            continue;
        }
        Posting& posting = field.postings[*key];
        posting.insert(posting.end(), &chain);  // clients mostly write in the order of ids
    }
}

template <class Entity>
auto FieldIndex<Entity>::postings_of(const Requirement& requirement, std::size_t all,
                                     std::size_t& count) const
    -> std::optional<std::vector<const Posting*>> {
    const auto field = std::find_if(fields_.begin(), fields_.end(),
                                    [&](const Field& own) { return own.path == requirement.path; });
    if (field == fields_.end()) {
        return std::nullopt;
    }
    std::vector<const Posting*> found;
    count = 0;
    for (const KeyRange& range : ranges_of(requirement)) {
        for (auto at = field->postings.lower_bound(range.least);
             at != field->postings.end() && !range.ends_before(at->first); ++at) {
            found.push_back(&at->second);
            count += at->second.size();
            if (count > all / 2 || found.size() > most_postings) {
                return std::nullopt;
            }
        }
    }
    return found;
}

template <class Entity>
bool FieldIndex<Entity>::visit(const std::vector<Requirement>& requirements, std::size_t all,
                               const std::optional<ResourceId>& after,
                               const std::function<bool(const Chain<Entity>&)>& visit) const {
    std::optional<std::vector<const Posting*>> best;
    std::size_t least = 0;
    for (const Requirement& requirement : requirements) {
        std::size_t count = 0;
        auto found = postings_of(requirement, all, count);
        if (found && (!best || count < least)) {
            best = std::move(found);
            least = count;
        }
    }
    if (best) {
        merge(*best, after, visit);
    }
    return best.has_value();
}

template <class Entity>
void FieldIndex<Entity>::merge(const std::vector<const Posting*>& postings,
                               const std::optional<ResourceId>& after,
                               const std::function<bool(const Chain<Entity>&)>& visit) {
    struct Run {
        typename Posting::const_iterator at;
        typename Posting::const_iterator end;
    };
    const auto is_later = [](const Run& a, const Run& b) {
        return (*b.at)->first < (*a.at)->first;
    };
    std::vector<Run> runs;
    for (const Posting* posting : postings) {
        const Run run{after ? posting->upper_bound(*after) : posting->begin(), posting->end()};
        if (run.at != run.end) {
            runs.push_back(run);
        }
    }
    std::priority_queue<Run, std::vector<Run>, decltype(is_later)> queue{is_later, std::move(runs)};
    const Chain<Entity>* last = nullptr;
    while (!queue.empty()) {
        Run run = queue.top();
        queue.pop();
        // An entity may have had several of the values.
        if (*run.at != last && !visit(*(last = *run.at))) {
            return;
        }
        if (++run.at != run.end) {
            queue.push(run);
        }
    }
}

template <class Entity>
void visit_ids(const Chains<Entity>& chains, const std::vector<Requirement>& requirements,
               const std::optional<ResourceId>& after,
               const std::function<bool(const Chain<Entity>&)>& visit) {
    const Steps<Entity> steps{chains, requirements};
    auto at = after ? chains.upper_bound(*after) : chains.begin();
    while ((at = steps.next_wanted(at)) != chains.end() && visit(*at)) {
        ++at;
    }
}

template <class Entity>
bool names_codes(const std::vector<Requirement>& requirements) {
    const Requirement* const codes = codes_of<Entity>(requirements);
    return codes != nullptr &&
           std::all_of(codes->values.begin(), codes->values.end(), [](const ValueRange& range) {
               return !range.is_prefix && range.least == range.most;
           });
}

#define ALLOT_SERVICE_KIND(Entity)                                                          \
    template class FieldIndex<Entity>;                                                      \
    template void visit_ids<Entity>(const Chains<Entity>&, const std::vector<Requirement>&, \
                                    const std::optional<ResourceId>&,                       \
                                    const std::function<bool(const Chain<Entity>&)>&);      \
    template bool names_codes<Entity>(const std::vector<Requirement>&);
ALLOT_SERVICE_KIND(Order)
ALLOT_SERVICE_KIND(Block)
ALLOT_SERVICE_KIND(Placement)
ALLOT_SERVICE_KIND(Execution)
ALLOT_SERVICE_KIND(Allocation)
#undef ALLOT_SERVICE_KIND

}  // namespace allot::service
