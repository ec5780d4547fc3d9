// How cumulative rules say which lot went where and why.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "algorithms/share_out.hpp"

namespace allot::algorithms {

struct LotNote {
    std::size_t claim{0};
    std::string text{};
};

// The single lots of a small fill, in the order in which they were given.
struct LotNotes {
    static constexpr std::int64_t most = 30;  // with more lots, each claim gets one summary

    std::vector<LotNote> lots{};
};

template <SplitInteger Int>
void note_lots(const Split<Int>& split, std::size_t claim, const Int& units, std::string text) {
    if (split.explanation != nullptr) {
        split.explanation->add(claim, StepKind::lots, widened(units), std::move(text));
    }
}

// a / b in lowest terms: "7/10". Precondition: a >= 0, b > 0.
[[nodiscard]] std::string fraction(const Int256& a, const Int256& b);

// "350 lots, from 0 to 350".
[[nodiscard]] std::string summary_of(const Int256& before, const Int256& after);

// Why a rule cannot split.
[[nodiscard]] Error refusal(std::string_view code, std::string found, std::string expected);

}  // namespace allot::algorithms
