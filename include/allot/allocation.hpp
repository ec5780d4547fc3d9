// Allocation: how many units of which execution an order received, and at which price.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "allot/id.hpp"
#include "allot/price.hpp"
#include "allot/property.hpp"
#include "allot/quantity.hpp"
#include "allot/time.hpp"

namespace allot {

// An allocation as a value that owns its text. Members as on the wire; empty text and nullopt mean
// "not given". A book needs id, allocated_order_id and quantity.
struct Allocation {
    AllocationId id{};
    OrderId allocated_order_id{};
    Quantity quantity{};
    std::optional<PortfolioId> portfolio_id{};
    std::vector<PlacementId> placement_ids{};
    std::vector<ExecutionId> execution_ids{};
    Identifiers instrument_identifiers{};
    std::optional<CurrencyAndAmount> price{};
    std::string side{};
    std::string state{};
    std::string type{};
    std::optional<Time> date{};
    std::optional<Time> settlement_date{};
    std::string settlement_currency{};
    std::optional<Decimal> settlement_currency_fx_rate{};
    std::string counterparty{};
    std::optional<ResourceId> custodian_account_id{};
    std::string instrument_scope{};
    std::string lusid_instrument_id{};
    Properties properties{};

    friend bool operator==(const Allocation&, const Allocation&) = default;
};

// The property of an allocation that names the run which made it.
inline constexpr std::string_view run_property_key = "Allocation/allot/Run";

class BookData;    // the library's own: what a Book holds
struct RunRecord;  // allot/book.hpp

namespace detail {

// One allocation as the store keeps it: numbers of rows and the quantity.
struct AllocationRow {
    static constexpr std::uint32_t none = 0xFFFFFFFF;

    Quantity quantity{};
    std::uint32_t execution{none};  // row of the execution it comes from
    std::uint32_t placement{none};  // row of the placement it was made under
    std::uint32_t order{none};      // row of the order that receives it
    std::uint32_t run{none};        // number of the run that made it
    std::uint32_t details{none};    // row of stored details; none: all follows from the above
    std::uint32_t previous{none};   // row of the version before
    std::uint32_t next_of_execution{none};
    std::uint32_t written{0};  // by whom and when this version was written
    std::uint16_t ordinal{1};  // 2, 3, ...: the id's suffix
    bool is_latest{true};
    bool is_removed{false};
};

}  // namespace detail

// A light view of an allocation: interned ids, text made on demand. Valid as long as the Book it
// came from lives and is not moved from. Every text_view of it lives as long as the book.
// Complexity: O(1) per member, O(text) for id() and to_value(). Thread safety: any thread while
// nobody writes to the book.
class AllocationView {
  public:
    // `run` is given for allocations of a run that the book does not know (yet).
    AllocationView(const BookData& book, const detail::AllocationRow& row,
                   const RunRecord* run = nullptr) noexcept
        : book_{&book}, run_{run}, row_{row} {}

    // The id is a function of execution and order alone (docs/decisions): made here, not stored.
    [[nodiscard]] AllocationId id() const;
    [[nodiscard]] IdView<Order> order_id() const;
    [[nodiscard]] const Quantity& quantity() const noexcept { return row_.quantity; }
    [[nodiscard]] std::optional<IdView<Portfolio>> portfolio_id() const;
    [[nodiscard]] std::vector<IdView<Placement>> placement_ids() const;
    [[nodiscard]] std::vector<IdView<Execution>> execution_ids() const;
    [[nodiscard]] std::optional<Price> price() const;
    [[nodiscard]] std::string_view price_currency() const;
    [[nodiscard]] std::string_view side() const;
    [[nodiscard]] std::string_view state() const;
    [[nodiscard]] std::string_view type() const;
    [[nodiscard]] std::string_view date() const;             // as received; empty: not given
    [[nodiscard]] std::string_view settlement_date() const;  // as received; empty: not given
    [[nodiscard]] std::string_view settlement_currency() const;
    [[nodiscard]] std::optional<Decimal> settlement_currency_fx_rate() const;
    [[nodiscard]] std::string_view counterparty() const;
    [[nodiscard]] std::optional<ResourceId> custodian_account_id() const;
    [[nodiscard]] const Identifiers& instrument_identifiers() const;
    [[nodiscard]] std::string_view instrument_scope() const;
    [[nodiscard]] std::string_view lusid_instrument_id() const;
    [[nodiscard]] std::string_view run_id() const;  // empty: not made by a run
    [[nodiscard]] Properties properties() const;    // includes the run's

    // Everything, as a value of its own.
    [[nodiscard]] Allocation to_value() const;

    // For the library's own rooms.
    [[nodiscard]] const detail::AllocationRow& row() const noexcept { return row_; }

  private:
    const BookData* book_;
    const RunRecord* run_;
    detail::AllocationRow row_;
};

// A sequence of views; random access. Valid as long as its owner (a Book or a RunResult).
class AllocationViews {
  public:
    class iterator {
      public:
        using iterator_category = std::input_iterator_tag;
        using value_type = AllocationView;
        using difference_type = std::ptrdiff_t;
        using pointer = void;
        using reference = AllocationView;

        iterator(const BookData* book, const RunRecord* run,
                 const detail::AllocationRow* row) noexcept
            : book_{book}, run_{run}, row_{row} {}
        [[nodiscard]] AllocationView operator*() const { return {*book_, *row_, run_}; }
        iterator& operator++() noexcept {
            ++row_;
            return *this;
        }
        friend bool operator==(const iterator&, const iterator&) = default;

      private:
        const BookData* book_;
        const RunRecord* run_;
        const detail::AllocationRow* row_;
    };

    AllocationViews(const BookData& book, std::span<const detail::AllocationRow> rows,
                    const RunRecord* run = nullptr) noexcept
        : book_{&book}, run_{run}, rows_{rows} {}

    [[nodiscard]] std::size_t size() const noexcept { return rows_.size(); }
    [[nodiscard]] bool empty() const noexcept { return rows_.empty(); }
    [[nodiscard]] AllocationView operator[](std::size_t at) const {
        return {*book_, rows_[at], run_};
    }
    // The record of the run whose result they are; of the allocations of a book nullptr.
    [[nodiscard]] const RunRecord* run() const noexcept { return run_; }
    // For the library's own rooms.
    [[nodiscard]] const BookData& book() const noexcept { return *book_; }
    [[nodiscard]] std::span<const detail::AllocationRow> rows() const noexcept { return rows_; }

    [[nodiscard]] iterator begin() const noexcept { return {book_, run_, rows_.data()}; }
    [[nodiscard]] iterator end() const noexcept {
        return {book_, run_, rows_.data() + rows_.size()};
    }

  private:
    const BookData* book_;
    const RunRecord* run_;
    std::span<const detail::AllocationRow> rows_;
};

}  // namespace allot
