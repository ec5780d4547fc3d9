// Collect and rank: which claims and which fills a run is about, out of the book.
#include "engine/run/collect.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <memory>
#include <numeric>
#include <set>
#include <span>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "engine/base/hash.hpp"
#include "engine/base/scaled.hpp"
#include "engine/base/whole_weights.hpp"
#include "engine/base/workers.hpp"
#include "engine/run/as_of_fill.hpp"
#include "engine/run/guards.hpp"
#include "engine/run/stand_ins.hpp"
#include "engine/run/states.hpp"

namespace allot::run {

namespace {

using store::none;

// A live order of a placement's blocks with what ranks it.
struct Candidate {
    std::uint32_t order{0};  // id
    std::uint32_t row{0};
    bool has_date{false};
    Instant date{};
    std::uint64_t tie{0};  // 0: positions decide
    std::uint32_t block_position{0};
    std::uint32_t order_position{0};
};

// What was found out about states, by number of text: there are few of them, on many rows.
class KnownStates {
  public:
    template <class Find>
    [[nodiscard]] bool holds(std::uint32_t state, Find find) {
        for (const auto& [number, is_so] : known_) {
            if (number == state) {
                return is_so;
            }
        }
        const bool is_so = find();
        if (known_.size() < most_remembered) {
            known_.emplace_back(state, is_so);
        }
        return is_so;
    }

  private:
    static constexpr std::size_t most_remembered = 16;
    std::vector<std::pair<std::uint32_t, bool>> known_{};
};

// Positions by number of id, in pages: a run about a few orders of a large book needs few of them.
class Positions {
  public:
    // none, until it is set.
    [[nodiscard]] std::uint32_t& of(std::uint32_t id) {
        const std::size_t page = id / page_size;
        if (page >= pages_.size()) {
            pages_.resize(page + 1);
        }
        if (pages_[page] == nullptr) {
            pages_[page] = std::make_unique<Page>();
            pages_[page]->fill(none);
        }
        return (*pages_[page])[id % page_size];
    }

  private:
    static constexpr std::size_t page_size = 1024;
    using Page = std::array<std::uint32_t, page_size>;
    std::vector<std::unique_ptr<Page>> pages_{};
};

// What placements that stand side by side have in the run, found without a look at others. The
// ranges of the placements begin at 0 here.
struct Stretch {
    std::vector<RunOrder> claims{};     // an order once for each
    std::vector<std::uint32_t> ties{};  // as in Collection
    std::vector<RunExecution> executions{};
    std::vector<std::uint32_t> identifiers{};          // by placement, for its lot; none: no matter
    std::map<std::uint32_t, std::uint32_t> misfits{};  // placement to execution, by ids
    std::vector<std::pair<std::size_t, CurrencyAndAmount>> limits{};  // by position in claims
    std::set<std::uint32_t> unknown_states{};

    // What is remembered from one placement to the next.
    std::vector<Candidate> candidates{};
    std::vector<std::pair<std::uint32_t, std::uint32_t>> fills{};  // ids and rows
    KnownStates dead_orders{};
    KnownStates dead_fills{};
    std::uint32_t last_kind{none};
};

class Collector {
  public:
    Collector(const BookData& book, const RunRequest& request, const Algorithm& algorithm,
              const Usage& usage)
        : book_{&book},
          needs_{algorithm.info().needs},
          binds_totals_{algorithm.constraints().binds_totals()},
          options_{&request.options},
          dead_states_{request.options.dead_states.value_or(default_dead_states())},
          usage_{&usage},
          request_{&request} {
        if (options_->as_of_fill) {
            timelines_.emplace(book, dead_states_);
        }
    }

    Collection collect() {
        collect_portfolios();
        collect_weights();
        Requested requested = requested_by(*book_, *request_);
        collection_.not_found = std::move(requested.not_found);
        if (request_->placements.empty()) {
            // All of the book, or nearly; what stays empty of it is never touched.
            collection_.orders.reserve(book_->orders.live);
            collection_.claims.reserve(book_->orders.live);
            collection_.executions.reserve(book_->executions.live);
        }
        collect_placements(requested.ids);
        if (timelines_) {
            claim_as_of_fill(*book_, *usage_, *timelines_, collection_);
        }
        return std::move(collection_);
    }

  private:
    static constexpr std::uint32_t rows_ahead = 16;  // called for at once

    // Several threads look at stretches of placements; what they find is put together in order.
    void collect_placements(const std::vector<std::uint32_t>& ids) {
        // Stand-ins and timelines are learnt from one placement for the next.
        const bool is_alone = timelines_ || !request_->weights.empty();
        const std::size_t length = is_alone ? 1 : 64;
        const std::size_t count = (ids.size() + length - 1) / length;
        const std::size_t block = book_->orders.live / std::max<std::size_t>(1, book_->blocks.live);
        const std::size_t threads =
            is_alone ? 1 : detail::thread_count(options_->threads, count, ids.size() * (block + 1));
        std::vector<Stretch> stretches(is_alone ? 1 : count);
        const auto found_by = [&](std::size_t number) -> Stretch& {
            return stretches[is_alone ? 0 : number];
        };
        collection_.placements.resize(ids.size());
        const auto placements_of = [&](std::size_t number) {
            const std::size_t first = number * length;
            return std::span{collection_.placements}.subspan(first,
                                                             std::min(length, ids.size() - first));
        };
        const auto find = [&](std::size_t number) {
            auto at = static_cast<std::uint32_t>(number * length);
            for (RunPlacement& placement : placements_of(number)) {
                call_for_orders(ids, at);
                placement.id = ids[at];
                placement.row = book_->placements.row_of(placement.id);
                find_claims(placement, found_by(number));
                find_executions(placement, at++, found_by(number));
                judge_alone(placement, found_by(number));
            }
        };
        detail::share_jobs_in_turn(
            threads, count, detail::usual_ahead(threads), find, [&](std::size_t number) {
                join(placements_of(number), std::exchange(found_by(number), {}));
            });
    }

    // The orders of placements lie here and there: those of the next ones are called for, in two
    // steps.
    void call_for_orders(const std::vector<std::uint32_t>& ids, std::size_t at) const {
        const auto each_block = [&](std::size_t ahead, auto&& visit) {
            const std::uint32_t row =
                ahead < ids.size() ? book_->placements.row_of(ids[ahead]) : none;
            if (row == none) {
                return;
            }
            const store::List blocks = book_->placements.rows[row].blocks;
            if (blocks.count != 0) {
                if (const store::BlockRow* block = book_->blocks.find(*book_->begin(blocks))) {
                    visit(book_->first_orders(*block));
                }
            }
        };
        each_block(at + 2, [this](auto orders) { book_->orders.prefetch_latest(orders); });
        each_block(at + 1, [this](auto orders) { book_->orders.prefetch_rows(orders); });
    }

    // Adds to the collection what was found of its next placements.
    void join(std::span<RunPlacement> placements, const Stretch& found) {
        const auto first_claim = static_cast<std::uint32_t>(collection_.claims.size());
        const auto first_execution = static_cast<std::uint32_t>(collection_.executions.size());
        for (const RunOrder& order : found.claims) {
            collection_.claims.push_back(position_of(order));
        }
        for (const auto& [at, limit] : found.limits) {
            collection_.limits.emplace(collection_.claims[first_claim + at], limit);
        }
        collection_.unknown_states.insert(found.unknown_states.begin(), found.unknown_states.end());
        collection_.ties.insert(collection_.ties.end(), found.ties.begin(), found.ties.end());
        collection_.executions.insert(collection_.executions.end(), found.executions.begin(),
                                      found.executions.end());
        for (std::size_t i = 0; i < placements.size(); ++i) {
            RunPlacement& placement = placements[i];
            placement.claims.first += first_claim;
            placement.executions.first += first_execution;
            if (found.identifiers[i] != none) {
                placement.lot = lot_of(found.identifiers[i]);
            }
            if (placement.takes_part) {
                judge_joined(placement, found);
            }
        }
    }

    void find_claims(RunPlacement& placement, Stretch& found) {
        std::vector<Candidate>& candidates = found.candidates;
        candidates.clear();
        find_candidates(placement, found);
        placement.claims = {static_cast<std::uint32_t>(found.claims.size()),
                            static_cast<std::uint32_t>(candidates.size())};
        for (const Candidate& candidate : candidates) {
            add_claim(candidate, found);
        }
        if (timelines_) {
            find_ties(found);
        }
    }

    void collect_portfolios() {
        if (book_->portfolio_facts.empty() && request_->weights.empty()) {
            return;
        }
        for (std::uint32_t number = 0; number < book_->portfolios.size(); ++number) {
            Portfolio portfolio;
            const PortfolioId id = book_->portfolios.id<Portfolio>(number);
            if (const auto known = book_->portfolio_facts.find(id);
                known != book_->portfolio_facts.end()) {
                portfolio = known->second;
            }
            if (!request_->weights.empty()) {
                const auto given = request_->weights.find(id);
                portfolio.weight = given == request_->weights.end() ? Weight{} : given->second;
            }
            portfolio.id = id;
            collection_.portfolios.push_back(std::move(portfolio));
        }
    }

    // What a run without orders splits by, as whole numbers. Those of weight 0 receive nothing.
    void collect_weights() {
        std::vector<Weight> weights;
        for (const auto& [portfolio, weight] : request_->weights) {
            if (!weight.is_zero()) {
                weighted_.emplace_back(portfolio, Quantity{});
                weights.push_back(weight);
            }
        }
        std::vector<Int256> whole;
        fits_weights_ = detail::to_whole_weights(weights, whole);
        for (std::size_t i = 0; i < whole.size(); ++i) {
            fits_weights_ = detail::to_quantity(whole[i], 0, weighted_[i].second) && fits_weights_;
        }
    }

    void find_candidates(RunPlacement& placement, Stretch& found) {
        const std::uint32_t block = request_->weights.empty() || placement.row == none
                                        ? none
                                        : unsolicited_block(*book_, placement.row);
        if (block == none) {
            find_ranked(placement, found);
            return;
        }
        placement.is_unsolicited = true;
        std::vector<Candidate>& candidates = found.candidates;
        const BlockId block_id = book_->blocks.ids.id<Block>(block);
        for (const auto& [portfolio, weight] : weighted_) {
            const OrderId id = stand_in_id(block_id, portfolio);
            const std::uint32_t number = book_->orders.ids.find(id.scope(), id.code());
            const std::uint32_t row = book_->orders.row_of(number);
            if (row == none) {
                placement.lacks_stand_ins = true;
                continue;
            }
            const store::OrderRow& order = book_->orders.rows[row];
            if (!stands_for(order, block_id, portfolio)) {
                false_stand_ins_.emplace(placement.id, number);
            }
            if (!is_dead_order(*book_, order, dead_states_)) {
                stand_ins_.emplace(number, weight);
                candidates.push_back(
                    {.order = number,
                     .row = row,
                     .order_position = static_cast<std::uint32_t>(candidates.size())});
            }
        }
    }

    void find_ranked(const RunPlacement& placement, Stretch& found) {
        if (placement.row == none) {
            return;
        }
        std::vector<Candidate>& candidates = found.candidates;
        const store::List blocks = book_->placements.rows[placement.row].blocks;
        if (timelines_) {
            add_all_ever(blocks, candidates);
        } else {
            add_live(blocks, found);
        }
        keep_first_positions(candidates);
        const auto rank = [](const Candidate& c) {
            return std::tuple{!c.has_date, c.date, c.tie, c.block_position, c.order_position};
        };
        // Positions differ, so that ids never have to decide.
        const auto precedes = [&](const Candidate& a, const Candidate& b) {
            return rank(a) < rank(b);
        };
        if (!std::is_sorted(candidates.begin(), candidates.end(), precedes)) {
            std::sort(candidates.begin(), candidates.end(), precedes);
        }
    }

    void add_live(const store::List& blocks, Stretch& found) const {
        for (std::uint32_t b = 0; b < blocks.count; ++b) {
            const store::BlockRow* block = book_->blocks.find(book_->lists[blocks.first + b]);
            if (block == nullptr) {
                continue;
            }
            const std::uint32_t* const ids = book_->begin(block->orders);
            for (std::uint32_t o = 0; o < block->orders.count; ++o) {
                if (o % rows_ahead == 0) {
                    book_->orders.prefetch_rows(
                        {ids + o, std::min(rows_ahead, block->orders.count - o)});
                }
                const std::uint32_t id = ids[o];
                const std::uint32_t row = book_->orders.row_of(id);
                if (row == none) {
                    continue;
                }
                const store::OrderRow& order = book_->orders.rows[row];
                if (!found.dead_orders.holds(book_->kind_of(order).state, [&] {
                        return is_dead_order(*book_, order, dead_states_);
                    })) {
                    found.candidates.push_back(candidate_of(block->head.id, row, b, o));
                }
            }
        }
    }

    // Orders that were alive in the blocks at any time, or may have been: those that left come
    // after those that are there.
    void add_all_ever(const store::List& blocks, std::vector<Candidate>& candidates) {
        for (std::uint32_t b = 0; b < blocks.count; ++b) {
            const std::uint32_t id = book_->lists[blocks.first + b];
            const store::BlockRow* block = book_->blocks.find(id);
            if (block == nullptr) {
                continue;
            }
            timelines_->add_block(id);
            std::vector<std::uint32_t> orders{book_->begin(block->orders),
                                              book_->end(block->orders)};
            const std::vector<std::uint32_t>& former = timelines_->former_orders(id);
            orders.insert(orders.end(), former.begin(), former.end());
            for (std::uint32_t o = 0; o < orders.size(); ++o) {
                if (const std::uint32_t row = book_->orders.row_of(orders[o]); row != none) {
                    candidates.push_back(candidate_of(id, row, b, o));
                }
            }
        }
    }

    [[nodiscard]] Candidate candidate_of(std::uint32_t block, std::uint32_t row,
                                         std::uint32_t block_position,
                                         std::uint32_t order_position) const {
        const store::OrderRow& order = book_->orders.rows[row];
        return {order.head.id,
                row,
                order.date.text != 0,
                order.date.instant(),
                tie_of(block, order.head.id),
                block_position,
                order_position};
    }

    [[nodiscard]] std::uint64_t tie_of(std::uint32_t block, std::uint32_t order) const {
        if (options_->ties == Ties::position) {
            return 0;
        }
        std::string text;
        for (const std::string_view part :
             {book_->blocks.ids.scope(block), book_->blocks.ids.code(block),
              book_->orders.ids.scope(order), book_->orders.ids.code(order)}) {
            text.append(part).push_back('\0');
        }
        return detail::hash64(text);
    }

    // An order that stands in several blocks, or twice in one, is one claim.
    static void keep_first_positions(std::vector<Candidate>& candidates) {
        const auto ascends = [](const Candidate& a, const Candidate& b) {
            return a.order < b.order;
        };
        if (std::adjacent_find(candidates.begin(), candidates.end(), std::not_fn(ascends)) ==
            candidates.end()) {
            return;  // as a rule
        }
        std::sort(candidates.begin(), candidates.end(), [](const Candidate& a, const Candidate& b) {
            return std::tie(a.order, a.block_position, a.order_position) <
                   std::tie(b.order, b.block_position, b.order_position);
        });
        candidates.erase(
            std::unique(candidates.begin(), candidates.end(),
                        [](const Candidate& a, const Candidate& b) { return a.order == b.order; }),
            candidates.end());
    }

    // The position of an order in the collection, which it joins if it is new there.
    [[nodiscard]] std::uint32_t position_of(const RunOrder& order) {
        std::uint32_t& position = positions_.of(order.id);
        if (position == none) {
            position = static_cast<std::uint32_t>(collection_.orders.size());
            collection_.orders.push_back(order);
            if (!book_->allocated_of_order.empty()) {
                collection_.allocated.push_back(usage_->allocated(order.id).value_or(Quantity{}));
            }
        }
        return position;
    }

    void add_claim(const Candidate& candidate, Stretch& found) const {
        const store::OrderRow& order = book_->orders.rows[candidate.row];
        note_guards(order, found);
        const auto stand_in = stand_ins_.find(candidate.order);
        const bool is_stand_in = stand_in != stand_ins_.end();
        found.claims.push_back({.id = candidate.order,
                                .row = candidate.row,
                                .portfolio = order.portfolio,
                                .has_quantity = order.head.has_quantity,
                                .is_stand_in = is_stand_in,
                                .ordered = is_stand_in ? stand_in->second : order.quantity});
    }

    // What guards will ask about an order, whose claim comes next.
    void note_guards(const store::OrderRow& order, Stretch& found) const {
        if (order.extras != none && options_->beyond_limit != BeyondLimit::ignore) {
            if (const auto& limit = book_->extras[order.extras].limit_price) {
                found.limits.emplace_back(found.claims.size(), *limit);
            }
        }
        if (order.kind != found.last_kind) {
            found.last_kind = order.kind;
            const std::uint32_t state = book_->kind_of(order).state;
            if (is_unknown_state(book_->text(state), *options_)) {
                found.unknown_states.insert(state);
            }
        }
    }

    // Where claims would stand if all had the same date.
    static void find_ties(Stretch& found) {
        const std::vector<Candidate>& candidates = found.candidates;
        std::vector<std::uint32_t> in_order(candidates.size());
        std::iota(in_order.begin(), in_order.end(), 0U);
        const auto rank = [&](std::uint32_t at) {
            const Candidate& c = candidates[at];
            return std::tuple{c.tie, c.block_position, c.order_position};
        };
        std::sort(in_order.begin(), in_order.end(),
                  [&](std::uint32_t a, std::uint32_t b) { return rank(a) < rank(b); });
        const std::size_t first = found.ties.size();
        found.ties.resize(first + candidates.size());
        for (std::uint32_t tie = 0; tie < in_order.size(); ++tie) {
            found.ties[first + in_order[tie]] = tie;
        }
    }

    void find_executions(RunPlacement& placement, std::uint32_t at, Stretch& found) const {
        std::vector<RunExecution>& all = found.executions;
        const std::size_t first = all.size();
        found.fills.clear();
        book_->executions_of_placement.each(placement.id, [&](std::uint32_t id) {
            if (const std::uint32_t row = book_->executions.row_of(id); row != none) {
                found.fills.emplace_back(id, row);
                store::prefetch(book_->executions.rows[row]);
            }
        });
        // The book lists the newest first, which is the time order backwards, as a rule.
        for (std::size_t i = found.fills.size(); i-- > 0;) {
            const auto [id, row] = found.fills[i];
            const store::ExecutionRow& execution = book_->executions.rows[row];
            if (!found.dead_fills.holds(execution.state,
                                        [&] { return is_dead_execution(*book_, execution); })) {
                all.push_back(
                    {id, row, at, execution.quantity, {}, execution.created_date.instant()});
            }
        }
        const auto begin = all.begin() + static_cast<std::ptrdiff_t>(first);
        const auto comes_first = [this](const RunExecution& a, const RunExecution& b) {
            return is_earlier(*book_, a, b);
        };
        if (!std::is_sorted(begin, all.end(), comes_first)) {
            std::sort(begin, all.end(), comes_first);
        }
        placement.executions = {static_cast<std::uint32_t>(first),
                                static_cast<std::uint32_t>(all.size() - first)};
        for (auto execution = begin; execution != all.end(); ++execution) {
            const std::optional<Quantity> used = usage_->used(execution->id);
            if (!used) {
                found.misfits.insert_or_assign(placement.id, execution->id);
            }
            execution->used = std::min(used.value_or(Quantity{}), execution->quantity);
        }
    }

    // By number of the identifiers, of which there are few.
    [[nodiscard]] const Quantity& lot_of(std::uint32_t identifiers) {
        const auto [at, is_new] = lots_.try_emplace(identifiers);
        if (is_new) {
            const store::LotLookup lot = store::lot_of(*book_, book_->identifiers.set(identifiers));
            at->second = lot.is_known ? lot.lot : options_->lot;
        }
        return at->second;
    }

    // Decides whether the placement takes part, as far as can be said without the collection; the
    // first thing that speaks against it counts.
    void judge_alone(RunPlacement& placement, Stretch& found) const {
        const auto fail = [&](FailureType type, std::string detail) {
            placement.failure = failure_of(*book_, placement, type, std::move(detail));
        };
        std::uint32_t& identifiers = found.identifiers.emplace_back(none);
        const bool lacks_stand_ins = std::exchange(placement.lacks_stand_ins, false);
        if (std::string bad = find_taint(placement); !bad.empty()) {
            fail(FailureType::BadInput, std::move(bad));
            return;
        }
        if (placement.row == none) {
            fail(FailureType::PlacementNotFound,
                 "No placement " + book_->placements.ids.resource(placement.id).to_string());
            return;
        }
        identifiers = store::identifiers_of(*book_, book_->placements.rows[placement.row]);
        const std::span<const RunExecution> executions = placement.executions.of(found.executions);
        if (std::none_of(executions.begin(), executions.end(),
                         [](const auto& e) { return e.offers(); })) {
            return;
        }
        const std::span<const RunOrder> orders = placement.claims.of(found.claims);
        if (const auto failure = find_bad_stand_in(placement, orders)) {
            fail(failure->first, failure->second);
            return;
        }
        if (orders.empty() && !lacks_stand_ins) {
            fail(FailureType::NoOrders, "No live order in the blocks of the placement");
            return;
        }
        if (const auto failure = find_unfit_order(placement, orders)) {
            fail(failure->first, failure->second);
            return;
        }
        if (const std::string missing = find_missing_weight(orders); !missing.empty()) {
            fail(FailureType::WeightMissing, missing);
            return;
        }
        if (const std::string unpriced = find_unpriced(executions); !unpriced.empty()) {
            fail(FailureType::PriceMissing, unpriced);
            return;
        }
        placement.lacks_stand_ins = lacks_stand_ins;
        placement.takes_part = true;
    }

    // The same, of a placement that would take part, as the collection has its claims.
    void judge_joined(RunPlacement& placement, const Stretch& found) const {
        const auto fail = [&](FailureType type, std::string detail) {
            placement.failure = failure_of(*book_, placement, type, std::move(detail));
            placement.takes_part = false;
        };
        const bool lacks_stand_ins = std::exchange(placement.lacks_stand_ins, false);
        if (options_->beyond_limit == BeyondLimit::fail && !collection_.limits.empty()) {
            if (std::string why = find_beyond_limit(*book_, collection_, placement); !why.empty()) {
                fail(FailureType::LimitBreach, std::move(why));
                return;
            }
        }
        if (const auto misfit = found.misfits.find(placement.id); misfit != found.misfits.end()) {
            fail(FailureType::QuantityOutOfRange,
                 "What is allocated from execution " +
                     book_->executions.ids.resource(misfit->second).to_string() +
                     " has more digits than a decimal holds");
            return;
        }
        if (lacks_stand_ins) {
            placement.lacks_stand_ins = true;
            fail(FailureType::BadInput,
                 "No side is known of the placement and its block, or what is known of the "
                 "instrument does not agree");
        }
    }

    // The first fill on offer that has no price and needs one; else empty.
    [[nodiscard]] std::string find_unpriced(std::span<const RunExecution> executions) const {
        for (const RunExecution& execution : executions) {
            const store::ExecutionRow& fill = book_->executions.rows[execution.row];
            if (execution.offers() && !fill.has_price && !options_->allow_unpriced) {
                return "Execution " + book_->executions.ids.resource(fill.head.id).to_string() +
                       " has no price";
            }
        }
        return {};
    }

    // The first order that nobody can allocate to.
    [[nodiscard]] std::optional<std::pair<FailureType, std::string>> find_unfit_order(
        const RunPlacement& placement, std::span<const RunOrder> orders) const {
        for (const RunOrder& order : orders) {
            if (order.portfolio == none) {
                return std::pair{FailureType::EmptyPortfolioIdFailure,
                                 std::string{"Empty PortfolioId on Order"}};
            }
        }
        for (const RunOrder& order : orders) {
            if (!placement.is_unsolicited && !order.has_quantity) {
                return std::pair{FailureType::QuantityMissing,
                                 "Order " + book_->orders.ids.resource(order.id).to_string() +
                                     " has no quantity"};
            }
        }
        return std::nullopt;
    }

    // What keeps the claims of a placement from being stand-ins, or orders, throughout.
    [[nodiscard]] std::optional<std::pair<FailureType, std::string>> find_bad_stand_in(
        const RunPlacement& placement, std::span<const RunOrder> orders) const {
        if (!placement.is_unsolicited && stand_ins_.empty()) {
            return std::nullopt;
        }
        for (const RunOrder& order : orders) {
            if (!placement.is_unsolicited && stand_ins_.contains(order.id)) {
                return std::pair{FailureType::BadInput,
                                 "Order " + book_->orders.ids.resource(order.id).to_string() +
                                     " stands for a portfolio of a block without "
                                     "orders, and is listed by a block"};
            }
        }
        if (!placement.is_unsolicited) {
            return std::nullopt;
        }
        if (const auto other = false_stand_ins_.find(placement.id);
            other != false_stand_ins_.end()) {
            return std::pair{FailureType::BadInput,
                             "Order " + book_->orders.ids.resource(other->second).to_string() +
                                 " has the id of the order that would stand for a portfolio of "
                                 "the placement's block, and does not"};
        }
        if (weighted_.empty()) {
            return std::pair{FailureType::WeightMissing, std::string{"All weights are 0"}};
        }
        if (!fits_weights_) {
            return std::pair{FailureType::QuantityOutOfRange,
                             std::string{"The weights have a common divisor of too many digits"}};
        }
        if (needs_.room || binds_totals_) {
            return std::pair{FailureType::AlgorithmRefused,
                             std::string{"The rule or its bond minima ask for the size of claims, "
                                         "and a weight has none: the blocks of the placement have "
                                         "no orders"}};
        }
        return std::nullopt;
    }

    [[nodiscard]] bool stands_for(const store::OrderRow& order, const BlockId& block,
                                  const PortfolioId& portfolio) const {
        if (order.extras == none || order.portfolio == none ||
            book_->portfolios.id<Portfolio>(order.portfolio) != portfolio) {
            return false;
        }
        const Properties& properties = book_->extras[order.extras].properties;
        const auto mark = properties.find(stand_in_property_key);
        return mark != properties.end() && mark->second.label == block.to_string();
    }

    // A rule that splits by weights cannot guess one.
    [[nodiscard]] std::string find_missing_weight(std::span<const RunOrder> orders) const {
        for (const RunOrder& order : orders) {
            const std::uint32_t portfolio = order.portfolio;
            const bool is_known = portfolio < collection_.portfolios.size() &&
                                  collection_.portfolios[portfolio].weight.has_value();
            if (needs_.weights && !is_known) {
                return "Portfolio " + book_->portfolios.resource(portfolio).to_string() +
                       " has no weight";
            }
        }
        return {};
    }

    // What the placement depends on and was left out of the book, or is not there; else empty.
    [[nodiscard]] std::string find_taint(const RunPlacement& placement) const {
        const auto bad = [](std::string_view kind, const ResourceId& id) {
            return "A row of " + std::string{kind} + " " + id.to_string() + " could not be used";
        };
        const auto missing = [](std::string_view kind, const ResourceId& id) {
            return "There is no " + std::string{kind} + " " + id.to_string();
        };
        if (book_->tainted_placements.contains(placement.id)) {
            return bad("placement", book_->placements.ids.resource(placement.id));
        }
        if (placement.row == none) {
            return {};
        }
        const store::List blocks = book_->placements.rows[placement.row].blocks;
        for (const std::uint32_t* b = book_->begin(blocks); b != book_->end(blocks); ++b) {
            if (book_->tainted_blocks.contains(*b)) {
                return bad("block", book_->blocks.ids.resource(*b));
            }
            const store::BlockRow* block = book_->blocks.find(*b);
            if (block == nullptr) {
                return missing("block", book_->blocks.ids.resource(*b));
            }
            for (const std::uint32_t* o = book_->begin(block->orders);
                 o != book_->end(block->orders); ++o) {
                if (book_->tainted_orders.contains(*o)) {
                    return bad("order", book_->orders.ids.resource(*o));
                }
                if (book_->orders.row_of(*o) == none) {
                    return missing("order", book_->orders.ids.resource(*o));
                }
            }
        }
        return {};
    }

    const BookData* book_;
    Needs needs_;
    bool binds_totals_;
    const RunOptions* options_;
    std::vector<std::string> dead_states_;
    const Usage* usage_;
    const RunRequest* request_;
    Collection collection_{};
    // Of request_->weights those above 0, and as whole numbers.
    std::vector<std::pair<PortfolioId, Quantity>> weighted_{};
    bool fits_weights_{true};
    std::map<std::uint32_t, Quantity> stand_ins_{};             // ids, with their weights
    std::map<std::uint32_t, std::uint32_t> false_stand_ins_{};  // placement to order, by ids
    std::optional<Timelines> timelines_{};                      // when orders claim as of the fill
    Positions positions_{};                                     // of orders in the collection
    std::unordered_map<std::uint32_t, Quantity> lots_{};
};

}  // namespace

std::span<const OrderChange> Collection::find_changes(std::uint32_t order) const noexcept {
    const auto found = std::equal_range(
        changes.begin(), changes.end(), OrderChange{{}, order},
        [](const OrderChange& a, const OrderChange& b) { return a.order < b.order; });
    return {found.first, found.second};
}

Failure failure_of(const BookData& book, const RunPlacement& placement, FailureType type,
                   std::string detail) {
    return {book.placements.ids.id<Placement>(placement.id), type, std::move(detail)};
}

Requested requested_by(const BookData& book, const RunRequest& request) {
    Requested requested;
    std::vector<std::uint32_t>& ids = requested.ids;
    std::vector<bool> is_known(book.placements.ids.size());
    const auto add = [&](std::uint32_t id) {
        if (!is_known[id]) {
            is_known[id] = true;
            ids.push_back(id);
        }
    };
    if (request.placements.empty()) {
        for (std::uint32_t id = 0; id < book.placements.ids.size(); ++id) {
            // A placement whose only execution was a bad row is still one to speak of.
            if (!book.executions_of_placement.empty(id) || book.tainted_placements.contains(id)) {
                add(id);
            }
        }
    }
    for (const PlacementId& id : request.placements) {
        const std::uint32_t number = book.placements.ids.find(id.scope(), id.code());
        // An id may be known without an entity: somebody refers to it, or a put was refused.
        if (book.placements.row_of(number) == none && !book.tainted_placements.contains(number)) {
            requested.not_found.insert(id);
        } else {
            add(number);
        }
    }
    // Children may stand in a circle in a book that was not checked: each is added once.
    std::size_t at = 0;
    while (at < ids.size()) {
        const std::uint32_t id = ids[at++];
        book.children_of_placement.each(id, add);
    }
    // In the order of ids, so that positions stand from the start.
    const auto precedes = [&](std::uint32_t a, std::uint32_t b) {
        return book.placements.ids.less(a, b);
    };
    if (!std::is_sorted(ids.begin(), ids.end(), precedes)) {
        std::sort(ids.begin(), ids.end(), precedes);
    }
    return requested;
}

Collection collect(const BookData& book, const RunRequest& request, const Algorithm& algorithm,
                   const Usage& usage) {
    return Collector{book, request, algorithm, usage}.collect();
}

}  // namespace allot::run
