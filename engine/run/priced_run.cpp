// Priced run: a run whose allocations are not the shares of fills at the prices of fills.
#include "engine/run/priced_run.hpp"

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "engine/run/assign.hpp"
#include "engine/run/audit_money.hpp"
#include "engine/run/blocks.hpp"
#include "engine/run/pricing.hpp"
#include "engine/run/stand_ins.hpp"
#include "engine/run/withdraw.hpp"

namespace allot::run {

namespace {

using detail::AllocationRow;
using store::none;

using Failures = std::map<std::uint32_t, Failure>;  // by id of the placement

// What a run would write, nothing written yet.
struct PricedPlan {
    Planned planned;
    std::vector<Draft> drafts{};
    Residuals residuals{};
};

std::string text_of(const Violation& violation) {
    return "law: " + violation.law + "; found " + violation.found + ", expected " +
           violation.expected;
}

// What the orders of every placement receive, and what its executions give.
std::map<std::uint32_t, SharesAudit> shares_audits(const BookData& book, const PricedPlan& priced) {
    std::map<std::uint32_t, SharesAudit> audits;
    const Collection& collection = priced.planned.collection;
    for (std::uint32_t at = 0; at < priced.planned.plan.size(); ++at) {
        const RunPlacement& placement = collection.placements[at];
        SharesAudit& audit = audits[at];
        for (const PlannedShare& share : priced.planned.plan[at].shares) {
            const std::uint32_t order = placement.claims.of(collection.claims)[share.rank];
            Quantity& sum = audit.split[collection.orders[order].id];
            sum = sum + share.quantity;
        }
        for (const RunExecution& execution : placement.executions.of(collection.executions)) {
            audit.offered[execution.id] = execution.quantity - execution.used;
        }
    }
    for (const Draft& draft : priced.drafts) {
        SharesAudit& audit = audits[draft.placement];
        if (!draft.added.is_zero()) {
            Quantity& sum = audit.received[draft.order];
            sum = sum + draft.added;
        }
        std::map<std::uint32_t, Quantity> units;
        for (const Part& part : draft.parts) {
            units[part.execution] = part.units;
        }
        const auto before = draft.goes_on ? parts_of(book, book.allocations[draft.previous])
                                          : std::optional<std::vector<Part>>{};
        for (const Part& part : before.value_or(std::vector<Part>{})) {
            units[part.execution] = units[part.execution] - part.units;
        }
        for (const auto& [execution, more] : units) {
            Quantity& sum = audit.given[execution];
            sum = sum + more;
        }
    }
    return audits;
}

// Facts for the audit of money, by placement and currency.
class MoneyAudits {
  public:
    explicit MoneyAudits(const BookData& book) : book_{&book} {}

    void add(const std::vector<Part>& parts, const Quantity& quantity,
             const std::optional<Price>& price) {
        if (!price) {
            return;
        }
        MoneyAudit::Allocated allocated{quantity, price->amount(), {}};
        MoneyAudit* audit = nullptr;
        for (const Part& part : parts) {
            const store::ExecutionRow& row =
                book_->executions.rows[book_->executions.any_row_of(part.execution)];
            audit = &audits_[{row.placement, std::string{book_->text(row.price_currency)}}];
            audit->prices[part.execution] = row.price;
            allocated.units[part.execution] = part.units;
        }
        audit->allocations.push_back(std::move(allocated));
    }
    [[nodiscard]] std::optional<Violation> find(std::uint32_t placement,
                                                const std::map<std::string, Decimal>& residuals) {
        for (const auto& [currency, residual] : residuals) {
            MoneyAudit& audit = audits_[{placement, currency}];
            audit.residual = residual;
            try {
                if (std::optional<Violation> violation = audit_money(audit)) {
                    return violation;
                }
            } catch (const Refusal& refusal) {
                return Violation{"what fills cost is a decimal", std::nullopt, refusal.what(),
                                 "sums that are"};
            }
        }
        return std::nullopt;
    }

  private:
    const BookData* book_;
    std::map<std::pair<std::uint32_t, std::string>, MoneyAudit> audits_{};
};

// Placements whose drafts break a law, with the reason.
std::map<std::uint32_t, std::string> find_violations(const BookData& book,
                                                     const PricedPlan& priced) {
    std::map<std::uint32_t, std::string> found;
    for (const auto& [at, audit] : shares_audits(book, priced)) {
        if (const std::optional<Violation> violation = audit_shares(audit)) {
            found.emplace(at, text_of(*violation));
        }
    }
    MoneyAudits money{book};
    std::set<std::uint32_t> replaced;
    for (const Draft& draft : priced.drafts) {
        replaced.insert(draft.previous);
        money.add(draft.parts, draft.quantity, draft.price);
    }
    std::uint32_t number = 0;
    for (const AllocationRow& row : book.allocations) {
        if (book.counts(row) && !replaced.contains(number) &&
            (has_shares(book, row) || is_averaged(book, row))) {
            if (const auto parts = parts_of(book, row)) {
                money.add(*parts, row.quantity, AllocationView{book, row}.price());
            }
        }
        ++number;
    }
    for (const auto& [at, residuals] : priced.residuals) {
        const std::uint32_t placement = priced.planned.collection.placements[at].id;
        if (const std::optional<Violation> violation = money.find(placement, residuals)) {
            found.emplace(at, text_of(*violation));
        }
    }
    return found;
}

// Prices and audits. Returns why placements fail, by position.
std::map<std::uint32_t, std::pair<FailureType, std::string>> price(const BookData& book,
                                                                   const RunOptions& options,
                                                                   PricedPlan& priced) {
    std::map<std::uint32_t, std::pair<FailureType, std::string>> failed;
    const auto note = [&](FailureType type, const std::map<std::uint32_t, std::string>& reasons) {
        for (const auto& [at, why] : reasons) {
            failed.emplace(at, std::pair{type, why});
        }
    };
    priced.drafts = drafts_of(book, options, priced.planned);
    std::map<std::uint32_t, std::string> unpriced =
        price_drafts(book, options, priced.planned, priced.drafts);
    priced.residuals = residuals_of(book, priced.planned, priced.drafts, unpriced);
    note(FailureType::QuantityOutOfRange, unpriced);
    if (failed.empty()) {
        note(FailureType::AlgorithmViolation, find_violations(book, priced));
    }
    return failed;
}

// Splits and prices until no placement fails but those of which it is known.
Result<PricedPlan> plan(Book& book, const Registry& registry, const RunRequest& request) {
    Failures failures;
    for (;;) {
        Result<Planned> begun = begin_plan_with_stand_ins(book, registry, request);
        if (!begun) {
            return Unexpected{std::move(begun).error()};
        }
        PricedPlan priced{*std::move(begun)};
        for (RunPlacement& placement : priced.planned.collection.placements) {
            if (const auto known = failures.find(placement.id); known != failures.end()) {
                placement.failure = known->second;
                placement.takes_part = false;
            }
        }
        finish_plan(book.data(), request, priced.planned);
        if (const PriceMethod method = request.options.pricing.method;
            method != PriceMethod::fill && method != PriceMethod::average) {
            assign_fills(book.data(), method, priced.planned);
        }
        const auto failed = price(book.data(), request.options, priced);
        if (failed.empty()) {
            return priced;
        }
        for (const auto& [at, why] : failed) {
            const RunPlacement& placement = priced.planned.collection.placements[at];
            failures.emplace(placement.id,
                             failure_of(book.data(), placement, why.first, why.second));
        }
    }
}

// The allocation of a draft as a value. `run` names the run that writes it.
Allocation value_of(const BookData& book, const RunOptions& options, const Planned& planned,
                    const Draft& draft, const std::string& run) {
    AllocationRow row;
    if (draft.goes_on) {
        row = book.allocations[draft.previous];
    } else {
        row.execution = book.executions.any_row_of(draft.parts.front().execution);
        row.placement = planned.collection.placements[draft.placement].row;
        row.order = book.orders.row_of(draft.order);
    }
    Allocation value = AllocationView{book, row}.to_value();
    value.id = AllocationId{draft.id};
    value.quantity = draft.quantity;
    if (draft.price) {
        value.price = CurrencyAndAmount{
            draft.price->amount(),
            std::string{book.text(
                book.executions.rows[book.executions.any_row_of(draft.parts.front().execution)]
                    .price_currency)}};
        value.settlement_currency_fx_rate = draft.fx_rate;
    }
    if (options.grain == Grain::order && (!draft.goes_on || has_shares(book, row))) {
        const std::uint32_t first = book.executions.any_row_of(draft.parts.front().execution);
        value.date = Time::parse(book.text(book.executions.rows[first].created_date.text)).value();
        value.execution_ids.clear();
        for (const Part& part : draft.parts) {
            value.execution_ids.push_back(book.executions.ids.id<Execution>(part.execution));
        }
        value.properties.insert_or_assign(std::string{shares_property_key},
                                          Property{shares_text(draft.parts), {}, {}});
    }
    if (draft.is_averaged) {
        const std::string over =
            options.pricing.average_over == AverageOver::block ? "block" : "placement";
        value.properties.insert_or_assign(std::string{averaged_property_key},
                                          Property{over, {}, {}});
    }
    value.properties.insert_or_assign(std::string{run_property_key}, Property{run, {}, {}});
    return value;
}

// Whether a draft without new units says what is stored already.
bool is_as_it_was(const BookData& book, const Draft& draft, Allocation value) {
    if (!draft.goes_on || !draft.added.is_zero()) {
        return false;
    }
    Allocation before = AllocationView{book, book.allocations[draft.previous]}.to_value();
    value.properties.erase(std::string{run_property_key});
    before.properties.erase(std::string{run_property_key});
    return before == value;
}

RunResult commit(Book& book, const RunRequest& request, PricedPlan& priced,
                 std::shared_ptr<const void> owner) {
    BookData& data = book.data();
    Planned& planned = priced.planned;
    const std::optional<PortfolioId>& account = request.options.pricing.residual_account;
    if (account) {
        note_residuals(data, planned, priced.residuals, planned.record);
    }
    std::vector<std::pair<Allocation, std::uint32_t>> values;  // with the version before
    for (const Draft& draft : priced.drafts) {
        Allocation value = value_of(data, request.options, planned, draft, planned.record.id);
        if (!is_as_it_was(data, draft, value)) {
            values.emplace_back(std::move(value), draft.previous);
        }
    }
    const AllocationRow* const first =
        values.empty() ? nullptr : data.allocations.reserve(values.size());
    RunResult result{data, {first, values.size()}, std::move(owner)};
    const Plan nothing(planned.plan.size());
    number_rows(nothing, planned);
    (void)write_plan(data, planned, nothing, {}, result);
    state_residuals(data, planned, priced.residuals, account, result);
    if (values.empty()) {
        return result;
    }
    Moves moves;
    data.reserve_sums();
    const RunEntry entry{data, planned.record};
    for (const auto& [value, previous] : values) {
        AllocationRow row = store::link(data, value);
        row.previous = previous;
        row.written = data.writing(planned.record.written);
        if (previous != none && data.counts(data.allocations[previous])) {
            const AllocationView before{data, data.allocations[previous]};
            if (before.price() != AllocationView{data, row}.price()) {
                moves.add_withdrawn(before);
                moves.add_new({data, row});
            }
        }
        data.append_allocation(row);
    }
    result.moves = moves.list();
    size_stand_ins(book, stand_ins_of(data, planned), request.options.written);
    return result;
}

// What a request means beyond its words: a pool has one price and is for orders, and an average
// over a block is one of all that was executed for it.
RunRequest full_request(const BookData& book, RunRequest request) {
    Pricing& pricing = request.options.pricing;
    if (request.options.pool) {
        request.options.grain = Grain::order;
        pricing.method = PriceMethod::average;
    }
    if (pricing.average_over != AverageOver::block || request.placements.empty()) {
        return request;
    }
    const Blocks blocks{book};
    std::set<std::uint32_t> wanted;
    for (const std::uint32_t id : requested_by(book, request).ids) {
        wanted.insert(blocks.first_of(id));
    }
    for (const std::uint32_t id : requested_by(book, RunRequest{}).ids) {
        if (wanted.contains(blocks.first_of(id))) {
            request.placements.push_back(book.placements.ids.id<Placement>(id));
        }
    }
    return request;
}

}  // namespace

Result<RunResult> run_priced(Book& book, const Registry& registry, const RunRequest& asked,
                             std::shared_ptr<const void> owner) {
    const RunRequest request = full_request(book.data(), asked);
    Result<PricedPlan> priced = plan(book, registry, request);
    if (!priced) {
        return Unexpected{std::move(priced).error()};
    }
    return commit(book, request, *priced, std::move(owner));
}

}  // namespace allot::run
