// Writing the outcome of a run, as JSON and as CSV.
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <utility>

#include "allot/result_file.hpp"
#include "engine/io/allocation_output.hpp"
#include "engine/io/csv_output.hpp"
#include "engine/io/fields.hpp"
#include "engine/io/json_output.hpp"
#include "engine/io/piecewise.hpp"
#include "engine/io/text_output.hpp"
#include "engine/run/pass_on.hpp"

namespace allot {

// One form of a result: allocations in pieces, and where they go.
class ResultWriter::Form {
  public:
    Form(const Form&) = delete;
    Form& operator=(const Form&) = delete;
    virtual ~Form() = default;

    [[nodiscard]] virtual std::function<Result<void>()> take(const AllocationViews& some) = 0;
    [[nodiscard]] virtual Result<void> finish(const RunResult& result) = 0;

  protected:
    Form(const Sink& sink, unsigned threads) : threads_{threads}, output_{sink}, pieces_{output_} {}

    [[nodiscard]] io::TextOutput& output() noexcept { return output_; }
    [[nodiscard]] io::PieceOutput& pieces() noexcept { return pieces_; }

    // Takes the allocations that the result itself has.
    [[nodiscard]] Result<void> take_rest(const RunResult& result) {
        const AllocationViews rest = result.allocations();
        return run::pass_on_rows(rest.rows(), threads_,
                                 [&](std::span<const detail::AllocationRow> rows) {
                                     return take(AllocationViews{rest.book(), rows, rest.run()});
                                 });
    }

  private:
    unsigned threads_;
    io::TextOutput output_;
    io::PieceOutput pieces_;
};

namespace {

using namespace io;

class JsonForm final : public ResultWriter::Form {
  public:
    JsonForm(const Sink& sink, NumberStyle numbers, unsigned threads)
        : Form{sink, threads}, json_{output().text(), numbers} {}

    [[nodiscard]] std::function<Result<void>()> take(const AllocationViews& some) override {
        return [this, run = some.run(),
                hand_on = pieces().prepare([&](TextBuffer& text) { append(some, text); })] {
            if (!is_begun_) {
                begin(full_code(*run));
            }
            json_.raw(std::exchange(is_empty_, false) ? "\n" : ",\n");
            (void)hand_on();
            return output().state();
        };
    }

    [[nodiscard]] Result<void> finish(const RunResult& result) override {
        if (!is_begun_) {
            begin(result.algorithm);
        }
        result_ = &result;
        bool is_good = take_rest(result).has_value();
        json_.raw(is_empty_ ? "]" : "\n]");
        is_good = is_good && write_placements() && write_failures() && write_warnings() &&
                  (result_->explanations.empty() || write_explanations()) &&
                  (result_->moves.empty() || write_moves()) &&
                  (result_->reversals.empty() || write_reversals());
        if (is_good) {
            write_run();
        }
        json_.raw("\n}\n");
        return output().finish();
    }

  private:
    void begin(const std::string& algorithm) {
        is_begun_ = true;
        json_.raw("{\n\"schema\":");
        json_.write(schema_name);
        json_.raw(",\n\"algorithm\":");
        json_.write(algorithm);
        json_.raw(",\n");
        json_.write(Schema<Allocation>::list);
        json_.raw(":[");
    }

    // Any thread.
    void append(const AllocationViews& some, TextBuffer& text) const {
        AllocationOutput<JsonOutput> rows{some.book(), text,
                                          [numbers = json_.numbers()](TextBuffer& to) {
                                              return JsonOutput{to, numbers};
                                          }};
        for (std::size_t at = 0; at < some.size(); ++at) {
            text.append(at == 0 ? "{" : ",\n{");
            rows.write_fields(some, at);
            text.push_back('}');
        }
    }

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
            if (!output().pass_on()) {
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

    const RunResult* result_{nullptr};  // from finish() on
    JsonOutput json_;
    bool is_begun_{false};
    bool is_empty_{true};  // no allocation yet
};

class CsvForm final : public ResultWriter::Form {
  public:
    CsvForm(const Sink& sink, unsigned threads) : Form{sink, threads} {
        CsvOutput{output().text()}.write_header<Allocation>();
    }

    [[nodiscard]] std::function<Result<void>()> take(const AllocationViews& some) override {
        return [this, hand_on = pieces().prepare([&](TextBuffer& text) { append(some, text); })] {
            (void)hand_on();
            return output().state();
        };
    }

    [[nodiscard]] Result<void> finish(const RunResult& result) override {
        (void)take_rest(result);  // a refusal of the sink is told by finish()
        return output().finish();
    }

  private:
    // Any thread.
    static void append(const AllocationViews& some, TextBuffer& text) {
        CsvOutput csv{text};
        AllocationOutput<CsvOutput> rows{some.book(), text,
                                         [](TextBuffer& to) { return CsvOutput{to}; }};
        for (std::size_t at = 0; at < some.size(); ++at) {
            rows.write_fields(some, at);
            csv.end_row();
        }
    }
};

}  // namespace

ResultWriter::ResultWriter(std::unique_ptr<Form> form) : form_{std::move(form)} {}
ResultWriter::ResultWriter(ResultWriter&&) noexcept = default;
ResultWriter& ResultWriter::operator=(ResultWriter&&) noexcept = default;
ResultWriter::~ResultWriter() = default;

ResultWriter ResultWriter::json(const Sink& to, NumberStyle numbers, unsigned threads) {
    return ResultWriter{std::make_unique<JsonForm>(to, numbers, threads)};
}

ResultWriter ResultWriter::csv(const Sink& to, unsigned threads) {
    return ResultWriter{std::make_unique<CsvForm>(to, threads)};
}

AllocationSink ResultWriter::sink() {
    return [form = form_.get()](const AllocationViews& some) { return form->take(some); };
}

Result<void> ResultWriter::finish(const RunResult& result) {
    return form_->finish(result);
}

Result<void> write_result_json(const RunResult& result, const Sink& sink, NumberStyle numbers,
                               unsigned threads) {
    return ResultWriter::json(sink, numbers, threads).finish(result);
}

Result<void> write_result_csv(const RunResult& result, const Sink& sink, unsigned threads) {
    return ResultWriter::csv(sink, threads).finish(result);
}

}  // namespace allot
