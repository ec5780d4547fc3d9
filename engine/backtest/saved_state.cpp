// What a backtest has measured, as text and back. One function a type serves both ways, so that
// what is written and what is read cannot part.
#include <array>
#include <bit>
#include <charconv>
#include <concepts>
#include <optional>
#include <type_traits>
#include <utility>

#include "allot/version.hpp"
#include "engine/backtest/state.hpp"
#include "engine/base/hash.hpp"

namespace allot {

namespace backtest {

namespace {

// T or const T, so that a function takes both what is written and what is to be read.
template <class T, class Of>
concept Either = std::same_as<std::remove_const_t<T>, Of>;

// Texts with their length before them: "5:hello".
class Writer {
  public:
    static constexpr bool reads = false;

    void text(std::string_view text) {
        out_ += std::to_string(text.size());
        out_ += ':';
        out_ += text;
    }
    [[nodiscard]] std::string take() { return std::move(out_); }

  private:
    std::string out_{};
};

class Reader {
  public:
    static constexpr bool reads = true;

    explicit Reader(std::string_view text) : rest_{text} {}

    // The next text; an empty one when the text is not what a Writer writes.
    [[nodiscard]] std::string_view text() {
        std::size_t size = 0;
        const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), size);
        const auto head = static_cast<std::size_t>(end - rest_.data()) + 1;
        if (error != std::errc{} || head > rest_.size() || *end != ':' ||
            size > rest_.size() - head) {
            is_good_ = false;
            return {};
        }
        const std::string_view out = rest_.substr(head, size);
        rest_.remove_prefix(head + size);
        return out;
    }
    void require(bool holds) { is_good_ = is_good_ && holds; }
    [[nodiscard]] bool is_good() const noexcept { return is_good_; }
    [[nodiscard]] std::size_t size() const noexcept { return rest_.size(); }
    [[nodiscard]] bool is_at_end() const noexcept { return rest_.empty(); }

  private:
    std::string_view rest_;
    bool is_good_{true};
};

template <class Archive, Either<std::string> T>
void each(Archive& archive, T& value) {
    if constexpr (Archive::reads) {
        value = archive.text();
    } else {
        archive.text(value);
    }
}

template <class Archive, std::integral T>
void each(Archive& archive, T& value) {
    if constexpr (Archive::reads) {
        const std::string_view text = archive.text();
        std::int64_t whole = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), whole);
        archive.require(error == std::errc{} && end == text.data() + text.size());
        value = static_cast<T>(whole);
    } else {
        archive.text(std::to_string(static_cast<std::int64_t>(value)));
    }
}

// The same bits again.
template <class Archive, std::floating_point T>
void each(Archive& archive, T& value) {
    auto bits = std::bit_cast<std::int64_t>(value);
    each(archive, bits);
    if constexpr (Archive::reads) {
        value = std::bit_cast<T>(bits);
    }
}

template <class Archive, Either<Decimal> T>
void each(Archive& archive, T& value) {
    if constexpr (Archive::reads) {
        const Result<Decimal> read = Decimal::parse(archive.text());
        archive.require(read.has_value());
        value = read.value_or(Decimal{});
    } else {
        archive.text(value.to_string());
    }
}

template <class Archive, Either<Quantity> T>
void each(Archive& archive, T& value) {
    Decimal units = value.units();
    each(archive, units);
    if constexpr (Archive::reads) {
        archive.require(units.sign() >= 0);
        value = units.sign() >= 0 ? Quantity::from(units).value() : Quantity{};
    }
}

template <class Archive, class T>
requires requires(const T& id) {
    id.resource();
}
void each(Archive& archive, T& value) {
    std::string scope = value.scope();
    std::string code = value.code();
    each(archive, scope);
    each(archive, code);
    if constexpr (Archive::reads) {
        value = T{scope, code};
    }
}

template <class Archive, class T>
requires requires(const T& optional) {
    optional.has_value();
}
void each(Archive& archive, T& value) {
    bool is_there = value.has_value();
    each(archive, is_there);
    if constexpr (Archive::reads) {
        value.reset();
        if (is_there) {
            value.emplace();
        }
    }
    if (is_there) {
        each(archive, *value);
    }
}

template <class Archive, class T>
requires requires(const T& list) {
    list.begin();
    list.size();
    typename T::value_type;
} &&(!Either<T, std::string> && !Either<T, Carried>)void each(Archive& archive, T& list) {
    std::size_t size = list.size();
    each(archive, size);
    if constexpr (Archive::reads && requires { list.resize(size); }) {
        list.clear();
        archive.require(size <= archive.size());  // an item takes a byte at least
        for (std::size_t i = 0; i < size && archive.is_good(); ++i) {
            list.emplace_back();
        }
    }
    for (auto& item : list) {
        each(archive, item);
    }
}

template <class Archive, Either<Distance> T>
void each(Archive& archive, T& value) {
    each(archive, value.units);
    each(archive, value.lots);
    each(archive, value.share);
}

template <class Archive, Either<Tracking> T>
void each(Archive& archive, T& value) {
    each(archive, value.worst);
    each(archive, value.mean);
    each(archive, value.time_weighted);
    each(archive, value.at_end);
}

template <class Archive, Either<Leftovers> T>
void each(Archive& archive, T& value) {
    each(archive, value.count);
    each(archive, value.units);
    each(archive, value.worth);
}

template <class Archive, Either<BlockOutcome> T>
void each(Archive& archive, T& value) {
    each(archive, value.period);
    each(archive, value.algorithm);
    each(archive, value.block);
    each(archive, value.instrument);
    each(archive, value.currency);
    each(archive, value.is_sale);
    each(archive, value.orders);
    each(archive, value.fills);
    each(archive, value.ordered);
    each(archive, value.executed);
    each(archive, value.allocated);
    each(archive, value.tracking);
    each(archive, value.worst_order);
    each(archive, value.worst_at);
    each(archive, value.worst_fill);
    each(archive, value.average_price);
    each(archive, value.largest_price_difference);
    each(archive, value.price_deviation);
    each(archive, value.cash_moved);
    each(archive, value.leftovers);
    each(archive, value.tickets);
    each(archive, value.take_backs);
}

template <class Archive, Either<AccountOutcome> T>
void each(Archive& archive, T& value) {
    each(archive, value.orders);
    each(archive, value.ordered);
    each(archive, value.allocated);
    each(archive, value.unfilled);
    each(archive, value.cash_difference);
    each(archive, value.deviation_profit);
    each(archive, value.leftovers);
    each(archive, value.tickets);
}

template <class Archive, Either<PeriodFailure> T>
void each(Archive& archive, T& value) {
    each(archive, value.period);
    each(archive, value.failure.placement);
    auto type = static_cast<std::size_t>(value.failure.type);
    each(archive, type);
    each(archive, value.failure.detail);
    if constexpr (Archive::reads) {
        value.failure.type = static_cast<FailureType>(type);
    }
}

// What add_period() adds up; the rest comes with finish_totals().
template <class Archive, Either<RuleOutcome> T>
void each(Archive& archive, T& value) {
    each(archive, value.algorithm);
    each(archive, value.blocks);
    each(archive, value.orders);
    each(archive, value.fills);
    each(archive, value.executed);
    each(archive, value.allocated);
    each(archive, value.unfilled);
    each(archive, value.tracking);
    each(archive, value.largest_price_difference);
    each(archive, value.cash_moved);
    each(archive, value.leftovers);
    each(archive, value.tickets);
    each(archive, value.take_backs);
    each(archive, value.prices.counts);
    each(archive, value.misplaced.share);
    each(archive, value.misplaced.fills);
    each(archive, value.failures);
}

template <class Archive, Either<RuleTotals> T>
void each(Archive& archive, T& value) {
    each(archive, value.outcome);
    each(archive, value.means);
    each(archive, value.times);
    each(archive, value.price_deviations);
    each(archive, value.priced_blocks);
    each(archive, value.accounts);
    each(archive, value.tests.sizes);
    each(archive, value.tests.accounts);
    each(archive, value.tests.profits);
    each(archive, value.tests.leads);
}

template <class Archive, Either<CarriedOrder> T>
void each(Archive& archive, T& value) {
    each(archive, value.identity);
    each(archive, value.allocated);
}

template <class Archive, Either<WorstBlock> T>
void each(Archive& archive, T& value) {
    each(archive, value.outcome);
    each(archive, value.rule);
    std::vector<Quantity> allocated =
        value.allocated == nullptr ? std::vector<Quantity>{} : *value.allocated;
    each(archive, allocated);
    if constexpr (Archive::reads) {
        value.allocated = std::make_shared<const std::vector<Quantity>>(std::move(allocated));
    }
}

template <class Archive, Either<PeriodLeftOut> T>
void each(Archive& archive, T& value) {
    each(archive, value.name);
    each(archive, value.why);
}

// Accounts by number, as key and key: numbers are given in this order again.
template <class Archive, Either<AccountNumbers> T>
void each(Archive& archive, T& value) {
    std::vector<std::pair<PortfolioId, std::string>> keys(value.size());
    for (const auto& [key, number] : value.all()) {
        keys[number] = key;
    }
    std::size_t size = keys.size();
    each(archive, size);
    for (std::size_t i = 0; i < size; ++i) {
        std::pair<PortfolioId, std::string> key;
        if constexpr (!Archive::reads) {
            key = keys[i];
        }
        each(archive, key.first);
        each(archive, key.second);
        if constexpr (Archive::reads) {
            if (!archive.is_good()) {
                return;
            }
            (void)value.number_of(key);
        }
    }
}

template <class Archive, Either<Carried> T>
void each(Archive& archive, T& value) {
    std::vector<std::pair<OrderId, CarriedOrder>> orders{value.begin(), value.end()};
    std::size_t size = orders.size();
    each(archive, size);
    for (std::size_t i = 0; i < size; ++i) {
        std::pair<OrderId, CarriedOrder> order;
        if constexpr (!Archive::reads) {
            order = orders[i];
        }
        each(archive, order.first);
        each(archive, order.second);
        if constexpr (Archive::reads) {
            if (!archive.is_good()) {
                return;
            }
            value.emplace(std::move(order.first), std::move(order.second));
        }
    }
}

// Everything of a State that is not given by its options.
template <class Archive, class State>
void each_of(Archive& archive, State& state) {
    bool has_stored = !state.rules.empty() && state.rules.back() == nullptr;
    each(archive, has_stored);
    if constexpr (Archive::reads) {
        if (has_stored) {
            state.rules.push_back(nullptr);
        }
    }
    each(archive, state.totals);
    each(archive, state.accounts);
    each(archive, state.carried);
    each(archive, state.periods);
    each(archive, state.worst);
    each(archive, state.splits);
    each(archive, state.left_out);
}

constexpr std::string_view head = "allot-backtest-state 1\n";

}  // namespace

}  // namespace backtest

std::string Backtest::State::fingerprint() const {
    backtest::Writer writer;
    writer.text(version);
    for (const auto& rule : rules) {
        writer.text(rule == nullptr ? "" : full_code(*rule));
    }
    writer.text(options.options.lot.to_string());
    for (const bool flag : {options.options.strict_lot, options.options.allow_unpriced,
                            options.options.ties == Ties::hashed, options.independent}) {
        writer.text(flag ? "1" : "0");
    }
    writer.text(std::to_string(options.seed));
    writer.text(std::to_string(options.draws));
    for (const Mark& mark : options.marks) {
        writer.text(mark.period);
        for (const auto& [key, value] : mark.instrument) {
            writer.text(key);
            writer.text(value);
        }
        writer.text(mark.currency);
        writer.text(mark.price.to_string());
    }
    return detail::hex(detail::hash64(writer.take()));
}

std::string Backtest::save() const {
    backtest::Writer writer;
    backtest::each_of(writer, std::as_const(*state_));
    const std::string content = writer.take();
    return std::string{backtest::head} + state_->begun_as + ' ' +
           detail::hex(detail::hash64(content)) + '\n' + content;
}

Result<Backtest> Backtest::resume(BacktestOptions options, std::string_view saved,
                                  const Registry& registry) {
    const auto refuse = [](std::string found, std::string expected) {
        return Unexpected{Error{ErrorCode::option_is_not_valid,
                                "backtest",
                                "",
                                "saved",
                                std::move(found),
                                std::move(expected),
                                {}}};
    };
    Result<Backtest> begun = begin(std::move(options), registry);
    if (!begun) {
        return begun;
    }
    State& state = *begun->state_;
    constexpr std::size_t hash_size = 16;
    constexpr std::size_t head_size = backtest::head.size() + 2 * hash_size + 2;
    if (!saved.starts_with(backtest::head) || saved.size() < head_size) {
        return refuse("a text of another kind", "what save() gave");
    }
    const std::string_view content = saved.substr(head_size);
    if (saved.substr(backtest::head.size() + hash_size + 1, hash_size) !=
        detail::hex(detail::hash64(content))) {
        return refuse("a damaged text", "what save() gave, whole");
    }
    if (saved.substr(backtest::head.size(), hash_size) != state.begun_as) {
        return refuse("another version, or other options", "those of the run that goes on");
    }
    backtest::Reader reader{content};
    backtest::each_of(reader, state);
    if (!reader.is_good() || !reader.is_at_end() || state.totals.size() != state.rules.size()) {
        return refuse("a damaged text", "what save() gave, whole");
    }
    return begun;
}

}  // namespace allot
