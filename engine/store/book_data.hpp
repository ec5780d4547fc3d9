// BookData: everything a book holds. Rows only ever get appended; the latest version of an entity
// is found through its id.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <deque>
#include <limits>
#include <map>
#include <mutex>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

#include "allot/book.hpp"
#include "engine/base/large_pages.hpp"
#include "engine/base/prefetch.hpp"
#include "engine/store/allocation_rows.hpp"
#include "engine/store/pools.hpp"
#include "engine/store/rows.hpp"

namespace allot {

namespace store {

enum class Kind : std::uint8_t { order, block, placement, execution, allocation, instrument };
[[nodiscard]] std::string_view name(Kind kind) noexcept;

// Who wrote a version, and the entry of the journal that it is part of, from 1; 0: that of the run
// that made the row, else the first.
struct Writing {
    Written written{};
    std::uint32_t entry{0};
};

// A name that the book gives to a rule.
struct NamedRule {
    std::string name{};
    std::string code{};

    friend bool operator==(const NamedRule&, const NamedRule&) = default;
};

// One version of what has no id of its own.
struct FactVersion {
    std::variant<Instrument, Portfolio, NamedRule> value{};
    std::uint32_t written{0};  // number in BookData::writings
};

// All versions of the entities of one kind.
template <class RowType>
struct Table {
    using Row = RowType;

    IdPool ids{};
    detail::LargeVector<Row> rows{};
    detail::LargeVector<std::uint32_t> latest{};  // by id; none: never written
    std::size_t live{0};                          // ids whose latest version is not a removal

    // Row of the latest version, or none when there is no such entity (any more).
    [[nodiscard]] std::uint32_t row_of(std::uint32_t id) const noexcept {
        const std::uint32_t row = any_row_of(id);
        return row == none || rows[row].head.is_removed ? none : row;
    }
    // The same, a removal counts as a version.
    [[nodiscard]] std::uint32_t any_row_of(std::uint32_t id) const noexcept {
        return id < latest.size() ? latest[id] : none;
    }
    [[nodiscard]] const Row* find(std::uint32_t id) const noexcept {
        const std::uint32_t row = row_of(id);
        return row == none ? nullptr : &rows[row];
    }
    // Two steps towards the latest rows of ids that will be looked at soon: which rows they are,
    // and the rows.
    void prefetch_latest(std::span<const std::uint32_t> ids_ahead) const noexcept {
        for (const std::uint32_t id : ids_ahead) {
            if (id < latest.size()) {
                detail::prefetch(&latest[id]);
            }
        }
    }
    void prefetch_rows(std::span<const std::uint32_t> ids_ahead) const noexcept {
        for (const std::uint32_t id : ids_ahead) {
            if (const std::uint32_t row = any_row_of(id); row != none) {
                prefetch(rows[row]);
            }
        }
    }
    std::uint32_t append(Row row) {
        const std::uint32_t id = row.head.id;
        if (id >= latest.size()) {
            latest.resize(ids.size(), none);
        }
        live += (row.head.is_removed ? 0U : 1U);
        live -= (row_of(id) == none ? 0U : 1U);
        row.head.previous = latest[id];
        rows.push_back(row);
        latest[id] = static_cast<std::uint32_t>(rows.size() - 1);
        return latest[id];
    }
    // Takes back the last append.
    void pop() noexcept {
        const Row row = rows.back();
        rows.pop_back();
        latest[row.head.id] = row.head.previous;
        live -= (row.head.is_removed ? 0U : 1U);
        live += (row_of(row.head.id) == none ? 0U : 1U);
    }
};

// Finds allocations by id. Built when first asked, because a run needs no such index.
// Thread safety: its own lock makes concurrent look-ups safe while nobody writes.
class AllocationIndex {
  public:
    AllocationIndex() = default;
    AllocationIndex(const AllocationIndex&) {}
    AllocationIndex& operator=(const AllocationIndex&) = delete;
    ~AllocationIndex() = default;

    // Row of the latest version (a removal counts), or none.
    [[nodiscard]] std::uint32_t find(const BookData& book, const ResourceId& id) const;
    // Knows nothing any more. Not while somebody reads.
    void clear();

  private:
    [[nodiscard]] static std::uint32_t hash_of(const ResourceId& id) noexcept;
    [[nodiscard]] std::uint32_t find_known(const BookData& book, const ResourceId& id) const;

    mutable std::mutex mutex_{};
    mutable HashTable table_{};
    mutable std::size_t known_rows_{0};
};

// Finds the instruments that may apply to a set of identifiers. What it says has to be verified: it
// knows hashes only, and numbers of instruments that were taken back.
class InstrumentIndex {
  public:
    void add(std::uint32_t instrument, const Identifiers& identifiers);
    // Numbers of instruments, ascending, among them all that share an entry with `identifiers`.
    [[nodiscard]] std::vector<std::uint32_t> candidates(const Identifiers& identifiers) const;

  private:
    std::unordered_map<std::uint64_t, std::vector<std::uint32_t>> by_entry_{};
};

}  // namespace store

class BookData {
  public:
    store::TextPool texts{};
    store::IdentifierPool identifiers{};
    store::IdPool portfolios{};
    store::IdPool custodians{};
    store::OrderKinds order_kinds{};
    store::IdPool allocation_ids{};  // only those that do not follow from execution and order
    std::vector<std::uint32_t> lists{};
    std::deque<store::Extras> extras{};
    std::vector<store::Writing> writings{store::Writing{}};
    std::vector<JournalEntry> journal{};
    bool journal_is_open{false};  // its last entry is still written to

    store::Table<store::OrderRow> orders{};
    store::Table<store::BlockRow> blocks{};
    store::Table<store::PlacementRow> placements{};
    store::Table<store::ExecutionRow> executions{};

    store::AllocationRows allocations{};
    std::vector<store::AllocationDetails> allocation_details{};
    std::size_t live_allocations{0};
    store::AllocationIndex allocation_index{};

    std::vector<Instrument> instruments{};
    store::InstrumentIndex instrument_index{};  // of all in `instruments`
    std::vector<RunRecord> runs{};
    std::map<PortfolioId, Portfolio> portfolio_facts{};
    std::map<std::string, std::string> algorithms{};  // names of rules, to codes
    std::vector<store::FactVersion> facts{};          // every version of these three, as written

    // Who refers to whom, by ids.
    store::Adjacency blocks_of_order{};  // see link_blocks_of_orders()
    bool knows_blocks_of_orders{false};
    store::Adjacency placements_of_block{};
    store::Adjacency children_of_placement{};
    store::Adjacency executions_of_placement{};

    // Sums over latest, not cancelled allocations, by id.
    std::vector<Quantity> allocated_of_order{};
    std::vector<Quantity> used_of_execution{};  // of allocations that name this execution alone
    // First row of the allocations that name an execution alone, by id of the execution.
    std::vector<std::uint32_t> allocations_of_execution{};
    std::size_t unusual_allocations{0};  // counting ones that name no or several executions
    std::size_t overused_executions{0};  // whose used quantity is above their own

    // What bad rows were left out for (quarantine), by id.
    std::set<std::uint32_t> tainted_orders{};
    std::set<std::uint32_t> tainted_blocks{};
    std::set<std::uint32_t> tainted_placements{};

    // Number of who writes now, in the entry that is open; opens one where none is.
    [[nodiscard]] std::uint32_t writing(const Written& written);
    [[nodiscard]] std::uint32_t writing(const Written& written, std::uint32_t entry);
    // The entry that the next run will write.
    [[nodiscard]] std::uint32_t entry_of_next_run() const noexcept {
        return static_cast<std::uint32_t>(journal.size() + 1);
    }
    [[nodiscard]] std::uint32_t entry_of(const store::RowHead& head) const noexcept {
        return std::max(writings[head.written].entry, std::uint32_t{1});
    }
    // The entry of each run, by its number.
    [[nodiscard]] std::vector<std::uint32_t> entries_of_runs() const;
    [[nodiscard]] std::uint32_t entry_of(const detail::AllocationRow& row,
                                         const std::vector<std::uint32_t>& of_runs) const noexcept {
        const std::uint32_t said = writings[row.written].entry;
        return said != 0 ? said : (row.run < of_runs.size() ? of_runs[row.run] : 1);
    }
    [[nodiscard]] std::string_view text(std::uint32_t number) const noexcept {
        return texts.text(number);
    }
    [[nodiscard]] const store::OrderKind& kind_of(const store::OrderRow& order) const noexcept {
        return order_kinds[order.kind];
    }
    [[nodiscard]] const std::uint32_t* begin(store::List list) const noexcept {
        return lists.data() + list.first;
    }
    [[nodiscard]] const std::uint32_t* end(store::List list) const noexcept {
        return lists.data() + list.first + list.count;
    }
    // Of the orders of a block those that are called for before it is their block's turn.
    [[nodiscard]] std::span<const std::uint32_t> first_orders(
        const store::BlockRow& block) const noexcept {
        constexpr std::uint32_t most = 64;
        return {begin(block.orders), std::min(block.orders.count, most)};
    }
    [[nodiscard]] Quantity allocated(std::uint32_t order) const noexcept {
        return order < allocated_of_order.size() ? allocated_of_order[order] : Quantity{};
    }
    [[nodiscard]] Quantity used(std::uint32_t execution) const noexcept {
        return execution < used_of_execution.size() ? used_of_execution[execution] : Quantity{};
    }
    [[nodiscard]] std::uint32_t first_allocation(std::uint32_t execution) const noexcept {
        return execution < allocations_of_execution.size() ? allocations_of_execution[execution]
                                                           : store::none;
    }

    // Appends a version of an allocation and keeps sums, chains and counts true.
    // Precondition: row.previous is the latest version of the same id, if there is one; the sums
    // fit (see fits()).
    std::uint32_t append_allocation(detail::AllocationRow row);
    // Makes room for the sums of what a run adds, so that take_rows() cannot run out of memory.
    void reserve_sums();
    // Takes the next `count` rows, written into allocations.reserve(), of which some replace
    // versions before, by number of row, and keeps sums, chains and counts true.
    // Precondition: none of them is removed or lacks an execution; those of one execution follow
    // each other and are chained; they are the latest; the sums are Decimals.
    void take_rows(std::size_t count, std::span<const std::uint32_t> replaced);

    // Adds a version older than the latest one of the same id, newer than those added before. An
    // id without a latest version counts as removed: gets a version that says so, by the same
    // writer, whose row is returned (else none).
    std::uint32_t insert_earlier_allocation(detail::AllocationRow row);
    // Takes the version before a row that says that its entity is gone, if that says the same
    // already, in its place. Precondition: it was returned above.
    void merge_removal(std::uint32_t number) noexcept;
    // Errors: total_is_out_of_range when the order's or the execution's sum would not be a Decimal.
    [[nodiscard]] Result<void> fits(const detail::AllocationRow& row) const;
    // Whether the row's quantity counts: latest, not removed, not cancelled.
    [[nodiscard]] bool counts(const detail::AllocationRow& row) const noexcept;
    [[nodiscard]] std::uint32_t state_of(const detail::AllocationRow& row) const noexcept;
    [[nodiscard]] std::uint32_t order_id_of(const detail::AllocationRow& row) const noexcept {
        return orders.rows[row.order].head.id;
    }

  private:
    // Adds what rows of a run give, the first of them with this number.
    void add_sums(std::span<const detail::AllocationRow> rows, std::size_t first);
    // Adds to (and takes from) the sums of the order and the execution of `row`.
    void change(const detail::AllocationRow& row, const Quantity& plus, const Quantity& minus);
};

// While it lives, what is written to the book is part of one run's entry in the journal.
class RunEntry {
  public:
    RunEntry(BookData& book, const RunRecord& record);
    RunEntry(const RunEntry&) = delete;
    RunEntry& operator=(const RunEntry&) = delete;
    ~RunEntry() { book_->journal_is_open = false; }

    // As if the run had not begun. Precondition: it wrote nothing.
    void take_back();

  private:
    BookData* book_;
};

namespace store {

// Compares ASCII text without case.
[[nodiscard]] bool equal_without_case(std::string_view a, std::string_view b) noexcept;
[[nodiscard]] bool is_cancelled_allocation(std::string_view state) noexcept;
[[nodiscard]] bool is_frozen_allocation(std::string_view state) noexcept;

// Takes all allocations, their earlier versions and all runs out of the book, as if nothing had
// been allocated yet.
void forget_allocations(BookData& book);

// Executions in time order: created date, then id.
[[nodiscard]] bool is_earlier(const BookData& book, std::uint32_t execution_row_a,
                              std::uint32_t execution_row_b) noexcept;

// Derived codes are at most this long. Where both codes are words (letters, digits and _ only), in
// the placement's scope, and short enough, they are joined by a dash.
inline constexpr std::size_t longest_derived_code = 64;
[[nodiscard]] bool is_word(std::string_view text) noexcept;

// `length` bytes at most: what is legible of two codes, joined by a dash, then the hash of the text
// `hashed`.
[[nodiscard]] std::string legible_code(std::string_view first, std::string_view second,
                                       std::string_view hashed, std::size_t length);
// The same, with the hash of both full ids.
[[nodiscard]] std::string hashed_code(std::string_view execution_scope,
                                      std::string_view execution_code, std::string_view order_scope,
                                      std::string_view order_code, std::size_t length);
// The id of the ordinal-th allocation of an execution to an order (docs/decisions).
[[nodiscard]] ResourceId derived_allocation_id(std::string_view placement_scope,
                                               std::string_view execution_scope,
                                               std::string_view execution_code,
                                               std::string_view order_scope,
                                               std::string_view order_code, std::uint16_t ordinal);
[[nodiscard]] ResourceId allocation_id(const BookData& book, const detail::AllocationRow& row);

// The text of a time as received; `room` is where it is made when it was not kept.
struct TimeRoom {
    std::array<char, 32> text{};
    // The day, since 1970, that the first ten bytes name: most times are of the day of the one
    // before.
    std::int64_t day{std::numeric_limits<std::int64_t>::min()};
};
[[nodiscard]] std::string_view text_of(const BookData& book, const StoredTime& time,
                                       TimeRoom& room);
// A time whose text need not be kept, because it follows from the instant, when that is so.
[[nodiscard]] StoredTime pack_time(BookData& book, const Instant& instant, std::string_view text);

// Values to rows and back. pack() interns; it changes nothing that can be seen.
[[nodiscard]] OrderRow pack(BookData& book, const Order& order);
[[nodiscard]] BlockRow pack(BookData& book, const Block& block);
[[nodiscard]] PlacementRow pack(BookData& book, const Placement& placement);
[[nodiscard]] ExecutionRow pack(BookData& book, const Execution& execution);
[[nodiscard]] AllocationDetails pack(BookData& book, const Allocation& allocation);
[[nodiscard]] Order unpack(const BookData& book, const OrderRow& row);
[[nodiscard]] Block unpack(const BookData& book, const BlockRow& row);
[[nodiscard]] Placement unpack(const BookData& book, const PlacementRow& row);
[[nodiscard]] Execution unpack(const BookData& book, const ExecutionRow& row);

// Writes a version of an execution though allocations rest on what it was: the caller sees to them.
// Errors: those of Book::put but change_touches_allocated.
[[nodiscard]] Result<void, Errors> put_corrected(BookData& book, const Execution& execution,
                                                 const Written& written);

// The row of an allocation given as a value: recognised as following from its execution and order
// where that is so. Precondition: its order exists. Appends details when they are needed.
[[nodiscard]] detail::AllocationRow link(BookData& book, const Allocation& allocation);

// The lot that instruments give to a set of identifiers.
struct LotLookup {
    bool is_known{false};
    bool disagrees{false};  // several apply, with different lots
    Quantity lot{};
};
[[nodiscard]] LotLookup lot_of(const BookData& book, const Identifiers& identifiers);
// The identifiers by which a placement looks for its instrument: its own, else those of the first
// of its blocks that has some.
[[nodiscard]] std::uint32_t identifiers_of(const BookData& book, const PlacementRow& placement);

}  // namespace store

}  // namespace allot
