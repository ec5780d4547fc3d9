// The rules of a book that span several entities, checked on the latest versions.
#include "engine/store/check.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "engine/base/hash.hpp"

namespace allot::store {

namespace {

Error error_of(ErrorCode code, std::string_view entity, std::string id, std::string_view field,
               std::string found, std::string_view expected) {
    return Error{code,
                 std::string{entity},
                 std::move(id),
                 std::string{field},
                 std::move(found),
                 std::string{expected},
                 {}};
}

std::uint64_t hash_of_entry(std::string_view key, std::string_view value) noexcept {
    return detail::hash64(key) ^ (detail::hash64(value) >> 1U);
}

void check_id(Kind kind, const ResourceId& id, Findings& findings, std::uint32_t number) {
    if (const Result<void> checked = id.check(); !checked) {
        Error error = checked.error();
        error.entity = name(kind);
        error.field = "id";
        findings.push_back({std::move(error), kind, number});
    }
}

void check_reference_id(Kind kind, const ResourceId& owner, std::string_view field,
                        const ResourceId& id, Findings& findings, std::uint32_t number) {
    if (const Result<void> checked = id.check(); !checked) {
        Error error = checked.error();
        error.entity = name(kind);
        error.id = owner.to_string();
        error.field = field;
        findings.push_back({std::move(error), kind, number});
    }
}

void require_positive(Kind kind, const ResourceId& id, const Quantity& quantity, Findings& findings,
                      std::uint32_t number) {
    if (quantity.is_zero()) {
        findings.push_back(
            {error_of(ErrorCode::quantity_is_not_positive, name(kind), id.to_string(), "quantity",
                      quantity.to_string(), "more than zero"),
             kind, number});
    }
}

std::string id_text(const IdPool& ids, std::uint32_t id) {
    return ids.resource(id).to_string();
}

std::string id_text(const BookData& book, Kind kind, std::uint32_t id) {
    switch (kind) {
        case Kind::order:
            return id_text(book.orders.ids, id);
        case Kind::block:
            return id_text(book.blocks.ids, id);
        case Kind::placement:
            return id_text(book.placements.ids, id);
        default:
            return id_text(book.executions.ids, id);
    }
}

// Collects side and identifiers of entities that must agree pair by pair, and says who does not.
class Agreement {
  public:
    Agreement(const BookData& book, Findings& findings) : book_{&book}, findings_{&findings} {}

    void add(Kind kind, std::uint32_t id, std::uint32_t side, std::uint32_t identifiers) {
        add_side({kind, id}, side);
        if (identifiers == 0 || !seen_.insert(identifiers).second) {
            return;
        }
        for (const auto& [key, value] : book_->identifiers.set(identifiers)) {
            const auto [known, is_new] = values_.try_emplace(key, value, Who{kind, id});
            if (!is_new && known->second.first != value) {
                report(ErrorCode::instrument_disagrees, {kind, id}, "instrumentIdentifiers." + key,
                       value,
                       std::string{known->second.first} + " as " + text_of(known->second.second));
            }
        }
    }

  private:
    struct Who {
        Kind kind{};
        std::uint32_t id{none};
    };

    [[nodiscard]] std::string text_of(Who who) const {
        return std::string{name(who.kind)} + " " + id_text(*book_, who.kind, who.id);
    }
    void add_side(Who who, std::uint32_t side) {
        if (side == 0 || side == side_) {
            return;
        }
        if (side_ == 0) {
            side_ = side;
            side_owner_ = who;
        } else if (!equal_without_case(book_->text(side), book_->text(side_))) {
            report(ErrorCode::side_disagrees, who, "side", std::string{book_->text(side)},
                   std::string{book_->text(side_)} + " as " + text_of(side_owner_));
        }
    }
    void report(ErrorCode code, Who who, const std::string& field, std::string found,
                const std::string& expected) {
        findings_->push_back({error_of(code, name(who.kind), id_text(*book_, who.kind, who.id),
                                       field, std::move(found), expected),
                              who.kind, who.id});
    }

    const BookData* book_;
    Findings* findings_;
    std::uint32_t side_{0};
    Who side_owner_{};
    std::set<std::uint32_t> seen_{};                                         // sets of identifiers
    std::map<std::string_view, std::pair<std::string_view, Who>> values_{};  // by key
};

// Blocks come first so that it is the order which disagrees with its block, not the other way.
void add_block(const BlockRow& block, Agreement& agreement) {
    agreement.add(Kind::block, block.head.id, block.side, block.identifiers);
}

void add_orders(const BookData& book, const BlockRow& block, Agreement& agreement) {
    std::for_each(book.begin(block.orders), book.end(block.orders), [&](std::uint32_t id) {
        if (const OrderRow* order = book.orders.find(id)) {
            agreement.add(Kind::order, id, book.kind_of(*order).side, order->identifiers);
        }
    });
}

void check_parents(const BookData& book, const PlacementRow& placement, Findings& findings) {
    if (placement.parent == none) {
        return;
    }
    const auto id = [&] { return id_text(book.placements.ids, placement.head.id); };
    if (book.placements.row_of(placement.parent) == none) {
        if (book.tainted_placements.contains(placement.parent)) {
            return;
        }
        findings.push_back({missing_reference("placement", id(), "parentPlacementId",
                                              id_text(book.placements.ids, placement.parent),
                                              "an existing placement"),
                            Kind::placement, placement.head.id});
        return;
    }
    // A chain longer than all placements has a circle, which need not contain this placement.
    std::size_t steps = 0;
    for (const PlacementRow* at = &placement; at != nullptr && at->parent != none;
         at = book.placements.find(at->parent)) {
        if (at->parent == placement.head.id) {
            findings.push_back(
                {error_of(ErrorCode::placement_is_its_own_ancestor, "placement", id(),
                          "parentPlacementId", id_text(book.placements.ids, placement.parent),
                          "a placement that does not descend from this one"),
                 Kind::placement, placement.head.id});
            return;
        }
        if (++steps > book.placements.live) {
            return;
        }
    }
}

}  // namespace

Error missing_reference(std::string_view entity, std::string id, std::string_view field,
                        std::string found, std::string_view expected) {
    return error_of(ErrorCode::reference_is_missing, entity, std::move(id), field, std::move(found),
                    expected);
}

void check_self(const Order& order, Findings& findings, std::uint32_t id) {
    const ResourceId& own_id = order.id.resource();
    check_id(Kind::order, order.id.resource(), findings, id);
    if (order.portfolio_id) {
        check_reference_id(Kind::order, own_id, "portfolioId", order.portfolio_id->resource(),
                           findings, id);
    }
    if (order.side.empty()) {
        findings.push_back({error_of(ErrorCode::field_is_missing, "order", own_id.to_string(),
                                     "side", "", "a side such as Buy or Sell"),
                            Kind::order, id});
    }
    if (order.quantity) {
        require_positive(Kind::order, own_id, *order.quantity, findings, id);
    } else if (!order.amount && !order.weight) {
        findings.push_back({error_of(ErrorCode::field_is_missing, "order", own_id.to_string(),
                                     "quantity", "", "a quantity (or amount, or weight)"),
                            Kind::order, id});
    }
}

void check_self(const Block& block, Findings& findings, std::uint32_t id) {
    check_id(Kind::block, block.id.resource(), findings, id);
    if (block.quantity) {
        require_positive(Kind::block, block.id.resource(), *block.quantity, findings, id);
    }
    for (const OrderId& order : block.order_ids) {
        check_reference_id(Kind::block, block.id.resource(), "orderIds", order.resource(), findings,
                           id);
    }
}

void check_self(const Placement& placement, Findings& findings, std::uint32_t id) {
    const ResourceId& own_id = placement.id.resource();
    check_id(Kind::placement, placement.id.resource(), findings, id);
    if (placement.quantity) {
        require_positive(Kind::placement, own_id, *placement.quantity, findings, id);
    }
    if (placement.block_ids.empty()) {
        findings.push_back({error_of(ErrorCode::field_is_missing, "placement", own_id.to_string(),
                                     "blockIds", "", "at least one block"),
                            Kind::placement, id});
    }
    for (const BlockId& block : placement.block_ids) {
        check_reference_id(Kind::placement, own_id, "blockIds", block.resource(), findings, id);
    }
    if (placement.parent_placement_id) {
        check_reference_id(Kind::placement, own_id, "parentPlacementId",
                           placement.parent_placement_id->resource(), findings, id);
    }
}

void check_self(const Execution& execution, Findings& findings, std::uint32_t id) {
    check_id(Kind::execution, execution.id.resource(), findings, id);
    check_reference_id(Kind::execution, execution.id.resource(), "placementId",
                       execution.placement_id.resource(), findings, id);
    require_positive(Kind::execution, execution.id.resource(), execution.quantity, findings, id);
}

void check_self(const Allocation& allocation, Findings& findings, std::uint32_t id) {
    const ResourceId& own_id = allocation.id.resource();
    check_id(Kind::allocation, allocation.id.resource(), findings, id);
    check_reference_id(Kind::allocation, own_id, "allocatedOrderId",
                       allocation.allocated_order_id.resource(), findings, id);
    if (allocation.portfolio_id) {
        check_reference_id(Kind::allocation, own_id, "portfolioId",
                           allocation.portfolio_id->resource(), findings, id);
    }
    require_positive(Kind::allocation, own_id, allocation.quantity, findings, id);
}

Errors check_self(const Instrument& instrument) {
    Errors errors;
    if (instrument.instrument_identifiers.empty()) {
        errors.push_back(error_of(ErrorCode::field_is_missing, "instrument", "",
                                  "instrumentIdentifiers", "", "at least one identifier"));
    }
    if (instrument.lot.is_zero()) {
        errors.push_back(error_of(ErrorCode::lot_is_not_positive, "instrument", "", "lot", "0",
                                  "more than zero"));
    }
    return errors;
}

void call_for_next_orders(const BookData& book, std::uint32_t block) {
    if (const BlockRow* const after_next = book.blocks.find(block + 2)) {
        book.orders.prefetch_latest(book.first_orders(*after_next));
    }
    if (const BlockRow* const next = book.blocks.find(block + 1)) {
        book.orders.prefetch_rows(book.first_orders(*next));
    }
}

Unison check_block(const BookData& book, std::uint32_t block, Findings& findings) {
    Unison unison;
    const BlockRow* row = book.blocks.find(block);
    if (row == nullptr) {
        return unison;
    }
    unison.add(row->side, row->identifiers);
    const std::uint32_t* const ids = book.begin(row->orders);
    constexpr std::uint32_t rows_ahead = 16;
    for (std::uint32_t i = 0; i < row->orders.count; ++i) {
        if (i % rows_ahead == 0) {
            book.orders.prefetch_rows({ids + i, std::min(rows_ahead, row->orders.count - i)});
        }
        const std::uint32_t id = ids[i];
        if (const OrderRow* order = book.orders.find(id)) {
            unison.add(book.kind_of(*order).side, order->identifiers);
        } else if (!book.tainted_orders.contains(id)) {
            // A row that could not be used has been reported already, at its own place.
            findings.push_back(
                {missing_reference("block", id_text(book.blocks.ids, block), "orderIds",
                                   id_text(book.orders.ids, id), "an existing order"),
                 Kind::block, block});
        }
    }
    if (!unison.holds()) {
        Agreement agreement{book, findings};
        add_block(*row, agreement);
        add_orders(book, *row, agreement);
    }
    return unison;
}

namespace {

// What a block and its orders have in common.
Unison unison_of(const BookData& book, std::uint32_t block) {
    Findings no_matter;
    return check_block(book, block, no_matter);
}

// What all that must agree at a placement has in common.
Unison unison_of(const BookData& book, const PlacementRow& row, const Checked* checked) {
    Unison unison;
    unison.add(row.side, row.identifiers);
    std::for_each(book.begin(row.blocks), book.end(row.blocks), [&](std::uint32_t block) {
        const bool is_known = checked != nullptr && block < checked->blocks.size();
        unison.add(is_known ? checked->blocks[block] : unison_of(book, block));
    });
    book.executions_of_placement.each(row.head.id, [&](std::uint32_t execution) {
        if (const ExecutionRow* fill = book.executions.find(execution)) {
            unison.add(fill->side, fill->identifiers);
        }
    });
    return unison;
}

void check_agreement(const BookData& book, const PlacementRow& row, Findings& findings) {
    Agreement agreement{book, findings};
    const auto each_block = [&](auto use) {
        std::for_each(book.begin(row.blocks), book.end(row.blocks), [&](std::uint32_t block) {
            if (const BlockRow* block_row = book.blocks.find(block)) {
                use(*block_row);
            }
        });
    };
    each_block([&](const BlockRow& block) { add_block(block, agreement); });
    each_block([&](const BlockRow& block) { add_orders(book, block, agreement); });
    agreement.add(Kind::placement, row.head.id, row.side, row.identifiers);
    book.executions_of_placement.each(row.head.id, [&](std::uint32_t execution) {
        if (const ExecutionRow* fill = book.executions.find(execution)) {
            agreement.add(Kind::execution, execution, fill->side, fill->identifiers);
        }
    });
}

}  // namespace

void check_placement(const BookData& book, std::uint32_t placement, Findings& findings,
                     Checked* checked) {
    const PlacementRow* row = book.placements.find(placement);
    if (row == nullptr) {
        return;
    }
    check_parents(book, *row, findings);
    std::for_each(book.begin(row->blocks), book.end(row->blocks), [&](std::uint32_t block) {
        if (book.blocks.find(block) == nullptr) {
            findings.push_back(
                {missing_reference("placement", id_text(book.placements.ids, placement), "blockIds",
                                   id_text(book.blocks.ids, block), "an existing block"),
                 Kind::placement, placement});
        }
    });
    if (!unison_of(book, *row, checked).holds()) {
        check_agreement(book, *row, findings);
    }
    const std::uint32_t identifiers = identifiers_of(book, *row);
    if (checked != nullptr && checked->has_one_lot[identifiers].load(std::memory_order_relaxed)) {
        return;
    }
    const LotLookup lot = lot_of(book, book.identifiers.set(identifiers));
    if (checked != nullptr && !lot.disagrees) {
        checked->has_one_lot[identifiers].store(true, std::memory_order_relaxed);
    }
    if (lot.disagrees) {
        findings.push_back(
            {error_of(ErrorCode::instrument_lots_disagree, "placement",
                      id_text(book.placements.ids, placement), "instrumentIdentifiers",
                      lot.lot.to_string() + " and another", "instruments that give one lot"),
             Kind::placement, placement});
    }
}

void check_execution_reference(const BookData& book, std::uint32_t execution, Findings& findings) {
    const ExecutionRow* row = book.executions.find(execution);
    if (row != nullptr && book.placements.row_of(row->placement) == none &&
        !book.tainted_placements.contains(row->placement)) {
        findings.push_back(
            {missing_reference("execution", id_text(book.executions.ids, execution), "placementId",
                               id_text(book.placements.ids, row->placement),
                               "an existing placement"),
             Kind::execution, execution});
    }
}

void check_allocation_references(const BookData& book, const Allocation& allocation,
                                 Findings& findings) {
    const std::string id = allocation.id.to_string();
    const auto report = [&](std::string_view field, const std::string& found,
                            std::string_view expected) {
        findings.push_back(
            {missing_reference("allocation", id, field, found, expected), Kind::allocation, none});
    };
    const OrderId& order = allocation.allocated_order_id;
    const std::uint32_t order_id = book.orders.ids.find(order.scope(), order.code());
    if (book.orders.row_of(order_id) == none && !book.tainted_orders.contains(order_id)) {
        report("allocatedOrderId", order.to_string(), "an existing order");
    }
    for (const PlacementId& placement : allocation.placement_ids) {
        const std::uint32_t placement_id =
            book.placements.ids.find(placement.scope(), placement.code());
        if (book.placements.row_of(placement_id) == none &&
            !book.tainted_placements.contains(placement_id)) {
            report("placementIds", placement.to_string(), "an existing placement");
        }
    }
    for (const ExecutionId& execution : allocation.execution_ids) {
        if (book.executions.row_of(book.executions.ids.find(execution.scope(), execution.code())) ==
            none) {
            report("executionIds", execution.to_string(), "an existing execution");
        }
    }
}

std::uint32_t identifiers_of(const BookData& book, const PlacementRow& placement) {
    if (placement.identifiers != 0) {
        return placement.identifiers;
    }
    for (const std::uint32_t* at = book.begin(placement.blocks); at != book.end(placement.blocks);
         ++at) {
        const BlockRow* block = book.blocks.find(*at);
        if (block != nullptr && block->identifiers != 0) {
            return block->identifiers;
        }
    }
    return 0;
}

void InstrumentIndex::add(std::uint32_t instrument, const Identifiers& identifiers) {
    for (const auto& [key, value] : identifiers) {
        by_entry_[hash_of_entry(key, value)].push_back(instrument);
    }
}

std::vector<std::uint32_t> InstrumentIndex::candidates(const Identifiers& identifiers) const {
    std::vector<std::uint32_t> numbers;
    for (const auto& [key, value] : identifiers) {
        if (const auto at = by_entry_.find(hash_of_entry(key, value)); at != by_entry_.end()) {
            numbers.insert(numbers.end(), at->second.begin(), at->second.end());
        }
    }
    std::sort(numbers.begin(), numbers.end());
    numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
    return numbers;
}

LotLookup lot_of(const BookData& book, const Identifiers& identifiers) {
    LotLookup lookup;
    for (const std::uint32_t number : book.instrument_index.candidates(identifiers)) {
        if (number >= book.instruments.size()) {
            continue;
        }
        const Instrument& instrument = book.instruments[number];
        bool shares = false;
        bool agrees = true;
        for (const auto& [key, value] : instrument.instrument_identifiers) {
            const auto known = identifiers.find(key);
            if (known != identifiers.end()) {
                shares = true;
                agrees = agrees && known->second == value;
            }
        }
        if (!shares || !agrees) {
            continue;
        }
        lookup.disagrees = lookup.disagrees || (lookup.is_known && lookup.lot != instrument.lot);
        lookup.lot = instrument.lot;
        lookup.is_known = true;
    }
    return lookup;
}

}  // namespace allot::store
