// Results of a backtest as JSON and CSV.
#include <array>
#include <charconv>
#include <utility>

#include "allot/backtest_file.hpp"
#include "engine/backtest/columns.hpp"
#include "engine/io/json_output.hpp"
#include "engine/io/text_output.hpp"

namespace allot {

namespace backtest {

Cell cell_of(double value) {  // statistic
    std::array<char, 32> text{};
    const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), value);
    return {std::string(text.data(), end)};
}

std::string member_name(std::string_view column) {
    std::string name;
    bool is_next_large = false;
    for (const char c : column) {
        if (c == '_') {
            is_next_large = true;
            continue;
        }
        name.push_back(is_next_large && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A')
                                                             : c);
        is_next_large = false;
    }
    return name;
}

}  // namespace backtest

namespace {

using backtest::Cell;

void append_csv_cell(std::string& row, const Cell& cell) {
    if (cell.text.find_first_of(",\"\n\r") == std::string::npos) {
        row += cell.text;
        return;
    }
    row.push_back('"');
    for (const char c : cell.text) {
        row.append(c == '"' ? 2 : 1, c);
    }
    row.push_back('"');
}

// Calls each(visit) and makes a line of the names, or of the cells.
template <class Each>
std::string header_of(Each each) {
    std::string line;
    each([&](std::string_view name, const Cell&) {
        line += line.empty() ? "" : ",";
        line += name;
    });
    return line + '\n';
}
template <class Each>
std::string row_of(Each each) {
    std::string line;
    bool is_first = true;
    each([&](std::string_view, const Cell& cell) {
        line += is_first ? "" : ",";
        is_first = false;
        append_csv_cell(line, cell);
    });
    return line + '\n';
}

class SummaryWriter {
  public:
    SummaryWriter(const BacktestResult& result, const Sink& sink)
        : result_{&result}, output_{sink}, json_{output_.text(), NumberStyle::number} {}

    [[nodiscard]] Result<void> run() {
        json_.raw("{\n\"schema\":\"allot/backtest-1\",\n\"engineVersion\":");
        json_.write(result_->engine_version);
        json_.raw(",\n\"seed\":");
        json_.write(Decimal{result_->seed});
        json_.raw(",\n\"draws\":");
        json_.write(Decimal{result_->draws});
        json_.raw(",\n\"independent\":");
        json_.write(result_->independent);
        json_.raw(",\n\"lot\":");
        json_.raw(result_->lot);
        json_.raw(",\n\"splits\":");
        json_.write(Decimal{result_->splits});
        json_.raw(",\n\"complete\":");
        json_.write(result_->is_complete);
        write_list(",\n\"leftOut\":", result_->left_out, [this](const PeriodLeftOut& period) {
            json_.raw("{\"name\":");
            json_.write(period.name);
            json_.raw(",\"why\":");
            json_.write(period.why);
            json_.raw("}");
        });
        write_list(",\n\"periods\":", result_->periods,
                   [this](const std::string& name) { json_.write(name); });
        write_list(",\n\"rules\":", result_->rules,
                   [this](const RuleOutcome& rule) { write_rule(rule); });
        write_list(",\n\"worst\":", result_->worst, [this](const BlockOutcome& block) {
            write_object([&](auto visit) {
                backtest::each_column(block, result_->periods[block.period], visit);
            });
        });
        json_.raw("\n}\n");
        return output_.finish();
    }

  private:
    template <class Items, class Write>
    void write_list(std::string_view member, const Items& items, Write write) {
        json_.raw(member);
        json_.raw("[");
        std::string_view separator = "\n";
        for (const auto& item : items) {
            json_.raw(separator);
            separator = ",\n";
            write(item);
            (void)output_.pass_on();
        }
        json_.raw(separator == "\n" ? "]" : "\n]");
    }

    template <class Each>
    void write_members(Each each, bool& is_first) {
        each([&](std::string_view name, const Cell& cell) {
            if (!cell.is_given) {
                return;
            }
            json_.member(backtest::member_name(name), is_first);
            if (cell.is_text) {
                json_.write(cell.text);
            } else {
                json_.raw(cell.text);
            }
        });
    }
    template <class Each>
    void write_object(Each each) {
        bool is_first = true;
        json_.raw("{");
        write_members(each, is_first);
        json_.raw("}");
    }

    template <class Numbers>
    void write_numbers(std::string_view member, const Numbers& numbers) {
        json_.raw(member);
        std::string_view separator = "[";
        for (const auto& number : numbers) {
            json_.raw(separator);
            separator = ",";
            json_.raw(backtest::cell_of(number).text);
        }
        json_.raw("]");
    }

    void write_rule(const RuleOutcome& rule) {
        bool is_first = true;
        json_.raw("{");
        write_members([&](auto visit) { backtest::each_column(rule, visit); }, is_first);
        std::string_view separator = ",\n\"priceEdgesPoints\":[";
        for (const int edge : PriceHistogram::edges_in_tenths) {
            json_.raw(separator);
            separator = ",";
            json_.write(Decimal::from_parts(edge, 1).value());
        }
        json_.raw("]");
        write_numbers(",\n\"priceCounts\":", rule.prices.counts);
        write_numbers(",\n\"misplacedShare\":", rule.misplaced.share);
        write_numbers(",\n\"misplacedFills\":", rule.misplaced.fills);
        write_list(",\n\"accounts\":", rule.accounts, [this, &rule](const AccountOutcome& account) {
            write_object(
                [&](auto visit) { backtest::each_column(account, rule.algorithm, visit); });
        });
        write_list(",\n\"failures\":", rule.failures, [this](const PeriodFailure& failure) {
            bool is_first_member = true;
            json_.raw("{");
            const auto write = [&](std::string_view name, std::string_view value) {
                json_.member(name, is_first_member);
                json_.write(value);
            };
            write("period", result_->periods[failure.period]);
            write("placement", failure.failure.placement.to_string());
            write("type", name(failure.failure.type));
            write("detail", failure.failure.detail);
            json_.raw("}");
        });
        json_.raw("}");
    }

    const BacktestResult* result_;
    io::TextOutput output_;
    io::JsonOutput json_;
};

}  // namespace

Result<void> write_backtest_json(const BacktestResult& result, const Sink& sink) {
    return SummaryWriter{result, sink}.run();
}

Result<void> write_backtest_accounts_csv(const BacktestResult& result, const Sink& sink) {
    io::TextOutput output{sink};
    output.text().append(header_of(
        [](auto visit) { backtest::each_column(AccountOutcome{}, std::string_view{}, visit); }));
    for (const RuleOutcome& rule : result.rules) {
        for (const AccountOutcome& account : rule.accounts) {
            output.text().append(
                row_of([&](auto visit) { backtest::each_column(account, rule.algorithm, visit); }));
            if (!output.pass_on()) {
                return output.finish();
            }
        }
    }
    return output.finish();
}

std::string backtest_blocks_header() {
    return header_of(
        [](auto visit) { backtest::each_column(BlockOutcome{}, std::string_view{}, visit); });
}

std::string backtest_blocks_rows(const PeriodOutcome& period) {
    std::string rows;
    for (const std::vector<BlockOutcome>& blocks : period.blocks) {
        for (const BlockOutcome& block : blocks) {
            rows += row_of([&](auto visit) { backtest::each_column(block, period.name, visit); });
        }
    }
    return rows;
}

}  // namespace allot
