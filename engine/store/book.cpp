// Book: single writes (checked, all or nothing), look-ups and listings.
#include "allot/book.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "engine/store/book_data.hpp"
#include "engine/store/check.hpp"
#include "engine/store/links.hpp"

namespace allot {

namespace {

using store::check_self;
using store::Findings;
using store::Kind;
using store::none;
using store::pack;

Errors errors_of(Findings findings) {
    Errors errors;
    errors.reserve(findings.size());
    for (store::Finding& finding : findings) {
        errors.push_back(std::move(finding.error));
    }
    return errors;
}

Error touches_allocated(Kind kind, std::string id, std::string_view field, std::string found,
                        std::string expected) {
    return Error{ErrorCode::change_touches_allocated,
                 std::string{store::name(kind)},
                 std::move(id),
                 std::string{field},
                 std::move(found),
                 std::move(expected),
                 {}};
}

template <class Kind>
std::uint32_t number_of(const store::IdPool& ids, const Id<Kind>& id) {
    return ids.find(id.scope(), id.code());
}

bool equal_side(const BookData& book, std::uint32_t a, std::uint32_t b) {
    return store::equal_without_case(book.text(a), book.text(b));
}

bool equal_list(const BookData& book, store::List a, store::List b) {
    return std::equal(book.begin(a), book.end(a), book.begin(b), book.end(b));
}

bool has(const BookData& book, store::List list, std::uint32_t id) {
    return std::find(book.begin(list), book.end(list), id) != book.end(list);
}

// Whether an allocation in the book names the entity, cancelled ones included: what is read back
// must find it. Complexity: O(allocations).
template <class Names>
bool any_allocation(const BookData& book, Names names) {
    return std::any_of(book.allocations.begin(), book.allocations.end(), [&](const auto& row) {
        return row.is_latest && !row.is_removed && names(row);
    });
}

bool names_order(const BookData& book, std::uint32_t order) {
    return any_allocation(
        book, [&](const detail::AllocationRow& row) { return book.order_id_of(row) == order; });
}

bool names_execution(const BookData& book, std::uint32_t execution) {
    return any_allocation(book, [&](const detail::AllocationRow& row) {
        return row.details == none
                   ? book.executions.rows[row.execution].head.id == execution
                   : has(book, book.allocation_details[row.details].executions, execution);
    });
}

bool names_placement(const BookData& book, std::uint32_t placement) {
    return any_allocation(book, [&](const detail::AllocationRow& row) {
        return row.details == none
                   ? book.placements.rows[row.placement].head.id == placement
                   : has(book, book.allocation_details[row.details].placements, placement);
    });
}

// Whether an allocation that counts takes from the execution without naming it alone.
bool is_shared_by_allocation(const BookData& book, const store::ExecutionRow& execution) {
    return book.unusual_allocations != 0 &&
           any_allocation(book, [&](const detail::AllocationRow& row) {
               if (row.execution != none || !book.counts(row)) {
                   return false;
               }
               const store::AllocationDetails& details = book.allocation_details[row.details];
               return details.executions.count == 0
                          ? has(book, details.placements, execution.placement)
                          : has(book, details.executions, execution.head.id);
           });
}

// Whether something was allocated from an execution of the placement.
bool is_used(const BookData& book, std::uint32_t placement) {
    bool used = false;
    book.executions_of_placement.each(placement, [&](std::uint32_t execution) {
        const store::ExecutionRow* row = book.executions.find(execution);
        used = used || !book.used(execution).is_zero() ||
               (row != nullptr && is_shared_by_allocation(book, *row));
    });
    return used;
}

template <class Entity, class TableType>
std::optional<Entity> find_in(const BookData& book, const TableType& table, const Id<Entity>& id) {
    const auto* row = table.find(number_of(table.ids, id));
    if (row == nullptr) {
        return std::nullopt;
    }
    return unpack(book, *row);
}

template <class Entity, class TableType>
std::vector<Versioned<Entity>> versions_in(const BookData& book, const TableType& table,
                                           const Id<Entity>& id) {
    std::vector<Versioned<Entity>> versions;
    for (std::uint32_t at = table.any_row_of(number_of(table.ids, id)); at != none;
         at = table.rows[at].head.previous) {
        const auto& row = table.rows[at];
        versions.push_back({unpack(book, row), book.writings[row.head.written].written,
                            book.entry_of(row.head), row.head.is_removed});
    }
    std::reverse(versions.begin(), versions.end());
    return versions;
}

template <class Entity, class TableType>
std::vector<Id<Entity>> ids_in(const TableType& table) {
    std::vector<Id<Entity>> ids;
    ids.reserve(table.live);
    for (std::uint32_t id = 0; id < table.latest.size(); ++id) {
        if (table.row_of(id) != none) {
            ids.push_back(table.ids.template id<Entity>(id));
        }
    }
    std::sort(ids.begin(), ids.end());
    return ids;
}

template <class TableType>
std::vector<ResourceId> removed_in(const TableType& table) {
    std::vector<ResourceId> ids;
    for (std::uint32_t id = 0; id < table.latest.size(); ++id) {
        if (table.row_of(id) == none && table.any_row_of(id) != none) {
            ids.push_back(table.ids.resource(id));
        }
    }
    std::sort(ids.begin(), ids.end());
    return ids;
}

// What an update of an order must leave alone once something was allocated to it.
void protect(const BookData& book, const store::OrderRow& before, const store::OrderRow& after,
             Errors& errors) {
    const Quantity allocated = book.allocated(before.head.id);
    if (allocated.is_zero()) {
        return;
    }
    const std::string id = book.orders.ids.resource(before.head.id).to_string();
    const std::string why = allocated.to_string() + " are allocated";
    if (!after.head.has_quantity || after.quantity < allocated) {
        errors.push_back(touches_allocated(
            Kind::order, id, "quantity",
            after.head.has_quantity ? after.quantity.to_string() : std::string{"none"},
            allocated.to_string() + " or more, which are allocated"));
    }
    if (before.portfolio != after.portfolio) {
        errors.push_back(
            touches_allocated(Kind::order, id, "portfolioId", "a change", "no change, as " + why));
    }
    if (!equal_side(book, book.kind_of(before).side, book.kind_of(after).side)) {
        errors.push_back(
            touches_allocated(Kind::order, id, "side", "a change", "no change, as " + why));
    }
    if (before.identifiers != after.identifiers) {
        errors.push_back(touches_allocated(Kind::order, id, "instrumentIdentifiers", "a change",
                                           "no change, as " + why));
    }
}

void protect(const BookData& book, const store::BlockRow& before, const store::BlockRow& after,
             Errors& errors) {
    const std::string id = book.blocks.ids.resource(before.head.id).to_string();
    bool any_allocated = false;
    for (const std::uint32_t* at = book.begin(before.orders); at != book.end(before.orders); ++at) {
        if (book.allocated(*at).is_zero()) {
            continue;
        }
        any_allocated = true;
        if (!has(book, after.orders, *at)) {
            errors.push_back(touches_allocated(
                Kind::block, id, "orderIds",
                "no order " + book.orders.ids.resource(*at).to_string(),
                "that order, as " + book.allocated(*at).to_string() + " are allocated to it"));
        }
    }
    if (any_allocated && !equal_side(book, before.side, after.side)) {
        errors.push_back(touches_allocated(Kind::block, id, "side", "a change",
                                           "no change, as its orders have allocations"));
    }
    if (any_allocated && before.identifiers != after.identifiers) {
        errors.push_back(touches_allocated(Kind::block, id, "instrumentIdentifiers", "a change",
                                           "no change, as its orders have allocations"));
    }
}

void protect(const BookData& book, const store::PlacementRow& before,
             const store::PlacementRow& after, Errors& errors) {
    if (!is_used(book, before.head.id)) {
        return;
    }
    const std::string id = book.placements.ids.resource(before.head.id).to_string();
    const auto refuse = [&](std::string_view field) {
        errors.push_back(touches_allocated(Kind::placement, id, field, "a change",
                                           "no change, as its executions are allocated"));
    };
    if (!equal_list(book, before.blocks, after.blocks)) {
        refuse("blockIds");
    }
    if (before.parent != after.parent) {
        refuse("parentPlacementId");
    }
    if (!equal_side(book, before.side, after.side)) {
        refuse("side");
    }
    if (before.identifiers != after.identifiers) {
        refuse("instrumentIdentifiers");
    }
}

void protect(const BookData& book, const store::ExecutionRow& before,
             const store::ExecutionRow& after, Errors& errors) {
    Quantity used = book.used(before.head.id);
    if (is_shared_by_allocation(book, before)) {
        // How much of it was taken depends on the others, so none of it may go.
        used = before.quantity;
    }
    if (used.is_zero()) {
        return;
    }
    const std::string id = book.executions.ids.resource(before.head.id).to_string();
    if (after.quantity < used) {
        errors.push_back(touches_allocated(Kind::execution, id, "quantity",
                                           after.quantity.to_string(),
                                           used.to_string() + " or more, which are allocated"));
    }
    const auto refuse = [&](std::string_view field) {
        errors.push_back(
            touches_allocated(Kind::execution, id, field, "a change",
                              "no change, as " + used.to_string() + " are allocated from it"));
    };
    if (before.placement != after.placement) {
        refuse("placementId");
    }
    if (!equal_side(book, before.side, after.side)) {
        refuse("side");
    }
    if (before.identifiers != after.identifiers) {
        refuse("instrumentIdentifiers");
    }
}

// The rules that a new version of an entity may break, its neighbours included.
void check_around(BookData& book, const store::OrderRow& row, const store::OrderRow* before,
                  Findings& findings) {
    if (before != nullptr && book.kind_of(*before).side == book.kind_of(row).side &&
        before->identifiers == row.identifiers) {
        return;
    }
    store::link_blocks_of_orders(book);
    book.blocks_of_order.each(row.head.id, [&](std::uint32_t block) {
        check_block(book, block, findings);
        book.placements_of_block.each(
            block, [&](std::uint32_t placement) { check_placement(book, placement, findings); });
    });
}

void check_around(BookData& book, const store::BlockRow& row, const store::BlockRow*,
                  Findings& findings) {
    check_block(book, row.head.id, findings);
    book.placements_of_block.each(
        row.head.id, [&](std::uint32_t placement) { check_placement(book, placement, findings); });
}

void check_around(BookData& book, const store::PlacementRow& row, const store::PlacementRow*,
                  Findings& findings) {
    check_placement(book, row.head.id, findings);
}

void check_around(BookData& book, const store::ExecutionRow& row, const store::ExecutionRow*,
                  Findings& findings) {
    check_execution_reference(book, row.head.id, findings);
    const store::PlacementRow* placement = book.placements.find(row.placement);
    // What says no more than its placement agrees with whatever that agrees with.
    if (placement != nullptr &&
        ((row.identifiers != 0 && row.identifiers != placement->identifiers) ||
         (row.side != 0 && row.side != placement->side))) {
        check_placement(book, row.placement, findings);
    }
}

// Whether an update must leave alone what allocations rest on.
enum class Protection : bool { off, on };

template <class Entity, class TableType>
Result<void, Errors> put_into(BookData& book, TableType& table, const Entity& entity,
                              const Written& written, Protection protection = Protection::on) {
    using Row = typename TableType::Row;
    const std::uint32_t known = table.row_of(number_of(table.ids, entity.id));
    if (known != none && unpack(book, table.rows[known]) == entity) {
        return {};
    }
    Findings findings;
    check_self(entity, findings, none);
    Row row = pack(book, entity);
    row.head.written = book.writing(written);
    Errors errors;
    std::optional<Row> before;
    if (known != none) {
        before = table.rows[known];
        if (protection == Protection::on) {
            protect(book, *before, row, errors);
        }
    }
    // Rules about neighbours are checked on the book as it would be; then it is taken back.
    table.append(row);
    relink(book, before ? &*before : nullptr, &row);
    check_around(book, row, before ? &*before : nullptr, findings);
    for (Error& error : errors_of(std::move(findings))) {
        errors.push_back(std::move(error));
    }
    if (!errors.empty()) {
        relink(book, &row, before ? &*before : nullptr);
        table.pop();
        return Unexpected{std::move(errors)};
    }
    return {};
}

Error not_there(Kind kind, const ResourceId& id) {
    return store::missing_reference(store::name(kind), id.to_string(), "id", id.to_string(),
                                    "an entity in the book");
}

Error still_needed(Kind kind, const ResourceId& id, std::string by) {
    return touches_allocated(kind, id.to_string(), "id", "a removal",
                             "nothing that refers to it; " + std::move(by) + " does");
}

template <class TableType>
void remove_from(BookData& book, TableType& table, std::uint32_t id, const Written& written) {
    auto row = table.rows[table.row_of(id)];
    const auto before = row;
    row.head.is_removed = true;
    row.head.written = book.writing(written);
    table.append(row);
    relink(book, &before, nullptr);
}

}  // namespace

Result<void, Errors> store::put_corrected(BookData& book, const Execution& execution,
                                          const Written& written) {
    return put_into(book, book.executions, execution, written, Protection::off);
}

Book::Book() : data_{std::make_unique<BookData>()} {}
Book::Book(std::unique_ptr<BookData> data) noexcept : data_{std::move(data)} {}
Book::Book(const Book& other) : data_{std::make_unique<BookData>(*other.data_)} {}
Book& Book::operator=(const Book& other) {
    if (this != &other) {
        data_ = std::make_unique<BookData>(*other.data_);
    }
    return *this;
}
Book::Book(Book&& other) noexcept = default;
Book& Book::operator=(Book&& other) noexcept = default;
Book::~Book() = default;

Result<void, Errors> Book::put(const Order& order, const Written& written) {
    return put_into(*data_, data_->orders, order, written);
}
Result<void, Errors> Book::put(const Block& block, const Written& written) {
    return put_into(*data_, data_->blocks, block, written);
}
Result<void, Errors> Book::put(const Placement& placement, const Written& written) {
    return put_into(*data_, data_->placements, placement, written);
}
Result<void, Errors> Book::put(const Execution& execution, const Written& written) {
    return put_into(*data_, data_->executions, execution, written);
}

Result<void, Errors> Book::put(const Allocation& allocation, const Written& written) {
    Findings findings;
    check_self(allocation, findings, none);
    check_allocation_references(*data_, allocation, findings);
    if (!findings.empty()) {
        return Unexpected{errors_of(std::move(findings))};
    }
    const std::uint32_t known = data_->allocation_index.find(*data_, allocation.id.resource());
    if (known != none && !data_->allocations[known].is_removed &&
        AllocationView{*data_, data_->allocations[known]}.to_value() == allocation) {
        return {};
    }
    detail::AllocationRow row = store::link(*data_, allocation);
    row.written = data_->writing(written);
    row.previous = known;
    if (const Result<void> sums = data_->fits(row); !sums) {
        return Unexpected{Errors{sums.error()}};
    }
    data_->append_allocation(row);
    return {};
}

Result<void, Errors> Book::put(const Instrument& instrument, const Written& written) {
    Errors errors = check_self(instrument);
    if (!errors.empty()) {
        return Unexpected{std::move(errors)};
    }
    std::vector<Instrument> before = data_->instruments;
    const auto known = std::find_if(
        data_->instruments.begin(), data_->instruments.end(), [&](const Instrument& other) {
            return other.instrument_identifiers == instrument.instrument_identifiers;
        });
    if (known != data_->instruments.end() && *known == instrument) {
        return {};
    }
    if (known != data_->instruments.end()) {
        *known = instrument;
    } else {
        data_->instrument_index.add(static_cast<std::uint32_t>(data_->instruments.size()),
                                    instrument.instrument_identifiers);
        data_->instruments.push_back(instrument);
    }
    Findings findings;
    for (std::uint32_t id = 0; id < data_->placements.latest.size(); ++id) {
        check_placement(*data_, id, findings);
    }
    if (!findings.empty()) {
        data_->instruments = std::move(before);
        return Unexpected{errors_of(std::move(findings))};
    }
    data_->facts.push_back({instrument, data_->writing(written)});
    return {};
}

Result<void> Book::remove(const OrderId& id, const Written& written) {
    const std::uint32_t number = number_of(data_->orders.ids, id);
    if (data_->orders.row_of(number) == none) {
        return Unexpected{not_there(Kind::order, id.resource())};
    }
    if (names_order(*data_, number)) {
        return Unexpected{still_needed(Kind::order, id.resource(), "an allocation")};
    }
    store::link_blocks_of_orders(*data_);
    if (!data_->blocks_of_order.empty(number)) {
        return Unexpected{still_needed(Kind::order, id.resource(), "a block")};
    }
    remove_from(*data_, data_->orders, number, written);
    return {};
}

Result<void> Book::remove(const BlockId& id, const Written& written) {
    const std::uint32_t number = number_of(data_->blocks.ids, id);
    if (data_->blocks.row_of(number) == none) {
        return Unexpected{not_there(Kind::block, id.resource())};
    }
    if (!data_->placements_of_block.empty(number)) {
        return Unexpected{still_needed(Kind::block, id.resource(), "a placement")};
    }
    remove_from(*data_, data_->blocks, number, written);
    return {};
}

Result<void> Book::remove(const PlacementId& id, const Written& written) {
    const std::uint32_t number = number_of(data_->placements.ids, id);
    if (data_->placements.row_of(number) == none) {
        return Unexpected{not_there(Kind::placement, id.resource())};
    }
    if (!data_->executions_of_placement.empty(number)) {
        return Unexpected{still_needed(Kind::placement, id.resource(), "an execution")};
    }
    if (!data_->children_of_placement.empty(number)) {
        return Unexpected{still_needed(Kind::placement, id.resource(), "a child placement")};
    }
    if (names_placement(*data_, number)) {
        return Unexpected{still_needed(Kind::placement, id.resource(), "an allocation")};
    }
    remove_from(*data_, data_->placements, number, written);
    return {};
}

Result<void> Book::remove(const ExecutionId& id, const Written& written) {
    const std::uint32_t number = number_of(data_->executions.ids, id);
    if (data_->executions.row_of(number) == none) {
        return Unexpected{not_there(Kind::execution, id.resource())};
    }
    if (names_execution(*data_, number)) {
        return Unexpected{still_needed(Kind::execution, id.resource(), "an allocation")};
    }
    remove_from(*data_, data_->executions, number, written);
    return {};
}

Result<void> Book::remove(const AllocationId& id, const Written& written) {
    const std::uint32_t known = data_->allocation_index.find(*data_, id.resource());
    if (known == none || data_->allocations[known].is_removed) {
        return Unexpected{not_there(Kind::allocation, id.resource())};
    }
    detail::AllocationRow row = data_->allocations[known];
    const std::uint32_t state = data_->state_of(row);
    if (state != none && store::is_frozen_allocation(data_->text(state))) {
        return Unexpected{touches_allocated(Kind::allocation, id.to_string(), "state",
                                            std::string{data_->text(state)},
                                            "an allocation that is not booked or closed")};
    }
    row.previous = known;
    row.is_removed = true;
    row.written = data_->writing(written);
    data_->append_allocation(row);
    return {};
}

std::optional<Order> Book::find(const OrderId& id) const {
    return find_in<Order>(*data_, data_->orders, id);
}
std::optional<Block> Book::find(const BlockId& id) const {
    return find_in<Block>(*data_, data_->blocks, id);
}
std::optional<Placement> Book::find(const PlacementId& id) const {
    return find_in<Placement>(*data_, data_->placements, id);
}
std::optional<Execution> Book::find(const ExecutionId& id) const {
    return find_in<Execution>(*data_, data_->executions, id);
}
std::optional<Allocation> Book::find(const AllocationId& id) const {
    const std::uint32_t row = data_->allocation_index.find(*data_, id.resource());
    if (row == none || data_->allocations[row].is_removed) {
        return std::nullopt;
    }
    return AllocationView{*data_, data_->allocations[row]}.to_value();
}

std::vector<Versioned<Order>> Book::versions(const OrderId& id) const {
    return versions_in<Order>(*data_, data_->orders, id);
}
std::vector<Versioned<Block>> Book::versions(const BlockId& id) const {
    return versions_in<Block>(*data_, data_->blocks, id);
}
std::vector<Versioned<Placement>> Book::versions(const PlacementId& id) const {
    return versions_in<Placement>(*data_, data_->placements, id);
}
std::vector<Versioned<Execution>> Book::versions(const ExecutionId& id) const {
    return versions_in<Execution>(*data_, data_->executions, id);
}
std::vector<Versioned<Allocation>> Book::versions(const AllocationId& id) const {
    std::vector<Versioned<Allocation>> versions;
    std::vector<std::uint32_t> of_runs;
    for (std::uint32_t at = data_->allocation_index.find(*data_, id.resource()); at != none;
         at = data_->allocations[at].previous) {
        const detail::AllocationRow& row = data_->allocations[at];
        if (of_runs.empty() && data_->writings[row.written].entry == 0) {
            of_runs = data_->entries_of_runs();
        }
        versions.push_back({AllocationView{*data_, row}.to_value(),
                            data_->writings[row.written].written, data_->entry_of(row, of_runs),
                            row.is_removed});
    }
    std::reverse(versions.begin(), versions.end());
    return versions;
}

std::vector<OrderId> Book::order_ids() const {
    return ids_in<Order>(data_->orders);
}
std::vector<BlockId> Book::block_ids() const {
    return ids_in<Block>(data_->blocks);
}
std::vector<PlacementId> Book::placement_ids() const {
    return ids_in<Placement>(data_->placements);
}
std::vector<ExecutionId> Book::execution_ids() const {
    return ids_in<Execution>(data_->executions);
}

std::vector<AllocationId> Book::allocation_ids() const {
    std::vector<AllocationId> ids;
    for (const detail::AllocationRow& row : data_->allocations) {
        if (row.is_latest && !row.is_removed) {
            ids.emplace_back(store::allocation_id(*data_, row));
        }
    }
    std::sort(ids.begin(), ids.end());
    return ids;
}

std::vector<ResourceId> Book::removed_ids(std::string_view entity) const {
    if (entity == "order") {
        return removed_in(data_->orders);
    }
    if (entity == "block") {
        return removed_in(data_->blocks);
    }
    if (entity == "placement") {
        return removed_in(data_->placements);
    }
    if (entity == "execution") {
        return removed_in(data_->executions);
    }
    std::vector<ResourceId> ids;
    for (const detail::AllocationRow& row : data_->allocations) {
        if (entity == "allocation" && row.is_latest && row.is_removed) {
            ids.push_back(store::allocation_id(*data_, row));
        }
    }
    std::sort(ids.begin(), ids.end());
    return ids;
}

std::vector<AllocationView> Book::allocations() const {
    std::vector<std::pair<ResourceId, const detail::AllocationRow*>> rows;
    rows.reserve(data_->live_allocations);
    for (const detail::AllocationRow& row : data_->allocations) {
        if (row.is_latest && !row.is_removed) {
            rows.emplace_back(store::allocation_id(*data_, row), &row);
        }
    }
    std::sort(rows.begin(), rows.end(),
              [](const auto& a, const auto& b) { return a.first < b.first; });
    std::vector<AllocationView> views;
    views.reserve(rows.size());
    for (const auto& row : rows) {
        views.emplace_back(*data_, *row.second);
    }
    return views;
}

std::vector<Instrument> Book::instruments() const {
    std::vector<Instrument> instruments = data_->instruments;
    std::sort(instruments.begin(), instruments.end(), [](const auto& a, const auto& b) {
        return a.instrument_identifiers < b.instrument_identifiers;
    });
    return instruments;
}

const std::vector<JournalEntry>& Book::journal() const& noexcept {
    return data_->journal;
}

std::vector<RunRecord> Book::runs() const {
    return data_->runs;
}

Quantity Book::allocated(const OrderId& id) const {
    const std::uint32_t number = number_of(data_->orders.ids, id);
    return number == none ? Quantity{} : data_->allocated(number);
}

std::size_t Book::size() const noexcept {
    return data_->orders.live + data_->blocks.live + data_->placements.live +
           data_->executions.live + data_->live_allocations;
}

}  // namespace allot
