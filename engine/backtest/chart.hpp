// Charts as SVG that stands in a page: no script, names and values on hover, colours from the page.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace allot::backtest {

using Coordinate = double;  // statistic: values and places of a chart, for the eye

// `text` for use between tags and in attributes.
[[nodiscard]] std::string escaped(std::string_view text);
// With `places` digits behind the point; never "-0".
[[nodiscard]] std::string fixed(Coordinate value, int places);

// The place of a decimal on an axis.
[[nodiscard]] Coordinate nearest_coordinate(std::string_view decimal);

struct Series {
    std::string name{};
    std::size_t colour{0};  // number of the page's class c0, c1, ...
    std::vector<Coordinate> values{};
    std::vector<bool> is_given{};
};

// One line a series over equal steps from 0 to 100 %. `unit` stands behind values.
[[nodiscard]] std::string line_chart(const std::vector<Series>& series, std::string_view unit,
                                     std::string_view title);

struct Bar {
    std::string name{};
    Coordinate value{0};
    std::string text{};  // the exact value, for hover and label
};

// Standing bars, for counts between edges.
[[nodiscard]] std::string histogram(const std::vector<Bar>& bars, std::size_t colour,
                                    std::string_view title);

// Lying bars to both sides of zero.
[[nodiscard]] std::string two_sided_bars(const std::vector<Bar>& bars, std::string_view title);

}  // namespace allot::backtest
