// Orders that claim with what they were when a fill was made, against a day that is lived through
// minute by minute.
#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "allot/engine.hpp"
#include "oracle/random.hpp"
#include "oracle/scale.hpp"
#include "oracle/split_oracle.hpp"
#include "support/catch.hpp"

namespace {

using oracle::Rational;

struct DayOrder {
    int quantity{0};
    bool is_dead{false};
    int date{0};  // day of March; 0: none
};

std::string minute(int at) {
    return "2026-03-02T10:" + std::string{at < 10 ? "0" : ""} + std::to_string(at) + ":00Z";
}

std::string name_of(int order) {
    return std::string(1, static_cast<char>('A' + order));
}

// One random day: the book that keeps its versions, and the twin that splits as it goes.
class Day {
  public:
    explicit Day(std::uint64_t seed) : random_{seed} {
        const std::vector<std::string> codes{"PR-FIFO", "FIFO", "LIFO", "PR-LR", "EQ-FIFO"};
        code = random_.pick(codes);
        lot = random_.pick(std::vector<int>{1, 1, 5, 10});
    }

    void live() {
        const int count = random_.between(2, 5);
        for (int order = 0; order < count; ++order) {
            orders_[order] = {random_.between(1, 60), random_.one_in(8), random_.between(0, 3)};
            write_order(order, 0);
            if (order == 0 || !random_.one_in(3)) {
                members_.push_back(order);
            }
        }
        write_block(0);
        allot::Placement placement;
        placement.id = {"d", "P"};
        placement.block_ids = {{"d", "B"}};
        book.put(placement).value();
        note_alive();
        for (int at = 1; at < 40; ++at) {
            while (random_.one_in(3)) {
                change(at);
            }
            note_alive();
            if (random_.one_in(4)) {
                fill(at);
            }
        }
        judge();
    }

    allot::Book book{};
    std::string code{};
    int lot{1};
    std::map<std::string, int> shares{};  // "E1-A" to units
    std::optional<allot::FailureType> failure{};

  private:
    struct Fill {
        std::string id{};
        int quantity{0};
        std::map<int, DayOrder> orders{};
        std::vector<int> members{};
    };

    void write_order(int order, int at) {
        const DayOrder& is = orders_[order];
        allot::Order value;
        value.id = {"d", name_of(order)};
        value.side = "Buy";
        value.quantity = allot::Quantity{is.quantity};
        value.portfolio_id = allot::PortfolioId{"f", name_of(order)};
        value.state = is.is_dead ? "Cancelled" : "New";
        if (is.date != 0) {
            value.date = allot::Time::parse("2026-03-0" + std::to_string(is.date)).value();
        }
        book.put(value, {minute(at), "", ""}).value();
    }
    void write_block(int at) {
        allot::Block block;
        block.id = {"d", "B"};
        for (const int order : members_) {
            block.order_ids.push_back({"d", name_of(order)});
        }
        book.put(block, {minute(at), "", ""}).value();
    }

    void change(int at) {
        const int order = random_.between(0, static_cast<int>(orders_.size()) - 1);
        const auto place = std::find(members_.begin(), members_.end(), order);
        switch (random_.below(4)) {
            case 0:
                orders_[order].quantity = random_.between(1, 60);
                return write_order(order, at);
            case 1:
                orders_[order].is_dead = !orders_[order].is_dead;
                return write_order(order, at);
            case 2:
                orders_[order].date = random_.between(0, 3);
                return write_order(order, at);
            default:
                break;
        }
        if (place == members_.end()) {
            members_.insert(
                members_.begin() + random_.between(0, static_cast<int>(members_.size())), order);
            std::erase(former_, order);
        } else if (members_.size() > 1) {
            members_.erase(place);
            former_.push_back(order);
        }
        write_block(at);
    }

    // What counts is what was so when a minute was over.
    void note_alive() {
        was_alive_ = was_alive_ || std::any_of(members_.begin(), members_.end(),
                                               [&](int order) { return !orders_[order].is_dead; });
    }

    void fill(int at) {
        allot::Execution execution;
        execution.id = {"d", "E" + std::to_string(at)};
        execution.placement_id = {"d", "P"};
        execution.quantity = allot::Quantity{random_.between(1, 40)};
        execution.created_date = allot::Time::parse(minute(at)).value();
        execution.price = allot::CurrencyAndAmount{allot::Decimal{10}, "USD"};
        book.put(execution).value();
        fills_.push_back(
            {execution.id.code(), std::stoi(execution.quantity.to_string()), orders_, members_});
    }

    // Positions are those of the block in the end: those that left it come last.
    [[nodiscard]] std::vector<int> ranked(const Fill& fill) const {
        std::vector<int> positions = members_;
        positions.insert(positions.end(), former_.begin(), former_.end());
        std::vector<int> claims;
        for (const int order : positions) {
            const bool is_member =
                std::find(fill.members.begin(), fill.members.end(), order) != fill.members.end();
            if (is_member && !fill.orders.at(order).is_dead) {
                claims.push_back(order);
            }
        }
        std::stable_sort(claims.begin(), claims.end(), [&](int a, int b) {
            const int first = fill.orders.at(a).date;
            const int second = fill.orders.at(b).date;
            return first != second && first != 0 && (second == 0 || first < second);
        });
        return claims;
    }

    void judge() {
        std::map<int, int> has;
        bool is_over = false;
        for (const Fill& fill : fills_) {
            const std::vector<int> claims = ranked(fill);
            oracle::Problem problem;
            const std::size_t dash = code.find('-');
            problem.base = code.substr(0, dash);
            problem.remainder = dash == std::string::npos ? "FIFO" : code.substr(dash + 1);
            problem.available = fill.quantity;
            problem.lot = lot;
            int room = 0;
            for (const int order : claims) {
                const int quantity = fill.orders.at(order).quantity;
                const int left = std::max(0, quantity - has[order]);
                room += left;
                problem.outstanding.emplace_back(left);
                problem.ordered.emplace_back(quantity);
                problem.allocated.emplace_back(has[order]);
            }
            is_over = is_over || room < fill.quantity;
            const std::vector<Rational> split =
                claims.empty() ? std::vector<Rational>{} : oracle::split(problem);
            for (std::size_t i = 0; i < claims.size(); ++i) {
                const int share = std::stoi(split[i].str());
                has[claims[i]] += share;
                if (share > 0) {
                    shares[fill.id + "-" + name_of(claims[i])] = share;
                    if (has[claims[i]] > orders_.at(claims[i]).quantity) {
                        failure = allot::FailureType::OrderChangedAfterExecution;
                    }
                }
            }
        }
        if (!was_alive_ && !fills_.empty()) {
            failure = allot::FailureType::NoOrders;
        } else if (failure) {
            shares.clear();
        } else if (is_over) {
            failure = allot::FailureType::OverExecutedPlacement;
        }
    }

    oracle::Random random_;
    std::map<int, DayOrder> orders_{};
    std::vector<int> members_{};
    std::vector<int> former_{};  // in the order in which they left
    std::vector<Fill> fills_{};
    bool was_alive_{false};
};

}  // namespace

TEST_CASE("orders claim with what they were when the fill was made", "[as-of-fill]") {
    const allot::Engine engine;
    std::size_t failures = 0;
    std::size_t over = 0;
    std::size_t shares = 0;
    const std::size_t days = oracle::cases("days with changes", 4000);
    for (std::uint64_t seed = 1; seed <= days; ++seed) {
        Day day{seed};
        day.live();
        CAPTURE(seed, day.code, day.lot);
        allot::RunRequest request;
        request.algorithm = day.code;
        request.options.lot = allot::Quantity{day.lot};
        request.options.as_of_fill = true;
        const allot::RunResult result = engine.preview(day.book, request).value();
        std::map<std::string, int> found;
        for (const auto& allocation : result.allocations()) {
            found[allocation.id().code()] = std::stoi(allocation.quantity().to_string());
        }
        REQUIRE(found == day.shares);
        std::optional<allot::FailureType> failed;
        if (!result.failed.empty()) {
            failed = result.failed.begin()->second.type;
        }
        REQUIRE(failed == day.failure);
        failures += failed == allot::FailureType::OrderChangedAfterExecution ? 1U : 0U;
        over += failed == allot::FailureType::OverExecutedPlacement ? 1U : 0U;
        shares += found.size();
    }
    // The days are worth living: each kind of end occurs.
    CHECK(failures > days / 50);
    CHECK(over > days / 50);
    CHECK(shares > days);
}
