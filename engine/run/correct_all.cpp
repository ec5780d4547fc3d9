// Correct all: several corrections that are made together or not at all.
#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "engine/run/correct.hpp"

namespace allot::run {

namespace {

using detail::AllocationRow;

Result<RunResult> correct_one(Book& book, const CorrectionEntry& entry, const Written& written) {
    Written own = written;
    own.reason = entry.reason.empty() ? written.reason : entry.reason;
    return correct(book, entry.correction.execution,
                   entry.is_bust ? std::nullopt : std::optional{entry.correction}, own);
}

// What is wrong with any of them, as far as a copy of the book tells.
Errors try_all(const Book& book, std::span<const CorrectionEntry> entries, const Written& written) {
    Book trial{book};
    Errors errors;
    std::set<ExecutionId> executions;
    for (const CorrectionEntry& entry : entries) {
        const ExecutionId& id = entry.correction.execution;
        Result<RunResult> result =
            executions.insert(id).second
                ? correct_one(trial, entry, written)
                : Result<RunResult>{Unexpected{Error{ErrorCode::id_has_two_contents,
                                                     "execution",
                                                     id.to_string(),
                                                     "id",
                                                     "a second correction",
                                                     "one for each execution",
                                                     {}}}};
        if (!result) {
            errors.push_back(std::move(result).error());
            errors.back().place = entry.place;
        }
    }
    return errors;
}

// What came of each correction, as one result.
class Together {
  public:
    // The last one counts for what is said of a placement as a whole.
    void add(RunResult result) {
        for (const AllocationView& allocation : result.allocations()) {
            rows_[placement_of(allocation)].push_back(allocation.row());
        }
        for (PlacementOutcome& outcome : result.placements) {
            const PlacementId id = outcome.id;
            failed_.erase("Scope:" + id.scope() + " Code:" + id.code());
            reversals_[id].clear();
            outcomes_.insert_or_assign(id, std::move(outcome));
        }
        failed_.merge(std::move(result.failed));
        for (Reversal& reversal : result.reversals) {
            reversals_[reversal.placement].push_back(std::move(reversal));
        }
        moves_.insert(moves_.end(), result.moves.begin(), result.moves.end());
        algorithm_ = result.algorithm;
        run_ = std::move(result.run);
    }

    [[nodiscard]] RunResult result(const BookData& book) && {
        const auto rows = std::make_shared<std::vector<AllocationRow>>();
        for (const auto& [placement, own] : rows_) {
            rows->insert(rows->end(), own.begin(), own.end());
        }
        RunResult result{book, *rows, rows};
        result.algorithm = std::move(algorithm_);
        result.run = std::move(run_);
        result.failed = std::move(failed_);
        for (auto& [id, outcome] : outcomes_) {
            result.placements.push_back(std::move(outcome));
        }
        for (auto& [id, own] : reversals_) {
            result.reversals.insert(result.reversals.end(), own.begin(), own.end());
        }
        std::sort(moves_.begin(), moves_.end(),
                  [](const Move& a, const Move& b) { return a.allocation < b.allocation; });
        result.moves = std::move(moves_);
        return result;
    }

  private:
    static PlacementId placement_of(const AllocationView& allocation) {
        const auto placements = allocation.placement_ids();
        return placements.empty() ? PlacementId{} : placements.front().to_id();
    }

    std::map<PlacementId, std::vector<AllocationRow>> rows_{};
    std::map<PlacementId, PlacementOutcome> outcomes_{};
    std::map<PlacementId, std::vector<Reversal>> reversals_{};
    std::map<std::string, Failure> failed_{};
    std::vector<Move> moves_{};
    std::string algorithm_{};
    RunRecord run_{};
};

}  // namespace

Result<RunResult, Errors> correct_all(Book& book, std::span<const CorrectionEntry> entries,
                                      const Written& written) {
    if (Errors errors = try_all(book, entries, written); !errors.empty()) {
        return Unexpected{std::move(errors)};
    }
    Together together;
    for (const CorrectionEntry& entry : entries) {
        together.add(correct_one(book, entry, written).value());
    }
    return std::move(together).result(book.data());
}

}  // namespace allot::run
