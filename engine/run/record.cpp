// The run record: what was run on what, so that it can be run again.
#include "engine/run/record.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <string_view>
#include <vector>

#include "allot/version.hpp"
#include "engine/base/hash.hpp"
#include "engine/base/put_bytes.hpp"
#include "engine/base/workers.hpp"
#include "engine/run/recorded.hpp"

namespace allot::run {

namespace {

using detail::Digest;
using store::none;

// The rows of one placement lie far apart: so many before it is their turn they are called for.
constexpr std::size_t rows_ahead = 8;
constexpr std::size_t claims_ahead = 24;

// Calls for what add_order() will read of the claim at `at` (a position in Collection::claims) and
// those before it, step by step.
void call_for_claim(const BookData& book, const Collection& collection, std::size_t at) {
    if (at < collection.claims.size()) {
        const RunOrder& order = collection.orders[collection.claims[at]];
        store::prefetch(book.orders.rows[order.row]);
        book.orders.ids.prefetch_slot(order.id);
    }
    constexpr std::size_t later = claims_ahead / 2;
    if (at >= later && at - later < collection.claims.size()) {
        book.orders.ids.prefetch_code(collection.orders[collection.claims[at - later]].id);
    }
}

constexpr std::size_t number_bytes = sizeof(std::uint64_t);

// A decimal is three numbers, an id two texts; a text is a number and its bytes.
constexpr std::size_t decimal_bytes = 3 * number_bytes;

char* put(char* to, const Decimal& decimal) {
    to = Digest::put_number(to, decimal.mantissa_low());
    to = Digest::put_number(to, decimal.mantissa_high());
    return Digest::put_number(
        to, (static_cast<std::uint64_t>(decimal.scale()) << 1U) | (decimal.sign() < 0 ? 1U : 0U));
}

void add(Digest& digest, const Decimal& decimal) {
    digest.take(put(digest.room(decimal_bytes), decimal));
}

struct AnyKind;
using AnyId = IdView<AnyKind>;

AnyId id_at(const store::IdPool& ids, std::uint32_t id) {
    return id == none ? AnyId{} : ids.view<AnyKind>(id);
}

std::size_t size_of(const AnyId& id) {
    return 2 * number_bytes + id.scope.size() + id.code.size();
}

char* put(char* to, const AnyId& id) {
    return Digest::put_text(Digest::put_text(to, id.scope), id.code);
}

void add_id(Digest& digest, const store::IdPool& ids, std::uint32_t number) {
    const AnyId id = id_at(ids, number);
    digest.take(put(digest.room(size_of(id)), id));
}

void append(std::string& bytes, std::uint64_t number) {
    std::array<char, number_bytes> room;
    Digest::put_number(room.data(), number);
    bytes.append(room.data(), room.size());
}

void append(std::string& bytes, std::string_view text) {
    append(bytes, text.size());
    bytes.append(text);
}

// What the texts of rows of one kind come to, which mostly are those of the row before.
template <std::size_t Count>
class RepeatedTexts {
  public:
    using Numbers = std::array<std::uint32_t, Count>;

    explicit RepeatedTexts(const BookData& book) : book_{&book} {}

    // Valid until it is asked for others.
    [[nodiscard]] std::string_view bytes_of(const Numbers& numbers) {
        if (numbers != numbers_) {
            numbers_ = numbers;
            bytes_.clear();
            for (const std::uint32_t text : numbers) {
                append(bytes_, book_->text(text));
            }
        }
        return bytes_;
    }

  private:
    const BookData* book_;
    Numbers numbers_{none};
    std::string bytes_{};
};

// The same of sets of identifiers.
class RepeatedIdentifiers {
  public:
    explicit RepeatedIdentifiers(const BookData& book) : book_{&book} {}

    // Valid until it is asked for others.
    [[nodiscard]] std::string_view bytes_of(std::uint32_t number) {
        if (number != number_) {
            number_ = number;
            bytes_.clear();
            const Identifiers& identifiers = book_->identifiers.set(number);
            append(bytes_, std::uint64_t{identifiers.size()});
            for (const auto& [key, value] : identifiers) {
                append(bytes_, std::string_view{key});
                append(bytes_, std::string_view{value});
            }
        }
        return bytes_;
    }

  private:
    const BookData* book_;
    std::uint32_t number_{none};
    std::string bytes_{};
};

struct Repeated {
    explicit Repeated(const BookData& book) : orders{book}, executions{book}, identifiers{book} {}

    RepeatedTexts<5> orders;
    RepeatedTexts<7> executions;
    RepeatedIdentifiers identifiers;
    store::TimeRoom time;
};

void add_order(Digest& digest, const BookData& book, const RunOrder& order,
               const Quantity& allocated, Repeated& repeated) {
    const store::OrderRow& row = book.orders.rows[order.row];
    const AnyId id = id_at(book.orders.ids, order.id);
    const AnyId portfolio = id_at(book.portfolios, row.portfolio);
    const store::OrderKind& kind = book.kind_of(row);
    const AnyId custodian = id_at(book.custodians, kind.custodian);
    const std::string_view date = store::text_of(book, row.date, repeated.time);
    const std::string_view texts = repeated.orders.bytes_of(
        {kind.side, kind.state, kind.type, kind.instrument_scope, kind.lusid_instrument_id});
    const std::string_view identifiers = repeated.identifiers.bytes_of(row.identifiers);
    char* to = digest.room(size_of(id) + size_of(portfolio) + size_of(custodian) + number_bytes +
                           2 * decimal_bytes + number_bytes + date.size() + texts.size() +
                           identifiers.size());
    to = put(put(put(to, id), portfolio), custodian);
    to = Digest::put_number(to, std::uint64_t{row.head.has_quantity});
    to = put(put(to, order.ordered.units()), allocated.units());
    to = Digest::put_text(to, date);
    digest.take(detail::put_bytes(detail::put_bytes(to, texts), identifiers));
}

void add_execution(Digest& digest, const BookData& book, const RunExecution& execution,
                   Repeated& repeated, std::uint32_t identifiers_of_placement) {
    const store::ExecutionRow& row = book.executions.rows[execution.row];
    add_id(digest, book.executions.ids, execution.id);
    add(digest, execution.quantity.units());
    add(digest, execution.used.units());
    digest.add((row.has_price ? 1U : 0U) | (row.has_fx_rate ? 2U : 0U));
    add(digest, row.price);
    add(digest, row.fx_rate);
    digest.add(book.text(row.created_date.text));
    digest.add_bytes(repeated.executions.bytes_of({row.settlement_date.text, row.price_currency,
                                                   row.side, row.type, row.settlement_currency,
                                                   row.counterparty, row.lusid_instrument_id}));
    const bool is_usual = row.identifiers == identifiers_of_placement;
    digest.add(std::uint64_t{is_usual});
    if (!is_usual) {
        digest.add_bytes(repeated.identifiers.bytes_of(row.identifiers));
    }
}

void add_held(Digest& digest, const std::vector<Held>& all) {
    digest.add(all.size());
    for (const Held& held : all) {
        digest.add(std::uint64_t{held.rank});
        add(digest, held.frozen.units());
        add(digest, held.pinned.units());
    }
}

// What the claims were in the course of time; nothing where they did not change.
void add_changes(Digest& digest, const Collection& collection, const RunPlacement& placement) {
    for (const std::uint32_t order : placement.claims.of(collection.claims)) {
        for (const OrderChange& change : collection.changes_of(order)) {
            digest.add(static_cast<std::uint64_t>(change.at.seconds));
            digest.add(std::uint64_t{change.at.nanoseconds} << 2U | (change.is_dead ? 2U : 0U) |
                       (change.has_date ? 1U : 0U));
            add(digest, change.ordered.units());
            digest.add(static_cast<std::uint64_t>(change.date.seconds));
            digest.add(std::uint64_t{change.date.nanoseconds});
        }
        digest.add(std::uint64_t{0});
    }
}

// What a rule may have been told of the portfolios of the claims.
void add_portfolios(Digest& digest, const Collection& collection, const RunPlacement& placement) {
    if (collection.portfolios.empty()) {
        return;
    }
    for (const std::uint32_t order : placement.claims.of(collection.claims)) {
        const Portfolio& portfolio = collection.portfolio_of(collection.orders[order]);
        digest.add(portfolio.weight ? portfolio.weight->to_string() : std::string{});
        digest.add(std::uint64_t{portfolio.tier} << 1U | (portfolio.house ? 1U : 0U));
        digest.add(portfolio.cap ? portfolio.cap->to_string() : std::string{});
    }
}

// The limits that a run may have looked at; nothing where no order has one.
void add_limits(Digest& digest, const Collection& collection, const RunPlacement& placement) {
    if (collection.limits.empty()) {
        return;
    }
    for (const std::uint32_t order : placement.claims.of(collection.claims)) {
        const auto limit = collection.limits.find(order);
        digest.add(std::uint64_t{limit != collection.limits.end()});
        if (limit != collection.limits.end()) {
            add(digest, limit->second.amount);
            digest.add(limit->second.currency);
        }
    }
}

void add_placement(Digest& digest, const BookData& book, const Collection& collection,
                   const RunPlacement& placement, Repeated& repeated) {
    add_id(digest, book.placements.ids, placement.id);
    std::uint32_t identifiers = 0;
    if (placement.row != none) {
        const store::PlacementRow& row = book.placements.rows[placement.row];
        add(digest, row.quantity.units());
        for (const std::uint32_t text : {row.side, row.counterparty, row.lusid_instrument_id}) {
            digest.add(book.text(text));
        }
        digest.add_bytes(repeated.identifiers.bytes_of(row.identifiers));
        identifiers = row.identifiers;
    }
    add(digest, placement.lot.units());
    digest.add(placement.claims.count);
    for (std::size_t i = 0; i < placement.claims.count; ++i) {
        const std::size_t at = placement.claims.first + i;
        call_for_claim(book, collection, at + claims_ahead);
        const std::uint32_t order = collection.claims[at];
        add_order(digest, book, collection.orders[order], collection.allocated_to(order), repeated);
    }
    add_portfolios(digest, collection, placement);
    add_limits(digest, collection, placement);
    if (!collection.changes.empty()) {
        add_changes(digest, collection, placement);
    }
    digest.add(placement.executions.count);
    const auto executions = placement.executions.of(collection.executions);
    for (std::size_t i = 0; i < executions.size(); ++i) {
        if (i + rows_ahead < executions.size()) {
            store::prefetch(book.executions.rows[executions[i + rows_ahead].row]);
        }
        add_execution(digest, book, executions[i], repeated, identifiers);
        if (collection.holds()) {
            add_held(digest, collection.held[placement.executions.first + i]);
        }
    }
}

// The hash of the hashes of so many placements each, which several threads make side by side. The
// number is part of what the hash is.
constexpr std::size_t placements_of_a_part = 256;

std::string hash_inputs(const BookData& book, const Collection& collection, std::size_t threads) {
    std::vector<std::uint32_t> read;  // positions
    for (std::uint32_t at = 0; at < collection.placements.size(); ++at) {
        if (!is_left_out(book, collection.placements[at])) {
            read.push_back(at);
        }
    }
    std::vector<std::string> parts((read.size() + placements_of_a_part - 1) / placements_of_a_part);
    detail::share_jobs(threads, parts.size(), 1, [&](std::size_t part) {
        Digest digest;
        Repeated repeated{book};
        const std::size_t first = part * placements_of_a_part;
        for (const std::uint32_t at :
             std::span{read}.subspan(first, std::min(placements_of_a_part, read.size() - first))) {
            add_placement(digest, book, collection, collection.placements[at], repeated);
        }
        parts[part] = digest.hex();
    });
    Digest digest;
    for (const PlacementId& id : collection.not_found) {
        digest.add(id.scope());
        digest.add(id.code());
    }
    for (const std::string& part : parts) {
        digest.add(part);
    }
    return digest.hex();
}

}  // namespace

std::string id_of(const RunRecord& record) {
    Digest digest;
    for (const std::string* text : {&record.engine_version, &record.algorithm}) {
        digest.add(*text);
    }
    for (const auto* map : {&record.parameters, &record.options}) {
        digest.add(map->size());
        for (const auto& [key, value] : *map) {
            digest.add(key);
            digest.add(value);
        }
    }
    for (const std::string* text :
         {&record.lot, &record.seed, &record.inputs, &record.written.as_at, &record.written.user,
          &record.written.reason}) {
        digest.add(*text);
    }
    return digest.hex();
}

RunRecord record_of(const BookData& book, const RunRequest& request, const Algorithm& algorithm,
                    const Collection& collection, std::size_t threads) {
    RunRecord record;
    record.engine_version = version;
    record.algorithm = algorithm.info().code;
    record.parameters = {algorithm.parameters().begin(), algorithm.parameters().end()};
    record.lot = request.options.lot.to_string();
    record.options = collection.options;
    note_request(book, request, collection, record.options);
    record.seed = request.options.seed;
    record.inputs = hash_inputs(book, collection, threads);
    record.written = request.options.written;
    record.id = id_of(record);
    return record;
}

}  // namespace allot::run

std::string allot::full_code(const RunRecord& record) {
    std::string code = record.algorithm;
    for (const auto& [key, value] : record.parameters) {
        code.append(":").append(key).append("=").append(value);
    }
    return code;
}
