// BookBuilder: rows in any order, checked all at once.
#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <tuple>
#include <utility>

#include "allot/book.hpp"
#include "engine/base/workers.hpp"
#include "engine/store/book_data.hpp"
#include "engine/store/check.hpp"
#include "engine/store/links.hpp"
#include "engine/store/places.hpp"

namespace allot {

using store::Finding;
using store::Findings;
using store::Kind;
using store::none;

class BookBuilder::State {
  public:
    // `writing` as BookData::writing gives it.
    template <class Entity, class TableType>
    void add(TableType& table, Kind kind, const Entity& entity, const Place& place,
             std::uint32_t writing);
    template <class Entity, class TableType>
    void add_earlier(TableType& table, const Versioned<Entity>& past);
    void add_allocation(const Allocation& allocation, const Place& place, std::uint32_t writing);
    void add_instrument(const Instrument& instrument, const Place& place);
    // Adds an entry that any placement may depend on, or says why not.
    template <class Map>
    void add_fact(Map& facts, const typename Map::key_type& key,
                  const typename Map::mapped_type& value, Errors errors, Error two_contents,
                  const Place& place);
    [[nodiscard]] std::uint32_t writing(const Written& written, std::size_t entry) {
        return data->writing(written, static_cast<std::uint32_t>(entry));
    }
    template <class Fact>
    void add_earlier_fact(Fact fact, const Written& written, std::size_t entry) {
        data->facts.push_back({std::move(fact), writing(written, entry)});
    }
    template <class TableType, class Row>
    void add_row(TableType& table, Kind kind, const Row& row, const Place& place) {
        table.append(row);
        store::relink(*data, nullptr, &row);
        remember(kind, row.head.id, place);
    }
    void refuse(Error error, const Touched& touched);
    void check_all(unsigned threads);
    // Sorted by place, each once.
    [[nodiscard]] Errors take_problems();

    // Earlier allocations wait until every order and execution is known, and so do allocations
    // whose order, executions or run come later in the file.
    struct Waiting {
        Allocation allocation{};
        Place place{};
        std::uint32_t writing{0};
        bool is_removed{false};
    };

    std::unique_ptr<BookData> data{std::make_unique<BookData>()};
    std::vector<Waiting> waiting{};
    std::vector<Waiting> earlier_allocations{};
    std::vector<ExecutionId> waiting_executions{};  // named by rows that could not be read
    Errors problems{};
    Errors not_quarantinable{};

  private:
    void remember(Kind kind, std::uint32_t id, const Place& place);
    [[nodiscard]] Place place_of(Kind kind, std::uint32_t id) const;
    void taint(Kind kind, std::uint32_t id);
    void taint_allocation(const Allocation& allocation);
    // The findings stand at `place`, or else where the row was that they are about.
    void report(Findings findings, const Place& place = {});
    [[nodiscard]] bool has_order(const Allocation& allocation) const;
    [[nodiscard]] bool knows_run(const Allocation& allocation) const;
    void link_waiting();
    void link_now(const Allocation& allocation, const Place& place, std::uint32_t writing);
    void chain_earlier();
    void chain_earlier_allocations();
    // The latest versions of what has no id of its own, where no history told of them.
    void complete_facts();
    // Before there was a journal, all was put first, and the runs came after it.
    void complete_journal();
    // Calls check(id, findings) for every id below `count`, on several threads; findings are joined
    // in the order of ids.
    template <class Check>
    static void check_each(std::size_t count, unsigned threads, Findings& findings, Check check);
    template <class TableType>
    void chain_earlier(TableType& table, const std::map<std::uint32_t, std::uint32_t>& newest);

    std::array<store::Places, 6> places_{};  // by kind
    std::vector<std::string> files_{};
    // The newest of the earlier versions, by kind and id: what the latest version follows.
    std::map<Kind, std::map<std::uint32_t, std::uint32_t>> newest_earlier_{};
};

namespace {

Kind kind_of(const Order&) {
    return Kind::order;
}
Kind kind_of(const Block&) {
    return Kind::block;
}
Kind kind_of(const Placement&) {
    return Kind::placement;
}
Kind kind_of(const Execution&) {
    return Kind::execution;
}

std::string located(const Place& place) {
    std::string text = place.file.empty() ? std::string{"another row"} : place.file;
    if (place.line != 0) {
        text.append(1, ':').append(std::to_string(place.line));
    }
    return text;
}

Error two_contents(Kind kind, std::string id, const Place& first) {
    return Error{ErrorCode::id_has_two_contents,
                 std::string{store::name(kind)},
                 std::move(id),
                 "id",
                 "a second row with other content",
                 "the same content as at " + located(first),
                 {}};
}

}  // namespace

void BookBuilder::State::remember(Kind kind, std::uint32_t id, const Place& place) {
    if (place.file.empty() && place.line == 0 && place.column == 0) {
        return;
    }
    if (files_.empty() || files_.back() != place.file) {
        files_.push_back(place.file);
    }
    places_[static_cast<std::size_t>(kind)].set(
        id, {static_cast<std::uint32_t>(files_.size()), static_cast<std::uint32_t>(place.column),
             place.line});
}

Place BookBuilder::State::place_of(Kind kind, std::uint32_t id) const {
    const store::ShortPlace place = places_[static_cast<std::size_t>(kind)].get(id);
    if (place.file == 0) {
        return {};
    }
    return {files_[place.file - 1], place.line, place.column};
}

void BookBuilder::State::taint(Kind kind, std::uint32_t id) {
    switch (kind) {
        case Kind::order:
            data->tainted_orders.insert(id);
            break;
        case Kind::block:
            data->tainted_blocks.insert(id);
            break;
        case Kind::placement:
            data->tainted_placements.insert(id);
            break;
        case Kind::execution:
            if (const store::ExecutionRow* row = data->executions.find(id)) {
                data->tainted_placements.insert(row->placement);
            }
            break;
        case Kind::allocation:
        case Kind::instrument:
            break;
    }
}

void BookBuilder::State::taint_allocation(const Allocation& allocation) {
    for (const PlacementId& id : allocation.placement_ids) {
        data->tainted_placements.insert(data->placements.ids.intern(id.scope(), id.code()));
    }
    // The executions may come later in the file.
    waiting_executions.insert(waiting_executions.end(), allocation.execution_ids.begin(),
                              allocation.execution_ids.end());
    const OrderId& order = allocation.allocated_order_id;
    data->tainted_orders.insert(data->orders.ids.intern(order.scope(), order.code()));
}

void BookBuilder::State::report(Findings findings, const Place& place) {
    for (Finding& finding : findings) {
        finding.error.place = place == Place{} ? place_of(finding.kind, finding.id) : place;
        taint(finding.kind, finding.id);
        problems.push_back(std::move(finding.error));
    }
}

template <class Entity, class TableType>
void BookBuilder::State::add(TableType& table, Kind kind, const Entity& entity, const Place& place,
                             std::uint32_t writing) {
    const std::uint32_t id = table.ids.intern(entity.id.scope(), entity.id.code());
    Findings findings;
    check_self(entity, findings, id);
    if (const auto* known = table.find(id)) {
        if (findings.empty() && unpack(*data, *known) == entity) {
            return;
        }
        if (findings.empty()) {
            findings.push_back(
                {two_contents(kind, entity.id.to_string(), place_of(kind, id)), kind, id});
        }
    }
    if (!findings.empty()) {
        report(std::move(findings), place);
        if constexpr (std::is_same_v<Entity, Execution>) {
            data->tainted_placements.insert(data->placements.ids.intern(
                entity.placement_id.scope(), entity.placement_id.code()));
        }
        return;
    }
    auto row = store::pack(*data, entity);
    row.head.written = writing;
    table.append(row);
    store::relink(*data, nullptr, &row);
    remember(kind, id, place);
}

template <class Entity, class TableType>
void BookBuilder::State::add_earlier(TableType& table, const Versioned<Entity>& past) {
    auto row = store::pack(*data, past.value);
    row.head.written = writing(past.written, past.entry);
    row.head.is_removed = past.is_removed;
    auto& newest = newest_earlier_[kind_of(past.value)];
    const auto [at, is_first] = newest.try_emplace(row.head.id, none);
    row.head.previous = is_first ? none : at->second;
    table.rows.push_back(row);
    at->second = static_cast<std::uint32_t>(table.rows.size() - 1);
}

bool BookBuilder::State::has_order(const Allocation& allocation) const {
    const OrderId& order = allocation.allocated_order_id;
    return data->orders.row_of(data->orders.ids.find(order.scope(), order.code())) != none;
}

bool BookBuilder::State::knows_run(const Allocation& allocation) const {
    const auto property = allocation.properties.find(run_property_key);
    return property == allocation.properties.end() ||
           std::any_of(data->runs.rbegin(), data->runs.rend(),
                       [&](const RunRecord& run) { return run.id == property->second.label; });
}

void BookBuilder::State::add_allocation(const Allocation& allocation, const Place& place,
                                        std::uint32_t writing) {
    Findings findings;
    check_self(allocation, findings, none);
    if (findings.empty()) {
        // In the usual order of a file everything is known by now, so that nothing piles up.
        Findings unknown;
        store::check_allocation_references(*data, allocation, unknown);
        if (unknown.empty() && has_order(allocation) && knows_run(allocation)) {
            link_now(allocation, place, writing);
        } else {
            waiting.push_back({allocation, place, writing});
        }
        return;
    }
    taint_allocation(allocation);
    report(std::move(findings), place);
}

void BookBuilder::State::link_now(const Allocation& allocation, const Place& place,
                                  std::uint32_t writing) {
    const std::uint32_t known = data->allocation_index.find(*data, allocation.id.resource());
    if (known != none) {
        if (AllocationView{*data, data->allocations[known]}.to_value() != allocation) {
            Error error = two_contents(Kind::allocation, allocation.id.to_string(), {});
            error.place = place;
            taint_allocation(allocation);
            taint_allocation(AllocationView{*data, data->allocations[known]}.to_value());
            problems.push_back(std::move(error));
        }
        return;
    }
    detail::AllocationRow row = store::link(*data, allocation);
    row.written = writing;
    if (const Result<void> sums = data->fits(row); !sums) {
        Error error = sums.error();
        error.place = place;
        taint_allocation(allocation);
        problems.push_back(std::move(error));
        return;
    }
    data->append_allocation(row);
}

void BookBuilder::State::link_waiting() {
    for (const Waiting& item : std::exchange(waiting, {})) {
        Findings findings;
        store::check_allocation_references(*data, item.allocation, findings);
        if (findings.empty() && has_order(item.allocation)) {
            link_now(item.allocation, item.place, item.writing);
            continue;
        }
        taint_allocation(item.allocation);
        report(std::move(findings), item.place);
    }
}

void BookBuilder::State::add_instrument(const Instrument& instrument, const Place& place) {
    Errors errors = store::check_self(instrument);
    const Instrument* known = nullptr;
    for (const std::uint32_t number :
         data->instrument_index.candidates(instrument.instrument_identifiers)) {
        const Instrument& other = data->instruments[number];
        if (other.instrument_identifiers == instrument.instrument_identifiers) {
            known = &other;
        }
    }
    if (known != nullptr && *known != instrument) {
        errors.push_back(two_contents(Kind::instrument, "", {}));
    }
    for (Error& error : errors) {
        error.place = place;
        // Which placements it would have served cannot be known from what is left of it.
        not_quarantinable.push_back(error);
        problems.push_back(std::move(error));
    }
    if (errors.empty() && known == nullptr) {
        data->instrument_index.add(static_cast<std::uint32_t>(data->instruments.size()),
                                   instrument.instrument_identifiers);
        data->instruments.push_back(instrument);
    }
}

template <class Map>
void BookBuilder::State::add_fact(Map& facts, const typename Map::key_type& key,
                                  const typename Map::mapped_type& value, Errors errors,
                                  Error two_contents, const Place& place) {
    const auto known = facts.find(key);
    if (known != facts.end() && !(known->second == value)) {
        errors.push_back(std::move(two_contents));
    }
    for (Error& error : errors) {
        error.place = place;
        not_quarantinable.push_back(error);
        problems.push_back(std::move(error));
    }
    if (errors.empty()) {
        facts.emplace(key, value);
    }
}

void BookBuilder::State::refuse(Error error, const Touched& touched) {
    if (touched.order) {
        data->tainted_orders.insert(
            data->orders.ids.intern(touched.order->scope(), touched.order->code()));
    }
    if (touched.block) {
        data->tainted_blocks.insert(
            data->blocks.ids.intern(touched.block->scope(), touched.block->code()));
    }
    for (const PlacementId& id : touched.placements) {
        data->tainted_placements.insert(data->placements.ids.intern(id.scope(), id.code()));
    }
    waiting_executions.insert(waiting_executions.end(), touched.executions.begin(),
                              touched.executions.end());
    const bool is_known = touched.order || touched.block || !touched.placements.empty() ||
                          !touched.executions.empty() || touched.nothing_depends;
    if (!is_known) {
        not_quarantinable.push_back(error);
    }
    problems.push_back(std::move(error));
}

template <class TableType>
void BookBuilder::State::chain_earlier(TableType& table,
                                       const std::map<std::uint32_t, std::uint32_t>& newest) {
    for (const auto& [id, row] : newest) {
        if (const std::uint32_t latest = table.row_of(id); latest != none) {
            table.rows[latest].head.previous = row;
        } else {
            // There was an entity and it is no more.
            if (id >= table.latest.size()) {
                table.latest.resize(table.ids.size(), none);
            }
            table.latest[id] = row;
            if (!table.rows[row].head.is_removed) {
                ++table.live;
                auto removal = table.rows[row];
                removal.head.is_removed = true;
                table.append(removal);
            }
        }
    }
}

void BookBuilder::State::chain_earlier() {
    chain_earlier(data->orders, newest_earlier_[Kind::order]);
    chain_earlier(data->blocks, newest_earlier_[Kind::block]);
    chain_earlier(data->placements, newest_earlier_[Kind::placement]);
    chain_earlier(data->executions, newest_earlier_[Kind::execution]);
    chain_earlier_allocations();
}

void BookBuilder::State::chain_earlier_allocations() {
    std::vector<std::uint32_t> removals;
    for (const Waiting& item : std::exchange(earlier_allocations, {})) {
        Findings findings;
        check_self(item.allocation, findings, none);
        // What an earlier version named may be gone by now, but it was there.
        const OrderId& order = item.allocation.allocated_order_id;
        const std::uint32_t order_id = data->orders.ids.find(order.scope(), order.code());
        if (data->orders.any_row_of(order_id) == none) {
            findings.push_back(
                {store::missing_reference("allocation", item.allocation.id.to_string(),
                                          "allocatedOrderId", order.to_string(), "an order"),
                 Kind::allocation, none});
        }
        if (!findings.empty()) {
            report(std::move(findings));
            continue;
        }
        detail::AllocationRow row = store::link(*data, item.allocation);
        row.written = item.writing;
        row.is_removed = item.is_removed;
        if (const Result<void> sums = data->fits(row); sums) {
            if (const std::uint32_t removal = data->insert_earlier_allocation(row);
                removal != none) {
                removals.push_back(removal);
            }
        } else {
            report({{sums.error(), Kind::allocation, none}});
        }
    }
    for (const std::uint32_t removal : removals) {
        data->merge_removal(removal);
    }
}

void BookBuilder::State::complete_facts() {
    const std::vector<store::FactVersion> told = data->facts;
    const auto add = [&](const auto& fact, auto is_same_one) {
        using Fact = std::remove_cvref_t<decltype(fact)>;
        const auto last = std::find_if(told.rbegin(), told.rend(), [&](const auto& past) {
            const Fact* const other = std::get_if<Fact>(&past.value);
            return other != nullptr && is_same_one(*other);
        });
        if (last == told.rend() || std::get<Fact>(last->value) != fact) {
            data->facts.push_back({fact, 0});
        }
    };
    for (const Instrument& instrument : data->instruments) {
        add(instrument, [&](const Instrument& other) {
            return other.instrument_identifiers == instrument.instrument_identifiers;
        });
    }
    for (const auto& entry : data->portfolio_facts) {
        add(entry.second, [&](const Portfolio& other) { return other.id == entry.first; });
    }
    for (const auto& entry : data->algorithms) {
        add(store::NamedRule{entry.first, entry.second},
            [&](const store::NamedRule& other) { return other.name == entry.first; });
    }
}

void BookBuilder::State::complete_journal() {
    if (data->journal.empty()) {
        data->journal.emplace_back();
        for (const RunRecord& run : data->runs) {
            data->journal.push_back({run.id, {}, {}});
        }
    }
    std::uint32_t last = 0;
    for (const store::Writing& writing : data->writings) {
        last = std::max(last, writing.entry);
    }
    if (last == data->journal.size() + 1) {
        data->journal.emplace_back();  // what was written by hand since
    } else if (last > data->journal.size()) {
        problems.push_back({ErrorCode::reference_is_missing,
                            "version",
                            std::to_string(last),
                            std::string{"journalEntry"},
                            "no such entry",
                            std::to_string(data->journal.size() + 1) + " or less",
                            {}});
    }
}

template <class Check>
void BookBuilder::State::check_each(std::size_t count, unsigned threads, Findings& findings,
                                    Check check) {
    constexpr std::size_t length = 1024;
    const std::size_t jobs = (count + length - 1) / length;
    std::vector<Findings> found(jobs);
    detail::share_jobs(detail::thread_count(threads, jobs, count), jobs, 1, [&](std::size_t job) {
        const std::size_t end = std::min(count, (job + 1) * length);
        for (std::size_t id = job * length; id < end; ++id) {
            check(static_cast<std::uint32_t>(id), found[job]);
        }
    });
    for (Findings& some : found) {
        std::move(some.begin(), some.end(), std::back_inserter(findings));
    }
}

void BookBuilder::State::check_all(unsigned threads) {
    link_waiting();
    chain_earlier();
    complete_facts();
    complete_journal();
    for (const ExecutionId& id : waiting_executions) {
        taint(Kind::execution, data->executions.ids.intern(id.scope(), id.code()));
    }
    Findings findings;
    store::Checked checked{*data};
    check_each(data->blocks.latest.size(), threads, findings,
               [&](std::uint32_t id, Findings& found) {
                   store::call_for_next_orders(*data, id);
                   checked.blocks[id] = store::check_block(*data, id, found);
               });
    check_each(data->placements.latest.size(), threads, findings,
               [&](std::uint32_t id, Findings& found) {
                   store::check_placement(*data, id, found, &checked);
               });
    check_each(data->executions.latest.size(), threads, findings,
               [&](std::uint32_t id, Findings& found) {
                   store::check_execution_reference(*data, id, found);
               });
    report(std::move(findings));
}

Errors BookBuilder::State::take_problems() {
    const auto key = [](const Error& error) {
        return std::tie(error.place.file, error.place.line, error.place.column, error.entity,
                        error.id, error.field, error.code, error.found, error.expected);
    };
    std::sort(problems.begin(), problems.end(),
              [&](const Error& a, const Error& b) { return key(a) < key(b); });
    // A row that disagrees in two placements is still one row to mend.
    const auto same = [](const Error& a, const Error& b) {
        return a.place == b.place && a.entity == b.entity && a.id == b.id && a.field == b.field &&
               a.code == b.code && a.found == b.found;
    };
    problems.erase(std::unique(problems.begin(), problems.end(), same), problems.end());
    return std::exchange(problems, {});
}

BookBuilder::BookBuilder() : state_{std::make_unique<State>()} {}
BookBuilder::BookBuilder(BookBuilder&&) noexcept = default;
BookBuilder& BookBuilder::operator=(BookBuilder&&) noexcept = default;
BookBuilder::~BookBuilder() = default;

void BookBuilder::add(const Order& order, const Place& place, const Written& written,
                      std::size_t entry) {
    state_->add(state_->data->orders, Kind::order, order, place, state_->writing(written, entry));
}
void BookBuilder::add(const Block& block, const Place& place, const Written& written,
                      std::size_t entry) {
    state_->add(state_->data->blocks, Kind::block, block, place, state_->writing(written, entry));
}
void BookBuilder::add(const Placement& placement, const Place& place, const Written& written,
                      std::size_t entry) {
    state_->add(state_->data->placements, Kind::placement, placement, place,
                state_->writing(written, entry));
}
void BookBuilder::add(const Execution& execution, const Place& place, const Written& written,
                      std::size_t entry) {
    state_->add(state_->data->executions, Kind::execution, execution, place,
                state_->writing(written, entry));
}
void BookBuilder::add(const Allocation& allocation, const Place& place, const Written& written,
                      std::size_t entry) {
    state_->add_allocation(allocation, place, state_->writing(written, entry));
}
void BookBuilder::add(const Instrument& instrument, const Place& place) {
    state_->add_instrument(instrument, place);
}
void BookBuilder::add(const Portfolio& portfolio, const Place& place) {
    state_->add_fact(state_->data->portfolio_facts, portfolio.id, portfolio,
                     store::check_self(portfolio),
                     Error{ErrorCode::id_has_two_contents,
                           "portfolio",
                           portfolio.id.to_string(),
                           {},
                           {},
                           "one content for one id",
                           {}},
                     place);
}
void BookBuilder::add_algorithm(const std::string& name, const std::string& code,
                                const Place& place) {
    state_->add_fact(
        state_->data->algorithms, name, code, store::check_algorithm_name(name, code),
        Error{
            ErrorCode::id_has_two_contents, "algorithm", name, {}, code, "one code for a name", {}},
        place);
}
void BookBuilder::add(RunRecord run) {
    state_->data->runs.push_back(std::move(run));
}
void BookBuilder::add(JournalEntry entry) {
    state_->data->journal.push_back(std::move(entry));
}

void BookBuilder::add_earlier(const Versioned<Order>& past) {
    state_->add_earlier(state_->data->orders, past);
}
void BookBuilder::add_earlier(const Versioned<Block>& past) {
    state_->add_earlier(state_->data->blocks, past);
}
void BookBuilder::add_earlier(const Versioned<Placement>& past) {
    state_->add_earlier(state_->data->placements, past);
}
void BookBuilder::add_earlier(const Versioned<Execution>& past) {
    state_->add_earlier(state_->data->executions, past);
}
void BookBuilder::add_earlier(const Versioned<Allocation>& past) {
    state_->earlier_allocations.push_back(
        {past.value, Place{}, state_->writing(past.written, past.entry), past.is_removed});
}
void BookBuilder::add_earlier(const Versioned<Instrument>& past) {
    state_->add_earlier_fact(past.value, past.written, past.entry);
}
void BookBuilder::add_earlier(const Versioned<Portfolio>& past) {
    state_->add_earlier_fact(past.value, past.written, past.entry);
}
void BookBuilder::add_earlier_algorithm(const std::string& name, const std::string& code,
                                        const Written& written, std::size_t entry) {
    state_->add_earlier_fact(store::NamedRule{name, code}, written, entry);
}

void BookBuilder::refuse(Error error, const Touched& touched) {
    state_->refuse(std::move(error), touched);
}

BookData& BookBuilder::data() noexcept {
    return *state_->data;
}
void BookBuilder::add_row(const store::OrderRow& row, const Place& place) {
    state_->add_row(state_->data->orders, Kind::order, row, place);
}
void BookBuilder::add_row(const store::BlockRow& row, const Place& place) {
    state_->add_row(state_->data->blocks, Kind::block, row, place);
}
void BookBuilder::add_row(const store::PlacementRow& row, const Place& place) {
    state_->add_row(state_->data->placements, Kind::placement, row, place);
}
void BookBuilder::add_row(const store::ExecutionRow& row, const Place& place) {
    state_->add_row(state_->data->executions, Kind::execution, row, place);
}

std::size_t BookBuilder::problem_count() const noexcept {
    return state_->problems.size();
}

Result<Book, Errors> BookBuilder::build(unsigned threads) {
    state_->check_all(threads);
    Errors problems = state_->take_problems();
    const auto state = std::exchange(state_, std::make_unique<State>());
    if (!problems.empty()) {
        return Unexpected{std::move(problems)};
    }
    return Book{std::move(state->data)};
}

Result<BookBuilder::Quarantined, Errors> BookBuilder::build_quarantined(unsigned threads) {
    state_->check_all(threads);
    Errors problems = state_->take_problems();
    const auto state = std::exchange(state_, std::make_unique<State>());
    if (!state->not_quarantinable.empty()) {
        Errors errors;
        for (Error& error : state->not_quarantinable) {
            error.expected = "a row that says what it belongs to (" + error.message() + ")";
            error.code = ErrorCode::row_cannot_be_quarantined;
            errors.push_back(std::move(error));
        }
        return Unexpected{std::move(errors)};
    }
    return Quarantined{Book{std::move(state->data)}, std::move(problems)};
}

}  // namespace allot
