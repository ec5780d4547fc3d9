// Ten thousand random books, read from JSON, run, run again, changed and run once more, compared
// with the naive oracle allocation by allocation.
#include <algorithm>
#include <iostream>
#include <string>
#include <vector>

#include "allot/book_file.hpp"
#include "allot/engine.hpp"
#include "oracle/book_generator.hpp"
#include "oracle/book_oracle.hpp"
#include "oracle/library_quantity.hpp"
#include "oracle/scale.hpp"
#include "support/catch.hpp"

namespace {

using oracle::Key;
using oracle::PlainBook;
using oracle::quantity;
using oracle::Rational;
using oracle::Scenario;

// What the two worlds say about one thing, and whether they agree.
class Differences {
  public:
    void compare(const std::string& what, const std::string& got, const std::string& wanted) {
        if (got != wanted) {
            text_ += what + ": got '" + got + "', the oracle says '" + wanted + "'\n";
        }
    }
    void say(const std::string& what) { text_ += what + "\n"; }
    [[nodiscard]] const std::string& text() const { return text_; }

  private:
    std::string text_;
};

std::string text(const Key& id) {
    return id.first + "/" + id.second;
}
std::string text(const std::optional<Key>& id) {
    return id ? text(*id) : "none";
}
std::string text(const std::vector<Key>& ids) {
    std::string out;
    for (const Key& id : ids) {
        out += "[" + text(id) + "]";
    }
    return out;
}
std::string text(const oracle::Identifiers& identifiers) {
    std::string out;
    for (const auto& [key, value] : identifiers) {
        out += key + "=" + value + ";";
    }
    return out;
}
std::string text(const std::optional<Rational>& value) {
    return value ? oracle::decimal_text(*value) : "none";
}
template <class View>
std::string text_of_views(const std::vector<View>& views) {
    std::string out;
    for (const View& view : views) {
        out += "[" + view.to_id().to_string() + "]";
    }
    return out;
}
Key key(const allot::ResourceId& id) {
    return {id.scope, id.code};
}

// One allocation of the engine, as text.
std::string text(const allot::AllocationView& a, const std::string& run_id) {
    const auto price = a.price();
    const auto rate = a.settlement_currency_fx_rate();
    const auto portfolio = a.portfolio_id();
    const auto custodian = a.custodian_account_id();
    const allot::Identifiers& identifiers = a.instrument_identifiers();
    return a.id().to_string() + " order " + a.order_id().to_id().to_string() + " quantity " +
           a.quantity().to_string() + " portfolio " +
           (portfolio ? portfolio->to_id().to_string() : "none") + " placements " +
           text_of_views(a.placement_ids()) + " executions " + text_of_views(a.execution_ids()) +
           " price " + (price ? price->to_string() : "none") + " " +
           std::string{a.price_currency()} + " side " + std::string{a.side()} + " state " +
           std::string{a.state()} + " type " + std::string{a.type()} + " date " +
           std::string{a.date()} + " settles " + std::string{a.settlement_date()} + " " +
           std::string{a.settlement_currency()} + " rate " + (rate ? rate->to_string() : "none") +
           " counterparty " + std::string{a.counterparty()} + " custodian " +
           (custodian ? custodian->to_string() : "none") + " instrument " +
           text(oracle::Identifiers(identifiers.begin(), identifiers.end())) + " scope " +
           std::string{a.instrument_scope()} + " luid " + std::string{a.lusid_instrument_id()} +
           (a.run_id() == run_id ? "" : " of another run");
}

std::string text(const oracle::AllocationRow& a) {
    return text(a.id) + " order " + text(a.order) + " quantity " +
           oracle::decimal_text(a.quantity) + " portfolio " + text(a.portfolio) + " placements " +
           text(a.placements) + " executions " + text(a.executions) + " price " +
           (a.price ? oracle::decimal_text(a.price->amount) + " " + a.price->currency : "none ") +
           " side " + a.side + " state " + a.state + " type " + a.type + " date " + a.date +
           " settles " + a.settlement_date + " " + a.settlement_currency + " rate " +
           text(a.fx_rate) + " counterparty " + a.counterparty + " custodian " + text(a.custodian) +
           " instrument " + text(a.identifiers) + " scope " + a.instrument_scope + " luid " +
           a.lusid_instrument_id;
}

void compare_outcome(const allot::PlacementOutcome& got, const oracle::Outcome& wanted,
                     Differences& differences) {
    const std::string what = "placement " + got.id.to_string();
    differences.compare(what + " executed", got.executed.to_string(),
                        oracle::decimal_text(wanted.executed));
    differences.compare(what + " allocated", got.allocated.to_string(),
                        oracle::decimal_text(wanted.allocated));
    differences.compare(what + " unallocated", got.unallocated.to_string(),
                        oracle::decimal_text(wanted.unallocated));
    if (got.deviation.has_value() != wanted.deviation.has_value()) {
        differences.say(what + " has a deviation in " +
                        (got.deviation ? "the engine's" : "the oracle's") + " world only");
    } else if (got.deviation) {
        differences.compare(what + " deviation", got.deviation->lots.to_string(),
                            oracle::decimal_text(oracle::rounded_half_even(*wanted.deviation, 6)));
        differences.compare(what + " deviates above one lot",
                            got.deviation->is_above_one_lot ? "yes" : "no",
                            *wanted.deviation > 1 ? "yes" : "no");
        if (wanted.most_deviating.count(key(got.deviation->order.resource())) == 0) {
            differences.say(what + " names an order that does not deviate most: " +
                            got.deviation->order.to_string());
        }
    }
}

void compare(const allot::RunResult& got, const oracle::Result& wanted, Differences& differences) {
    const allot::AllocationViews allocations = got.allocations();
    for (std::size_t i = 0; i < std::max(allocations.size(), wanted.allocations.size()); ++i) {
        differences.compare("allocation " + std::to_string(i),
                            i < allocations.size() ? text(allocations[i], got.run.id) : "none",
                            i < wanted.allocations.size() ? text(wanted.allocations[i]) : "none");
    }
    std::string got_ids;
    std::string wanted_ids;
    for (const allot::PlacementOutcome& outcome : got.placements) {
        got_ids += outcome.id.to_string() + " ";
        const auto found = wanted.placements.find(key(outcome.id.resource()));
        if (found != wanted.placements.end()) {
            compare_outcome(outcome, found->second, differences);
        }
    }
    for (const auto& [id, outcome] : wanted.placements) {
        wanted_ids += text(id) + " ";
    }
    differences.compare("placements", got_ids, wanted_ids);
    std::string got_failed;
    std::string wanted_failed;
    for (const auto& [name, failure] : got.failed) {
        got_failed += name + " " + std::string{allot::name(failure.type)} + "; ";
        if (failure.type == allot::FailureType::EmptyPortfolioIdFailure) {
            differences.compare("detail of " + name, failure.detail, "Empty PortfolioId on Order");
        }
    }
    std::map<std::string, std::string> by_name;
    for (const auto& [id, type] : wanted.failed) {
        by_name["Scope:" + id.first + " Code:" + id.second] = type;
    }
    for (const auto& [name, type] : by_name) {
        wanted_failed += name + " " + type + "; ";
    }
    differences.compare("failed", got_failed, wanted_failed);
    std::string got_warnings;
    std::string wanted_warnings;
    for (const allot::Warning& warning : got.warnings) {
        got_warnings +=
            warning.placement.to_string() + " " + std::string{allot::name(warning.type)} + "; ";
    }
    for (const Key& id : wanted.executed_above) {
        wanted_warnings += text(id) + " ExecutedAbovePlacement; ";
    }
    differences.compare("warnings", got_warnings, wanted_warnings);
}

// What the books hold afterwards.
void compare(const allot::Book& got, const PlainBook& wanted, Differences& differences) {
    std::string got_text;
    std::string wanted_text;
    for (const allot::AllocationView& a : got.allocations()) {
        got_text += a.id().to_string() + " " + a.order_id().to_id().to_string() + " " +
                    a.quantity().to_string() + " " + std::string{a.state()} + "; ";
    }
    for (const auto& [id, a] : wanted.allocations) {
        wanted_text += text(id) + " " + text(a.order) + " " + oracle::decimal_text(a.quantity) +
                       " " + a.state + "; ";
    }
    differences.compare("allocations of the book", got_text, wanted_text);
}

allot::RunRequest engine_request(const oracle::Request& request) {
    allot::RunRequest made;
    made.algorithm = request.algorithm;
    made.options.lot = quantity(request.lot);
    made.options.allow_unpriced = request.allow_unpriced;
    made.options.dead_states = request.dead_states;
    for (const Key& id : request.placements) {
        made.placements.emplace_back(id.first, id.second);
    }
    return made;
}

allot::Execution execution(const oracle::ExecutionRow& row) {
    allot::Execution made;
    made.id = allot::ExecutionId{row.id.first, row.id.second};
    made.placement_id = allot::PlacementId{row.placement.first, row.placement.second};
    made.quantity = quantity(row.quantity);
    made.created_date = allot::Time::parse(row.created_date).value();
    if (row.price) {
        made.price = allot::CurrencyAndAmount{
            allot::Decimal::parse(oracle::decimal_text(row.price->amount)).value(),
            row.price->currency};
    }
    made.side = row.side;
    made.state = row.state;
    made.type = row.type;
    made.instrument_identifiers =
        allot::Identifiers(row.identifiers.begin(), row.identifiers.end());
    if (!row.settlement_date.empty()) {
        made.settlement_date = allot::Time::parse(row.settlement_date).value();
    }
    made.settlement_currency = row.settlement_currency;
    if (row.fx_rate) {
        made.settlement_currency_fx_rate =
            allot::Decimal::parse(oracle::decimal_text(*row.fx_rate)).value();
    }
    made.counterparty = row.counterparty;
    made.lusid_instrument_id = row.lusid_instrument_id;
    return made;
}

// One change, in the oracle's book and (unless `book` is null) in the library's.
void apply(const oracle::Change& change, PlainBook& plain, allot::Book* book) {
    using Kind = oracle::Change::Kind;
    if (change.kind == Kind::allocation_state) {
        if (!plain.allocations.empty()) {
            const std::size_t index = change.index % plain.allocations.size();
            auto& row =
                std::next(plain.allocations.begin(), static_cast<std::ptrdiff_t>(index))->second;
            row.state = change.state;
            if (book != nullptr) {
                auto found = book->find(allot::AllocationId{row.id.first, row.id.second}).value();
                found.state = change.state;
                book->put(found).value();
            }
        }
    } else if (change.kind == Kind::order_grows) {
        auto& row = plain.orders.at(change.id);
        Rational allocated{0};
        for (const auto& [id, allocation] : plain.allocations) {
            allocated += allocation.order == row.id ? allocation.quantity : Rational{0};
        }
        // An amended order that still has more than it asks for would be refused.
        if (row.quantity && *row.quantity + change.quantity >= allocated) {
            *row.quantity += change.quantity;
            if (book != nullptr) {
                auto found = book->find(allot::OrderId{row.id.first, row.id.second}).value();
                found.quantity = quantity(*row.quantity);
                book->put(found).value();
            }
        }
    } else {
        const bool is_new = change.kind == Kind::execution_is_new;
        auto& row = is_new ? plain.executions[change.execution.id] : plain.executions.at(change.id);
        Rational named{0};
        for (const auto& [id, allocation] : plain.allocations) {
            const auto& ids = allocation.executions;
            named += std::find(ids.begin(), ids.end(), row.id) != ids.end() ? allocation.quantity
                                                                            : Rational{0};
        }
        if (is_new) {
            row = change.execution;
        } else if (row.quantity + change.quantity >= named) {
            row.quantity += change.quantity;
        }
        if (book != nullptr) {
            book->put(execution(row)).value();
        }
    }
}

// Reads the oracle's book from its text.
allot::Book reread(const PlainBook& plain, std::uint64_t seed) {
    return allot::read_book_json(oracle::json_text(plain, seed), "book.json", {}).value().book;
}

// Both worlds run; then the engine alone a second time, which must change nothing.
void run_both(const Scenario& scenario, allot::Book& book, PlainBook& plain,
              Differences& differences) {
    const allot::Engine engine;
    const allot::RunRequest request = engine_request(scenario.request);
    std::string plan;
    {
        const allot::RunResult preview = engine.preview(book, request).value();
        for (const allot::AllocationView& a : preview.allocations()) {
            plan += text(a, preview.run.id) + "\n";
        }
        compare(book, plain, differences);
    }
    const oracle::Result wanted = oracle::run(plain, scenario.request);
    const allot::RunResult got = engine.run(book, request).value();
    compare(got, wanted, differences);
    compare(book, plain, differences);
    std::string done;
    for (const allot::AllocationView& a : got.allocations()) {
        done += text(a, got.run.id) + "\n";
    }
    differences.compare("preview", plan, done);
    const std::size_t runs = book.runs().size();
    const allot::RunResult again = engine.run(book, request).value();
    oracle::Result nothing_new = wanted;
    nothing_new.allocations.clear();
    Differences second;
    compare(again, nothing_new, second);
    compare(book, plain, second);
    second.compare("runs", std::to_string(book.runs().size()), std::to_string(runs));
    if (!second.text().empty()) {
        differences.say("the second, identical run: " + second.text());
    }
}

// What is wrong with one scenario; empty: nothing.
std::string trouble(const Scenario& scenario) {
    Differences differences;
    try {
        PlainBook plain = scenario.book;
        allot::Book book = reread(plain, scenario.seed);
        run_both(scenario, book, plain, differences);
        if (differences.text().empty()) {
            for (const oracle::Change& change : scenario.changes) {
                apply(change, plain, scenario.rereads ? nullptr : &book);
            }
            if (scenario.rereads) {
                book = reread(plain, scenario.seed + 1);
            }
            Differences after;
            run_both(scenario, book, plain, after);
            if (!after.text().empty()) {
                differences.say("after the changes: " + after.text());
            }
        }
    } catch (const allot::Refusal& refusal) {
        differences.say("refused: " + refusal.errors().front().located_message());
    }
    return differences.text();
}

// Drops entities as long as the scenario still fails.
Scenario minimised(Scenario scenario) {
    const bool is_refused = trouble(scenario).rfind("refused", 0) == 0;
    for (bool shrinks = true; shrinks;) {
        shrinks = false;
        for (const Scenario& less : oracle::smaller(scenario)) {
            const std::string still = trouble(less);
            if (!still.empty() && (still.rfind("refused", 0) == 0) == is_refused) {
                scenario = less;
                shrinks = true;
                break;
            }
        }
    }
    return scenario;
}

}  // namespace

TEST_CASE("Random books end as the naive oracle says", "[oracle][books]") {
    const std::size_t count = oracle::cases("random books", 10000);
    std::size_t allocations = 0;
    for (std::uint64_t seed = 1; seed <= count; ++seed) {
        const Scenario scenario = oracle::random_scenario(seed);
        if (trouble(scenario).empty()) {
            PlainBook plain = scenario.book;
            allocations += oracle::run(plain, scenario.request).allocations.size();
            continue;
        }
        const Scenario least = minimised(scenario);
        FAIL(oracle::description(least) << trouble(least));
    }
    // Books that allocate nothing would prove nothing.
    CHECK(allocations > 2 * count);
}
