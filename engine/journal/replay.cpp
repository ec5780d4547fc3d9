// Replay: see replay.hpp.
#include "engine/journal/replay.hpp"

#include <algorithm>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>

#include "engine/io/members.hpp"
#include "engine/run/record.hpp"
#include "engine/run/recorded.hpp"
#include "engine/store/links.hpp"

namespace allot::journal {

namespace {

using detail::AllocationRow;
using store::none;

// Calls `use` with the entity of a version, if it is one that a run writes.
template <class Use>
void with_entity(const BookData& book, const Version& version, Use&& use) {
    switch (version.kind) {
        case Kind::order:
            use(store::unpack(book, book.orders.rows[version.row]));
            break;
        case Kind::execution:
            use(store::unpack(book, book.executions.rows[version.row]));
            break;
        case Kind::allocation:
            use(AllocationView{book, book.allocations[version.row]}.to_value());
            break;
        case Kind::run:
        case Kind::block:
        case Kind::placement:
        case Kind::instrument:
        case Kind::portfolio:
        case Kind::algorithm:
            break;
    }
}

// Which of two versions stands first in an entry.
bool is_before(const BookData& book_of_a, const Version& a, const BookData& book_of_b,
               const Version& b) {
    if (a.kind != b.kind) {
        return a.kind < b.kind;
    }
    const ResourceId of_a = resource_of(book_of_a, a);
    const ResourceId of_b = resource_of(book_of_b, b);
    return of_a == of_b ? a.number < b.number : of_a < of_b;
}

}  // namespace

Fault fault_at(const BookData& book, const Version& version, FaultType type, std::string detail) {
    Fault fault;
    fault.type = type;
    fault.entry = version.entry;
    if (version.entry <= book.journal.size()) {
        fault.run = book.journal[version.entry - 1].run;
    }
    fault.entity = name(version.kind);
    fault.id = id_of(book, version);
    fault.version = version.number;
    fault.detail = std::move(detail);
    return fault;
}

template <class Table>
void Replay::put_row(Table& table, const typename Table::Row& row, std::uint32_t writing) {
    BookData& book = book_.data();
    auto mine = store::pack(book, store::unpack(*source_, row));
    mine.head.written = writing;
    mine.head.is_removed = row.head.is_removed;
    std::optional<typename Table::Row> before;
    if (const auto* const latest = table.find(mine.head.id)) {
        before = *latest;
    }
    table.append(mine);
    store::relink(book, before ? &*before : nullptr, mine.head.is_removed ? nullptr : &mine);
}

std::optional<Fault> Replay::put_allocation(const Version& version, std::uint32_t writing) {
    BookData& book = book_.data();
    const AllocationRow& row = source_->allocations[version.row];
    const Allocation value = AllocationView{*source_, row}.to_value();
    const OrderId& order = value.allocated_order_id;
    if (book.orders.any_row_of(book.orders.ids.find(order.scope(), order.code())) == none) {
        return fault_at(*source_, version, FaultType::version_differs,
                        "its order " + order.to_string() + " is not there yet");
    }
    AllocationRow mine = store::link(book, value);
    mine.written = writing;
    mine.is_removed = row.is_removed;
    mine.previous = book.allocation_index.find(book, value.id.resource());
    if (const Result<void> fits = book.fits(mine); !fits) {
        return fault_at(*source_, version, FaultType::version_differs, fits.error().message());
    }
    book.append_allocation(mine);
    return std::nullopt;
}

void Replay::put_fact(const Version& version, std::uint32_t writing) {
    BookData& book = book_.data();
    const store::FactVersion& fact = source_->facts[version.row];
    book.facts.push_back({fact.value, writing});
    if (const auto* rule = std::get_if<store::NamedRule>(&fact.value)) {
        book.algorithms.insert_or_assign(rule->name, rule->code);
    } else if (const auto* portfolio = std::get_if<Portfolio>(&fact.value)) {
        book.portfolio_facts.insert_or_assign(portfolio->id, *portfolio);
    } else {
        const auto& instrument = std::get<Instrument>(fact.value);
        const auto known = std::find_if(
            book.instruments.begin(), book.instruments.end(), [&](const Instrument& other) {
                return other.instrument_identifiers == instrument.instrument_identifiers;
            });
        if (known != book.instruments.end()) {
            *known = instrument;
            return;
        }
        book.instrument_index.add(static_cast<std::uint32_t>(book.instruments.size()),
                                  instrument.instrument_identifiers);
        book.instruments.push_back(instrument);
    }
}

std::optional<Fault> Replay::put(std::uint32_t entry, std::span<const Version> versions) {
    BookData& book = book_.data();
    book.journal.emplace_back();
    for (const Version& version : versions) {
        const auto writing_of = [&](std::uint32_t written) {
            return book.writing(source_->writings[written].written, entry);
        };
        const auto put_in = [&](auto& table, const auto& rows) {
            const auto& row = rows[version.row];
            put_row(table, row, writing_of(row.head.written));
        };
        std::optional<Fault> fault;
        switch (version.kind) {
            case Kind::order:
                put_in(book.orders, source_->orders.rows);
                break;
            case Kind::block:
                put_in(book.blocks, source_->blocks.rows);
                break;
            case Kind::placement:
                put_in(book.placements, source_->placements.rows);
                break;
            case Kind::execution:
                put_in(book.executions, source_->executions.rows);
                break;
            case Kind::instrument:
            case Kind::portfolio:
            case Kind::algorithm:
                put_fact(version, writing_of(source_->facts[version.row].written));
                break;
            case Kind::allocation:
                fault =
                    put_allocation(version, writing_of(source_->allocations[version.row].written));
                break;
            case Kind::run:
                break;
        }
        if (fault) {
            return fault;
        }
    }
    return std::nullopt;
}

Result<RunResult> Replay::remove_again(const run::Recorded& recorded, const Written& written) {
    if (recorded.entity == "order") {
        return engine_.remove(book_, OrderId{recorded.removed}, written);
    }
    if (recorded.entity == "execution") {
        return engine_.remove(book_, ExecutionId{recorded.removed}, written);
    }
    if (recorded.entity == "block") {
        return engine_.remove(book_, BlockId{recorded.removed}, written);
    }
    return engine_.remove(book_, PlacementId{recorded.removed}, written);
}

Result<void> Replay::run_again(const RunRecord& record) {
    Result<run::Recorded> recorded = run::read_record(record);
    if (!recorded) {
        return Unexpected{std::move(recorded).error()};
    }
    recorded->request.options.threads = threads_;
    const auto outcome = [&]() -> Result<RunResult> {
        switch (recorded->work) {
            case run::Work::reallocate:
                return engine_.reallocate(book_, recorded->request, recorded->pins);
            case run::Work::correct:
                return engine_.correct(book_, recorded->correction, record.written);
            case run::Work::bust:
                return engine_.bust(book_, recorded->correction.execution, record.written);
            case run::Work::amend:
                return engine_.amend(book_, recorded->amendment, record.written);
            case run::Work::remove:
                return remove_again(*recorded, record.written);
            case run::Work::run:
                break;
        }
        return engine_.run(book_, recorded->request);
    }();
    if (!outcome) {
        return Unexpected{outcome.error()};
    }
    return {};
}

std::optional<Fault> Replay::run(std::uint32_t entry, std::span<const Version> versions) {
    const auto recorded =
        std::find_if(versions.begin(), versions.end(),
                     [](const Version& version) { return version.kind == Kind::run; });
    if (recorded == versions.end()) {
        return Fault{FaultType::run_is_not_valid, entry, {}, {}, {}, 0, "there is no record", {}};
    }
    const RunRecord& record = source_->runs[recorded->row];
    const auto invalid = [&](std::string detail) {
        return fault_at(*source_, *recorded, FaultType::run_is_not_valid, std::move(detail));
    };
    if (run::id_of(record) != record.id) {
        return invalid("its id is not the hash of what it says");
    }
    BookData& book = book_.data();
    const RowCounts before = RowCounts::of(book);
    if (const Result<void> ran = run_again(record); !ran) {
        return invalid(ran.error().message());
    }
    if (book.journal.size() != entry || book.runs.size() == before.runs) {
        return fault_at(*source_, *recorded, FaultType::run_differs, "it allocates nothing");
    }
    // Another version of the engine has another id for the same.
    RunRecord mine = std::exchange(book.runs.back(), record);
    book.journal.back().run = record.id;
    const std::vector<Version> came_out = list_versions(book, entry, before);
    if (std::optional<Fault> fault = compare(versions, came_out)) {
        return fault;
    }
    mine.id = record.id;
    mine.engine_version = record.engine_version;
    if (mine != record) {
        Fault fault = fault_at(*source_, *recorded, FaultType::run_differs,
                               "what it read is not what is there");
        fault.changes = io::changes_between(&record, mine);
        return fault;
    }
    return std::nullopt;
}

std::optional<Fault> Replay::compare(std::span<const Version> written,
                                     std::span<const Version> mine) {
    const BookData& book = book_.data();
    VersionText mine_text{book};
    std::size_t at = 0;
    for (; at < std::min(written.size(), mine.size()); ++at) {
        if (text_.of(written[at]) != mine_text.of(mine[at])) {
            break;
        }
        allocations_ += written[at].kind == Kind::allocation ? 1U : 0U;
    }
    const bool has_written = at < written.size();
    const bool has_mine = at < mine.size();
    if (!has_written && !has_mine) {
        return std::nullopt;
    }
    if (has_written && (!has_mine || is_before(*source_, written[at], book, mine[at]))) {
        return fault_at(*source_, written[at], FaultType::run_differs,
                        "it is written, and the run does not give it");
    }
    if (!has_written || is_before(book, mine[at], *source_, written[at])) {
        return fault_at(book, mine[at], FaultType::run_differs,
                        "the run gives it, and it is not written");
    }
    return difference(written[at], mine[at]);
}

Fault Replay::difference(const Version& written, const Version& mine) const {
    Fault fault = fault_at(*source_, written, FaultType::run_differs,
                           "the run gives something else than what is written");
    with_entity(*source_, written, [&]<class Entity>(const Entity& of_source) {
        with_entity(book_.data(), mine, [&]<class Other>(const Other& of_replay) {
            if constexpr (std::is_same_v<Entity, Other>) {
                fault.changes = io::changes_between(&of_source, of_replay);
            }
        });
    });
    return fault;
}

}  // namespace allot::journal
