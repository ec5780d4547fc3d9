// Permutation tests within blocks.
#include "engine/backtest/permutations.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>
#include <tuple>
#include <utility>

#include "engine/backtest/random.hpp"
#include "engine/base/workers.hpp"

namespace allot::backtest {

namespace {

// Ranks from 1, the mean of their ranks for equal values, less the mean of all.
std::vector<double> centred_ranks(std::span<const double> values) {  // statistic
    std::vector<std::size_t> order(values.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(),
              [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
    std::vector<double> ranks(values.size());  // statistic
    for (std::size_t first = 0; first < order.size();) {
        std::size_t last = first;
        while (last < order.size() && values[order[last]] == values[order[first]]) {
            ++last;
        }
        for (std::size_t i = first; i < last; ++i) {
            ranks[order[i]] = static_cast<double>(first + last - 1) / 2 -  // statistic
                              static_cast<double>(values.size() - 1) / 2;  // statistic
        }
        first = last;
    }
    return ranks;
}

// Whole numbers of 64 bits may add up to more.
__extension__ using Int128 = __int128;

// Sums over all orders, of the rules or of one draw.
struct Sums {
    std::vector<Int128> profits{};  // by account
    double slope{0};                // statistic: numerators
    double correlation{0};          // statistic
};

class Permutations {
  public:
    Permutations(const TestBlocks& blocks, std::size_t accounts)
        : blocks_{&blocks}, accounts_{accounts} {
        std::size_t first = 0;
        for (const std::uint32_t size : blocks.sizes) {
            add_block(first, size);
            first += size;
            largest_ = std::max<std::size_t>(largest_, size);
        }
        observed_ = sums_of([](std::span<std::uint32_t>) {});
    }

    [[nodiscard]] const Sums& observed() const noexcept { return observed_; }

    // Arranges the orders of every block by `arrange` and adds up.
    template <class Arrange>
    [[nodiscard]] Sums sums_of(Arrange arrange) const {
        Sums sums;
        sums.profits.resize(accounts_);
        std::vector<std::uint32_t> places(largest_);
        std::size_t first = 0;
        for (const std::uint32_t size : blocks_->sizes) {
            const std::span<std::uint32_t> own{places.data(), size};
            std::iota(own.begin(), own.end(), 0U);
            arrange(own);
            for (std::size_t i = 0; i < size; ++i) {
                const std::size_t from = first + own[i];
                sums.profits[blocks_->accounts[first + i]] += blocks_->profits[from];
                sums.slope += positions_[first + i] * blocks_->leads[from];
                sums.correlation += ranks_[first + i] * lead_ranks_[from];
            }
            first += size;
        }
        return sums;
    }

    // Of a numerator: the slope and the correlation themselves.
    [[nodiscard]] double slope(double numerator) const {  // statistic
        return positions_squared_ > 0 ? numerator / positions_squared_ : 0;
    }
    [[nodiscard]] double correlation(double numerator) const {               // statistic
        const double all = std::sqrt(ranks_squared_ * lead_ranks_squared_);  // statistic
        return all > 0 ? numerator / all : 0;
    }

  private:
    void add_block(std::size_t first, std::size_t size) {
        const std::vector<double> lead_ranks =  // statistic
            centred_ranks(std::span{blocks_->leads}.subspan(first, size));
        for (std::size_t i = 0; i < size; ++i) {
            const double rank =                                              // statistic
                static_cast<double>(i) - static_cast<double>(size - 1) / 2;  // statistic
            // From -1/2 for the oldest to 1/2 for the youngest, however many there are.
            const double position =                                   // statistic
                size > 1 ? rank / static_cast<double>(size - 1) : 0;  // statistic
            positions_.push_back(position);
            ranks_.push_back(rank);
            lead_ranks_.push_back(lead_ranks[i]);
            positions_squared_ += position * position;
            ranks_squared_ += rank * rank;
            lead_ranks_squared_ += lead_ranks[i] * lead_ranks[i];
        }
    }

    const TestBlocks* blocks_;
    std::size_t accounts_;
    std::size_t largest_{0};
    std::vector<double> positions_{};   // statistic: of ranks within their block
    std::vector<double> ranks_{};       // statistic
    std::vector<double> lead_ranks_{};  // statistic
    double positions_squared_{0};       // statistic
    double ranks_squared_{0};           // statistic
    double lead_ranks_squared_{0};      // statistic
    Sums observed_{};
};

// The value below which `share` of the sorted values lie.
double quantile(const std::vector<double>& sorted, double share) {  // statistic
    const auto at =
        static_cast<std::size_t>(share * static_cast<double>(sorted.size()));  // statistic
    return sorted[std::min(at, sorted.size() - 1)];
}

// What is observed, less what chance makes of it: a 95 % interval.
std::pair<double, double> interval(double observed, std::vector<double> drawn) {  // statistic
    std::sort(drawn.begin(), drawn.end());
    constexpr double tail = 0.025;  // statistic
    return {observed - quantile(drawn, 1 - tail), observed - quantile(drawn, tail)};
}

FirstInBias bias_of(const Permutations& permutations, std::vector<double> slopes,  // statistic
                    std::vector<double> correlations) {                            // statistic
    FirstInBias bias;
    bias.slope = permutations.slope(permutations.observed().slope);
    bias.correlation = permutations.correlation(permutations.observed().correlation);
    // Sums in another order differ in their last bits.
    const double least = std::abs(bias.slope) * (1 - 1e-9);  // statistic
    const auto is_as_far = [least](const auto& slope) { return std::abs(slope) >= least; };
    const auto as_far = std::count_if(slopes.begin(), slopes.end(), is_as_far);
    bias.p = p_value(static_cast<std::size_t>(as_far), slopes.size());
    std::tie(bias.slope_low, bias.slope_high) = interval(bias.slope, std::move(slopes));
    std::tie(bias.correlation_low, bias.correlation_high) =
        interval(bias.correlation, std::move(correlations));
    return bias;
}

}  // namespace

double p_value(std::size_t as_far, std::size_t draws) {  // statistic
    const auto more = static_cast<double>(as_far) + 1;   // statistic
    return more / (static_cast<double>(draws) + 1);      // statistic
}

TestResult run_permutations(const TestBlocks& blocks, std::size_t accounts, std::uint64_t seed,
                            std::size_t draws, std::size_t threads) {
    const Permutations permutations{blocks, accounts};
    constexpr std::size_t draws_of_a_job = 500;
    const std::size_t jobs = (draws + draws_of_a_job - 1) / draws_of_a_job;
    std::vector<double> slopes(draws);        // statistic
    std::vector<double> correlations(draws);  // statistic
    std::vector<std::vector<AccountTest>> counts(jobs);
    detail::share_jobs(std::min(threads, jobs), jobs, 1, [&](std::size_t job) {
        // Every job draws from a source of its own, so that it does not matter who does it.
        Random random{seed + 0x9E3779B97F4A7C15U * (job + 1)};
        std::vector<AccountTest>& own = counts[job];
        own.resize(accounts);
        const std::size_t end = std::min(draws, (job + 1) * draws_of_a_job);
        for (std::size_t draw = job * draws_of_a_job; draw < end; ++draw) {
            const Sums sums = permutations.sums_of([&random](std::span<std::uint32_t> places) {
                for (std::size_t i = places.size(); i > 1; --i) {
                    std::swap(places[i - 1], places[random.pick(static_cast<std::uint32_t>(i))]);
                }
            });
            for (std::size_t i = 0; i < accounts; ++i) {
                const Int128 observed = permutations.observed().profits[i];
                own[i].at_least += sums.profits[i] >= observed ? 1U : 0U;
                own[i].at_most += sums.profits[i] <= observed ? 1U : 0U;
            }
            slopes[draw] = permutations.slope(sums.slope);
            correlations[draw] = permutations.correlation(sums.correlation);
        }
    });
    TestResult result;
    result.accounts.resize(accounts);
    for (const std::vector<AccountTest>& own : counts) {
        for (std::size_t i = 0; i < accounts; ++i) {
            result.accounts[i].at_least += own[i].at_least;
            result.accounts[i].at_most += own[i].at_most;
        }
    }
    result.first_in = bias_of(permutations, std::move(slopes), std::move(correlations));
    return result;
}

std::vector<double> correct_after_holm(const std::vector<double>& p) {  // statistic
    std::vector<std::size_t> order(p.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(),
              [&](std::size_t a, std::size_t b) { return p[a] < p[b]; });
    std::vector<double> corrected(p.size());  // statistic
    double least = 0;                         // statistic
    for (std::size_t i = 0; i < order.size(); ++i) {
        const double here = p[order[i]] * static_cast<double>(order.size() - i);  // statistic
        least = std::max(least, std::min(here, 1.0));
        corrected[order[i]] = least;
    }
    return corrected;
}

}  // namespace allot::backtest
