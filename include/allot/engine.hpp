// Engine: runs an algorithm over placements of a book: collect, rank, split, audit, commit.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "allot/allocation.hpp"
#include "allot/amendment.hpp"
#include "allot/book.hpp"
#include "allot/correction.hpp"
#include "allot/pricing.hpp"
#include "allot/registry.hpp"

namespace allot {

// Why a placement failed, in the words of the wire. Appended to, never reordered.
enum class FailureType : std::uint8_t {
    BadInput,
    PlacementNotFound,
    NoOrders,
    EmptyPortfolioIdFailure,
    QuantityMissing,
    PriceMissing,
    QuantityOutOfRange,
    AlgorithmRefused,
    AlgorithmViolation,
    OverExecutedPlacement,
    WeightMissing,
    CorrectedAfterBooking,
    LimitBreach,
    OrderChangedAfterExecution,
};
[[nodiscard]] std::string_view name(FailureType type) noexcept;

// One placement's failure. Only OverExecutedPlacement and CorrectedAfterBooking come beside
// allocations.
struct Failure {
    PlacementId placement{};
    FailureType type{};
    std::string detail{};
};

enum class WarningType : std::uint8_t {
    ExecutedAbovePlacement,  // more was executed than the placement's own quantity
    KeptUnallocated,         // caps, strict lots or minima leave units that nobody may have
    UnknownState,            // orders in states of which nobody knows whether they are dead
    TwoAlgorithms,           // another rule has allocated something of the placement before
};
[[nodiscard]] std::string_view name(WarningType type) noexcept;

struct Warning {
    PlacementId placement{};
    WarningType type{};
    std::string detail{};
};

// How orders with the same date are ranked.
enum class Ties : std::uint8_t {
    position,  // by their places in the placement's blocks and the block's orders
    hashed,    // by a hash of block and order, so that the first listed is not always first
};
template <>
inline constexpr std::array<std::string_view, 2> option_words<Ties>{"position", "hashed"};

// What becomes of an execution above the limit price of an order that buys, or below that of one
// that sells.
enum class BeyondLimit : std::uint8_t {
    fail,      // its placement fails as LimitBreach
    no_claim,  // the order has no room in it, and the others share what is freed
    ignore,
};
template <>
inline constexpr std::array<std::string_view, 3> option_words<BeyondLimit>{"fail", "no-claim",
                                                                           "ignore"};

// What a run is told beside placements and algorithm.
struct RunOptions {
    Quantity lot{1};         // for instruments that name none; > 0
    bool strict_lot{false};  // only whole lots: what is less stays unallocated
    Ties ties{Ties::position};
    bool explain{false};         // fill RunResult::explanations
    bool allow_unpriced{false};  // allocate executions without a price
    BeyondLimit beyond_limit{BeyondLimit::fail};
    // An order claims from an execution with what it was when that was made (created_date): date,
    // quantity, state and blocks, as the versions in the book tell by Written::as_at
    // (docs/decisions/0032-claims-as-of-the-fill.md). false: with what it is now.
    bool as_of_fill{false};
    Grain grain{Grain::execution};
    Pricing pricing{};
    // All that is on offer of a placement is split as one quantity, apart as under Grain::order.
    // Means Grain::order and PriceMethod::average.
    bool pool{false};
    // Orders in these states make no claim; compared without case. nullopt: the default list.
    std::optional<std::vector<std::string>> dead_states{};
    std::string seed{};  // policy seed, for rules that draw; empty: none
    Written written{};   // the caller's time, user and reason
    // How many threads work on the run, the caller's among them: 0, as many as there are cores and
    // as the run is worth; 1, the caller's alone. Placements that share no order are worked on side
    // by side. The result is the same for any number, and the run record does not say it.
    unsigned threads{0};
    // Called now and then with executions done and in all, by one thread at a time: the caller's or
    // another that works on the run. What it throws ends the run, with nothing done.
    std::function<void(std::size_t done, std::size_t total)> progress{};
};

// Order states that make no claim unless RunOptions says otherwise.
[[nodiscard]] const std::vector<std::string>& default_dead_states();

struct RunRequest {
    std::vector<PlacementId> placements{};  // empty: all placements with executions
    std::string algorithm{"PR-FIFO"};       // or a name that the book gives to one
    // Weights of portfolios for this run, in place of those in the book; a portfolio that is not
    // named weighs nothing. For rules that split by weights, and for placements whose blocks list
    // no order: their fills are split by these weights, under any rule that does not need
    // sizes. What a portfolio receives there goes to an order that the run puts into the book to
    // stand for it, with the quantity that it has received
    // (docs/decisions/0027-blocks-without-orders.md).
    std::map<PortfolioId, Weight> weights{};
    RunOptions options{};
};

// The largest distance, in lots, of what an order has from this placement to its exact pro-rata
// part of what was executed: max |allocated - executed * ordered / sum of ordered| / lot.
struct Deviation {
    OrderId order{};
    Decimal lots{};                // rounded half_even to 6 places, for display
    bool is_above_one_lot{false};  // decided exactly
};

// How the shares of one split came about. Steps count the claims from 0 in rank order.
struct SplitExplanation {
    PlacementId placement{};
    std::vector<ExecutionId> executions{};  // one; under bond minima all that were split at once
    std::vector<OrderId> claims{};          // in rank order
    Quantity available{};
    Explanation steps{};
};

// What an order shall have in all from the placements of a reallocation, by the order's id.
using Pins = std::map<OrderId, Quantity>;

// An allocation that was moved after it was announced: its units or its price.
struct Move {
    AllocationId allocation{};
    PlacementId placement{};
    OrderId order{};
    Quantity before{};  // 0: it is new
    Quantity after{};   // 0: it was withdrawn
    std::optional<Price> price_before{};
    std::optional<Price> price_after{};

    friend bool operator==(const Move&, const Move&) = default;
};

// What is booked of an execution beyond what it truly was, to be reversed where it was booked.
struct Reversal {
    PlacementId placement{};
    OrderId order{};
    Quantity units{};
    // As booked less as it should be; below zero when too little was booked. nullopt: no price is
    // known, or it has too many digits.
    std::optional<Decimal> cash{};
    std::string currency{};

    friend bool operator==(const Reversal&, const Reversal&) = default;
};

// Cash that averaging leaves over: what the fills cost less what their allocations say, exactly.
struct Residual {
    Decimal amount{};
    std::string currency{};
    std::optional<PortfolioId> account{};  // Pricing::residual_account

    friend bool operator==(const Residual&, const Residual&) = default;
};

// What became of one placement. Units; executed and allocated count all runs so far.
struct PlacementOutcome {
    PlacementId id{};
    Quantity executed{};
    Quantity allocated{};
    Quantity unallocated{};
    std::optional<Deviation> deviation{};  // absent when there is nothing to compare
    // Of all its allocations that have an average price, those of earlier runs too; by currency.
    // Empty where there are none.
    std::vector<Residual> residuals{};
};

// The code of the rule of a run with its parameters, as RunResult::algorithm has it.
[[nodiscard]] std::string full_code(const RunRecord& record);

// The plan of a run. Allocations are views into the book and into this result.
class RunResult {
  public:
    // `owner` keeps the rows alive, unless the book does.
    RunResult(const BookData& book, std::span<const detail::AllocationRow> rows,
              std::shared_ptr<const void> owner = {})
        : book_{&book}, rows_{rows}, owner_{std::move(owner)} {}

    std::string algorithm{};
    std::vector<PlacementOutcome> placements{};  // by id
    std::map<std::string, Failure> failed{};     // by "Scope:{scope} Code:{code}"
    std::vector<Warning> warnings{};             // by placement id
    RunRecord run{};
    std::vector<SplitExplanation> explanations{};  // when asked for; by placement, then time
    // What did not stay as it was announced, by id; of a run what has another average price now.
    std::vector<Move> moves{};
    // Why placements failed as CorrectedAfterBooking, by placement and order; of a run none.
    std::vector<Reversal> reversals{};

    // New and grown allocations with the full quantity each has now: by placement id, then time
    // and id of the execution, then rank of the claim. Those that only have another average price
    // come last in their placement.
    // The views are valid as long as the book and this result live where they are; hence not of a
    // result that is about to end: for (auto view : engine.run(book, {}).value().allocations()).
    [[nodiscard]] AllocationViews allocations() const& noexcept { return {*book_, rows_, &run}; }
    AllocationViews allocations() const&& = delete;

    // Has none from here on.
    void drop_allocations() noexcept { rows_ = {}; }

  private:
    const BookData* book_;
    std::span<const detail::AllocationRow> rows_;
    std::shared_ptr<const void> owner_;
};

// Takes allocations that nobody keeps, some at a time. Several threads call it at once
// (RunOptions::threads); what it gives back is called in the order of RunResult::allocations(),
// once at a time, and until then the views are valid. Their run() is the record of the whole run.
// An error, or what is thrown, ends the work. A simple one:
//
//     [&](const AllocationViews& some) {
//         return [&, some] { return take(some); };
//     }
using AllocationSink = std::function<std::function<Result<void>()>(const AllocationViews&)>;

// Thread safety: const members from any thread; a book is written by one run at a time. A run asks
// its rule from several threads at once (RunOptions::threads).
class Engine {
  public:
    // Knows the rules of `registry`; by default those that come with the library.
    explicit Engine(Registry registry = Registry::with_builtins());

    // Allocates and writes the allocations to the book: all of a placement's or none.
    // Errors (nothing done): algorithm_is_unknown, algorithm_code_is_not_valid,
    // algorithm_parameter_is_not_valid, algorithm_refused (a rule for the bare split only),
    // lot_is_not_positive, option_is_not_valid (grain and price; docs/decisions/0031). Everything
    // else fails single placements, in the result.
    // Also throws what RunOptions::progress and bad_alloc throw; nothing is done then either, but
    // that orders which stand for portfolios (RunRequest::weights) may be there.
    // Complexity: O(executions x claims), per placement, and sorting. Under another grain or price
    // than the defaults also O(allocations of the book), and a preview works on a copy of it.
    [[nodiscard]] Result<RunResult> run(Book& book, const RunRequest& request) const;

    // The same result; the book stays as it is. A run that would put orders is tried on a copy,
    // which takes time and memory as the book does.
    [[nodiscard]] Result<RunResult> preview(const Book& book, const RunRequest& request) const;

    // The same result, but that its allocations went to `sink`: for a large book, of which neither
    // the plan nor the rows are ever kept as a whole. Under another grain or price than the
    // defaults they are, and passed on afterwards. Errors: also those of `sink`.
    [[nodiscard]] Result<RunResult> preview(const Book& book, const RunRequest& request,
                                            const AllocationSink& sink) const;

    // Withdraws the allocations of the placements and splits their executions again as if nothing
    // had been allocated, around what is frozen: allocations in state Booked or Closed stay, and a
    // claim that holds more of an execution than its new share keeps that, the rest being split
    // among the others (docs/decisions/0028-reallocation.md). What ends as it was is not touched.
    // Else the allocation gets a version in state Cancelled, and where its order has a share of
    // that execution again, one in state New after it. A placement that fails keeps what it had.
    // `pins` fixes what orders receive in all, spread over the executions pro rata to their
    // quantities; the rest is split around them. options.written.reason must say why.
    // Errors (nothing done): reason_is_missing, pin_does_not_fit, option_is_not_valid (it is at the
    // prices of fills), and those of run.
    // Complexity: that of run, and O(allocations of the book).
    [[nodiscard]] Result<RunResult> reallocate(Book& book, const RunRequest& request,
                                               const Pins& pins = {}) const;

    // The same result; the book stays as it is. Takes time and memory as a copy of the book does.
    [[nodiscard]] Result<RunResult> preview_reallocate(const Book& book, const RunRequest& request,
                                                       const Pins& pins = {}) const;

    // Writes what an execution truly was. Allocations of it that are not frozen shrink to what is
    // left of it, pro rata to what they have (PR-FIFO, so that nobody gains), and take its new
    // price; those that are left with nothing are withdrawn. What it grew by is on offer to the
    // next run. Where more is frozen than it was, or at another price, its placement fails as
    // CorrectedAfterBooking, with what is to be reversed (docs/decisions/0029-corrections.md).
    // The same correction again changes nothing. Try it on a copy of the book to see what it does.
    // Errors (nothing done): reason_is_missing, reference_is_missing, quantity_is_not_positive,
    // option_is_not_valid (nothing to correct, or the execution is dead), change_touches_allocated
    // (an allocation names it beside other executions), and those of decimals.
    // Complexity: O(allocations of the book).
    [[nodiscard]] Result<RunResult> correct(Book& book, const Correction& correction,
                                            const Written& written) const;

    // Writes that an execution never was: it gets state Busted, and its allocations that are not
    // frozen are withdrawn. Else as correct.
    [[nodiscard]] Result<RunResult> bust(Book& book, const ExecutionId& execution,
                                         const Written& written) const;

    // Several corrections and busts, all of them or none, each execution once. Each has a run
    // record of its own; the result is that of all, and its `run` the last of them. Takes time and
    // memory as a copy of the book does. Errors (nothing done): those of correct, for every entry
    // with its place, and id_has_two_contents for an execution that comes twice.
    [[nodiscard]] Result<RunResult, Errors> correct_all(Book& book,
                                                        std::span<const CorrectionEntry> entries,
                                                        const Written& written) const;

    // Writes what an order is from now on. Where more of it is allocated than its new quantity,
    // allocations that are not frozen are taken back until it fits, those of the latest executions
    // first: withdrawn, and the last one reduced to what is left. What that frees is unallocated in
    // the result and on offer to the next run, which is not part of this. A new state moves
    // nothing: what a cancelled order has stays, and a reallocation splits without it
    // (docs/decisions/0033-amendments.md). The same amendment again changes nothing.
    // Errors (nothing done): reason_is_missing, reference_is_missing, quantity_is_not_positive,
    // option_is_not_valid (nothing to amend), change_touches_allocated (more is booked or closed
    // than the new quantity, with what is to be reversed first; or an allocation stands in the way
    // that a reallocation has to take apart).
    // Complexity: O(allocations of the book).
    [[nodiscard]] Result<RunResult> amend(Book& book, const Amendment& amendment,
                                          const Written& written) const;

    // Takes an entity out of the book, for a reason; its versions stay readable. An order goes with
    // its allocations, each of which first gets a version in state Cancelled, and leaves its
    // blocks; an execution goes with its allocations. What they free is unallocated. A block or a
    // placement goes when nothing refers to it any more (docs/decisions/0033-amendments.md).
    // Errors (nothing done): reason_is_missing, reference_is_missing, change_touches_allocated
    // (something of it is booked or closed, or refers to it; or as in amend).
    // Complexity: O(allocations of the book).
    [[nodiscard]] Result<RunResult> remove(Book& book, const OrderId& order,
                                           const Written& written) const;
    [[nodiscard]] Result<RunResult> remove(Book& book, const ExecutionId& execution,
                                           const Written& written) const;
    [[nodiscard]] Result<RunResult> remove(Book& book, const BlockId& block,
                                           const Written& written) const;
    [[nodiscard]] Result<RunResult> remove(Book& book, const PlacementId& placement,
                                           const Written& written) const;

    [[nodiscard]] const Registry& registry() const noexcept { return registry_; }

  private:
    Registry registry_;
};

}  // namespace allot
