// Pricing: at which price the drafts of a run are allocated.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/run/grain.hpp"

namespace allot::run {

// Whether allocations are the shares of fills at the prices of fills, which needs no drafts.
[[nodiscard]] bool prices_fill_by_fill(const RunOptions& options) noexcept;

// What is wrong with the options of grain and price, if anything: option_is_not_valid.
[[nodiscard]] std::optional<Error> find_misfit(const RunOptions& options);

// Prices the drafts. Averages reprice what is stored and not booked, so that drafts without new
// units may come to them, those of a placement together. What is booked at an average stays, and
// the average of the others is that of the cash which it leaves them. Returns why placements (by
// position) cannot be priced: a notional that is no decimal. Complexity: O(parts of the drafts),
// and for averages O(allocations of the book).
[[nodiscard]] std::map<std::uint32_t, std::string> price_drafts(const BookData& book,
                                                                const RunOptions& options,
                                                                const Planned& planned,
                                                                std::vector<Draft>& drafts);

// By placement (position), by currency: what the fills of allocations with an average price cost
// less what they say, when the drafts are written. Adds to `failed` placements where cash is no
// decimal. Complexity: O(allocations of the book).
using Residuals = std::map<std::uint32_t, std::map<std::string, Decimal>>;
[[nodiscard]] Residuals residuals_of(const BookData& book, const Planned& planned,
                                     const std::vector<Draft>& drafts,
                                     std::map<std::uint32_t, std::string>& failed);

// States residuals in the outcomes of their placements, as those of an account if there is one.
void state_residuals(const BookData& book, const Planned& planned, const Residuals& residuals,
                     const std::optional<PortfolioId>& account, RunResult& result);

// States them in the record, "desk/P1=0.01 GBP|...", which has another id then.
void note_residuals(const BookData& book, const Planned& planned, const Residuals& residuals,
                    RunRecord& record);

// States those of what the book has now, if it has allocations with an average price.
void state_stored_residuals(const BookData& book, const Planned& planned, RunResult& result);

}  // namespace allot::run
