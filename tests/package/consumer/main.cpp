// Embeds allot with a rule of its own: the youngest claim is filled first.
#include <algorithm>
#include <allot/allot.hpp>
#include <iostream>
#include <map>
#include <memory>
#include <string>

namespace {

class YoungestFirst : public allot::AlgorithmOf<YoungestFirst> {
  public:
    [[nodiscard]] const allot::AlgorithmInfo& info() const noexcept override { return info_; }

    template <allot::SplitInteger Int>
    allot::Result<void> shares_of(const allot::Split<Int>& split, std::span<Int> shares) const {
        Int left = split.available;
        for (std::size_t i = shares.size(); i-- > 0;) {
            shares[i] = std::min(split.outstanding[i], left);
            left -= shares[i];
        }
        return {};
    }

  private:
    allot::AlgorithmInfo info_{.code = "YOUNGEST-FIRST",
                               .summary = "The youngest claim is filled first.",
                               .description =
                                   "Claims take what they have room for, from the "
                                   "youngest to the oldest."};
};

allot::Decimal decimal(const char* text) {
    return allot::Decimal::parse(text).value();
}

allot::Book example() {
    allot::Book book;
    const allot::PortfolioId portfolio{"funds", "Growth"};
    for (const auto& [code, quantity, date] :
         {std::tuple{"A", 30, "2026-03-02T09:00:00Z"}, {"B", 70, "2026-03-02T09:05:00Z"}}) {
        book.put(allot::Order{.id = {"desk", code},
                              .side = "Buy",
                              .quantity = allot::Quantity{quantity},
                              .portfolio_id = portfolio,
                              .date = allot::Time::parse(date).value()})
            .value();
    }
    book.put(allot::Block{.id = {"desk", "Block"}, .order_ids = {{"desk", "A"}, {"desk", "B"}}})
        .value();
    book.put(allot::Placement{.id = {"desk", "Placement"}, .block_ids = {{"desk", "Block"}}})
        .value();
    book.put(allot::Execution{.id = {"desk", "Fill"},
                              .placement_id = {"desk", "Placement"},
                              .quantity = allot::Quantity::parse("80.5").value(),
                              .created_date = allot::Time::parse("2026-03-02T10:00:00Z").value(),
                              .price = allot::CurrencyAndAmount{decimal("12.34"), "USD"}})
        .value();
    return book;
}

using Shares = std::map<std::string, std::string>;

Shares shares_by(const std::string& algorithm, const allot::Engine& engine, allot::Book& book) {
    const allot::RunResult result = engine.run(book, {.algorithm = algorithm}).value();
    Shares shares;
    for (const allot::AllocationView share : result.allocations()) {
        shares[std::string{share.order_id().code}] = share.quantity().to_string();
    }
    for (const auto& [order, quantity] : shares) {
        std::cout << algorithm << ": " << order << " gets " << quantity << '\n';
    }
    return shares;
}

}  // namespace

int main() {
    allot::Registry registry = allot::Registry::with_builtins();
    registry.add(std::make_shared<YoungestFirst>()).value();
    const allot::Engine engine{registry};

    allot::Book ours = example();
    allot::Book theirs = example();
    const bool right =
        shares_by("youngest-first", engine, ours) == Shares{{"A", "10.5"}, {"B", "70"}} &&
        shares_by("PR-FIFO", engine, theirs) == Shares{{"A", "24.5"}, {"B", "56"}} &&
        ours.allocated({"desk", "B"}) == allot::Quantity{70};
    std::cout << (right ? "as expected" : "NOT as expected") << '\n';
    return right ? 0 : 1;
}
