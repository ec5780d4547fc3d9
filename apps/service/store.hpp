// Store: what clients have uploaded, every version of it. Unlike a Book it takes entities in any
// order and does not ask whether they fit together (docs/decisions/0040-service-store.md).
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <tuple>
#include <vector>

#include "allot/book.hpp"
#include "allot/instrument.hpp"
#include "allot/portfolio.hpp"
#include "apps/service/field_index.hpp"
#include "apps/service/fields.hpp"
#include "apps/service/id_table.hpp"
#include "apps/service/record.hpp"

namespace allot::service {

// Versions that belong together: they are written all or none, under one stamp.
struct Change {
    std::shared_ptr<const Stamp> stamp{};
    std::tuple<std::vector<RecordPtr<Order>>, std::vector<RecordPtr<Block>>,
               std::vector<RecordPtr<Placement>>, std::vector<RecordPtr<Execution>>,
               std::vector<RecordPtr<Allocation>>>
        records{};

    [[nodiscard]] bool empty() const noexcept {
        return std::apply([](const auto&... kind) { return (kind.empty() && ...); }, records);
    }
    template <class Entity>
    [[nodiscard]] std::vector<RecordPtr<Entity>>& of() {
        return std::get<std::vector<RecordPtr<Entity>>>(records);
    }
    template <class Entity>
    [[nodiscard]] const std::vector<RecordPtr<Entity>>& of() const {
        return std::get<std::vector<RecordPtr<Entity>>>(records);
    }
};

// What refers to an entity now, in the order in which it was written; and once, but no more.
template <class Entity>
struct LinksTo {};
template <>
struct LinksTo<Order> {
    IdList blocks{};
    IdList allocations{};
    IdList former_blocks{};
    IdList former_allocations{};
};
template <>
struct LinksTo<Block> {
    IdList placements{};
};
template <>
struct LinksTo<Placement> {
    IdList executions{};
    IdList children{};
    IdList allocations{};
};
template <>
struct LinksTo<Execution> {
    IdList allocations{};
};

// Thread safety: const members from any thread while nobody writes.
class Store {
  public:
    // The version that counted at `as_at` (nullopt: now); nullptr when there was none.
    // Complexity: O(1), and for a time O(log versions).
    template <class Entity>
    [[nodiscard]] const RecordPtr<Entity>* find(
        const ResourceId& id, const std::optional<Instant>& as_at = std::nullopt) const;

    // Calls `visit` by id for entities behind `after` (nullopt: from the beginning), as they were
    // at `as_at`, until it returns false: at least for all that meet the requirements.
    // Complexity: O(log n) for each; without requirements O(log n) and O(1) for each.
    template <class Entity>
    void visit(const std::optional<ResourceId>& after, const std::optional<Instant>& as_at,
               const std::vector<Requirement>& requirements,
               const std::function<bool(const RecordPtr<Entity>&)>& visit) const;

    // The version that `entity` would be, added to `change`; what is stored already, and nothing
    // added, when the content is the same. Precondition: `change` has none of this id.
    template <class Entity>
    RecordPtr<Entity> stage(Change& change, Entity entity) const;
    // The same for a removal. Precondition: the entity is there.
    template <class Entity>
    void stage_removal(Change& change, const ResourceId& id) const;

    // Writes a staged change. Running out of memory here ends the program: half a change must not
    // be seen by anybody.
    void apply(const Change& change) noexcept;

    // What refers to an entity now, in the order in which it was written.
    [[nodiscard]] const IdList& blocks_of(const OrderId& id) const;
    [[nodiscard]] const IdList& placements_of(const BlockId& id) const;
    [[nodiscard]] const IdList& executions_of(const PlacementId& id) const;
    [[nodiscard]] const IdList& children_of(const PlacementId& id) const;
    [[nodiscard]] const IdList& allocations_of(const OrderId& id) const;
    [[nodiscard]] const IdList& allocations_of(const PlacementId& id) const;
    [[nodiscard]] const IdList& allocations_of(const ExecutionId& id) const;

    // What referred to an order once, and does so no more.
    [[nodiscard]] const IdList& former_blocks_of(const OrderId& id) const;
    [[nodiscard]] const IdList& former_allocations_of(const OrderId& id) const;

    // Every version of an entity, oldest first; removals are versions too.
    template <class Entity>
    [[nodiscard]] const std::vector<RecordPtr<Entity>>& versions_of(const ResourceId& id) const;

    // Entities that are there now. Complexity: O(1).
    template <class Entity>
    [[nodiscard]] std::size_t count() const noexcept;

    // The last time that anything was written.
    [[nodiscard]] const Instant& last_write() const noexcept { return last_write_; }

    // What a book says beside the entities; given once, at the start.
    void take_settings(const Book& book);
    std::vector<Instrument> instruments{};
    std::map<PortfolioId, Portfolio> portfolios{};
    std::map<std::string, std::string> algorithms{};

  private:
    // What is known under an id: its versions, and what refers to it, which may be there before.
    template <class Entity>
    struct Known {
        Chain<Entity>* chain{nullptr};
        RecordPtr<Entity> latest{};  // of the chain; nearly all that is asked for
        LinksTo<Entity> links{};
    };
    template <class Entity>
    struct Table {
        Chains<Entity> chains;  // for lists; all else goes by the id
        IdTable<Known<Entity>> ids;
        FieldIndex<Entity> index;
        std::size_t count{0};
    };

    template <class Entity>
    [[nodiscard]] const Table<Entity>& table() const {
        return std::get<Table<Entity>>(tables_);
    }
    template <class Entity>
    void apply_records(const Change& change);
    template <class Entity>
    void relink(const ResourceId& own_id, const Record<Entity>* before,
                const Record<Entity>& after);
    template <class Entity>
    void note_former(const ResourceId& own_id, const Entity& before);
    template <class Entity, class Link>
    static void visit_links(const Entity& entity, Link&& link);
    template <class Target>
    [[nodiscard]] const IdList& linked(const ResourceId& id, IdList LinksTo<Target>::*list) const;

    std::tuple<Table<Order>, Table<Block>, Table<Placement>, Table<Execution>, Table<Allocation>>
        tables_;
    Instant last_write_{};
};

}  // namespace allot::service
