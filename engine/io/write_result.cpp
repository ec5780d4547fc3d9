// Writing the outcome of a run, as JSON and as CSV.
#include <string>
#include <utility>

#include "allot/result_file.hpp"
#include "engine/io/allocation_output.hpp"
#include "engine/io/csv_output.hpp"
#include "engine/io/fields.hpp"
#include "engine/io/json_output.hpp"
#include "engine/io/piecewise.hpp"
#include "engine/io/text_output.hpp"

namespace allot {

namespace {

using namespace io;

class ResultWriter {
  public:
    ResultWriter(const RunResult& result, const Sink& sink, NumberStyle numbers, unsigned threads)
        : result_{&result}, threads_{threads}, output_{sink}, json_{output_.text(), numbers} {}

    [[nodiscard]] Result<void> run() {
        json_.raw("{\n\"schema\":");
        json_.write(schema_name);
        json_.raw(",\n\"algorithm\":");
        json_.write(result_->algorithm);
        const bool is_good = write_allocations() && write_placements() && write_failures() &&
                             write_warnings() &&
                             (result_->explanations.empty() || write_explanations()) &&
                             (result_->moves.empty() || write_moves()) &&
                             (result_->reversals.empty() || write_reversals());
        if (is_good) {
            write_run();
        }
        json_.raw("\n}\n");
        return output_.finish();
    }

  private:
    // Writes a member whose items stand on a line each between `open` and `close`.
    template <class Items, class Write>
    bool write_items(std::string_view name, std::string_view open, std::string_view close,
                     const Items& items, Write&& write) {
        json_.raw(",\n");
        json_.write(name);
        json_.raw(":");
        json_.raw(open);
        std::string_view separator = "\n";
        for (auto&& item : items) {
            json_.raw(separator);
            separator = ",\n";
            write(item);
            if (!output_.pass_on()) {
                return false;
            }
        }
        json_.raw(separator == "\n" ? "" : "\n");
        json_.raw(close);
        return true;
    }

    template <class T>
    void write_member(std::string_view name, const T& value, bool& is_first) {
        json_.member(name, is_first);
        json_.write(value);
    }

    // As write_items() has it, by several threads.
    bool write_allocations() {
        const AllocationViews all = result_->allocations();
        json_.raw(",\n");
        json_.write(Schema<Allocation>::list);
        json_.raw(":[");
        const bool is_good = write_in_pieces(
            output_, all.size(), threads_,
            [&all, numbers = json_.numbers()](std::size_t first, std::size_t last,
                                              TextBuffer& text) {
                AllocationOutput<JsonOutput> output{all.book(), text, [numbers](TextBuffer& to) {
                                                        return JsonOutput{to, numbers};
                                                    }};
                for (std::size_t at = first; at < last; ++at) {
                    text.append(at == 0 ? "\n{" : ",\n{");
                    output.write_fields(all, at);
                    text.push_back('}');
                }
            });
        json_.raw(all.empty() ? "]" : "\n]");
        return is_good;
    }

    bool write_placements() {
        return write_items("placements", "[", "]", result_->placements,
                           [&](const PlacementOutcome& outcome) {
                               bool is_first = true;
                               json_.raw("{");
                               write_member("id", outcome.id, is_first);
                               write_member("executed", outcome.executed, is_first);
                               write_member("allocated", outcome.allocated, is_first);
                               write_member("unallocated", outcome.unallocated, is_first);
                               if (outcome.deviation) {
                                   write_member("deviationLots", outcome.deviation->lots, is_first);
                               }
                               if (!outcome.residuals.empty()) {
                                   write_residuals(outcome.residuals, is_first);
                               }
                               json_.raw("}");
                           });
    }

    void write_residuals(const std::vector<Residual>& residuals, bool& is_first) {
        json_.member("residual", is_first);
        std::string_view separator = "[";
        for (const Residual& residual : residuals) {
            json_.raw(separator);
            separator = ",";
            write_residual(residual);
        }
        json_.raw("]");
    }

    void write_residual(const Residual& residual) {
        bool is_first = true;
        json_.raw("{");
        write_member("amount", residual.amount, is_first);
        write_member("currency", residual.currency, is_first);
        if (residual.account) {
            write_member("account", *residual.account, is_first);
        }
        json_.raw("}");
    }

    // As in the service's ErrorDetail: the id is the key's text.
    bool write_failures() {
        return write_items("failed", "{", "}", result_->failed, [&](const auto& failed) {
            const auto& [key, failure] = failed;
            json_.write(key);
            json_.raw(":");
            bool is_first = true;
            json_.raw("{");
            write_member("id", key, is_first);
            write_member("type", name(failure.type), is_first);
            write_member("detail", failure.detail, is_first);
            json_.raw("}");
        });
    }

    bool write_warnings() {
        return write_items("warnings", "[", "]", result_->warnings, [&](const Warning& warning) {
            bool is_first = true;
            json_.raw("{");
            write_member("id", warning.placement, is_first);
            write_member("type", name(warning.type), is_first);
            write_member("detail", warning.detail, is_first);
            json_.raw("}");
        });
    }

    // Each split with its steps in the order in which they were taken.
    bool write_explanations() {
        return write_items("explanations", "[", "]", result_->explanations,
                           [&](const SplitExplanation& explanation) {
                               bool is_first = true;
                               json_.raw("{");
                               write_member("placement", explanation.placement, is_first);
                               write_member("executions", explanation.executions, is_first);
                               write_member("available", explanation.available, is_first);
                               json_.member("steps", is_first);
                               std::string_view separator = "[";
                               for (const Step& step : explanation.steps.steps()) {
                                   json_.raw(separator);
                                   separator = ",";
                                   write_step(explanation, step);
                               }
                               json_.raw(separator == "[" ? "[]}" : "]}");
                           });
    }

    bool write_moves() {
        return write_items("moves", "[", "]", result_->moves, [&](const Move& move) {
            bool is_first = true;
            json_.raw("{");
            write_member("id", move.allocation, is_first);
            write_member("allocatedOrderId", move.order, is_first);
            write_member("placementId", move.placement, is_first);
            write_member("before", move.before, is_first);
            write_member("after", move.after, is_first);
            if (move.price_before) {
                write_member("priceBefore", move.price_before->amount(), is_first);
            }
            if (move.price_after) {
                write_member("priceAfter", move.price_after->amount(), is_first);
            }
            json_.raw("}");
        });
    }

    bool write_reversals() {
        return write_items(
            "reversals", "[", "]", result_->reversals, [&](const Reversal& reversal) {
                bool is_first = true;
                json_.raw("{");
                write_member("placementId", reversal.placement, is_first);
                write_member("orderId", reversal.order, is_first);
                write_member("units", reversal.units, is_first);
                if (reversal.cash) {
                    write_member("cash", CurrencyAndAmount{*reversal.cash, reversal.currency},
                                 is_first);
                }
                json_.raw("}");
            });
    }

    void write_step(const SplitExplanation& explanation, const Step& step) {
        bool is_first = true;
        json_.raw("{");
        write_member("order", explanation.claims[step.claim], is_first);
        write_member("step", explanation.steps.sentence(step), is_first);
        json_.raw("}");
    }

    void write_run() {
        json_.raw(",\n\"runs\":[\n{");
        bool is_first = true;
        json_.write_fields(result_->run, is_first);
        json_.raw("}\n]");
    }

    const RunResult* result_;
    unsigned threads_;
    TextOutput output_;
    JsonOutput json_;
};

}  // namespace

Result<void> write_result_json(const RunResult& result, const Sink& sink, NumberStyle numbers,
                               unsigned threads) {
    return ResultWriter{result, sink, numbers, threads}.run();
}

Result<void> write_result_csv(const RunResult& result, const Sink& sink, unsigned threads) {
    TextOutput output{sink};
    CsvOutput{output.text()}.write_header<Allocation>();
    const AllocationViews all = result.allocations();
    // A refusal of the sink is told by finish().
    (void)write_in_pieces(output, all.size(), threads,
                          [&all](std::size_t first, std::size_t last, TextBuffer& text) {
                              CsvOutput csv{text};
                              AllocationOutput<CsvOutput> rows{
                                  all.book(), text, [](TextBuffer& to) { return CsvOutput{to}; }};
                              for (std::size_t at = first; at < last; ++at) {
                                  rows.write_fields(all, at);
                                  csv.end_row();
                              }
                          });
    return output.finish();
}

}  // namespace allot
