// Book: the in-memory store of orders, blocks, placements, executions and allocations.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "allot/allocation.hpp"
#include "allot/block.hpp"
#include "allot/execution.hpp"
#include "allot/instrument.hpp"
#include "allot/order.hpp"
#include "allot/placement.hpp"
#include "allot/portfolio.hpp"
#include "allot/result.hpp"

namespace allot {

// Who wrote a version, when and why. The caller's words: the library reads no clock.
struct Written {
    std::string as_at{};
    std::string user{};
    std::string reason{};

    friend bool operator==(const Written&, const Written&) = default;
};

// The record of one run: enough to run it again. id is a hash of everything that follows it.
struct RunRecord {
    std::string id{};
    std::string engine_version{};
    std::string algorithm{};
    std::map<std::string, std::string> parameters{};
    std::string lot{};                             // the lot of instruments that name none
    std::map<std::string, std::string> options{};  // those that differ from the defaults
    std::string seed{};                            // empty: none
    std::string inputs{};                          // hash of every entity the run read
    Written written{};

    friend bool operator==(const RunRecord&, const RunRecord&) = default;
};

// One entry of a book's journal: what was put between two runs, or what one run wrote. See
// allot/journal.hpp for what seals and marks are.
struct JournalEntry {
    std::string run{};    // id of the run that wrote it; empty: it was put
    std::string seal{};   // empty: not sealed yet
    std::string marks{};  // of its versions, to find the one that was changed

    friend bool operator==(const JournalEntry&, const JournalEntry&) = default;
};

// One version of an entity, who wrote it, and the entry of the journal it is part of (from 1).
template <class Entity>
struct Versioned {
    Entity value{};
    Written written{};
    std::size_t entry{1};
    bool is_removed{false};  // says that the entity is gone; value is what it was
};

// Keeps every version of every entity; the latest counts. A put either is written whole or refused
// with every reason; the same content again is fine and writes nothing.
//
// Errors of put: id_is_not_valid, field_is_missing, quantity_is_not_positive, lot_is_not_positive,
// reference_is_missing, side_disagrees, instrument_disagrees, instrument_lots_disagree,
// placement_is_its_own_ancestor, change_touches_allocated (Engine::amend and Engine::correct do
// what is refused then, with what is allocated). Complexity: put and find O(size of the entity),
// but put of a block, order, placement or instrument also visits what refers to it, and so does put
// of an execution that states another side or other identifiers than its placement. Thread safety:
// const members from any thread while nobody writes.
class Book {
  public:
    Book();
    Book(const Book& other);
    Book& operator=(const Book& other);
    Book(Book&& other) noexcept;
    Book& operator=(Book&& other) noexcept;
    ~Book();

    [[nodiscard]] Result<void, Errors> put(const Order& order, const Written& written = {});
    [[nodiscard]] Result<void, Errors> put(const Block& block, const Written& written = {});
    [[nodiscard]] Result<void, Errors> put(const Placement& placement, const Written& written = {});
    [[nodiscard]] Result<void, Errors> put(const Execution& execution, const Written& written = {});
    [[nodiscard]] Result<void, Errors> put(const Allocation& allocation,
                                           const Written& written = {});
    [[nodiscard]] Result<void, Errors> put(const Instrument& instrument,
                                           const Written& written = {});

    // What is known of a portfolio; a second put replaces the first. Errors: id_is_not_valid,
    // quantity_is_not_positive (tier).
    [[nodiscard]] Result<void, Errors> put(const Portfolio& portfolio, const Written& written = {});
    // Gives a rule with its parameters a name that runs on this book may ask for, "DESK-A" for
    // "TIER:inner=PR-LF". Whether the rule exists shows in the run. A second name replaces the
    // first. Errors: algorithm_code_is_not_valid.
    [[nodiscard]] Result<void, Errors> name_algorithm(const std::string& name,
                                                      const std::string& code,
                                                      const Written& written = {});

    // Removes the entity; its versions stay readable. Errors: reference_is_missing when there is
    // none; change_touches_allocated when something allocated or something else in the book still
    // refers to it. Engine::remove takes allocations along.
    [[nodiscard]] Result<void> remove(const OrderId& id, const Written& written = {});
    [[nodiscard]] Result<void> remove(const BlockId& id, const Written& written = {});
    [[nodiscard]] Result<void> remove(const PlacementId& id, const Written& written = {});
    [[nodiscard]] Result<void> remove(const ExecutionId& id, const Written& written = {});
    [[nodiscard]] Result<void> remove(const AllocationId& id, const Written& written = {});

    // The latest version, if there is one.
    [[nodiscard]] std::optional<Order> find(const OrderId& id) const;
    [[nodiscard]] std::optional<Block> find(const BlockId& id) const;
    [[nodiscard]] std::optional<Placement> find(const PlacementId& id) const;
    [[nodiscard]] std::optional<Execution> find(const ExecutionId& id) const;
    [[nodiscard]] std::optional<Allocation> find(const AllocationId& id) const;

    // All versions, the oldest first, removals among them; those of a removed entity too.
    [[nodiscard]] std::vector<Versioned<Order>> versions(const OrderId& id) const;
    [[nodiscard]] std::vector<Versioned<Block>> versions(const BlockId& id) const;
    [[nodiscard]] std::vector<Versioned<Placement>> versions(const PlacementId& id) const;
    [[nodiscard]] std::vector<Versioned<Execution>> versions(const ExecutionId& id) const;
    [[nodiscard]] std::vector<Versioned<Allocation>> versions(const AllocationId& id) const;

    // Ids of what is in the book now, sorted. Complexity: O(n log n).
    [[nodiscard]] std::vector<OrderId> order_ids() const;
    [[nodiscard]] std::vector<BlockId> block_ids() const;
    [[nodiscard]] std::vector<PlacementId> placement_ids() const;
    [[nodiscard]] std::vector<ExecutionId> execution_ids() const;
    [[nodiscard]] std::vector<AllocationId> allocation_ids() const;
    // Ids of what was in the book once and is no more, sorted.
    [[nodiscard]] std::vector<ResourceId> removed_ids(std::string_view entity) const;

    // The latest version of each allocation, sorted by id. Complexity: O(n log n).
    [[nodiscard]] std::vector<AllocationView> allocations() const;
    [[nodiscard]] std::vector<Instrument> instruments() const;  // sorted by identifiers
    [[nodiscard]] std::vector<RunRecord> runs() const;          // in the order they ran
    [[nodiscard]] std::vector<Portfolio> portfolios() const;    // sorted by id
    // What was written together, in the order it was written; Versioned::entry counts from 1.
    [[nodiscard]] const std::vector<JournalEntry>& journal() const& noexcept;
    // Names of rules and the codes they stand for.
    [[nodiscard]] const std::map<std::string, std::string>& algorithms() const& noexcept;

    // Units allocated to an order so far, by any placement; cancelled allocations count nothing.
    [[nodiscard]] Quantity allocated(const OrderId& id) const;

    // Entities now in the book (not versions), allocations included. Complexity: O(1).
    [[nodiscard]] std::size_t size() const noexcept;

    // For the library's own rooms.
    [[nodiscard]] const BookData& data() const noexcept { return *data_; }
    [[nodiscard]] BookData& data() noexcept { return *data_; }

  private:
    friend class BookBuilder;
    explicit Book(std::unique_ptr<BookData> data) noexcept;

    std::unique_ptr<BookData> data_;
};

namespace store {
struct OrderRow;
struct BlockRow;
struct PlacementRow;
struct ExecutionRow;
}  // namespace store

// Collects the rows of a book in any order and checks all of them at once, as files need it.
// Not thread-safe.
class BookBuilder {
  public:
    BookBuilder();
    BookBuilder(BookBuilder&&) noexcept;
    BookBuilder& operator=(BookBuilder&&) noexcept;
    ~BookBuilder();

    // Adds the latest version of an entity. The same row twice is fine when identical; differing
    // content is id_has_two_contents. Problems are kept for build().
    // `entry` is that of the journal which the version is part of; 0, not said: that of the run
    // that made an allocation, else the first.
    void add(const Order& order, const Place& place = {}, const Written& written = {},
             std::size_t entry = 0);
    void add(const Block& block, const Place& place = {}, const Written& written = {},
             std::size_t entry = 0);
    void add(const Placement& placement, const Place& place = {}, const Written& written = {},
             std::size_t entry = 0);
    void add(const Execution& execution, const Place& place = {}, const Written& written = {},
             std::size_t entry = 0);
    void add(const Allocation& allocation, const Place& place = {}, const Written& written = {},
             std::size_t entry = 0);
    void add(const Instrument& instrument, const Place& place = {});
    void add(const Portfolio& portfolio, const Place& place = {});
    void add_algorithm(const std::string& name, const std::string& code, const Place& place = {});
    void add(RunRecord run);
    void add(JournalEntry entry);

    // Adds an earlier version (oldest first), before or after the latest one. An entity whose last
    // version says that it is gone needs no latest one. Entry 0 as above.
    void add_earlier(const Versioned<Order>& version);
    void add_earlier(const Versioned<Block>& version);
    void add_earlier(const Versioned<Placement>& version);
    void add_earlier(const Versioned<Execution>& version);
    void add_earlier(const Versioned<Allocation>& version);
    // The same of what has no id of its own, the latest version among them.
    void add_earlier(const Versioned<Instrument>& version);
    void add_earlier(const Versioned<Portfolio>& version);
    void add_earlier_algorithm(const std::string& name, const std::string& code,
                               const Written& written, std::size_t entry);

    // Notes a row that could not be read. The ids say what depends on it, as far as they could
    // be read; with none at all the row cannot be quarantined.
    struct Touched {
        std::optional<OrderId> order{};
        std::optional<BlockId> block{};
        std::vector<PlacementId> placements{};
        std::vector<ExecutionId> executions{};
        bool nothing_depends{false};  // safe to leave out: others can only refer to it by name
    };
    void refuse(Error error, const Touched& touched);

    [[nodiscard]] std::size_t problem_count() const noexcept;

    // For the library's own rooms: the book so far, and rows made in it by a reader. Precondition
    // of add_row: the row is as pack() would make it of an entity in which nothing is wrong, and no
    // entity of its id was added before.
    [[nodiscard]] BookData& data() noexcept;
    void add_row(const store::OrderRow& row, const Place& place);
    void add_row(const store::BlockRow& row, const Place& place);
    void add_row(const store::PlacementRow& row, const Place& place);
    void add_row(const store::ExecutionRow& row, const Place& place);

    // The book, or every problem, sorted by place. The builder is empty afterwards. So many threads
    // check what was added, 0: all cores; what comes of it does not depend on them.
    [[nodiscard]] Result<Book, Errors> build(unsigned threads = 1);

    // The book without its bad rows; placements that depend on one fail every run as BadInput.
    // Errors: row_cannot_be_quarantined, when it cannot be known what depends on a bad row.
    struct Quarantined {
        Book book;
        Errors problems;
    };
    [[nodiscard]] Result<Quarantined, Errors> build_quarantined(unsigned threads = 1);

  private:
    class State;
    std::unique_ptr<State> state_;
};

}  // namespace allot
