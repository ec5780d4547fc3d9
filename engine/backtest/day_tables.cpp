// The tables of a generated day: sizes of fills as counted in real prints, and the log-normal
// distribution by its quantiles.
#include "engine/backtest/day_tables.hpp"

#include <array>
#include <cstddef>

namespace allot {
namespace {

// `count` prints had sizes from `lowest` to `highest`.
struct SizeClass {
    std::int64_t lowest;
    std::int64_t highest;
    std::int64_t step;
    std::int64_t count;
};

// Counted over AIG, BAC and IBM (five days) and SPY (one day): 92 % are multiples of 100, 51 % are
// exactly 100, 9.5 % are 1,000 or more, 0.33 % are 10,000 or more. Prints under 100 shares (3; the
// tape did not carry odd lots then) and the 114 largest are left out.
constexpr std::array size_classes{
    SizeClass{100, 100, 100, 677762},  SizeClass{200, 200, 100, 167253},
    SizeClass{300, 300, 100, 102474},  SizeClass{400, 400, 100, 52680},
    SizeClass{500, 500, 100, 59246},   SizeClass{600, 600, 100, 21976},
    SizeClass{700, 700, 100, 15487},   SizeClass{800, 800, 100, 13480},
    SizeClass{900, 900, 100, 9104},    SizeClass{1000, 1000, 100, 29464},
    SizeClass{1100, 1400, 100, 20585}, SizeClass{1500, 1500, 100, 5004},
    SizeClass{1600, 1900, 100, 10062}, SizeClass{2000, 2000, 100, 7313},
    SizeClass{2100, 2400, 100, 5222},  SizeClass{2500, 2500, 100, 1924},
    SizeClass{2600, 2900, 100, 4136},  SizeClass{3000, 3000, 100, 3110},
    SizeClass{3100, 3900, 100, 5331},  SizeClass{4000, 4000, 100, 1120},
    SizeClass{4100, 4900, 100, 2919},  SizeClass{5000, 5000, 100, 2423},
    SizeClass{5100, 7400, 100, 3045},  SizeClass{7500, 9900, 100, 1645},
    SizeClass{10000, 10000, 100, 859}, SizeClass{10100, 14900, 100, 872},
    SizeClass{15000, 19900, 100, 524}, SizeClass{20000, 20000, 100, 193},
    SizeClass{20100, 29900, 100, 378}, SizeClass{30000, 49900, 100, 256},
    SizeClass{50000, 99900, 100, 124}, SizeClass{100000, 199900, 100, 30},
    SizeClass{101, 149, 1, 17623},     SizeClass{150, 150, 1, 3338},
    SizeClass{151, 199, 1, 13881},     SizeClass{201, 249, 1, 7837},
    SizeClass{250, 250, 1, 3992},      SizeClass{251, 299, 1, 7225},
    SizeClass{301, 399, 1, 10052},     SizeClass{401, 499, 1, 8772},
    SizeClass{501, 699, 1, 9095},      SizeClass{701, 999, 1, 8348},
    SizeClass{1001, 1499, 1, 6330},    SizeClass{1501, 2499, 1, 5854},
    SizeClass{2501, 4999, 1, 4697},    SizeClass{5001, 9999, 1, 1863},
    SizeClass{10001, 19999, 1, 704},   SizeClass{20001, 49999, 1, 350},
};

constexpr std::int64_t total_count() {
    std::int64_t total = 0;
    for (const SizeClass& size_class : size_classes) {
        total += size_class.count;
    }
    return total;
}

struct Quantile {
    std::int64_t millionths;  // part of the numbers that are smaller
    std::int64_t value;       // 1000 * exp(1.5 * z), z the quantile of the normal distribution
};

constexpr std::array log_normal{
    Quantile{0, 4},           Quantile{500, 7},         Quantile{2000, 13},
    Quantile{5000, 21},       Quantile{10000, 31},      Quantile{20000, 46},
    Quantile{35000, 66},      Quantile{50000, 85},      Quantile{100000, 146},
    Quantile{150000, 211},    Quantile{200000, 283},    Quantile{250000, 364},
    Quantile{300000, 455},    Quantile{350000, 561},    Quantile{400000, 684},
    Quantile{450000, 828},    Quantile{500000, 1000},   Quantile{550000, 1207},
    Quantile{600000, 1462},   Quantile{650000, 1782},   Quantile{700000, 2196},
    Quantile{750000, 2750},   Quantile{800000, 3534},   Quantile{850000, 4733},
    Quantile{900000, 6837},   Quantile{950000, 11790},  Quantile{965000, 15148},
    Quantile{980000, 21772},  Quantile{990000, 32770},  Quantile{995000, 47643},
    Quantile{998000, 74982},  Quantile{999000, 103064}, Quantile{999500, 139183},
    Quantile{999800, 202376}, Quantile{1000000, 264681}};

}  // namespace

std::int64_t draw_fill_size(Random& random) {
    std::int64_t left = random.between(0, total_count() - 1);
    std::size_t i = 0;
    while (left >= size_classes[i].count) {
        left -= size_classes[i].count;
        ++i;
    }
    const SizeClass& drawn = size_classes[i];
    return drawn.lowest +
           drawn.step * random.between(0, (drawn.highest - drawn.lowest) / drawn.step);
}

std::int64_t draw_log_normal(Random& random) {
    const std::int64_t position = random.between(0, log_normal.back().millionths - 1);
    std::size_t above = 1;
    while (log_normal[above].millionths <= position) {
        ++above;
    }
    const Quantile& low = log_normal[above - 1];
    const Quantile& high = log_normal[above];
    return low.value + (high.value - low.value) * (position - low.millionths) /
                           (high.millionths - low.millionths);
}

}  // namespace allot
