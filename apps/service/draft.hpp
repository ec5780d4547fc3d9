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
    explicit Draft(const Store& store) : store_{store} {}

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

    // Stages everything that was drafted, and keeps what it became.
    void stage(Change& change) {
        stage_kind<Order>(change);
        stage_kind<Block>(change);
        stage_kind<Placement>(change);
    }
    // What a drafted entity became. Precondition: it was drafted, and staged.
    template <class Entity>
    [[nodiscard]] const Record<Entity>& record(const ResourceId& id) const {
        return *std::get<std::map<ResourceId, RecordPtr<Entity>>>(records_).at(id);
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
    std::tuple<std::map<ResourceId, Order>, std::map<ResourceId, Block>,
               std::map<ResourceId, Placement>>
        drafted_;
    std::tuple<std::map<ResourceId, RecordPtr<Order>>, std::map<ResourceId, RecordPtr<Block>>,
               std::map<ResourceId, RecordPtr<Placement>>>
        records_;
};

}  // namespace allot::service
