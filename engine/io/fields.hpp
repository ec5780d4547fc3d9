// The one table of fields: for each entity what a member is called in JSON, what its column is
// called in CSV, whether a file must give it, and where it lies in the struct. Reading and writing
// of both formats, and the test of docs/formats.md, all go by it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

#include "allot/book.hpp"

namespace allot::io {

enum class Need : std::uint8_t {
    optional,
    required,
    required_column,  // a CSV file has the column unless it sizes orders otherwise; cells may lack
};

struct NoView {};

// Whether all allocations that follow from one execution have the same in a field, so that a writer
// may make its text once (see AllocationOutput). `own` is always true to the matter.
enum class Shared : std::uint8_t { own, by_execution };

// One field. `member` gives the field of an entity, `view` the same of an AllocationView.
template <class Member, class View = NoView, Shared sharing = Shared::own>
struct Field {
    static constexpr bool is_shared = sharing == Shared::by_execution;

    std::string_view name;
    std::string_view column;
    Member member;
    Need need{Need::optional};
    std::string_view other_name{};  // second spelling, accepted in reading
    std::string_view other_column{};
    View view{};
};

template <class Member>
constexpr Field<Member> field(std::string_view name, std::string_view column, Member member,
                              Need need = Need::optional, std::string_view other_name = {},
                              std::string_view other_column = {}) {
    return {name, column, member, need, other_name, other_column, {}};
}

template <Shared sharing = Shared::own, class Member, class View>
constexpr Field<Member, View, sharing> viewed(std::string_view name, std::string_view column,
                                              Member member, View view,
                                              Need need = Need::optional) {
    return {name, column, member, need, {}, {}, view};
}

// A price as a view gives it.
struct PriceView {
    std::optional<Price> amount{};
    std::string_view currency{};
};

struct PriceOfView {
    PriceView operator()(const AllocationView& allocation) const {
        return {allocation.price(), allocation.price_currency()};
    }
};

struct RunAsAt {
    template <class Run>
    auto& operator()(Run& run) const {
        return run.written.as_at;
    }
};
struct RunUser {
    template <class Run>
    auto& operator()(Run& run) const {
        return run.written.user;
    }
};
struct RunReason {
    template <class Run>
    auto& operator()(Run& run) const {
        return run.written.reason;
    }
};

// The table of an entity: what one is called, the list (and file) that holds them, the fields in
// the order in which they are written, and the members of the service's response objects that are
// accepted and say nothing the engine keeps.
template <class Entity>
struct Schema;

inline constexpr std::string_view version_member = "version";

// Members of `version`: those of the service's Version that become Written, and our own.
inline constexpr std::string_view version_number_member = "asAtVersionNumber";
inline constexpr std::string_view as_at_member = "asAtDate";
inline constexpr std::string_view user_member = "userIdModified";
inline constexpr std::string_view reason_member = "reasonModified";
inline constexpr std::string_view entry_member = "journalEntry";
inline constexpr std::string_view removed_member = "removed";

// What a file says of one version of an entity.
struct VersionNote {
    Written written{};
    std::uint32_t entry{0};  // of the journal; 0: not said
    bool is_removed{false};  // the entity is gone
};

template <>
struct Schema<Order> {
    static constexpr std::string_view entity = "order";
    static constexpr std::string_view list = "orders";
    static constexpr auto fields = std::make_tuple(
        field("id", "id", &Order::id, Need::required),
        field("side", "side", &Order::side, Need::required),
        field("quantity", "quantity", &Order::quantity, Need::required_column),
        field("portfolioId", "portfolio_id", &Order::portfolio_id),
        field("instrumentIdentifiers", "instrument_identifiers", &Order::instrument_identifiers),
        field("date", "date", &Order::date), field("state", "state", &Order::state),
        field("type", "type", &Order::type),
        field("timeInForce", "time_in_force", &Order::time_in_force),
        field("price", "price", &Order::price),
        field("limitPrice", "limit_price", &Order::limit_price),
        field("stopPrice", "stop_price", &Order::stop_price),
        field("amount", "amount", &Order::amount), field("weight", "weight", &Order::weight),
        field("orderBookId", "order_book_id", &Order::order_book_id),
        field("orderInstruction", "order_instruction", &Order::order_instruction, Need::optional,
              "orderInstructionId", "order_instruction_id"),
        field("package", "package", &Order::package, Need::optional, "packageId", "package_id"),
        field("custodianAccountId", "custodian_account_id", &Order::custodian_account_id),
        field("instrumentScope", "instrument_scope", &Order::instrument_scope),
        field("lusidInstrumentId", "lusid_instrument_id", &Order::lusid_instrument_id),
        field("properties", "properties", &Order::properties));
    static constexpr std::array<std::string_view, 6> dropped{"links",
                                                             "href",
                                                             "dataModelMembership",
                                                             "basis",
                                                             "derivedComplianceState",
                                                             "derivedApprovalState"};
};

template <>
struct Schema<Block> {
    static constexpr std::string_view entity = "block";
    static constexpr std::string_view list = "blocks";
    static constexpr auto fields = std::make_tuple(
        field("id", "id", &Block::id, Need::required),
        field("orderIds", "order_ids", &Block::order_ids, Need::required),
        field("side", "side", &Block::side), field("quantity", "quantity", &Block::quantity),
        field("instrumentIdentifiers", "instrument_identifiers", &Block::instrument_identifiers),
        field("createdDate", "created_date", &Block::created_date),
        field("type", "type", &Block::type),
        field("timeInForce", "time_in_force", &Block::time_in_force),
        field("amount", "amount", &Block::amount),
        field("limitPrice", "limit_price", &Block::limit_price),
        field("stopPrice", "stop_price", &Block::stop_price),
        field("isSwept", "is_swept", &Block::is_swept),
        field("lusidInstrumentId", "lusid_instrument_id", &Block::lusid_instrument_id),
        field("properties", "properties", &Block::properties));
    static constexpr std::array<std::string_view, 4> dropped{"links", "href", "dataModelMembership",
                                                             "basis"};
};

template <>
struct Schema<Placement> {
    static constexpr std::string_view entity = "placement";
    static constexpr std::string_view list = "placements";
    static constexpr auto fields = std::make_tuple(
        field("id", "id", &Placement::id, Need::required),
        field("blockIds", "block_ids", &Placement::block_ids, Need::required),
        field("parentPlacementId", "parent_placement_id", &Placement::parent_placement_id),
        field("side", "side", &Placement::side),
        field("quantity", "quantity", &Placement::quantity),
        field("instrumentIdentifiers", "instrument_identifiers",
              &Placement::instrument_identifiers),
        field("state", "state", &Placement::state), field("type", "type", &Placement::type),
        field("timeInForce", "time_in_force", &Placement::time_in_force),
        field("createdDate", "created_date", &Placement::created_date),
        field("amount", "amount", &Placement::amount),
        field("limitPrice", "limit_price", &Placement::limit_price),
        field("stopPrice", "stop_price", &Placement::stop_price),
        field("counterparty", "counterparty", &Placement::counterparty),
        field("executionSystem", "execution_system", &Placement::execution_system),
        field("entryType", "entry_type", &Placement::entry_type),
        field("lusidInstrumentId", "lusid_instrument_id", &Placement::lusid_instrument_id),
        field("properties", "properties", &Placement::properties));
    static constexpr std::array<std::string_view, 4> dropped{"links", "href", "dataModelMembership",
                                                             "basis"};
};

template <>
struct Schema<Execution> {
    static constexpr std::string_view entity = "execution";
    static constexpr std::string_view list = "executions";
    static constexpr auto fields = std::make_tuple(
        field("id", "id", &Execution::id, Need::required),
        field("placementId", "placement_id", &Execution::placement_id, Need::required),
        field("quantity", "quantity", &Execution::quantity, Need::required),
        field("createdDate", "created_date", &Execution::created_date, Need::required),
        field("price", "price", &Execution::price), field("side", "side", &Execution::side),
        field("instrumentIdentifiers", "instrument_identifiers",
              &Execution::instrument_identifiers),
        field("state", "state", &Execution::state), field("type", "type", &Execution::type),
        field("settlementDate", "settlement_date", &Execution::settlement_date),
        field("settlementCurrency", "settlement_currency", &Execution::settlement_currency),
        field("settlementCurrencyFxRate", "settlement_currency_fx_rate",
              &Execution::settlement_currency_fx_rate),
        field("counterparty", "counterparty", &Execution::counterparty),
        field("averagePrice", "average_price", &Execution::average_price),
        field("lusidInstrumentId", "lusid_instrument_id", &Execution::lusid_instrument_id),
        field("properties", "properties", &Execution::properties));
    static constexpr std::array<std::string_view, 3> dropped{"links", "href",
                                                             "dataModelMembership"};
};

template <>
struct Schema<Allocation> {
    using View = AllocationView;
    static constexpr Shared by_execution = Shared::by_execution;

    static constexpr std::string_view entity = "allocation";
    static constexpr std::string_view list = "allocations";
    static constexpr auto fields = std::make_tuple(
        viewed("id", "id", &Allocation::id, &View::id, Need::required),
        viewed("allocatedOrderId", "allocated_order_id", &Allocation::allocated_order_id,
               &View::order_id, Need::required),
        viewed("quantity", "quantity", &Allocation::quantity, &View::quantity, Need::required),
        viewed("portfolioId", "portfolio_id", &Allocation::portfolio_id, &View::portfolio_id),
        viewed<by_execution>("placementIds", "placement_ids", &Allocation::placement_ids,
                             &View::placement_ids),
        viewed<by_execution>("executionIds", "execution_ids", &Allocation::execution_ids,
                             &View::execution_ids),
        viewed<by_execution>("instrumentIdentifiers", "instrument_identifiers",
                             &Allocation::instrument_identifiers, &View::instrument_identifiers),
        viewed<by_execution>("price", "price", &Allocation::price, PriceOfView{}),
        viewed<by_execution>("side", "side", &Allocation::side, &View::side),
        viewed<by_execution>("state", "state", &Allocation::state, &View::state),
        viewed<by_execution>("type", "type", &Allocation::type, &View::type),
        viewed<by_execution>("date", "date", &Allocation::date, &View::date),
        viewed<by_execution>("settlementDate", "settlement_date", &Allocation::settlement_date,
                             &View::settlement_date),
        viewed<by_execution>("settlementCurrency", "settlement_currency",
                             &Allocation::settlement_currency, &View::settlement_currency),
        viewed<by_execution>("settlementCurrencyFxRate", "settlement_currency_fx_rate",
                             &Allocation::settlement_currency_fx_rate,
                             &View::settlement_currency_fx_rate),
        viewed<by_execution>("counterparty", "counterparty", &Allocation::counterparty,
                             &View::counterparty),
        viewed("custodianAccountId", "custodian_account_id", &Allocation::custodian_account_id,
               &View::custodian_account_id),
        viewed("instrumentScope", "instrument_scope", &Allocation::instrument_scope,
               &View::instrument_scope),
        viewed<by_execution>("lusidInstrumentId", "lusid_instrument_id",
                             &Allocation::lusid_instrument_id, &View::lusid_instrument_id),
        viewed<by_execution>("properties", "properties", &Allocation::properties,
                             &View::properties));
    static constexpr std::array<std::string_view, 3> dropped{"links", "href",
                                                             "dataModelMembership"};
};

template <>
struct Schema<Instrument> {
    static constexpr std::string_view entity = "instrument";
    static constexpr std::string_view list = "instruments";
    static constexpr auto fields =
        std::make_tuple(field("instrumentIdentifiers", "instrument_identifiers",
                              &Instrument::instrument_identifiers, Need::required),
                        field("lot", "lot", &Instrument::lot, Need::required));
    static constexpr std::array<std::string_view, 0> dropped{};
};

template <>
struct Schema<Portfolio> {
    static constexpr std::string_view entity = "portfolio";
    static constexpr std::string_view list = "portfolios";
    static constexpr auto fields = std::make_tuple(
        field("id", "id", &Portfolio::id, Need::required),
        field("weight", "weight", &Portfolio::weight), field("tier", "tier", &Portfolio::tier),
        field("house", "house", &Portfolio::house), field("cap", "cap", &Portfolio::cap));
    static constexpr std::array<std::string_view, 0> dropped{};
};

// A name that the book gives to a rule. In JSON all of them stand in one object, name by name.
struct NamedAlgorithm {
    std::string name{};
    std::string code{};
};

template <>
struct Schema<NamedAlgorithm> {
    static constexpr std::string_view entity = "algorithm";
    static constexpr std::string_view list = "algorithms";
    static constexpr auto fields =
        std::make_tuple(field("name", "name", &NamedAlgorithm::name, Need::required),
                        field("code", "code", &NamedAlgorithm::code, Need::required));
    static constexpr std::array<std::string_view, 0> dropped{};
};

template <>
struct Schema<RunRecord> {
    static constexpr std::string_view entity = "run";
    static constexpr std::string_view list = "runs";
    static constexpr auto fields = std::make_tuple(
        field("id", "id", &RunRecord::id, Need::required),
        field("engineVersion", "engine_version", &RunRecord::engine_version),
        field("algorithm", "algorithm", &RunRecord::algorithm),
        field("parameters", "parameters", &RunRecord::parameters),
        field("lot", "lot", &RunRecord::lot), field("options", "options", &RunRecord::options),
        field("seed", "seed", &RunRecord::seed), field("inputs", "inputs", &RunRecord::inputs),
        field("asAt", "as_at", RunAsAt{}), field("user", "user", RunUser{}),
        field("reason", "reason", RunReason{}));
    static constexpr std::array<std::string_view, 0> dropped{};
};

template <>
struct Schema<JournalEntry> {
    static constexpr std::string_view entity = "journal entry";
    static constexpr std::string_view list = "journal";
    static constexpr auto fields = std::make_tuple(field("run", "run", &JournalEntry::run),
                                                   field("seal", "seal", &JournalEntry::seal),
                                                   field("marks", "marks", &JournalEntry::marks));
    static constexpr std::array<std::string_view, 0> dropped{};
};

// What an allocation rests on beside entities: it has versions, but no id of its own.
template <class Entity>
inline constexpr bool is_fact =
    std::is_same_v<Entity, Instrument> || std::is_same_v<Entity, Portfolio> ||
    std::is_same_v<Entity, NamedAlgorithm>;

// Entities whose versions a book keeps.
template <class Entity>
inline constexpr bool has_versions =
    !is_fact<Entity> && !std::is_same_v<Entity, RunRecord> && !std::is_same_v<Entity, JournalEntry>;

template <class Entity>
inline constexpr std::size_t field_count = std::tuple_size_v<decltype(Schema<Entity>::fields)>;

// What a field holds.
template <class Member, class Entity>
using ValueOf = std::remove_cvref_t<std::invoke_result_t<Member, Entity&>>;

// Calls `use(field, index)` for every field in order.
template <class Entity, class Use>
constexpr void for_each_field(Use&& use) {
    [&]<std::size_t... I>(std::index_sequence<I...>) {
        (use(std::get<I>(Schema<Entity>::fields), I), ...);
    }
    (std::make_index_sequence<field_count<Entity>>{});
}

// What the fields are called in JSON.
template <class Entity>
inline constexpr std::array<std::string_view, field_count<Entity>> names_of_fields = [] {
    std::array<std::string_view, field_count<Entity>> names{};
    for_each_field<Entity>([&](const auto& field, std::size_t i) { names[i] = field.name; });
    return names;
}();

// Amounts of money take two columns in CSV: COLUMN and COLUMN_currency.
inline constexpr std::string_view currency_suffix = "_currency";

template <class T>
inline constexpr bool is_money =
    std::is_same_v<T, CurrencyAndAmount> || std::is_same_v<T, std::optional<CurrencyAndAmount>>;

inline constexpr std::string_view schema_name = "allot/1";

}  // namespace allot::io
