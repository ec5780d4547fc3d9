// GraphSource: the order graph as a list to be filtered, sorted and cut into pages.
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "apps/service/order_graph.hpp"

namespace allot::service {

// Thread safety: as the store's. The store must outlive it.
class GraphSource {
  public:
    // `parent`: only its direct children. `include_swept`: blocks that were swept, too.
    GraphSource(const Store& store, std::optional<PlacementId> parent, bool include_swept)
        : store_{store}, parent_{std::move(parent)}, include_swept_{include_swept} {}

    [[nodiscard]] const Instant& last_write() const noexcept { return store_.last_write(); }

    // As Store::visit, without its index; each is added up when it is visited. Complexity: for a
    // time in the past all that was ever written is looked at once.
    template <class Entity>
    void visit(const std::optional<ResourceId>& after, const std::optional<Instant>& as_at,
               const std::vector<Requirement>& /*requirements*/,
               const std::function<bool(const RecordPtr<Entity>&)>& visit) const {
        std::unique_ptr<const Store> past;
        if (as_at && *as_at < store_.last_write()) {
            past = store_of(store_, *as_at);
        }
        const Store& then = past ? *past : store_;
        using Own = std::remove_const_t<decltype(Entity{}.record->value)>;
        then.visit<Own>(after, std::nullopt, {}, [&](const RecordPtr<Own>& record) {
            if (!is_wanted(record->value)) {
                return true;
            }
            auto made = std::make_shared<Record<Entity>>();
            made->value = graph_of(then, record);
            made->created = record->created;
            made->modified = record->modified;
            made->number = record->number;
            return visit(made);
        });
    }

  private:
    [[nodiscard]] bool is_wanted(const Block& block) const {
        return include_swept_ || !block.is_swept.value_or(false);
    }
    [[nodiscard]] bool is_wanted(const Placement& placement) const {
        return !parent_ || placement.parent_placement_id == *parent_;
    }

    const Store& store_;
    std::optional<PlacementId> parent_;
    bool include_swept_;
};

}  // namespace allot::service
