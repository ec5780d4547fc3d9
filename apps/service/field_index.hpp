// FieldIndex: which entities have had which values, so that a filter need not look at all of them.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "apps/service/field_path.hpp"
#include "apps/service/filter.hpp"
#include "apps/service/record.hpp"

namespace allot::service {

// The versions of each entity by id, oldest first. What is in it once stays in its place.
template <class Entity>
using Chains = std::map<ResourceId, std::vector<RecordPtr<Entity>>>;
template <class Entity>
using Chain = typename Chains<Entity>::value_type;

// Entities are found by any value that any of their versions has had, so what is found is a
// superset at every point in time, and whoever asks has to look at the version that counts. Nothing
// is ever taken out, as no version is. Texts are kept as they are; times by the hour, since hardly
// two are the same. Thread safety: const members from any thread while nobody writes.
template <class Entity>
class FieldIndex {
  public:
    FieldIndex();

    // Notes a version that is about to become the chain's last. The chain must live as long as
    // this. Complexity: O(log n), for ids in their order O(1), for each indexed field.
    void add(const Chain<Entity>& chain, const Record<Entity>& next);

    // Calls `visit` by id for entities behind `after` until it returns false: at least for all
    // that meet the requirement which the fewest meet. False, and nothing is called, when no
    // requirement leaves out half of `all` entities. Complexity: O(log n) for each.
    bool visit(const std::vector<Requirement>& requirements, std::size_t all,
               const std::optional<ResourceId>& after,
               const std::function<bool(const Chain<Entity>&)>& visit) const;

  private:
    struct ById {
        bool operator()(const Chain<Entity>* a, const Chain<Entity>* b) const {
            return a->first < b->first;
        }
        using is_transparent = void;
        bool operator()(const Chain<Entity>* a, const ResourceId& b) const { return a->first < b; }
        bool operator()(const ResourceId& a, const Chain<Entity>* b) const { return a < b->first; }
    };
    using Posting = std::set<const Chain<Entity>*, ById>;
    struct Field {
        FieldPath path;
        std::map<std::string, Posting, std::less<>> postings{};  // by key of the value
    };

    // The postings of a requirement; nullopt when it leaves out less than half of `all`.
    [[nodiscard]] std::optional<std::vector<const Posting*>> postings_of(
        const Requirement& requirement, std::size_t all, std::size_t& count) const;
    static void merge(const std::vector<const Posting*>& postings,
                      const std::optional<ResourceId>& after,
                      const std::function<bool(const Chain<Entity>&)>& visit);

    std::vector<Field> fields_;
};

// Calls `visit` for chains behind `after` by id until it returns false. Where a filter wants
// certain ids, it goes from one that may be wanted to the next. Complexity: O(1) for each, and
// O(log n) for each step over others.
template <class Entity>
void visit_ids(const Chains<Entity>& chains, const std::vector<Requirement>& requirements,
               const std::optional<ResourceId>& after,
               const std::function<bool(const Chain<Entity>&)>& visit);

// True when a filter wants single codes.
template <class Entity>
[[nodiscard]] bool names_codes(const std::vector<Requirement>& requirements);

}  // namespace allot::service
