// Charts as SVG that stands in a page.
#include "engine/backtest/chart.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace allot::backtest {

namespace {

constexpr Coordinate chart_width = 760;

std::string at(Coordinate value) {
    return fixed(value, 1);
}

std::string opening(Coordinate width, Coordinate height, std::string_view title) {
    return "<svg viewBox=\"0 0 " + at(width) + ' ' + at(height) + "\" role=\"img\" aria-label=\"" +
           escaped(title) + "\">\n";
}

std::string text_at(Coordinate x, Coordinate y, std::string_view anchor, std::string_view text) {
    return "<text x=\"" + at(x) + "\" y=\"" + at(y) + "\" text-anchor=\"" + std::string{anchor} +
           "\">" + escaped(text) + "</text>\n";
}

std::string line_at(Coordinate x1, Coordinate y1, Coordinate x2, Coordinate y2,
                    std::string_view kind) {
    return "<line class=\"" + std::string{kind} + "\" x1=\"" + at(x1) + "\" y1=\"" + at(y1) +
           "\" x2=\"" + at(x2) + "\" y2=\"" + at(y2) + "\"/>\n";
}

std::string box_at(Coordinate x, Coordinate y, Coordinate width, Coordinate height,
                   std::string_view kind, std::string_view hover) {
    return "<rect class=\"" + std::string{kind} + "\" x=\"" + at(x) + "\" y=\"" + at(y) +
           "\" width=\"" + at(std::max(width, 0.5)) + "\" height=\"" + at(std::max(height, 0.5)) +
           "\"><title>" + escaped(hover) + "</title></rect>\n";
}

std::string class_of(std::size_t colour) {
    std::string name{"c"};
    return name += std::to_string(colour % 8);
}

// A step of 1, 2 or 5 times a power of ten, so that about five fit below `most`.
Coordinate step_for(Coordinate most) {
    if (most <= 0) {
        return 1;
    }
    const Coordinate rough = most / 5;
    const Coordinate power = std::pow(10.0, std::floor(std::log10(rough)));
    for (const int factor : {1, 2, 5}) {
        if (factor * power >= rough) {
            return factor * power;
        }
    }
    return 10 * power;
}

int places_for(Coordinate step) {
    return step >= 1 ? 0 : static_cast<int>(std::ceil(-std::log10(step) - 1e-9));
}

// The frame of a line chart: where values are on the page.
struct Frame {
    static constexpr Coordinate left = 64;
    static constexpr Coordinate right = 150;  // room for names behind the lines
    static constexpr Coordinate top = 12;
    static constexpr Coordinate bottom = 40;
    static constexpr Coordinate height = 360;
    Coordinate most{1};

    [[nodiscard]] static Coordinate width() { return chart_width - left - right; }
    [[nodiscard]] static Coordinate x(Coordinate share) { return left + share * width(); }
    [[nodiscard]] Coordinate y(Coordinate value) const {
        return top + (1 - value / most) * (height - top - bottom);
    }
};

std::string axes(const Frame& frame, Coordinate step, std::string_view unit) {
    std::string svg;
    const long lines = std::lround(frame.most / step);
    for (long line = 0; line <= lines; ++line) {
        const Coordinate value = static_cast<Coordinate>(line) * step;
        svg += line_at(Frame::left, frame.y(value), chart_width - Frame::right, frame.y(value),
                       "grid");
        svg += text_at(Frame::left - 8, frame.y(value) + 4, "end",
                       fixed(value, places_for(step)) + std::string{unit});
    }
    for (const int percent : {0, 25, 50, 75, 100}) {
        svg += text_at(Frame::x(percent / 100.0), Frame::height - 16, "middle",
                       std::to_string(percent) + " %");
    }
    return svg;
}

// A name as far as there is room for it.
std::string shortened(const std::string& name) {
    constexpr std::size_t most = 17;
    return name.size() <= most ? name : name.substr(0, most - 1) + "\u2026";
}

// The names behind the ends of the lines, pushed apart so that none covers another: up from the
// lowest, and where that ends above the chart, down again.
std::string names(const Frame& frame, const std::vector<Series>& series) {
    struct Name {
        Coordinate y;
        const Series* series;
    };
    std::vector<Name> all;
    for (const Series& one : series) {
        Coordinate last = 0;
        for (std::size_t i = 0; i < one.values.size(); ++i) {
            last = one.is_given[i] ? one.values[i] : last;
        }
        all.push_back({frame.y(last) + 4, &one});
    }
    std::stable_sort(all.begin(), all.end(),
                     [](const Name& a, const Name& b) { return a.y > b.y; });
    constexpr Coordinate apart = 16;
    Coordinate lowest = Frame::height - Frame::bottom + 4;
    for (Name& name : all) {
        name.y = std::min(name.y, lowest);
        lowest = name.y - apart;
    }
    Coordinate highest = Frame::top + 4;
    std::reverse(all.begin(), all.end());
    for (Name& name : all) {
        name.y = std::max(name.y, highest);
        highest = name.y + apart;
    }
    std::string svg;
    for (const Name& name : all) {
        svg += "<text class=\"t" + class_of(name.series->colour) + "\" x=\"" +
               at(chart_width - Frame::right + 8) + "\" y=\"" + at(name.y) + "\"><title>" +
               escaped(name.series->name) + "</title>" + escaped(shortened(name.series->name)) +
               "</text>\n";
    }
    return svg;
}

}  // namespace

std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        switch (c) {
            case '&':
                out += "&amp;";
                break;
            case '<':
                out += "&lt;";
                break;
            case '>':
                out += "&gt;";
                break;
            case '"':
                out += "&quot;";
                break;
            default:
                out.push_back(c);
        }
    }
    return out;
}

std::string fixed(Coordinate value, int places) {
    std::array<char, 400> text{};
    const auto end = std::to_chars(text.data(), text.data() + text.size(), value,
                                   std::chars_format::fixed, places)
                         .ptr;
    const bool is_zero =
        std::none_of(text.begin(), text.end(), [](char c) { return c >= '1' && c <= '9'; });
    return {text.data() + (is_zero && text[0] == '-' ? 1 : 0), end};
}

Coordinate nearest_coordinate(std::string_view decimal) {
    Coordinate value = 0;
    (void)std::from_chars(decimal.data(), decimal.data() + decimal.size(), value);
    return value;
}

std::string line_chart(const std::vector<Series>& series, std::string_view unit,
                       std::string_view title) {
    Coordinate most = 0;
    for (const Series& one : series) {
        for (std::size_t i = 0; i < one.values.size(); ++i) {
            most = one.is_given[i] ? std::max(most, one.values[i]) : most;
        }
    }
    const Coordinate step = step_for(most);
    Frame frame;
    frame.most = std::max(step, std::ceil(most / step - 1e-9) * step);
    std::string svg = opening(chart_width, Frame::height, title) + axes(frame, step, unit);
    for (const Series& one : series) {
        std::string points;
        std::string hovers;
        const auto count = static_cast<Coordinate>(one.values.size());
        for (std::size_t i = 0; i < one.values.size(); ++i) {
            if (!one.is_given[i]) {
                continue;
            }
            const Coordinate x = Frame::x((static_cast<Coordinate>(i) + 0.5) / count);
            const Coordinate y = frame.y(one.values[i]);
            points += at(x) + ',' + at(y) + ' ';
            hovers.append("<circle cx=\"").append(at(x)).append("\" cy=\"").append(at(y));
            hovers.append("\" r=\"5\"><title>").append(escaped(one.name)).append(", ");
            hovers.append(std::to_string(i)).append(" to ").append(std::to_string(i + 1));
            hovers.append(" %: ").append(fixed(one.values[i], 4)).append(unit);
            hovers.append("</title></circle>\n");
        }
        svg.append("<polyline class=\"").append(class_of(one.colour)).append("\" points=\"");
        svg.append(points).append("\"/>\n<g class=\"hover\">\n").append(hovers);
        svg.append("</g>\n");
    }
    return svg + names(frame, series) + "</svg>\n";
}

std::string histogram(const std::vector<Bar>& bars, std::size_t colour, std::string_view title) {
    constexpr Coordinate width = 360;
    constexpr Coordinate height = 190;
    constexpr Coordinate bottom = 34;
    constexpr Coordinate top = 18;
    Coordinate most = 1;
    for (const Bar& bar : bars) {
        most = std::max(most, bar.value);
    }
    std::string svg = opening(width, height, title);
    const Coordinate each = width / static_cast<Coordinate>(bars.size());
    for (std::size_t i = 0; i < bars.size(); ++i) {
        const Coordinate tall = bars[i].value / most * (height - bottom - top);
        const Coordinate x = static_cast<Coordinate>(i) * each;
        if (bars[i].value > 0) {
            svg += box_at(x + 1, height - bottom - tall, each - 2, tall, class_of(colour),
                          bars[i].name + ": " + bars[i].text);
            svg += text_at(x + each / 2, height - bottom - tall - 4, "middle", bars[i].text);
        }
    }
    svg += line_at(0, height - bottom, width, height - bottom, "axis");
    svg += text_at(0, height - 14, "start", bars.front().name);
    svg += text_at(width / 2, height - 14, "middle", bars[bars.size() / 2].name);
    svg += text_at(width, height - 14, "end", bars.back().name);
    return svg + "</svg>\n";
}

std::string two_sided_bars(const std::vector<Bar>& bars, std::string_view title) {
    constexpr Coordinate row = 20;
    constexpr Coordinate names_width = 170;
    constexpr Coordinate values_width = 110;
    constexpr Coordinate width = chart_width;
    const Coordinate height = row * static_cast<Coordinate>(bars.size()) + 8;
    Coordinate most = 0;
    for (const Bar& bar : bars) {
        most = std::max(most, std::abs(bar.value));
    }
    const Coordinate half = (width - names_width - values_width) / 2;
    const Coordinate zero = names_width + half;
    std::string svg = opening(width, height, title);
    svg += line_at(zero, 0, zero, height, "axis");
    for (std::size_t i = 0; i < bars.size(); ++i) {
        const Bar& bar = bars[i];
        const Coordinate y = row * static_cast<Coordinate>(i) + 4;
        const Coordinate length = most > 0 ? std::abs(bar.value) / most * half : 0;
        svg += text_at(names_width - 8, y + 14, "end", bar.name);
        svg += box_at(bar.value < 0 ? zero - length : zero, y + 2, length, row - 4,
                      bar.value < 0 ? "loss" : "gain", bar.name + ": " + bar.text);
        svg += text_at(width - 4, y + 14, "end", bar.text);
    }
    return svg + "</svg>\n";
}

}  // namespace allot::backtest
