// allot_exactness: the split kernel against integers that share no code with it, in every width and
// every form that this processor has, on random and on adversarial splits.
//
//   allot_exactness [CLAIMS] [SEED]     CLAIMS per width and form, a million if not said
//
// Prints one line per width and form; ends with status 1 when a single share differs.
#include <algorithm>
#include <boost/multiprecision/cpp_int.hpp>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <iomanip>
#include <iostream>
#include <string>
#include <vector>

#include "algorithms/kernel/kernel.hpp"
#include "allot/batch.hpp"
#include "allot/registry.hpp"
#include "allot/simd.hpp"
#include "bench/bench.hpp"

namespace allot::bench {
namespace {

__extension__ using Wide128 = unsigned __int128;
using Wide512 = boost::multiprecision::uint512_t;

struct Tally {
    std::uint64_t claims{0};
    std::uint64_t differences{0};
};

// Integers of at most `bits` bits, most of them where mistakes live.
class Numbers {
  public:
    explicit Numbers(std::uint64_t seed) : random_{seed} {}

    [[nodiscard]] std::uint64_t below(std::uint64_t bound) { return random_.below(bound); }

    [[nodiscard]] Wide512 number(unsigned bits) {
        const Wide512 mask = (Wide512{1} << bits) - 1;
        const Wide512 power = Wide512{1} << static_cast<unsigned>(below(bits + 1));
        switch (below(8)) {
            case 0:
                return Wide512{0};
            case 1:
                return (power - 1) & mask;
            case 2:
                return power & mask;
            case 3:
                return (power + 1) & mask;
            default:
                return any(bits) >> static_cast<unsigned>(below(bits));
        }
    }

    // Numbers that add up to `total`; one may be all of it, and many are equal.
    [[nodiscard]] std::vector<Wide512> parts(const Wide512& total, std::size_t count,
                                             unsigned bits) {
        std::vector<Wide512> parts;
        Wide512 left = total;
        for (std::size_t i = 1; i < count; ++i) {
            const Wide512 part =
                below(4) == 0 && !parts.empty() ? parts.back() : Wide512{number(bits) / count};
            parts.push_back(std::min(part, left));
            left -= parts.back();
        }
        parts.insert(parts.begin() + static_cast<std::ptrdiff_t>(below(count)), left);
        return parts;
    }

    // From 0 to total: both, their neighbours, and quantities for which every exact share is whole.
    [[nodiscard]] Wide512 quantity(const Wide512& total, unsigned bits) {
        switch (below(7)) {
            case 0:
                return total;
            case 1:
                return total - 1;
            case 2:
                return total / 2;
            case 3:
                return Wide512{1};
            case 4:
                return total - total / (1 + below(9));
            default:
                return number(bits) % (total + 1);
        }
    }

  private:
    [[nodiscard]] Wide512 any(unsigned bits) {
        Wide512 value = 0;
        for (unsigned have = 0; have < bits; have += 64) {
            value = (value << 64U) | random_.next();
        }
        return value & ((Wide512{1} << bits) - 1);
    }

    Random random_;
};

struct Case {
    std::vector<Wide512> weights{};
    Wide512 total{};
    Wide512 quantity{};
    Wide512 lot{};
};

// A split whose total has at most `bits` bits, and whose lot, if it has one, at most `lot_bits`.
Case make_case(Numbers& numbers, unsigned bits, unsigned lot_bits) {
    Case made;
    const unsigned width = 1 + static_cast<unsigned>(numbers.below(bits));
    made.total = numbers.number(numbers.below(2) == 0 ? bits : width) + 1;
    if ((made.total >> bits) != 0) {
        made.total -= 1;
    }
    made.weights = numbers.parts(made.total, 1 + numbers.below(40), bits);
    if (numbers.below(3) == 0) {  // every weight a multiple of one unit: exact shares are whole
        const Wide512 unit = numbers.number(bits / 2) + 1;
        made.total = 0;
        for (Wide512& weight : made.weights) {
            weight -= weight % unit;
            made.total += weight;
        }
        if (made.total == 0) {
            made.weights.front() = made.total = 1;
        }
    }
    made.quantity = numbers.quantity(made.total, bits);
    made.lot = lot_bits == 0 ? Wide512{1} : Wide512{numbers.number(lot_bits) + 1};
    return made;
}

std::int64_t to_narrow(const Wide512& value) {
    return static_cast<std::int64_t>(value);
}
Int256 to_int256(const Wide512& value) {
    std::array<std::uint64_t, 4> limbs{};
    for (unsigned i = 0; i < limbs.size(); ++i) {
        limbs[i] = static_cast<std::uint64_t>((value >> (64 * i)) & ~std::uint64_t{0});
    }
    return Int256{limbs};
}

void compare_narrow(const Case& made, Tally& tally) {
    std::vector<std::int64_t> weights(made.weights.size());
    std::transform(made.weights.begin(), made.weights.end(), weights.begin(), to_narrow);
    std::vector<std::int64_t> shares(weights.size(), -1);
    const std::int64_t given = kernel::proportional_floor(
        to_narrow(made.quantity), weights, to_narrow(made.total), to_narrow(made.lot), shares);
    const auto quantity = static_cast<std::uint64_t>(made.quantity);
    const auto total = static_cast<std::uint64_t>(made.total);
    const auto lot = static_cast<std::uint64_t>(made.lot);
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < weights.size(); ++i) {
        const Wide128 product =
            static_cast<Wide128>(quantity) * static_cast<std::uint64_t>(weights[i]);
        const auto exact = static_cast<std::uint64_t>(product / total);
        const std::uint64_t wanted = exact / lot * lot;
        sum += wanted;
        tally.differences += static_cast<std::uint64_t>(shares[i]) != wanted ? 1U : 0U;
    }
    tally.differences += static_cast<std::uint64_t>(given) != sum ? 1U : 0U;
    tally.claims += weights.size();
}

void compare_wide(const Case& made, Tally& tally) {
    std::vector<Int256> weights(made.weights.size());
    std::transform(made.weights.begin(), made.weights.end(), weights.begin(), to_int256);
    std::vector<Int256> shares(weights.size(), Int256{-1});
    const Int256 given = kernel::proportional_floor(
        to_int256(made.quantity), weights, to_int256(made.total), to_int256(made.lot), shares);
    Wide512 sum = 0;
    for (std::size_t i = 0; i < weights.size(); ++i) {
        const Wide512 exact = made.quantity * made.weights[i] / made.total;
        const Wide512 wanted = exact / made.lot * made.lot;
        sum += wanted;
        tally.differences += shares[i] != to_int256(wanted) ? 1U : 0U;
    }
    tally.differences += given != to_int256(sum) ? 1U : 0U;
    tally.claims += weights.size();
}

// What PR-FIFO gives in single units, from the words of its definition.
std::vector<std::int64_t> share_out(const std::vector<std::int64_t>& claims,
                                    std::int64_t available) {
    std::int64_t total = 0;
    for (const std::int64_t claim : claims) {
        total += claim;
    }
    std::vector<std::int64_t> shares(claims.size());
    std::int64_t left = std::min(available, total);
    const std::int64_t quantity = left;
    for (std::size_t i = 0; i < claims.size() && total > 0; ++i) {
        const Wide128 product =
            static_cast<Wide128>(quantity) * static_cast<std::uint64_t>(claims[i]);
        shares[i] = static_cast<std::int64_t>(product / static_cast<std::uint64_t>(total));
        left -= shares[i];
    }
    for (std::size_t i = 0; left > 0; i = (i + 1) % claims.size()) {
        if (shares[i] < claims[i]) {
            ++shares[i];
            --left;
        }
    }
    return shares;
}

// Many small placements in one batch.
void compare_batch(Numbers& numbers, Tally& tally) {
    static const auto rule = Registry::with_builtins().find("PR-FIFO").value();
    static constexpr std::int64_t single_units[] = {1};
    std::vector<std::int64_t> claims;
    std::vector<std::int64_t> quantities;
    std::vector<std::size_t> offsets{0};
    for (int i = 0; i < 100; ++i) {
        const unsigned bits =
            1 + static_cast<unsigned>(numbers.below(numbers.below(20) == 0 ? 40 : 29));
        Wide512 total = 0;
        for (std::uint64_t left = 1 + numbers.below(13); left > 0; --left) {
            const Wide512 claim = numbers.number(bits);
            total += claim;
            claims.push_back(to_narrow(claim));
        }
        offsets.push_back(claims.size());
        quantities.push_back(total == 0 ? 0 : to_narrow(numbers.quantity(total, bits)));
    }
    std::vector<std::int64_t> shares(claims.size(), -1);
    split_batch(*rule, {claims, offsets, quantities, single_units}, shares).value();
    for (std::size_t i = 0; i < quantities.size(); ++i) {
        const auto first = claims.begin() + static_cast<std::ptrdiff_t>(offsets[i]);
        const auto last = claims.begin() + static_cast<std::ptrdiff_t>(offsets[i + 1]);
        const std::vector<std::int64_t> wanted = share_out({first, last}, quantities[i]);
        for (std::size_t j = 0; j < wanted.size(); ++j) {
            tally.differences += shares[offsets[i] + j] != wanted[j] ? 1U : 0U;
        }
        tally.claims += wanted.size();
    }
}

struct Width {
    const char* name;
    unsigned total_bits;
    unsigned lot_bits;
    bool is_wide;
    bool has_vectors{false};  // of the wide ones: there is a form for AVX-512
};
constexpr Width widths[] = {{"total below 2^32", 32, 0, false},
                            {"total below 2^48", 48, 0, false},
                            {"total below 2^52", 52, 0, false},
                            {"total below 2^62", 62, 0, false},
                            {"total times lot below 2^63", 44, 19, false},
                            {"total times lot beyond 2^63", 62, 62, false},
                            {"wide, total below 2^64", 64, 0, true},
                            {"wide, total below 2^96", 96, 0, true, true},
                            {"wide, total below 2^104", 104, 0, true, true},
                            {"wide, total below 2^127", 127, 0, true, true},
                            {"wide, total times lot below 2^127", 80, 47, true, true},
                            {"wide, total below 2^192", 192, 0, true},
                            {"wide, total below 2^255", 255, 0, true},
                            {"wide, lots below 2^64", 150, 64, true},
                            {"wide, total times lot beyond 2^255", 250, 100, true}};

bool tell(const std::string& width, const std::string& form, const Tally& tally) {
    std::cout << std::left << std::setw(36) << width << std::setw(8) << form << std::right
              << std::setw(12) << tally.claims << " claims " << std::setw(4) << tally.differences
              << " differences" << std::endl;
    return tally.differences == 0;
}

int run(std::uint64_t claims, std::uint64_t seed) {
    bool is_exact = true;
    for (const SimdForm form : {SimdForm::scalar, SimdForm::avx2, SimdForm::avx512}) {
        if (!cpu_has(form)) {
            std::cout << "skipped: this CPU has no " << name_of(form) << '\n';
            continue;
        }
        force_simd(form).value();
        for (const Width& width : widths) {
            if (width.is_wide && form != SimdForm::scalar &&
                !(width.has_vectors && form == SimdForm::avx512)) {
                continue;  // the same as scalar
            }
            Numbers numbers{seed};
            Tally tally;
            while (tally.claims < claims) {
                const Case made = make_case(numbers, width.total_bits, width.lot_bits);
                width.is_wide ? compare_wide(made, tally) : compare_narrow(made, tally);
            }
            is_exact = tell(width.name, std::string{name_of(form)}, tally) && is_exact;
        }
        Numbers numbers{seed};
        Tally tally;
        while (tally.claims < claims) {
            compare_batch(numbers, tally);
        }
        is_exact = tell("PR-FIFO in batches", std::string{name_of(form)}, tally) && is_exact;
    }
    return is_exact ? EXIT_SUCCESS : EXIT_FAILURE;
}

}  // namespace
}  // namespace allot::bench

int main(int argc, char* argv[]) {
    try {
        const std::vector<std::string> words(argv + 1, argv + argc);
        const std::uint64_t claims = words.empty() ? 1'000'000 : std::stoull(words[0]);
        return allot::bench::run(claims, words.size() < 2 ? 1 : std::stoull(words[1]));
    } catch (const std::exception& error) {
        std::cerr << "allot_exactness: " << error.what() << '\n';
        return EXIT_FAILURE;
    }
}
