// Backtest: replays periods under many rules and adds up what was measured.
#include "allot/backtest.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "allot/version.hpp"
#include "engine/backtest/replay.hpp"
#include "engine/backtest/state.hpp"
#include "engine/backtest/steps.hpp"
#include "engine/base/hash.hpp"
#include "engine/base/workers.hpp"

namespace allot {

namespace {

using backtest::Period;
using backtest::Replayed;
using backtest::RuleTotals;

using backtest::CarriedOrder;
using backtest::stored_name;
using backtest::WorstBlock;

Error option_error(std::string field, std::string found, std::string expected) {
    return Error{ErrorCode::option_is_not_valid,
                 "backtest",
                 "",
                 std::move(field),
                 std::move(found),
                 std::move(expected),
                 {}};
}

// Books of different days may use an id for different orders: the same order has the same
// portfolio, side, instrument and date.
std::string identity_of(const BookData& book, const store::OrderRow& row) {
    store::TimeRoom room;
    detail::Digest digest;
    digest.add(row.portfolio == store::none ? std::string{}
                                            : book.portfolios.resource(row.portfolio).to_string());
    digest.add(book.text(book.kind_of(row).side));
    digest.add(store::text_of(book, row.date, room));
    for (const auto& [key, value] : book.identifiers.set(row.identifiers)) {
        digest.add(key);
        digest.add(value);
    }
    return digest.hex();
}

}  // namespace

// Stored allocations are a rule from the first period on that has some.
void Backtest::State::know_stored(const Period& period) {
    if (period.has_stored && (rules.empty() || rules.back() != nullptr)) {
        rules.push_back(nullptr);
        totals.emplace_back();
        totals.back().outcome.algorithm = stored_name;
    }
}

std::vector<Quantity> Backtest::State::allocated_before(const Period& period,
                                                        std::size_t rule) const {
    std::vector<Quantity> allocated;
    allocated.reserve(period.collection.orders.size());
    for (const run::RunOrder& order : period.collection.orders) {
        const auto known = carried.empty()
                               ? carried.end()
                               : carried.find(period.book->orders.ids.id<Order>(order.id));
        const bool goes_on = known != carried.end() && rule < known->second.allocated.size() &&
                             known->second.identity ==
                                 identity_of(*period.book, period.book->orders.rows[order.row]);
        allocated.push_back(goes_on ? known->second.allocated[rule] : Quantity{});
    }
    return allocated;
}

std::vector<Replayed> Backtest::State::replay_all(
    const Period& period, const std::vector<std::vector<Quantity>>& allocated) const {
    std::vector<Replayed> replayed(rules.size());
    const std::size_t threads = detail::thread_count(
        options.threads, rules.size(), period.collection.executions.size() * rules.size() * 10);
    detail::share_jobs(threads, rules.size(), 1, [&](std::size_t rule) {
        if (rules[rule] != nullptr) {
            replayed[rule] = backtest::replay_rule(period, request, *rules[rule], allocated[rule]);
        } else if (period.has_stored) {
            replayed[rule] = backtest::replay_stored(period, allocated[rule]);
        } else {
            replayed[rule].blocks.resize(period.blocks.size());
        }
    });
    return replayed;
}

// An order that does not stand in this period goes on no more.
void Backtest::State::carry_on(const Period& period,
                               const std::vector<std::vector<Quantity>>& allocated,
                               const std::vector<Replayed>& replayed) {
    if (options.independent) {
        return;
    }
    std::vector<std::vector<Quantity>> now = allocated;
    for (std::size_t rule = 0; rule < rules.size(); ++rule) {
        for (std::size_t at = 0; at < period.blocks.size(); ++at) {
            if (!replayed[rule].blocks[at]) {
                continue;
            }
            const auto claims = period.blocks[at].claims.of(period.collection.claims);
            for (std::size_t rank = 0; rank < claims.size(); ++rank) {
                Quantity& has = now[rule][claims[rank]];
                has =
                    has + Quantity::from(replayed[rule].blocks[at]->orders[rank].allocated).value();
            }
        }
    }
    backtest::Carried before = std::exchange(carried, {});
    for (std::size_t at = 0; at < period.collection.orders.size(); ++at) {
        std::vector<Quantity> of_rules;
        bool has_some = false;
        for (std::size_t rule = 0; rule < rules.size(); ++rule) {
            of_rules.push_back(now[rule][at]);
            has_some = has_some || !of_rules.back().is_zero();
        }
        if (has_some) {
            const run::RunOrder& order = period.collection.orders[at];
            carried.emplace(
                period.book->orders.ids.id<Order>(order.id),
                CarriedOrder{identity_of(*period.book, period.book->orders.rows[order.row]),
                             std::move(of_rules)});
        }
    }
    // Orders that stand in the book, though nothing was executed for them, go on as they were.
    std::set<OrderId> traded;
    for (const run::RunOrder& order : period.collection.orders) {
        traded.insert(period.book->orders.ids.id<Order>(order.id));
    }
    for (auto& [id, order] : before) {
        const std::uint32_t number = period.book->orders.ids.find(id.scope(), id.code());
        const store::OrderRow* row =
            number == store::none ? nullptr : period.book->orders.find(number);
        if (row != nullptr && traded.count(id) == 0 &&
            order.identity == identity_of(*period.book, *row)) {
            carried.emplace(id, std::move(order));
        }
    }
}

void Backtest::State::note_worst(const PeriodOutcome& outcome,
                                 const std::vector<std::vector<Quantity>>& allocated) {
    constexpr std::size_t most = 10;
    std::vector<std::shared_ptr<const std::vector<Quantity>>> starts(rules.size());
    for (std::size_t at = 0; at < outcome.blocks.front().size(); ++at) {
        std::size_t worst_rule = 0;
        for (std::size_t rule = 1; rule < outcome.blocks.size(); ++rule) {
            if (outcome.blocks[worst_rule][at].tracking.worst.lots <
                outcome.blocks[rule][at].tracking.worst.lots) {
                worst_rule = rule;
            }
        }
        const BlockOutcome& block = outcome.blocks[worst_rule][at];
        if (block.tracking.worst.lots.is_zero() ||
            (worst.size() >= most &&
             !(worst.back().outcome.tracking.worst.lots < block.tracking.worst.lots))) {
            continue;
        }
        if (starts[worst_rule] == nullptr) {
            starts[worst_rule] =
                std::make_shared<const std::vector<Quantity>>(allocated[worst_rule]);
        }
        const auto place = std::upper_bound(worst.begin(), worst.end(), block.tracking.worst.lots,
                                            [](const Decimal& lots, const WorstBlock& other) {
                                                return lots > other.outcome.tracking.worst.lots;
                                            });
        worst.insert(place, {block, worst_rule, starts[worst_rule]});
        worst.resize(std::min(worst.size(), most));
    }
}

PeriodOutcome Backtest::State::add(const std::string& name, Period& period) {
    know_stored(period);
    std::vector<std::vector<Quantity>> allocated;
    for (std::size_t rule = 0; rule < rules.size(); ++rule) {
        allocated.push_back(allocated_before(period, rule));
    }
    const std::vector<Replayed> replayed = replay_all(period, allocated);
    PeriodOutcome outcome;
    outcome.name = name;
    outcome.executions = period.collection.executions.size();
    outcome.first_fill = period.first_fill;
    outcome.last_fill = period.last_fill;
    std::vector<RuleTotals> next;
    backtest::AccountNumbers next_accounts = accounts;
    for (std::size_t rule = 0; rule < rules.size(); ++rule) {
        next.push_back(totals[rule].without_tests());
        outcome.blocks.push_back(backtest::add_period(period, allocated[rule], replayed[rule],
                                                      periods.size(), next_accounts, next.back()));
    }
    carry_on(period, allocated, replayed);
    // Nothing can be refused any more.
    accounts = std::move(next_accounts);
    for (std::size_t rule = 0; rule < rules.size(); ++rule) {
        totals[rule].take(std::move(next[rule]));
    }
    for (const std::vector<BlockOutcome>& blocks : outcome.blocks) {
        for (const BlockOutcome& block : blocks) {
            splits += block.fills;
        }
    }
    note_worst(outcome, allocated);
    periods.push_back(name);
    return outcome;
}

Result<Backtest> Backtest::begin(BacktestOptions options, const Registry& registry) {
    constexpr std::size_t most_draws = 10'000'000;
    if (options.draws < 1 || options.draws > most_draws) {
        return Unexpected{
            option_error("draws", std::to_string(options.draws), "a number from 1 to 10000000")};
    }
    if (options.algorithms.empty()) {
        return Unexpected{option_error("algorithms", "none", "the code of a rule at least")};
    }
    if (options.options.lot.is_zero()) {
        return Unexpected{Error{
            ErrorCode::lot_is_not_positive, "backtest", "", "lot", "0", "more than zero", {}}};
    }
    auto state = std::make_unique<State>();
    std::set<std::string> seen;
    for (const std::string& code : options.algorithms) {
        Result<std::shared_ptr<const Algorithm>> rule = registry.find(code);
        if (!rule) {
            return Unexpected{std::move(rule).error()};
        }
        if ((*rule)->info().split_only) {
            return Unexpected{Error{ErrorCode::algorithm_refused,
                                    "algorithm",
                                    code,
                                    "",
                                    "leaves units unallocated on purpose, for the bare split only",
                                    "a rule that allocates all it can",
                                    {}}};
        }
        if (!seen.insert(full_code(**rule)).second) {
            return Unexpected{option_error("algorithms", code, "every rule once")};
        }
        state->totals.emplace_back();
        state->totals.back().outcome.algorithm = full_code(**rule);
        state->rules.push_back(*std::move(rule));
    }
    state->plain = Registry::with_builtins().find("PR-FIFO").value();
    state->request.options = options.options;
    state->request.options.dead_states.emplace();
    state->request.options.explain = false;
    state->request.options.progress = nullptr;
    state->request.options.seed = std::to_string(options.seed);
    state->options = std::move(options);
    state->begun_as = state->fingerprint();
    return Backtest{std::move(state)};
}

Backtest::Backtest(std::unique_ptr<State> state) noexcept : state_{std::move(state)} {}
Backtest::Backtest(Backtest&&) noexcept = default;
Backtest& Backtest::operator=(Backtest&&) noexcept = default;
Backtest::~Backtest() = default;

Result<PeriodOutcome> Backtest::replay(const std::string& name, Book book) {
    try {
        Period period = backtest::prepare_period(book.data(), state_->request, *state_->plain,
                                                 {name, state_->options.marks});
        return state_->add(name, period);
    } catch (const Refusal& refusal) {
        Error error = refusal.errors().front();
        error.code = ErrorCode::total_is_out_of_range;
        error.id = name;
        return Unexpected{std::move(error)};
    }
}

Result<BlockSteps> Backtest::worst_steps(std::size_t number, Book book) const {
    if (number >= state_->worst.size()) {
        return Unexpected{option_error("number", std::to_string(number),
                                       "below " + std::to_string(state_->worst.size()))};
    }
    const WorstBlock& worst = state_->worst[number];
    const Period period =
        backtest::prepare_period(book.data(), state_->request, *state_->plain,
                                 {state_->periods[worst.outcome.period], state_->options.marks});
    if (period.collection.orders.size() == worst.allocated->size()) {
        if (std::optional<BlockSteps> steps =
                backtest::steps_of(period, state_->request, state_->rules[worst.rule].get(),
                                   *worst.allocated, worst.outcome)) {
            return *std::move(steps);
        }
    }
    return Unexpected{option_error("book", "another", "the book that was replayed")};
}

void Backtest::leave_out(const std::string& name, const std::string& why) {
    state_->left_out.push_back({name, why});
}

std::vector<std::string> Backtest::seen_periods() const {
    std::vector<std::string> names = state_->periods;
    for (const PeriodLeftOut& period : state_->left_out) {
        names.push_back(period.name);
    }
    std::sort(names.begin(), names.end());
    return names;
}

BacktestResult Backtest::result() const {
    BacktestResult result;
    result.periods = state_->periods;
    result.left_out = state_->left_out;
    result.engine_version = std::string{version};
    result.seed = state_->options.seed;
    result.draws = state_->options.draws;
    result.independent = state_->options.independent;
    result.lot = state_->options.options.lot.to_string();
    result.splits = state_->splits;
    for (const WorstBlock& worst : state_->worst) {
        result.worst.push_back(worst.outcome);
    }
    for (const RuleTotals& totals : state_->totals) {
        const std::size_t threads =
            detail::thread_count(state_->options.threads, state_->options.draws,
                                 state_->options.draws * totals.tests.accounts.size());
        const backtest::TestResult tests =
            backtest::run_permutations(totals.tests, state_->accounts.size(), state_->options.seed,
                                       state_->options.draws, threads);
        result.rules.push_back(
            backtest::finish_totals(totals, state_->accounts, tests, state_->options.draws));
    }
    return result;
}

}  // namespace allot
