// Random lives of a book: fills, late fills, joins, amendments, cancellations, removals, bookings,
// runs, reallocations, corrections, busts and saved books, after each of which the book is what the
// naive model says, nobody has more than was ordered, no fill gave more than was executed, what is
// booked has not moved, and money ties.
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "allot/book_file.hpp"
#include "allot/engine.hpp"
#include "allot/journal.hpp"
#include "oracle/library_quantity.hpp"
#include "oracle/life_oracle.hpp"
#include "oracle/random.hpp"
#include "oracle/scale.hpp"
#include "support/catch.hpp"

namespace {

using oracle::quantity;
using oracle::Rational;

std::string text(const Rational& value) {
    return oracle::decimal_text(value);
}

class Walk {
  public:
    explicit Walk(std::uint64_t seed) : random_{seed} {
        unit_ = random_.one_in(3) ? Rational{1, 4} : Rational{1};
        model_.lot = random_.one_in(3) ? 5 : 1;
        allot::Instrument instrument;
        instrument.instrument_identifiers = identifiers_;
        instrument.lot = quantity(model_.lot);
        REQUIRE(book_.put(instrument).has_value());
        for (int i = random_.between(1, 3); i > 0; --i) {
            add_order();
        }
        const int blocks = random_.between(1, 2);
        for (int i = 0; i < blocks; ++i) {
            put_block("B" + std::to_string(i), some_orders());
        }
        for (int i = random_.between(1, 2); i > 0; --i) {
            add_placement("P" + std::to_string(i), blocks);
        }
    }

    // Takes one step; what went wrong, or empty.
    std::string step() {
        const auto before = booked();
        trouble_.clear();
        may_unbook_ = false;
        take_step();
        compare();
        if (!may_unbook_) {
            for (const auto& [id, was] : before) {
                const auto now = book_.find(id);
                complain_unless(now && *now == was, "booked " + id.code() + " moved");
            }
        }
        return trouble_.empty() ? "" : trouble_ + log_;
    }

  private:
    Rational units(int low, int high) { return unit_ * random_.between(low, high); }

    void complain_unless(bool good, const std::string& what) {
        trouble_ += good ? "" : what + "\n";
    }

    std::vector<std::string> some_orders() {
        std::vector<std::string> ids;
        for (const oracle::LifeOrder& order : model_.orders) {
            if (!random_.one_in(3)) {
                ids.push_back(order.id);
            }
        }
        return ids;
    }

    void add_order() {
        const std::string id = "O" + std::to_string(next_order_++);
        model_.orders.push_back({id, units(1, 200), false});
        put_order(model_.orders.back());
    }

    void put_order(const oracle::LifeOrder& model) {
        const auto refused = try_order(model);
        complain_unless(!refused, "order " + model.id + " was refused");
    }
    // The reason why it is refused.
    std::optional<allot::ErrorCode> try_order(const oracle::LifeOrder& model) {
        allot::Order order;
        order.id = {"desk", model.id};
        order.side = "Sell";
        order.quantity = quantity(model.quantity);
        order.portfolio_id = allot::PortfolioId{"funds", "F"};
        order.instrument_identifiers = identifiers_;
        order.date = allot::Time::parse("2026-03-01T" + two_digits(std::stoi(model.id.substr(1))) +
                                        ":00:00Z")
                         .value();
        order.state = model.is_dead ? "Cancelled" : "";
        const auto put = book_.put(order);
        return put ? std::nullopt : std::optional{put.error().front().code};
    }

    static std::string two_digits(int number) {
        return (number < 10 ? "0" : "") + std::to_string(number);
    }

    void put_block(const std::string& id, const std::vector<std::string>& orders) {
        model_.blocks[id] = orders;
        allot::Block block;
        block.id = {"desk", id};
        for (const std::string& order : orders) {
            block.order_ids.emplace_back("desk", order);
        }
        const auto put = book_.put(block);
        complain_unless(put.has_value(), "block " + id + " was refused");
    }

    void add_placement(const std::string& id, int blocks) {
        oracle::LifePlacement model{id, {}};
        allot::Placement placement;
        placement.id = {"desk", id};
        placement.instrument_identifiers = identifiers_;
        for (int i = 0; i < blocks; ++i) {
            if (i == 0 || random_.one_in(2)) {
                model.blocks.push_back("B" + std::to_string(i));
                placement.block_ids.emplace_back("desk", model.blocks.back());
            }
        }
        model_.placements.push_back(model);
        REQUIRE(book_.put(placement).has_value());
    }

    void add_fill() {
        oracle::LifeFill fill;
        fill.id = "E" + std::to_string(next_fill_++);
        fill.placement = random_.pick(model_.placements).id;
        fill.time = random_.between(0, 20);  // also before what is there
        fill.quantity = units(1, 100);
        fill.price = Rational{random_.between(-3, 40), 4};
        allot::Execution execution;
        execution.id = {"desk", fill.id};
        execution.placement_id = {"desk", fill.placement};
        execution.quantity = quantity(fill.quantity);
        execution.created_date =
            allot::Time::parse("2026-03-02T" + two_digits(fill.time) + ":00:00Z").value();
        execution.price =
            allot::CurrencyAndAmount{allot::Decimal::parse(text(fill.price)).value(), "GBP"};
        model_.fills.push_back(fill);
        complain_unless(book_.put(execution).has_value(), "fill " + fill.id + " was refused");
        note("fill " + fill.id + " " + text(fill.quantity) + " of " + fill.placement + " at " +
             std::to_string(fill.time));
    }

    void note(const std::string& what) { log_ += what + "\n"; }

    void take_step() {
        switch (random_.below(13)) {
            case 0:
            case 1:
                return add_fill();
            case 2:
                return join();
            case 3:
                return random_.one_in(3) ? amend() : amend_by_engine();
            case 4:
                return toggle();
            case 5:
                return book_one();
            case 6:
            case 7:
                return run();
            case 8:
            case 9:
                return reallocate();
            case 10:
                return correct();
            case 11:
                return remove_one();
            default:
                return random_.one_in(2) ? bust() : reread();
        }
    }

    void join() {
        if (next_order_ == 20) {
            return;
        }
        add_order();
        const std::string order = model_.orders.back().id;
        const std::string block = "B" + std::to_string(random_.below(model_.blocks.size()));
        std::vector<std::string> orders = model_.blocks[block];
        orders.insert(
            orders.begin() + static_cast<std::ptrdiff_t>(random_.below(orders.size() + 1)), order);
        put_block(block, orders);
        note("join " + order + " " + text(model_.orders.back().quantity) + " in " + block);
    }

    void amend() {
        if (model_.orders.empty()) {
            return;
        }
        oracle::LifeOrder& order = model_.orders[random_.below(model_.orders.size())];
        oracle::LifeOrder amended = order;
        amended.quantity = units(1, 200);
        note("amend " + order.id + " to " + text(amended.quantity));
        const auto refused = try_order(amended);
        const bool must_be = amended.quantity < model_.allocated(order.id);
        complain_unless(must_be == (refused == allot::ErrorCode::change_touches_allocated),
                        "amend was " + std::string{refused ? "refused" : "taken"});
        order = refused ? order : amended;
    }

    // The proper way of what a put refuses.
    void amend_by_engine() {
        if (model_.orders.empty()) {
            return;
        }
        const std::string id = random_.pick(model_.orders).id;
        const Rational units_now = units(1, 200);
        note("amend by engine " + id + " to " + text(units_now));
        allot::Amendment amendment{{"desk", id}, quantity(units_now), {}};
        compare_refusal(engine_.amend(book_, amendment, {"", "", "life"}),
                        model_.amend(id, units_now));
    }

    void remove_one() {
        if (random_.one_in(2) && !model_.orders.empty()) {
            const std::string id = random_.pick(model_.orders).id;
            note("remove " + id);
            compare_refusal(engine_.remove(book_, allot::OrderId{"desk", id}, {"", "", "life"}),
                            model_.remove_order(id));
        } else if (!model_.fills.empty()) {
            const std::string id = random_.pick(model_.fills).id;
            note("remove " + id);
            compare_refusal(engine_.remove(book_, allot::ExecutionId{"desk", id}, {"", "", "life"}),
                            model_.remove_fill(id));
        }
    }

    void compare_refusal(const allot::Result<allot::RunResult>& result, bool is_done) {
        complain_unless(result.has_value() == is_done,
                        result ? "it was done" : result.error().message());
        if (result) {
            complain_unless(result->failed.empty() && result->reversals.empty(),
                            "something is said to have failed");
        } else {
            complain_unless(result.error().code == allot::ErrorCode::change_touches_allocated,
                            "it was refused as another thing");
        }
    }

    void toggle() {
        if (model_.orders.empty()) {
            return;
        }
        oracle::LifeOrder& order = model_.orders[random_.below(model_.orders.size())];
        order.is_dead = !order.is_dead;
        note((order.is_dead ? "cancel " : "revive ") + order.id);
        put_order(order);
    }

    // Books a new allocation, or reverses what is booked.
    void book_one() {
        may_unbook_ = true;
        std::vector<std::string> ids;
        for (const auto& [id, allocation] : model_.allocations) {
            if (allocation.state != "Cancelled") {
                ids.push_back(id);
            }
        }
        if (ids.empty()) {
            return;
        }
        const std::string id = random_.pick(ids);
        std::string& state = model_.allocations.at(id).state;
        state = state == "New" ? "Booked" : "Cancelled";
        allot::Allocation allocation = book_.find(allot::AllocationId{"desk", id}).value();
        allocation.state = state;
        complain_unless(book_.put(allocation).has_value(), "booking was refused");
        note(state + " " + id);
    }

    std::string remainder() {
        static const std::vector<std::string> all{"FIFO", "LIFO", "LF", "LR", "OLDEST"};
        return random_.pick(all);
    }

    void run() {
        const std::string rule = remainder();
        note("run PR-" + rule);
        allot::RunRequest request;
        request.algorithm = "PR-" + rule;
        const auto result = engine_.run(book_, request);
        REQUIRE(result.has_value());
        compare_outcome(*result, model_.run(rule));
    }

    void reallocate() {
        const std::string rule = remainder();
        note("reallocate PR-" + rule);
        allot::RunRequest request;
        request.algorithm = "PR-" + rule;
        request.options.written.reason = "life";
        const auto result = engine_.reallocate(book_, request);
        REQUIRE(result.has_value());
        compare_outcome(*result, model_.reallocate(rule));
        // Once more changes nothing.
        const std::size_t runs = book_.runs().size();
        complain_unless(
            engine_.reallocate(book_, request).value().moves.empty() && book_.runs().size() == runs,
            "a second reallocation moved something");
    }

    void correct() {
        if (model_.fills.empty()) {
            return;
        }
        if (random_.one_in(4)) {
            return correct_two();
        }
        const oracle::LifeFill fill = random_.pick(model_.fills);
        std::optional<Rational> units_now;
        std::optional<Rational> price_now;
        if (random_.one_in(2)) {
            price_now = Rational{random_.between(-3, 40), 4};
        }
        if (!price_now || random_.one_in(2)) {
            units_now = units(1, 100);
        }
        note("correct " + fill.id + " to " + (units_now ? text(*units_now) : "-") + " at " +
             (price_now ? text(*price_now) : "-"));
        allot::Correction correction{{"desk", fill.id}, {}, {}};
        if (units_now) {
            correction.quantity = quantity(*units_now);
        }
        if (price_now) {
            correction.price = allot::Price::parse(text(*price_now)).value();
        }
        const auto result = engine_.correct(book_, correction, {"", "", "life"});
        if (fill.is_busted) {
            complain_unless(!result && result.error().code == allot::ErrorCode::option_is_not_valid,
                            "a busted fill was corrected");
            return;
        }
        REQUIRE(result.has_value());
        compare_outcome(*result, model_.correct(fill.id, units_now, price_now));
    }

    // Two fills at once, the one corrected and the other busted: both, or none of them.
    void correct_two() {
        const oracle::LifeFill first = random_.pick(model_.fills);
        const oracle::LifeFill second = random_.pick(model_.fills);
        const Rational units_now = units(1, 100);
        note("correct " + first.id + " to " + text(units_now) + " and bust " + second.id);
        std::vector<allot::CorrectionEntry> entries(2);
        entries[0].correction = {{"desk", first.id}, quantity(units_now), {}};
        entries[1].correction.execution = {"desk", second.id};
        entries[1].is_bust = true;
        const auto result = engine_.correct_all(book_, entries, {"", "", "life"});
        if (first.id == second.id || first.is_busted) {
            complain_unless(!result, "what cannot be was corrected");
            return;
        }
        REQUIRE(result.has_value());
        oracle::LifeOutcome wanted = model_.correct(first.id, units_now, std::nullopt);
        const oracle::LifeOutcome last = model_.bust(second.id);
        if (first.placement == second.placement) {
            wanted = last;
        } else {
            wanted.failed.insert(last.failed.begin(), last.failed.end());
            wanted.reversals.insert(last.reversals.begin(), last.reversals.end());
        }
        compare_outcome(*result, wanted);
    }

    void bust() {
        if (model_.fills.empty()) {
            return;
        }
        const std::string id = random_.pick(model_.fills).id;
        note("bust " + id);
        const auto result = engine_.bust(book_, {"desk", id}, {"", "", "life"});
        REQUIRE(result.has_value());
        compare_outcome(*result, model_.bust(id));
    }

    void reread() {
        note("reread");
        std::string json;
        REQUIRE(allot::write_book_json(book_, [&json](std::string_view piece) {
                    json += piece;
                    return true;
                }).has_value());
        auto read = allot::read_book_json(json, "book");
        REQUIRE(read.has_value());
        book_ = std::move(read->book);
    }

    void compare_outcome(const allot::RunResult& result, const oracle::LifeOutcome& wanted) {
        std::string got;
        std::string expected;
        for (const auto& [key, failure] : result.failed) {
            got += failure.placement.code() + " " + std::string{name(failure.type)} + "\n";
        }
        for (const auto& [placement, type] : wanted.failed) {
            expected += placement + " " + type + "\n";
        }
        for (const allot::Reversal& reversal : result.reversals) {
            got += reversal.placement.code() + " " + reversal.order.code() + " " +
                   reversal.units.to_string() + " " + reversal.cash.value().to_string() + "\n";
        }
        for (const auto& [key, reversal] : wanted.reversals) {
            expected += key + " " + text(reversal.units) + " " + text(reversal.cash) + "\n";
        }
        complain_unless(got == expected, "the result says\n" + got + "and the model\n" + expected);
    }

    [[nodiscard]] std::map<allot::AllocationId, allot::Allocation> booked() const {
        std::map<allot::AllocationId, allot::Allocation> found;
        for (const allot::AllocationView& view : book_.allocations()) {
            if (view.state() == "Booked") {
                found.emplace(view.id(), view.to_value());
            }
        }
        return found;
    }

    // The book against the model, and the laws on the book alone.
    void compare() {
        std::string got;
        std::string wanted;
        for (const allot::AllocationView& view : book_.allocations()) {
            got += view.id().code() + " " + std::string{view.execution_ids().front().code} + " " +
                   std::string{view.order_id().code} + " " + view.quantity().to_string() + " " +
                   view.price().value().to_string() + " " + std::string{view.state()} + "\n";
        }
        for (const auto& [id, a] : model_.allocations) {
            wanted += id + " " + a.fill + " " + a.order + " " + text(a.quantity) + " " +
                      text(a.price) + " " + a.state + "\n";
        }
        complain_unless(got == wanted, "the book has\n" + got + "and the model\n" + wanted);
        check_laws();
        check_journal();
    }

    // All runs so far give what they gave, whether it is sealed yet or not.
    void check_journal() {
        if (random_.one_in(4)) {
            kept_seal_ = allot::seal(book_);
        }
        allot::VerifyOptions options;
        options.needs_seals = false;
        options.seal = kept_seal_;
        options.threads = 1;
        const allot::Verification result = allot::verify(book_, engine_.registry(), options);
        complain_unless(result.faults.empty(),
                        result.faults.empty() ? "" : result.faults.front().message());
        complain_unless(result.runs == book_.runs().size(), "not every run was run again");
    }

    void check_laws() {
        std::map<std::string, Rational> of_order;
        std::map<std::string, Rational> frozen;
        std::map<std::string, Rational> open;
        std::map<std::string, Rational> cash;
        for (const allot::AllocationView& view : book_.allocations()) {
            const Rational units = oracle::rational(view.quantity().to_string());
            if (view.state() == "Cancelled") {
                continue;
            }
            const std::string fill{view.execution_ids().front().code};
            of_order[std::string{view.order_id().code}] += units;
            (view.state() == "Booked" ? frozen : open)[fill] += units;
            cash[fill] += view.state() == "Booked"
                              ? Rational{0}
                              : units * oracle::rational(view.price().value().to_string());
        }
        for (const allot::OrderId& id : book_.order_ids()) {
            const Rational ordered =
                oracle::rational(book_.find(id).value().quantity.value().to_string());
            complain_unless(of_order[id.code()] <= ordered, id.code() + " has more than ordered");
        }
        for (const allot::ExecutionId& id : book_.execution_ids()) {
            const allot::Execution fill = book_.find(id).value();
            const Rational executed =
                fill.state == "Busted" ? Rational{0} : oracle::rational(fill.quantity.to_string());
            const Rational price = oracle::rational(fill.price.value().amount.to_string());
            const std::string& code = id.code();
            complain_unless(open[code] == 0 || open[code] + frozen[code] <= executed,
                            code + " gave more than was executed");
            complain_unless(cash[code] == open[code] * price, "money of " + code + " does not tie");
        }
    }

    oracle::Random random_;
    Rational unit_{1};
    allot::Identifiers identifiers_{{"Instrument/default/Figi", "F1"}};
    oracle::Life model_{};
    allot::Book book_{};
    allot::Engine engine_{};
    bool may_unbook_{false};
    int next_order_{0};
    int next_fill_{0};
    std::string kept_seal_{};
    std::string trouble_{};
    std::string log_{};
};

}  // namespace

TEST_CASE("A book lives as the naive model says", "[life]") {
    const std::size_t count = oracle::cases("random lives", 10000);
    for (std::uint64_t seed = 1; seed <= count; ++seed) {
        Walk walk{seed};
        for (int step = 0; step < 16; ++step) {
            const std::string trouble = walk.step();
            INFO("seed " << seed << ", step " << step << "\n" << trouble);
            REQUIRE(trouble.empty());
        }
    }
}
