// Makes fills of prints.
#include "engine/backtest/print_fills.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace allot {

bool PrintFills::add(const Print& print) {
    if (print.at_ns < rule_.from_ns || print.at_ns >= rule_.to_ns) {
        return true;
    }
    ++counts_.prints;
    counts_.printed += print.size;
    carry_ += print.size * rule_.part;
    const std::int64_t executed = carry_ / rule_.whole;
    carry_ %= rule_.whole;
    if (executed == 0) {
        return true;
    }
    if (counts_.executed == 0) {
        counts_.first_ns = print.at_ns;
    }
    counts_.executed += executed;
    if (rule_.fills_per_slice == 1) {
        return give({print.at_ns, print.price, executed});
    }
    Level& level = window_[print.price];
    level = {print.at_ns, level.size + executed, window_fills_};
    return ++window_fills_ < rule_.fills_per_slice || give_window();
}

// One fill for each price, in the order in which the last of them came.
bool PrintFills::give_window() {
    std::vector<std::pair<std::size_t, Print>> fills;
    for (const auto& [price, level] : window_) {
        fills.emplace_back(level.last, Print{level.at_ns, price, level.size});
    }
    std::sort(fills.begin(), fills.end(),
              [](const auto& a, const auto& b) { return a.first < b.first; });
    window_.clear();
    window_fills_ = 0;
    return std::all_of(fills.begin(), fills.end(),
                       [&](const auto& fill) { return give(fill.second); });
}

// Parts that differ by one unit at most, the larger ones first.
bool PrintFills::give(const Print& fill) {
    const auto parts = std::min<std::int64_t>(rule_.slices_per_fill, fill.size);
    counts_.fills += static_cast<std::size_t>(parts);
    for (std::int64_t i = 0; take_ && i < parts; ++i) {
        Print slice = fill;
        slice.size = fill.size / parts + (i < fill.size % parts ? 1 : 0);
        if (!take_(slice)) {
            return false;
        }
    }
    return true;
}

}  // namespace allot
