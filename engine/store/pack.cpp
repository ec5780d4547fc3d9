// Values to rows and back.
#include <algorithm>
#include <chrono>

#include "engine/base/uint128.hpp"
#include "engine/store/book_data.hpp"
#include "engine/store/time_text.hpp"

namespace allot::store {

namespace {

char* put_two(char* to, std::uint32_t number) noexcept {
    to[0] = static_cast<char>('0' + number / 10);
    to[1] = static_cast<char>('0' + number % 10);
    return to + 2;
}

char* put_number(char* to, std::uint32_t number, std::size_t digits) noexcept {
    for (std::size_t i = digits; i-- > 0; number /= 10) {
        to[i] = static_cast<char>('0' + number % 10);
    }
    return to + digits;
}

constexpr std::size_t day_bytes = 10;

// "2026-03-02". Precondition: the year has four digits.
void put_day(char* to, std::chrono::sys_days day) noexcept {
    const std::chrono::year_month_day date{day};
    const auto year = static_cast<std::uint32_t>(int{date.year()});
    to = put_two(put_two(to, year / 100), year % 100);
    *to++ = '-';
    to = put_two(to, unsigned{date.month()});
    *to++ = '-';
    put_two(to, unsigned{date.day()});
}

StoredTime pack_if_given(BookData& book, const std::optional<Time>& time) {
    return time ? pack_time(book, time->instant(), time->to_string()) : StoredTime{};
}

StoredTime pack_kept_time(BookData& book, const std::optional<Time>& time) {
    if (!time) {
        return {};
    }
    return {time->instant().seconds, time->instant().nanoseconds,
            book.texts.intern(time->to_string())};
}

std::optional<Time> unpack_time(const BookData& book, const StoredTime& time) {
    if (time.text == 0) {
        return std::nullopt;
    }
    TimeRoom room;
    return Time::parse(text_of(book, time, room)).value();
}

std::string unpack_text(const BookData& book, std::uint32_t number) {
    return std::string{book.text(number)};
}

template <class IdType>
std::uint32_t pack_id(IdPool& pool, const std::optional<IdType>& id) {
    if (!id) {
        return none;
    }
    if constexpr (std::is_same_v<IdType, ResourceId>) {
        return pool.intern(id->scope, id->code);
    } else {
        return pool.intern(id->scope(), id->code());
    }
}

template <class Ids>
List pack_list(BookData& book, IdPool& pool, const Ids& ids) {
    const List list{static_cast<std::uint32_t>(book.lists.size()),
                    static_cast<std::uint32_t>(ids.size())};
    for (const auto& id : ids) {
        book.lists.push_back(pool.intern(id.scope(), id.code()));
    }
    return list;
}

template <class Kind>
std::vector<Id<Kind>> unpack_list(const BookData& book, const IdPool& pool, List list) {
    std::vector<Id<Kind>> ids;
    ids.reserve(list.count);
    std::for_each(book.begin(list), book.end(list),
                  [&](std::uint32_t number) { ids.push_back(pool.template id<Kind>(number)); });
    return ids;
}

std::uint32_t keep(BookData& book, Extras extras) {
    if (extras == Extras{}) {
        return none;
    }
    book.extras.push_back(std::move(extras));
    return static_cast<std::uint32_t>(book.extras.size() - 1);
}

const Extras& extras_of(const BookData& book, std::uint32_t number) {
    static const Extras nothing{};
    return number == none ? nothing : book.extras[number];
}

}  // namespace

StoredTime pack_time(BookData& book, const Instant& instant, std::string_view text) {
    const std::uint32_t form = form_of(text);
    return {instant.seconds, instant.nanoseconds, form != 0 ? form : book.texts.intern(text)};
}

std::string_view text_of(const BookData& book, const StoredTime& time, TimeRoom& room) {
    using namespace std::chrono;
    if ((time.text & not_kept) == 0) {
        return book.text(time.text);
    }
    const sys_seconds instant{seconds{time.seconds}};
    const sys_days day = floor<days>(instant);
    char* const text = room.text.data();
    if (const std::int64_t number = day.time_since_epoch().count(); number != room.day) {
        put_day(text, day);
        room.day = number;
    }
    char* to = text + day_bytes;
    const std::uint32_t form = time.text & ~not_kept;
    if (form != date_alone) {
        const auto second = static_cast<std::uint32_t>((instant - day).count());
        *to++ = 'T';
        to = put_two(to, second / 3600);
        *to++ = ':';
        to = put_two(to, second / 60 % 60);
        *to++ = ':';
        to = put_two(to, second % 60);
        if (form > 0) {
            *to++ = '.';
            const auto dropped = static_cast<std::uint32_t>(
                detail::power_of_ten(static_cast<int>(most_digits - form)));
            to = put_number(to, time.nanoseconds / dropped, form);
        }
        *to++ = 'Z';
    }
    return {text, static_cast<std::size_t>(to - text)};
}

OrderRow pack(BookData& book, const Order& order) {
    OrderRow row;
    row.head.id = book.orders.ids.intern(order.id.scope(), order.id.code());
    row.portfolio = pack_id(book.portfolios, order.portfolio_id);
    row.head.has_quantity = order.quantity.has_value();
    row.quantity = order.quantity.value_or(Quantity{});
    row.date = pack_if_given(book, order.date);
    row.identifiers = book.identifiers.intern(order.instrument_identifiers);
    row.kind = book.order_kinds.intern(
        {.side = book.texts.intern(order.side),
         .state = book.texts.intern(order.state),
         .type = book.texts.intern(order.type),
         .time_in_force = book.texts.intern(order.time_in_force),
         .instrument_scope = book.texts.intern(order.instrument_scope),
         .lusid_instrument_id = book.texts.intern(order.lusid_instrument_id),
         .custodian = pack_id(book.custodians, order.custodian_account_id)});
    Extras extras;
    extras.price = order.price;
    extras.limit_price = order.limit_price;
    extras.stop_price = order.stop_price;
    extras.amount = order.amount;
    extras.number = order.weight;
    extras.order_book_id = order.order_book_id;
    extras.order_instruction = order.order_instruction;
    extras.package = order.package;
    extras.properties = order.properties;
    row.extras = keep(book, std::move(extras));
    return row;
}

Order unpack(const BookData& book, const OrderRow& row) {
    const OrderKind& kind = book.kind_of(row);
    const Extras& extras = extras_of(book, row.extras);
    Order order;
    order.id = book.orders.ids.id<Order>(row.head.id);
    order.side = unpack_text(book, kind.side);
    if (row.head.has_quantity) {
        order.quantity = row.quantity;
    }
    if (row.portfolio != none) {
        order.portfolio_id = book.portfolios.id<Portfolio>(row.portfolio);
    }
    order.instrument_identifiers = book.identifiers.set(row.identifiers);
    order.date = unpack_time(book, row.date);
    order.state = unpack_text(book, kind.state);
    order.type = unpack_text(book, kind.type);
    order.time_in_force = unpack_text(book, kind.time_in_force);
    order.price = extras.price;
    order.limit_price = extras.limit_price;
    order.stop_price = extras.stop_price;
    order.amount = extras.amount;
    order.weight = extras.number;
    order.order_book_id = extras.order_book_id;
    order.order_instruction = extras.order_instruction;
    order.package = extras.package;
    if (kind.custodian != none) {
        order.custodian_account_id = book.custodians.resource(kind.custodian);
    }
    order.instrument_scope = unpack_text(book, kind.instrument_scope);
    order.lusid_instrument_id = unpack_text(book, kind.lusid_instrument_id);
    order.properties = extras.properties;
    return order;
}

BlockRow pack(BookData& book, const Block& block) {
    BlockRow row;
    row.head.id = book.blocks.ids.intern(block.id.scope(), block.id.code());
    row.orders = pack_list(book, book.orders.ids, block.order_ids);
    row.head.has_quantity = block.quantity.has_value();
    row.quantity = block.quantity.value_or(Quantity{});
    row.created_date = pack_if_given(book, block.created_date);
    row.side = book.texts.intern(block.side);
    row.type = book.texts.intern(block.type);
    row.time_in_force = book.texts.intern(block.time_in_force);
    row.identifiers = book.identifiers.intern(block.instrument_identifiers);
    row.lusid_instrument_id = book.texts.intern(block.lusid_instrument_id);
    Extras extras;
    extras.amount = block.amount;
    extras.limit_price = block.limit_price;
    extras.stop_price = block.stop_price;
    extras.is_swept = block.is_swept;
    extras.properties = block.properties;
    row.extras = keep(book, std::move(extras));
    return row;
}

Block unpack(const BookData& book, const BlockRow& row) {
    const Extras& extras = extras_of(book, row.extras);
    Block block;
    block.id = book.blocks.ids.id<Block>(row.head.id);
    block.order_ids = unpack_list<Order>(book, book.orders.ids, row.orders);
    block.side = unpack_text(book, row.side);
    if (row.head.has_quantity) {
        block.quantity = row.quantity;
    }
    block.instrument_identifiers = book.identifiers.set(row.identifiers);
    block.created_date = unpack_time(book, row.created_date);
    block.type = unpack_text(book, row.type);
    block.time_in_force = unpack_text(book, row.time_in_force);
    block.amount = extras.amount;
    block.limit_price = extras.limit_price;
    block.stop_price = extras.stop_price;
    block.is_swept = extras.is_swept;
    block.lusid_instrument_id = unpack_text(book, row.lusid_instrument_id);
    block.properties = extras.properties;
    return block;
}

PlacementRow pack(BookData& book, const Placement& placement) {
    PlacementRow row;
    row.head.id = book.placements.ids.intern(placement.id.scope(), placement.id.code());
    row.blocks = pack_list(book, book.blocks.ids, placement.block_ids);
    row.parent = pack_id(book.placements.ids, placement.parent_placement_id);
    row.head.has_quantity = placement.quantity.has_value();
    row.quantity = placement.quantity.value_or(Quantity{});
    row.created_date = pack_if_given(book, placement.created_date);
    row.side = book.texts.intern(placement.side);
    row.state = book.texts.intern(placement.state);
    row.type = book.texts.intern(placement.type);
    row.time_in_force = book.texts.intern(placement.time_in_force);
    row.identifiers = book.identifiers.intern(placement.instrument_identifiers);
    row.counterparty = book.texts.intern(placement.counterparty);
    row.lusid_instrument_id = book.texts.intern(placement.lusid_instrument_id);
    Extras extras;
    extras.amount = placement.amount;
    extras.limit_price = placement.limit_price;
    extras.stop_price = placement.stop_price;
    extras.execution_system = placement.execution_system;
    extras.entry_type = placement.entry_type;
    extras.properties = placement.properties;
    row.extras = keep(book, std::move(extras));
    return row;
}

Placement unpack(const BookData& book, const PlacementRow& row) {
    const Extras& extras = extras_of(book, row.extras);
    Placement placement;
    placement.id = book.placements.ids.id<Placement>(row.head.id);
    placement.block_ids = unpack_list<Block>(book, book.blocks.ids, row.blocks);
    if (row.parent != none) {
        placement.parent_placement_id = book.placements.ids.id<Placement>(row.parent);
    }
    placement.side = unpack_text(book, row.side);
    if (row.head.has_quantity) {
        placement.quantity = row.quantity;
    }
    placement.instrument_identifiers = book.identifiers.set(row.identifiers);
    placement.state = unpack_text(book, row.state);
    placement.type = unpack_text(book, row.type);
    placement.time_in_force = unpack_text(book, row.time_in_force);
    placement.created_date = unpack_time(book, row.created_date);
    placement.amount = extras.amount;
    placement.limit_price = extras.limit_price;
    placement.stop_price = extras.stop_price;
    placement.counterparty = unpack_text(book, row.counterparty);
    placement.execution_system = extras.execution_system;
    placement.entry_type = extras.entry_type;
    placement.lusid_instrument_id = unpack_text(book, row.lusid_instrument_id);
    placement.properties = extras.properties;
    return placement;
}

ExecutionRow pack(BookData& book, const Execution& execution) {
    ExecutionRow row;
    row.head.id = book.executions.ids.intern(execution.id.scope(), execution.id.code());
    row.placement =
        book.placements.ids.intern(execution.placement_id.scope(), execution.placement_id.code());
    row.quantity = execution.quantity;
    row.created_date = pack_kept_time(book, execution.created_date);
    row.has_price = execution.price.has_value();
    if (execution.price) {
        row.price = execution.price->amount;
        row.price_currency = book.texts.intern(execution.price->currency);
    }
    row.has_fx_rate = execution.settlement_currency_fx_rate.has_value();
    row.fx_rate = execution.settlement_currency_fx_rate.value_or(Decimal{});
    row.settlement_date = pack_kept_time(book, execution.settlement_date);
    row.side = book.texts.intern(execution.side);
    row.state = book.texts.intern(execution.state);
    row.type = book.texts.intern(execution.type);
    row.identifiers = book.identifiers.intern(execution.instrument_identifiers);
    row.settlement_currency = book.texts.intern(execution.settlement_currency);
    row.counterparty = book.texts.intern(execution.counterparty);
    row.lusid_instrument_id = book.texts.intern(execution.lusid_instrument_id);
    Extras extras;
    extras.number = execution.average_price;
    extras.properties = execution.properties;
    row.extras = keep(book, std::move(extras));
    return row;
}

Execution unpack(const BookData& book, const ExecutionRow& row) {
    const Extras& extras = extras_of(book, row.extras);
    Execution execution;
    execution.id = book.executions.ids.id<Execution>(row.head.id);
    execution.placement_id = book.placements.ids.id<Placement>(row.placement);
    execution.quantity = row.quantity;
    execution.created_date = unpack_time(book, row.created_date).value_or(Time{});
    if (row.has_price) {
        execution.price = CurrencyAndAmount{row.price, unpack_text(book, row.price_currency)};
    }
    execution.side = unpack_text(book, row.side);
    execution.instrument_identifiers = book.identifiers.set(row.identifiers);
    execution.state = unpack_text(book, row.state);
    execution.type = unpack_text(book, row.type);
    execution.settlement_date = unpack_time(book, row.settlement_date);
    execution.settlement_currency = unpack_text(book, row.settlement_currency);
    if (row.has_fx_rate) {
        execution.settlement_currency_fx_rate = row.fx_rate;
    }
    execution.counterparty = unpack_text(book, row.counterparty);
    execution.average_price = extras.number;
    execution.lusid_instrument_id = unpack_text(book, row.lusid_instrument_id);
    execution.properties = extras.properties;
    return execution;
}

AllocationDetails pack(BookData& book, const Allocation& allocation) {
    AllocationDetails row;
    row.id = book.allocation_ids.intern(allocation.id.scope(), allocation.id.code());
    row.order = book.orders.ids.intern(allocation.allocated_order_id.scope(),
                                       allocation.allocated_order_id.code());
    row.portfolio = pack_id(book.portfolios, allocation.portfolio_id);
    row.custodian = pack_id(book.custodians, allocation.custodian_account_id);
    row.placements = pack_list(book, book.placements.ids, allocation.placement_ids);
    row.executions = pack_list(book, book.executions.ids, allocation.execution_ids);
    row.has_price = allocation.price.has_value();
    if (allocation.price) {
        row.price = allocation.price->amount;
        row.price_currency = book.texts.intern(allocation.price->currency);
    }
    row.has_fx_rate = allocation.settlement_currency_fx_rate.has_value();
    row.fx_rate = allocation.settlement_currency_fx_rate.value_or(Decimal{});
    row.date = pack_kept_time(book, allocation.date);
    row.settlement_date = pack_kept_time(book, allocation.settlement_date);
    row.side = book.texts.intern(allocation.side);
    row.state = book.texts.intern(allocation.state);
    row.type = book.texts.intern(allocation.type);
    row.identifiers = book.identifiers.intern(allocation.instrument_identifiers);
    row.settlement_currency = book.texts.intern(allocation.settlement_currency);
    row.counterparty = book.texts.intern(allocation.counterparty);
    row.instrument_scope = book.texts.intern(allocation.instrument_scope);
    row.lusid_instrument_id = book.texts.intern(allocation.lusid_instrument_id);
    Extras extras;
    extras.properties = allocation.properties;
    row.extras = keep(book, std::move(extras));
    return row;
}

}  // namespace allot::store
