// Draft: what a command wants to write, seen as if it were written already.
#pragma once

#include <map>
#include <optional>
#include <tuple>

#include "apps/service/protection.hpp"
#include "apps/service/store.hpp"

namespace allot::service {

// Several steps of one command may touch one entity; each sees what those before it have made. The
// store must be held as long as the draft lives.
class Draft {
  public:
    Draft(const Store& store, const Stamp& stamp) : store_{store}, stamp_{stamp} {}

    [[nodiscard]] const Store& store() const noexcept { return store_; }
    // Of the write that the draft will be.
    [[nodiscard]] const Stamp& stamp() const noexcept { return stamp_; }

    // nullptr: neither drafted nor stored.
    template <class Entity>
    [[nodiscard]] const Entity* find(const ResourceId& id) const {
        const auto& own = std::get<std::map<ResourceId, Entity>>(drafted_);
        if (const auto found = own.find(id); found != own.end()) {
            return &found->second;
        }
        const RecordPtr<Entity>* const stored = store_.find<Entity>(id);
        return stored == nullptr ? nullptr : &(*stored)->value;
    }

    // Why the entity cannot be written; nothing is drafted then.
    template <class Entity>
    [[nodiscard]] std::optional<Problem> put(Entity entity) {
        std::optional<Problem> problem = refuse_change(store_, entity);
        if (!problem) {
            const ResourceId id = entity.id.resource();
            std::get<std::map<ResourceId, Entity>>(drafted_).insert_or_assign(id,
                                                                              std::move(entity));
        }
        return problem;
    }

    // Calls `visit` for each entity that was drafted, by id.
    template <class Entity, class Visit>
    void visit(Visit&& visit) const {
        for (const auto& [id, entity] : std::get<std::map<ResourceId, Entity>>(drafted_)) {
            visit(entity);
        }
    }

    // Stages everything that was drafted, and keeps what it became.
    void stage(Change& change) {
        stage_kind<Order>(change);
        stage_kind<Block>(change);
        stage_kind<Placement>(change);
        stage_kind<Allocation>(change);
    }
    // What an entity became, or is where it was not drafted. Precondition: the draft was staged,
    // and the entity is there.
    template <class Entity>
    [[nodiscard]] const Record<Entity>& record(const ResourceId& id) const {
        const auto& own = std::get<std::map<ResourceId, RecordPtr<Entity>>>(records_);
        const auto found = own.find(id);
        return found == own.end() ? **store_.find<Entity>(id) : *found->second;
    }

  private:
    template <class Entity>
    void stage_kind(Change& change) {
        for (const auto& [id, entity] : std::get<std::map<ResourceId, Entity>>(drafted_)) {
            std::get<std::map<ResourceId, RecordPtr<Entity>>>(records_)[id] =
                store_.stage(change, entity);
        }
    }

    const Store& store_;
    const Stamp& stamp_;
    std::tuple<std::map<ResourceId, Order>, std::map<ResourceId, Block>,
               std::map<ResourceId, Placement>, std::map<ResourceId, Allocation>>
        drafted_;
    std::tuple<std::map<ResourceId, RecordPtr<Order>>, std::map<ResourceId, RecordPtr<Block>>,
               std::map<ResourceId, RecordPtr<Placement>>,
               std::map<ResourceId, RecordPtr<Allocation>>>
        records_;
};

}  // namespace allot::service
