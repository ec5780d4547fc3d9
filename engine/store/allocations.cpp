// Allocations in a book: their ids, their sums, and the views that make their text on demand.
#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>

#include "engine/base/hash.hpp"
#include "engine/base/scaled.hpp"
#include "engine/store/book_data.hpp"

namespace allot {

namespace store {

namespace {

// Letters, digits and _ of ASCII.
constexpr std::array<bool, 256> belongs_to_word = [] {
    std::array<bool, 256> belongs{};
    for (unsigned c = 0; c < 128; ++c) {
        belongs[c] =
            (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    }
    return belongs;
}();

}  // namespace

bool is_word(std::string_view text) noexcept {
    bool all = !text.empty();
    for (const char c : text) {
        all = all && belongs_to_word[static_cast<unsigned char>(c)];
    }
    return all;
}

std::string_view name(Kind kind) noexcept {
    switch (kind) {
        case Kind::order:
            return "order";
        case Kind::block:
            return "block";
        case Kind::placement:
            return "placement";
        case Kind::execution:
            return "execution";
        case Kind::allocation:
            return "allocation";
        case Kind::instrument:
            return "instrument";
    }
    return "";
}

bool equal_without_case(std::string_view a, std::string_view b) noexcept {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [&](char x, char y) { return lower(x) == lower(y); });
}

bool is_cancelled_allocation(std::string_view state) noexcept {
    return equal_without_case(state, "cancelled") || equal_without_case(state, "canceled");
}

bool is_frozen_allocation(std::string_view state) noexcept {
    return equal_without_case(state, "booked") || equal_without_case(state, "closed");
}

bool is_earlier(const BookData& book, std::uint32_t execution_row_a,
                std::uint32_t execution_row_b) noexcept {
    const ExecutionRow& a = book.executions.rows[execution_row_a];
    const ExecutionRow& b = book.executions.rows[execution_row_b];
    const auto order = a.created_date.instant() <=> b.created_date.instant();
    return order != 0 ? order < 0 : book.executions.ids.less(a.head.id, b.head.id);
}

std::string legible_code(std::string_view first, std::string_view second, std::string_view hashed,
                         std::size_t length) {
    const std::size_t kept = length - 17;
    std::string text;
    for (const std::string_view part : {first, std::string_view{"-"}, second}) {
        for (const char c : part) {
            if (text.size() < kept && (is_word({&c, 1}) || c == '-')) {
                text += c;
            }
        }
    }
    return text + '-' + detail::hex(detail::hash64(hashed));
}

std::string hashed_code(std::string_view execution_scope, std::string_view execution_code,
                        std::string_view order_scope, std::string_view order_code,
                        std::size_t length) {
    std::string hashed;
    for (const std::string_view part : {execution_scope, execution_code, order_scope}) {
        hashed.append(part).push_back('\0');
    }
    hashed.append(order_code);
    return legible_code(execution_code, order_code, hashed, length);
}

ResourceId derived_allocation_id(std::string_view placement_scope, std::string_view execution_scope,
                                 std::string_view execution_code, std::string_view order_scope,
                                 std::string_view order_code, std::uint16_t ordinal) {
    const std::string suffix = ordinal > 1 ? "-" + std::to_string(ordinal) : std::string{};
    const std::size_t length = longest_derived_code - suffix.size();
    const bool is_plain = execution_scope == placement_scope && order_scope == placement_scope &&
                          is_word(execution_code) && is_word(order_code) &&
                          execution_code.size() + 1 + order_code.size() <= length;
    std::string code =
        is_plain ? std::string{execution_code}.append("-").append(order_code)
                 : hashed_code(execution_scope, execution_code, order_scope, order_code, length);
    code += suffix;
    return {std::string{placement_scope}, std::move(code)};
}

ResourceId allocation_id(const BookData& book, const detail::AllocationRow& row) {
    if (row.details != none && book.allocation_details[row.details].id != none) {
        return book.allocation_ids.resource(book.allocation_details[row.details].id);
    }
    const std::uint32_t execution = book.executions.rows[row.execution].head.id;
    const std::uint32_t order = book.order_id_of(row);
    const std::uint32_t placement = book.placements.rows[row.placement].head.id;
    return derived_allocation_id(book.placements.ids.scope(placement),
                                 book.executions.ids.scope(execution),
                                 book.executions.ids.code(execution), book.orders.ids.scope(order),
                                 book.orders.ids.code(order), row.ordinal);
}

std::uint32_t AllocationIndex::hash_of(const ResourceId& id) noexcept {
    return static_cast<std::uint32_t>(
        (detail::hash64(id.code) ^ (detail::hash64(id.scope) >> 1U)) >> 32U);
}

std::uint32_t AllocationIndex::find(const BookData& book, const ResourceId& id) const {
    const std::scoped_lock lock{mutex_};
    for (; known_rows_ < book.allocations.size(); ++known_rows_) {
        if (!book.allocations[known_rows_].is_latest) {
            continue;
        }
        const auto row = static_cast<std::uint32_t>(known_rows_);
        const ResourceId row_id = allocation_id(book, book.allocations[row]);
        const std::uint32_t before = find_known(book, row_id);
        if (before != none) {
            table_.replace(hash_of(row_id), before, row);
        } else {
            table_.insert(hash_of(row_id), row);
        }
    }
    return find_known(book, id);
}

void AllocationIndex::clear() {
    table_ = HashTable{};
    known_rows_ = 0;
}

void forget_allocations(BookData& book) {
    book.allocations = {};
    book.allocation_details.clear();
    book.live_allocations = 0;
    book.allocation_index.clear();
    book.allocated_of_order.clear();
    book.used_of_execution.clear();
    book.allocations_of_execution.clear();
    book.unusual_allocations = 0;
    book.overused_executions = 0;
    book.runs.clear();
}

std::uint32_t AllocationIndex::find_known(const BookData& book, const ResourceId& id) const {
    return table_.find(hash_of(id), [&](std::uint32_t row) {
        return allocation_id(book, book.allocations[row]) == id;
    });
}

namespace {

// The ordinal that an id's "-2", "-3", ... suffix claims; 1 without one.
std::uint16_t claimed_ordinal(std::string_view code) noexcept {
    const std::size_t dash = code.rfind('-');
    std::uint16_t ordinal = 1;
    if (dash == std::string_view::npos || dash + 1 == code.size()) {
        return ordinal;
    }
    const char* end = code.data() + code.size();
    const auto [stop, error] = std::from_chars(code.data() + dash + 1, end, ordinal);
    return error == std::errc{} && stop == end && ordinal > 1 ? ordinal : std::uint16_t{1};
}

// Whether the id is the one that a run would give to the allocation of `row`; sets its ordinal.
bool id_follows(const BookData& book, const AllocationId& id, detail::AllocationRow& row) {
    for (const std::uint16_t ordinal : {std::uint16_t{1}, claimed_ordinal(id.code())}) {
        row.ordinal = ordinal;
        if (allocation_id(book, row) == id.resource()) {
            return true;
        }
    }
    row.ordinal = 1;
    return false;
}

// Takes the run's property out of `properties` when the book knows the run.
std::uint32_t take_run(const BookData& book, Properties& properties) {
    const auto property = properties.find(run_property_key);
    if (property == properties.end()) {
        return none;
    }
    // Allocations mostly belong to the newest runs.
    for (std::size_t i = book.runs.size(); i-- > 0;) {
        if (property->second == Property{book.runs[i].id, {}, {}}) {
            properties.erase(property);
            return static_cast<std::uint32_t>(i);
        }
    }
    return none;
}

}  // namespace

detail::AllocationRow link(BookData& book, const Allocation& allocation) {
    detail::AllocationRow row;
    row.quantity = allocation.quantity;
    const OrderId& order_id = allocation.allocated_order_id;
    row.order = book.orders.any_row_of(book.orders.ids.find(order_id.scope(), order_id.code()));
    Allocation rest = allocation;
    row.run = take_run(book, rest.properties);
    bool follows = false;
    if (allocation.execution_ids.size() == 1) {
        const ExecutionId& execution_id = allocation.execution_ids.front();
        row.execution = book.executions.any_row_of(
            book.executions.ids.find(execution_id.scope(), execution_id.code()));
        if (row.execution != none) {
            row.placement =
                book.placements.any_row_of(book.executions.rows[row.execution].placement);
        }
        follows = row.placement != none && id_follows(book, allocation.id, row);
        if (follows && AllocationView{book, row}.to_value() == allocation) {
            return row;
        }
    }
    AllocationDetails details = pack(book, rest);
    if (follows) {
        details.id = none;
    }
    book.allocation_details.push_back(details);
    row.details = static_cast<std::uint32_t>(book.allocation_details.size() - 1);
    return row;
}

}  // namespace store

using detail::AllocationRow;
using store::none;

std::uint32_t BookData::writing(const Written& written) {
    if (!journal_is_open) {
        journal.emplace_back();
        journal_is_open = true;
    }
    return writing(written, static_cast<std::uint32_t>(journal.size()));
}

std::uint32_t BookData::writing(const Written& written, std::uint32_t entry) {
    if (entry == 0 && written == Written{}) {
        return 0;
    }
    // Versions are written in batches: the same words come many times in a row.
    if (writings.back().entry != entry || writings.back().written != written) {
        writings.push_back({written, entry});
    }
    return static_cast<std::uint32_t>(writings.size() - 1);
}

std::vector<std::uint32_t> BookData::entries_of_runs() const {
    std::vector<std::uint32_t> entries;
    for (std::uint32_t entry = 0; entry < journal.size(); ++entry) {
        if (!journal[entry].run.empty()) {
            entries.push_back(entry + 1);
        }
    }
    return entries;
}

RunEntry::RunEntry(BookData& book, const RunRecord& record) : book_{&book} {
    book.runs.push_back(record);
    book.journal.push_back({record.id, {}, {}});
    book.journal_is_open = true;
}

void RunEntry::take_back() {
    book_->runs.pop_back();
    book_->journal.pop_back();
}

std::uint32_t BookData::state_of(const AllocationRow& row) const noexcept {
    return row.details == none ? none : allocation_details[row.details].state;
}

bool BookData::counts(const AllocationRow& row) const noexcept {
    if (!row.is_latest || row.is_removed) {
        return false;
    }
    const std::uint32_t state = state_of(row);
    return state == none || !store::is_cancelled_allocation(text(state));
}

Result<void> BookData::fits(const AllocationRow& row) const {
    const AllocationRow* before = row.previous != none && counts(allocations[row.previous])
                                      ? &allocations[row.previous]
                                      : nullptr;
    // What the version before put into the sum goes out of it, when it is the same sum.
    const auto check = [&](const Quantity& sum, bool is_same_sum) -> Result<void> {
        Result<Decimal> next = sum.units();
        if (is_same_sum) {
            next = subtract(*next, before->quantity.units());
        }
        if (next) {
            next = add(*next, row.quantity.units());
        }
        return next ? Result<void>{} : Result<void>{Unexpected{next.error()}};
    };
    const std::uint32_t order = order_id_of(row);
    Result<void> fits = check(allocated(order), before != nullptr && order_id_of(*before) == order);
    if (fits && row.execution != none) {
        const std::uint32_t execution = executions.rows[row.execution].head.id;
        fits = check(used(execution), before != nullptr && before->execution != none &&
                                          executions.rows[before->execution].head.id == execution);
    }
    if (fits) {
        return {};
    }
    Error error = fits.error();
    error.code = ErrorCode::total_is_out_of_range;
    error.entity = store::name(store::Kind::allocation);
    error.id = store::allocation_id(*this, row).to_string();
    error.field = "quantity";
    return Unexpected{std::move(error)};
}

void BookData::change(const AllocationRow& row, const Quantity& plus, const Quantity& minus) {
    const auto change_sum = [&](std::vector<Quantity>& sums, std::uint32_t at) {
        if (at >= sums.size()) {
            sums.resize(at + 1);
        }
        sums[at] = sums[at] + plus - minus;
    };
    change_sum(allocated_of_order, order_id_of(row));
    if (row.execution == none) {
        return;
    }
    const std::uint32_t execution = executions.rows[row.execution].head.id;
    const store::ExecutionRow* latest = executions.find(execution);
    const Quantity capacity = latest == nullptr ? Quantity{} : latest->quantity;
    overused_executions -= used(execution) > capacity ? 1U : 0U;
    change_sum(used_of_execution, execution);
    overused_executions += used(execution) > capacity ? 1U : 0U;
}

std::uint32_t BookData::append_allocation(AllocationRow row) {
    const auto number = static_cast<std::uint32_t>(allocations.size());
    row.is_latest = true;
    Quantity plus = counts(row) ? row.quantity : Quantity{};
    unusual_allocations += row.execution == none && counts(row) ? 1U : 0U;
    if (row.previous != none) {
        AllocationRow& previous = allocations[row.previous];
        if (counts(previous)) {
            unusual_allocations -= previous.execution == none ? 1U : 0U;
            if (previous.order == row.order && previous.execution == row.execution &&
                previous.quantity <= plus) {
                // A growth is added as such: the sum without it may not be a decimal.
                plus = plus - previous.quantity;
            } else {
                change(previous, Quantity{}, previous.quantity);
            }
        }
        live_allocations -= previous.is_removed ? 0U : 1U;
        previous.is_latest = false;
    }
    live_allocations += row.is_removed ? 0U : 1U;
    if (row.execution != none) {
        const std::uint32_t execution = executions.rows[row.execution].head.id;
        if (execution >= allocations_of_execution.size()) {
            allocations_of_execution.resize(execution + 1, none);
        }
        row.next_of_execution = allocations_of_execution[execution];
        allocations_of_execution[execution] = number;
    }
    allocations.push_back(row);
    if (!plus.is_zero()) {
        change(row, plus, Quantity{});
    }
    return number;
}

void BookData::reserve_sums() {
    allocated_of_order.resize(std::max<std::size_t>(allocated_of_order.size(), orders.ids.size()));
    const std::size_t count = executions.ids.size();
    used_of_execution.resize(std::max(used_of_execution.size(), count));
    allocations_of_execution.resize(std::max(allocations_of_execution.size(), count), none);
}

void BookData::take_rows(std::size_t count, std::span<const std::uint32_t> replaced) {
    if (count == 0) {
        return;
    }
    const std::size_t first = allocations.size();
    allocations.take(count);
    add_sums({&allocations[first], count}, first);
    live_allocations += count;
    for (const std::uint32_t number : replaced) {
        AllocationRow& row = allocations[number];
        row.is_latest = false;
        live_allocations -= row.is_removed ? 0U : 1U;
    }
}

namespace {

inline void grow(Quantity& sum, const Quantity& more) {
    if (!detail::QuantityMaker::add_small_whole(sum, more)) {
        sum = sum + more;
    }
}

}  // namespace

void BookData::add_sums(std::span<const AllocationRow> rows, std::size_t first) {
    // The orders of a large book and their sums lie here and there: called for in two steps.
    constexpr std::size_t ahead = 32;
    constexpr std::size_t near_enough = std::size_t{1} << 14U;  // so many are in the cache
    const bool calls = orders.rows.size() > near_enough && rows.size() > ahead;
    const AllocationRow* const last_called =
        rows.data() + (calls ? rows.size() - ahead : std::size_t{0});
    const store::OrderRow* const all_orders = orders.rows.data();
    Quantity* const allocated = allocated_of_order.data();
    const AllocationRow* const end = rows.data() + rows.size();
    for (const AllocationRow* row = rows.data(); row != end;) {
        const std::uint32_t executed = row->execution;
        const store::ExecutionRow& execution = executions.rows[executed];
        Quantity used = used_of_execution[execution.head.id];
        overused_executions -= used > execution.quantity ? 1U : 0U;
        for (; row != end && row->execution == executed; ++row) {
            if (row < last_called) {
                store::prefetch(all_orders[row[ahead].order]);
                detail::prefetch(&allocated[order_id_of(row[ahead / 2])]);
            }
            Quantity& sum = allocated[all_orders[row->order].head.id];
            if (row->previous == none || !counts(allocations[row->previous])) {
                grow(sum, row->quantity);
                grow(used, row->quantity);
            } else {
                const Quantity more = row->quantity - allocations[row->previous].quantity;
                grow(sum, more);
                grow(used, more);
            }
        }
        overused_executions += used > execution.quantity ? 1U : 0U;
        used_of_execution[execution.head.id] = used;
        allocations_of_execution[execution.head.id] =
            static_cast<std::uint32_t>(first + static_cast<std::size_t>(row - rows.data()) - 1);
    }
}

std::uint32_t BookData::insert_earlier_allocation(AllocationRow row) {
    const std::uint32_t latest = allocation_index.find(*this, store::allocation_id(*this, row));
    if (latest == none) {
        const std::uint32_t number = append_allocation(row);
        AllocationRow removal = allocations[number];
        removal.previous = number;
        removal.is_removed = true;
        return append_allocation(removal);
    }
    row.previous = allocations[latest].previous;
    row.is_latest = false;
    row.next_of_execution = none;
    allocations[latest].previous = static_cast<std::uint32_t>(allocations.size());
    allocations.push_back(row);
    return none;
}

void BookData::merge_removal(std::uint32_t number) noexcept {
    AllocationRow& removal = allocations[number];
    const AllocationRow before = allocations[removal.previous];
    if (before.is_removed) {
        const std::uint32_t next = removal.next_of_execution;
        removal = before;
        removal.is_latest = true;
        removal.next_of_execution = next;
    }
}

namespace {

const store::AllocationDetails* details_of(const BookData& book, const AllocationRow& row) {
    return row.details == none ? nullptr : &book.allocation_details[row.details];
}
const store::ExecutionRow& execution_of(const BookData& book, const AllocationRow& row) {
    return book.executions.rows[row.execution];
}
const store::PlacementRow& placement_of(const BookData& book, const AllocationRow& row) {
    return book.placements.rows[row.placement];
}
const store::OrderRow& order_of(const BookData& book, const AllocationRow& row) {
    return book.orders.rows[row.order];
}
const store::OrderKind& kind_of(const BookData& book, const AllocationRow& row) {
    return book.kind_of(order_of(book, row));
}
// The first number that names something.
std::uint32_t first_of(std::uint32_t a, std::uint32_t b, std::uint32_t c = 0) noexcept {
    return a != 0 ? a : (b != 0 ? b : c);
}

}  // namespace

AllocationId AllocationView::id() const {
    return AllocationId{store::allocation_id(*book_, row_)};
}

IdView<Order> AllocationView::order_id() const {
    return book_->orders.ids.view<Order>(order_of(*book_, row_).head.id);
}

std::optional<IdView<Portfolio>> AllocationView::portfolio_id() const {
    const auto* details = details_of(*book_, row_);
    const std::uint32_t portfolio =
        details != nullptr ? details->portfolio : order_of(*book_, row_).portfolio;
    if (portfolio == none) {
        return std::nullopt;
    }
    return book_->portfolios.view<Portfolio>(portfolio);
}

std::vector<IdView<Placement>> AllocationView::placement_ids() const {
    const auto view = [this](std::uint32_t id) {
        return book_->placements.ids.view<Placement>(id);
    };
    const auto* details = details_of(*book_, row_);
    if (details == nullptr) {
        return {view(placement_of(*book_, row_).head.id)};
    }
    std::vector<IdView<Placement>> ids;
    std::transform(book_->begin(details->placements), book_->end(details->placements),
                   std::back_inserter(ids), view);
    return ids;
}

std::vector<IdView<Execution>> AllocationView::execution_ids() const {
    const auto view = [this](std::uint32_t id) {
        return book_->executions.ids.view<Execution>(id);
    };
    const auto* details = details_of(*book_, row_);
    if (details == nullptr) {
        return {view(execution_of(*book_, row_).head.id)};
    }
    std::vector<IdView<Execution>> ids;
    std::transform(book_->begin(details->executions), book_->end(details->executions),
                   std::back_inserter(ids), view);
    return ids;
}

std::optional<Price> AllocationView::price() const {
    const auto* details = details_of(*book_, row_);
    if (!(details != nullptr ? details->has_price : execution_of(*book_, row_).has_price)) {
        return std::nullopt;
    }
    return Price{details != nullptr ? details->price : execution_of(*book_, row_).price};
}

std::string_view AllocationView::price_currency() const {
    const auto* details = details_of(*book_, row_);
    return book_->text(details != nullptr ? details->price_currency
                                          : execution_of(*book_, row_).price_currency);
}

std::string_view AllocationView::side() const {
    const auto* details = details_of(*book_, row_);
    return book_->text(details != nullptr
                           ? details->side
                           : first_of(execution_of(*book_, row_).side,
                                      placement_of(*book_, row_).side, kind_of(*book_, row_).side));
}

std::string_view AllocationView::state() const {
    const auto* details = details_of(*book_, row_);
    return details != nullptr ? book_->text(details->state) : std::string_view{"New"};
}

std::string_view AllocationView::type() const {
    const auto* details = details_of(*book_, row_);
    return book_->text(details != nullptr
                           ? details->type
                           : first_of(execution_of(*book_, row_).type, kind_of(*book_, row_).type));
}

std::string_view AllocationView::date() const {
    const auto* details = details_of(*book_, row_);
    return book_->text(details != nullptr ? details->date.text
                                          : execution_of(*book_, row_).created_date.text);
}

std::string_view AllocationView::settlement_date() const {
    const auto* details = details_of(*book_, row_);
    return book_->text(details != nullptr ? details->settlement_date.text
                                          : execution_of(*book_, row_).settlement_date.text);
}

std::string_view AllocationView::settlement_currency() const {
    const auto* details = details_of(*book_, row_);
    return book_->text(details != nullptr ? details->settlement_currency
                                          : execution_of(*book_, row_).settlement_currency);
}

std::optional<Decimal> AllocationView::settlement_currency_fx_rate() const {
    const auto* details = details_of(*book_, row_);
    if (!(details != nullptr ? details->has_fx_rate : execution_of(*book_, row_).has_fx_rate)) {
        return std::nullopt;
    }
    return details != nullptr ? details->fx_rate : execution_of(*book_, row_).fx_rate;
}

std::string_view AllocationView::counterparty() const {
    const auto* details = details_of(*book_, row_);
    return book_->text(details != nullptr ? details->counterparty
                                          : first_of(execution_of(*book_, row_).counterparty,
                                                     placement_of(*book_, row_).counterparty));
}

std::optional<ResourceId> AllocationView::custodian_account_id() const {
    const auto* details = details_of(*book_, row_);
    const std::uint32_t custodian =
        details != nullptr ? details->custodian : kind_of(*book_, row_).custodian;
    if (custodian == none) {
        return std::nullopt;
    }
    return book_->custodians.resource(custodian);
}

const Identifiers& AllocationView::instrument_identifiers() const {
    const auto* details = details_of(*book_, row_);
    return book_->identifiers.set(details != nullptr
                                      ? details->identifiers
                                      : first_of(execution_of(*book_, row_).identifiers,
                                                 placement_of(*book_, row_).identifiers,
                                                 order_of(*book_, row_).identifiers));
}

std::string_view AllocationView::instrument_scope() const {
    const auto* details = details_of(*book_, row_);
    return book_->text(details != nullptr ? details->instrument_scope
                                          : kind_of(*book_, row_).instrument_scope);
}

std::string_view AllocationView::lusid_instrument_id() const {
    const auto* details = details_of(*book_, row_);
    return book_->text(details != nullptr ? details->lusid_instrument_id
                                          : first_of(execution_of(*book_, row_).lusid_instrument_id,
                                                     placement_of(*book_, row_).lusid_instrument_id,
                                                     kind_of(*book_, row_).lusid_instrument_id));
}

std::string_view AllocationView::run_id() const {
    if (row_.run != none && row_.run < book_->runs.size()) {
        return book_->runs[row_.run].id;
    }
    return run_ == nullptr ? std::string_view{} : std::string_view{run_->id};
}

Properties AllocationView::properties() const {
    Properties properties;
    const auto* details = details_of(*book_, row_);
    if (details != nullptr && details->extras != none) {
        properties = book_->extras[details->extras].properties;
    }
    if (!run_id().empty()) {
        properties.insert_or_assign(std::string{run_property_key},
                                    Property{std::string{run_id()}, {}, {}});
    }
    return properties;
}

Allocation AllocationView::to_value() const {
    const auto time = [](std::string_view text) -> std::optional<Time> {
        if (text.empty()) {
            return std::nullopt;
        }
        return Time::parse(text).value();
    };
    Allocation allocation;
    allocation.id = id();
    allocation.allocated_order_id = order_id().to_id();
    allocation.quantity = quantity();
    if (const auto portfolio = portfolio_id()) {
        allocation.portfolio_id = portfolio->to_id();
    }
    for (const IdView<Placement>& placement : placement_ids()) {
        allocation.placement_ids.push_back(placement.to_id());
    }
    for (const IdView<Execution>& execution : execution_ids()) {
        allocation.execution_ids.push_back(execution.to_id());
    }
    allocation.instrument_identifiers = instrument_identifiers();
    if (const auto amount = price()) {
        allocation.price = CurrencyAndAmount{amount->amount(), std::string{price_currency()}};
    }
    allocation.side = side();
    allocation.state = state();
    allocation.type = type();
    allocation.date = time(date());
    allocation.settlement_date = time(settlement_date());
    allocation.settlement_currency = settlement_currency();
    allocation.settlement_currency_fx_rate = settlement_currency_fx_rate();
    allocation.counterparty = counterparty();
    allocation.custodian_account_id = custodian_account_id();
    allocation.instrument_scope = instrument_scope();
    allocation.lusid_instrument_id = lusid_instrument_id();
    allocation.properties = properties();
    return allocation;
}

}  // namespace allot
