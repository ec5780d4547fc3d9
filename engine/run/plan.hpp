// Plan: a run from its request to the rows it would write, nothing written yet.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/run/collect.hpp"
#include "engine/run/component.hpp"
#include "engine/run/guards.hpp"
#include "engine/run/rows.hpp"
#include "engine/run/usage.hpp"

namespace allot::run {

using Plan = std::vector<PlacementPlan>;  // by placement

// Everything about a run but its allocations.
struct Planned {
    std::shared_ptr<const Algorithm> rule{};
    RunRecord record{};
    Usage usage;
    Collection collection{};
    Plan plan{};
    std::vector<std::size_t> first_rows{};  // by placement, and the number of all rows
    std::size_t threads{1};
};

// What makes a run a reallocation.
struct Again {
    const Pins& pins;
    std::vector<std::uint32_t> withdrawn{};         // numbers of rows of allocations
    std::map<std::uint32_t, Failure> left_alone{};  // placements that keep what they have, by id
};

// What a run is about, nothing split yet. Errors: those of Engine::run and Engine::reallocate.
[[nodiscard]] Result<Planned> begin_plan(const BookData& book, const Registry& registry,
                                         const RunRequest& request, const Again* again = nullptr);

// The placements that only want orders to stand for the portfolios.
[[nodiscard]] std::vector<PlacementId> lacking_stand_ins(const BookData& book,
                                                         const Planned& planned);

// The same, having put the orders that are missing to stand for portfolios.
[[nodiscard]] Result<Planned> begin_plan_with_stand_ins(Book& book, const Registry& registry,
                                                        const RunRequest& request);

// The orders of the run that stand for portfolios.
[[nodiscard]] std::vector<OrderId> stand_ins_of(const BookData& book, const Planned& planned);

// How many threads the splits of these components are worth.
[[nodiscard]] std::size_t threads_for(const RunRequest& request, const Collection& collection,
                                      std::span<const Component> components);

// Who receives how much.
void finish_plan(const BookData& book, const RunRequest& request, Planned& planned);

// Where the rows of each placement begin when `plan` is written.
void number_rows(const Plan& plan, Planned& planned);

// What became of the placements of a stretch, by place in it.
struct Stated {
    std::vector<std::optional<PlacementOutcome>> outcomes{};
    std::vector<std::uint32_t> replaced{};  // numbers of rows
};

// Writes rows and states outcomes, a stretch of placements at a time.
class Statements {
  public:
    // Precondition: planned.record is made. All of these must outlive it.
    Statements(const BookData& book, Planned& planned, RunResult& result);

    // Writes the rows of `rows` from place.rows on, one placement's behind the other's, and states
    // the outcomes of planned.plan, which may be more. The shares of planned.plan are gone then.
    // Thread safety: different stretches at the same time.
    void write(Range placements, const Plan& rows, const RowsPlace& place, Stated& stated);

    // Puts into the result what was stated of the next stretch.
    void add(Range placements, Stated& stated);

  private:
    [[nodiscard]] std::optional<PlacementOutcome> state(std::size_t at);

    const BookData* book_;
    Planned* planned_;
    RunResult* result_;
    OtherRules others_;
};

// The same for all placements, numbered by number_rows(). Returns the numbers of the rows that are
// replaced.
[[nodiscard]] std::vector<std::uint32_t> write_plan(const BookData& book, Planned& planned,
                                                    const Plan& rows, const RowsPlace& place,
                                                    RunResult& result);

}  // namespace allot::run
