// What an allocation says as a transaction of its portfolio.
#include "apps/service/booking.hpp"

#include "apps/service/clock.hpp"
#include "apps/service/entity_writer.hpp"
#include "apps/service/field_path.hpp"
#include "apps/service/run_book.hpp"

namespace allot::service {
namespace {

Problem refusal(const Allocation& allocation, ProblemCode code, const std::string& what) {
    return make_problem(409, code, "allocation " + allocation.id.to_string() + ' ' + what);
}

const std::string& side_of(const Allocation& allocation, const Order* order) {
    return allocation.side.empty() && order != nullptr ? order->side : allocation.side;
}

const std::optional<Time>& date_of(const Allocation& allocation, const Order* order) {
    return !allocation.date && order != nullptr ? order->date : allocation.date;
}

// Units of the settlement currency for one of the price's; nullopt: they are the same currency.
std::optional<Decimal> exchange_rate_of(const Allocation& allocation) {
    const bool is_same = allocation.settlement_currency.empty() ||
                         allocation.settlement_currency == allocation.price->currency;
    return is_same ? std::nullopt : allocation.settlement_currency_fx_rate;
}

Result<CurrencyAndAmount> consideration_of(const Allocation& allocation) {
    CurrencyAndAmount money;
    money.currency = allocation.price->currency;
    Result<Decimal> amount = multiply(allocation.quantity.units(), allocation.price->amount);
    if (const std::optional<Decimal> rate = exchange_rate_of(allocation); rate && amount) {
        money.currency = allocation.settlement_currency;
        amount = multiply(*amount, *rate);
    }
    if (!amount) {
        return Unexpected{amount.error()};
    }
    money.amount = *amount;
    return money;
}

}  // namespace

bool is_booked(const Allocation& allocation) noexcept {
    return same_without_case(allocation.state, "Booked") ||
           allocation.properties.contains(transaction_property);
}

std::string transaction_id(const Allocation& allocation) {
    return allocation.id.to_string();
}

std::optional<Problem> refuse_booking(const Allocation& allocation, const Order* order) {
    if (is_cancelled(allocation)) {
        return refusal(allocation, ProblemCode::invalid_request, "is cancelled");
    }
    if (!allocation.price) {
        return refusal(allocation, ProblemCode::no_price_for_allocation, "has no price");
    }
    if (side_of(allocation, order).empty() || !date_of(allocation, order)) {
        return refusal(allocation, ProblemCode::invalid_request,
                       "has no side or no date, nor has its order");
    }
    if (!consideration_of(allocation)) {
        return refusal(allocation, ProblemCode::invalid_request,
                       "has a consideration of too many digits");
    }
    return std::nullopt;
}

void write_transaction(std::string& out, const Record<Allocation>& record, const Order* order,
                       const Properties& properties) {
    const Allocation& allocation = record.value;
    const std::optional<Time>& date = date_of(allocation, order);
    out += '{';
    write_member(out, "transactionId", transaction_id(allocation));
    write_member(out, "type", side_of(allocation, order));
    write_member(out, "instrumentIdentifiers", allocation.instrument_identifiers);
    write_member(out, "instrumentScope", allocation.instrument_scope);
    const std::string& uid = allocation.lusid_instrument_id;
    write_member(out, "instrumentUid", uid.empty() ? std::string{"LUID_ZZZZZZZZ"} : uid);
    write_member(out, "transactionDate", date);
    write_member(out, "settlementDate",
                 allocation.settlement_date ? allocation.settlement_date : date);
    write_member(out, "units", allocation.quantity.units());
    out += ",\"transactionPrice\":{";
    write_member(out, "price", allocation.price->amount);
    out += ",\"type\":\"Price\"}";
    write_member(out, "totalConsideration", *consideration_of(allocation));
    write_member(out, "exchangeRate", exchange_rate_of(allocation).value_or(Decimal{1}));
    write_member(out, "transactionCurrency", allocation.price->currency);
    write_member(out, "properties", properties);
    write_member(out, "counterpartyId", allocation.counterparty);
    out += ",\"source\":\"\"";
    write_member(out, "entryDateTime", *Time::parse(to_wire(record.modified->as_at)));
    out += ",\"transactionStatus\":\"Active\"";
    write_member(out, "orderId", allocation.allocated_order_id.resource());
    write_member(out, "allocationId", allocation.id.resource());
    out += '}';
}

}  // namespace allot::service
