// Recorded: see recorded.hpp.
#include "engine/run/recorded.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/text.hpp"
#include "engine/run/pricing.hpp"

namespace allot::run {

namespace {

using store::none;

// What divides the items of a list from each other and an id from its value. In the items
// themselves such bytes are written as %XX; most ids have none.
constexpr std::string_view dividers = "%|,=/";
constexpr std::string_view hex_digits = "0123456789ABCDEF";

std::string escaped(std::string_view text) {
    std::string result;
    for (const char c : text) {
        if (dividers.find(c) == std::string_view::npos) {
            result += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        result += '%';
        result += hex_digits[byte >> 4U];
        result += hex_digits[byte & 0xFU];
    }
    return result;
}

std::string unescaped(std::string_view text) {
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%' || i + 2 >= text.size()) {
            result += text[i];
            continue;
        }
        const std::size_t high = hex_digits.find(text[i + 1]);
        const std::size_t low = hex_digits.find(text[i + 2]);
        result += static_cast<char>(static_cast<unsigned char>((high & 0xFU) << 4U | (low & 0xFU)));
        i += 2;
    }
    return result;
}

template <class Kind>
std::string text_of(const Id<Kind>& id) {
    return recorded_id(id.resource());
}

class Writer {
  public:
    explicit Writer(char divider) : divider_{divider} {}
    void add(const std::string& item) {
        if (!text_.empty()) {
            text_ += divider_;
        }
        text_ += item;
    }
    [[nodiscard]] std::string take() { return std::move(text_); }

  private:
    char divider_;
    std::string text_{};
};

std::vector<std::string_view> divided(std::string_view text, char divider) {
    std::vector<std::string_view> items;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(divider), text.size());
        items.push_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return items;
}

Result<ResourceId> parse_resource(std::string_view text) {
    const std::size_t slash = std::min(text.find('/'), text.size());
    ResourceId id{unescaped(text.substr(0, slash)),
                  unescaped(text.substr(std::min(slash + 1, text.size())))};
    if (const Result<void> checked = id.check(); !checked) {
        return Unexpected{checked.error()};
    }
    return id;
}

template <class Kind>
Result<Id<Kind>> parse_id(std::string_view text) {
    const Result<ResourceId> id = parse_resource(text);
    return id ? Result<Id<Kind>>{Id<Kind>{*id}} : Unexpected{id.error()};
}

// "SCOPE/CODE=VALUE|..." by id.
template <class Kind, class Value>
Result<std::map<Id<Kind>, Value>> values_of(std::string_view text) {
    std::map<Id<Kind>, Value> values;
    for (const std::string_view item : divided(text, '|')) {
        const std::size_t equals = std::min(item.find('='), item.size());
        const Result<Id<Kind>> id = parse_id<Kind>(item.substr(0, equals));
        const Result<Value> value = Value::parse(item.substr(std::min(equals + 1, item.size())));
        if (!id || !value) {
            return Unexpected{id ? value.error() : id.error()};
        }
        values.emplace(*id, *value);
    }
    return values;
}

// Reads the options of one record, each by its name, and tells what is wrong with the first.
class OptionReader {
  public:
    explicit OptionReader(const RecordOptions& options) : options_{&options} {}

    // Calls `take` with the text of the option, if it is there. `take` returns a Result.
    template <class Take>
    void read(const std::string& name, Take&& take) {
        const auto option = options_->find(name);
        if (option == options_->end()) {
            return;
        }
        ++known_;
        const auto taken = take(std::string_view{option->second});
        if (!taken && !error_) {
            error_ = taken.error();
            error_->entity = "run";
            error_->field = name;
        }
    }
    template <class T>
    void read_into(const std::string& name, std::optional<T>& out) {
        read(name, [&](std::string_view text) {
            Result<T> parsed = T::parse(text);
            if (parsed) {
                out = *parsed;
            }
            return parsed;
        });
    }
    template <class Option>
    void read_word(const std::string& name, Option& out) {
        read_word(name, option_words<Option>, out);
    }
    // One of the words, by its position.
    template <class T, std::size_t N>
    void read_word(const std::string& name, const std::array<std::string_view, N>& words, T& out) {
        read(name, [&](std::string_view text) -> Result<void> {
            const auto word = std::find(words.begin(), words.end(), text);
            if (word == words.end()) {
                return Unexpected{Error{ErrorCode::option_is_not_valid,
                                        "run",
                                        {},
                                        name,
                                        detail::shown(text),
                                        "a word that a record has there",
                                        {}}};
            }
            out = static_cast<T>(word - words.begin());
            return {};
        });
    }
    void read_flag(const std::string& name, bool& out) {
        read_word(name, std::array<std::string_view, 2>{"false", "true"}, out);
    }
    // What is wrong; an option that nobody asked for is.
    [[nodiscard]] std::optional<Error> finish() {
        if (!error_ && known_ != options_->size()) {
            error_ =
                Error{ErrorCode::option_is_not_valid, "run", {}, "options", "one that is not known",
                      "options of this version",      {}};
        }
        return std::move(error_);
    }

  private:
    const RecordOptions* options_;
    std::size_t known_{0};
    std::optional<Error> error_{};
};

// States an option that is not as it is by default.
template <class Option>
void note_word(const std::string& name, Option value, Option usual, RecordOptions& record) {
    if (value != usual) {
        record[name] = word_of(value);
    }
}

void note_pricing(const RunOptions& options, RecordOptions& record) {
    const Pricing& pricing = options.pricing;
    note_word("grain", options.grain, Grain{}, record);
    note_word("price", pricing.method, PriceMethod{}, record);
    note_word("averageOver", pricing.average_over, AverageOver{}, record);
    if (options.pool) {
        record["pool"] = "true";
    }
    if (pricing.scale != Pricing{}.scale) {
        record["priceScale"] = std::to_string(pricing.scale);
    }
    if (pricing.tick) {
        record["tick"] = pricing.tick->to_string();
    }
    if (pricing.residual_account) {
        record["residualAccount"] = recorded_id(pricing.residual_account->resource());
    }
}

void read_pricing(OptionReader& reader, RunOptions& options) {
    reader.read_word("grain", options.grain);
    reader.read_word("price", options.pricing.method);
    reader.read_word("averageOver", options.pricing.average_over);
    reader.read_flag("pool", options.pool);
    reader.read("priceScale", [&](std::string_view text) {
        Result<Quantity> scale = Quantity::parse(text);
        options.pricing.scale =
            static_cast<int>(detail::whole_number(text).value_or(Decimal::max_scale + 1));
        return scale;
    });
    reader.read_into("tick", options.pricing.tick);
    reader.read("residualAccount", [&](std::string_view text) {
        Result<PortfolioId> account = parse_id<Portfolio>(text);
        if (account) {
            options.pricing.residual_account = *account;
        }
        return account;
    });
    // What came of it is compared with the rest of the record.
    reader.read("residuals", [](std::string_view) { return Result<void>{}; });
}

void read_options(OptionReader& reader, RunRequest& request) {
    RunOptions& options = request.options;
    reader.read_flag("strictLot", options.strict_lot);
    reader.read_word("ties", options.ties);
    reader.read_flag("allowUnpriced", options.allow_unpriced);
    reader.read_word("beyondLimit", options.beyond_limit);
    reader.read_flag("asOfFill", options.as_of_fill);
    reader.read("deadStates", [&](std::string_view text) -> Result<void> {
        options.dead_states.emplace();
        for (const std::string_view state : divided(text, ',')) {
            options.dead_states->push_back(unescaped(state));
        }
        return {};
    });
    reader.read("weights", [&](std::string_view text) {
        auto weights = values_of<Portfolio, Weight>(text);
        request.weights = weights ? *weights : request.weights;
        return weights;
    });
    reader.read("placements", [&](std::string_view text) -> Result<void> {
        for (const std::string_view item : divided(text, '|')) {
            const Result<PlacementId> id = parse_id<Placement>(item);
            if (!id) {
                return Unexpected{id.error()};
            }
            request.placements.push_back(*id);
        }
        return {};
    });
}

// Which work it was, and what is said of that alone.
void read_work(OptionReader& reader, Recorded& recorded) {
    const auto read_id = [&](const std::string& name, Work work, auto& out) {
        reader.read(name, [&](std::string_view text) {
            Result<ResourceId> id = parse_resource(text);
            recorded.work = work;
            if (id) {
                out = std::remove_cvref_t<decltype(out)>{*id};
            }
            return id;
        });
    };
    bool is_reallocation = false;
    reader.read_flag("reallocate", is_reallocation);
    recorded.work = is_reallocation ? Work::reallocate : Work::run;
    read_id("correct", Work::correct, recorded.correction.execution);
    read_id("bust", Work::bust, recorded.correction.execution);
    read_id("amend", Work::amend, recorded.amendment.order);
    read_id("remove", Work::remove, recorded.removed);
    switch (recorded.work) {
        case Work::run:
            read_pricing(reader, recorded.request.options);
            break;
        case Work::reallocate:
            reader.read("pins", [&](std::string_view text) {
                auto pins = values_of<Order, Quantity>(text);
                recorded.pins = pins ? *pins : recorded.pins;
                return pins;
            });
            break;
        case Work::bust:
            break;
        case Work::correct:
            reader.read_into("quantity", recorded.correction.quantity);
            reader.read_into("price", recorded.correction.price);
            break;
        case Work::amend:
            reader.read_into("quantity", recorded.amendment.quantity);
            reader.read("state", [&](std::string_view text) -> Result<void> {
                recorded.amendment.state = std::string{text};
                return {};
            });
            break;
        case Work::remove:
            reader.read("entity", [&](std::string_view text) -> Result<void> {
                recorded.entity = text;
                return {};
            });
            break;
    }
}

}  // namespace

bool is_left_out(const BookData& book, const RunPlacement& placement) {
    const bool has_bad_rows = !book.tainted_orders.empty() || !book.tainted_blocks.empty() ||
                              !book.tainted_placements.empty();
    return has_bad_rows && placement.failure && placement.failure->type == FailureType::BadInput;
}

void note_request(const BookData& book, const RunRequest& request, const Collection& collection,
                  RecordOptions& options) {
    const RunOptions& asked = request.options;
    if (asked.strict_lot) {
        options["strictLot"] = "true";
    }
    note_word("ties", asked.ties, Ties{}, options);
    if (!request.weights.empty()) {
        Writer weights{'|'};
        for (const auto& [portfolio, weight] : request.weights) {
            weights.add(text_of(portfolio) + "=" + weight.to_string());
        }
        options["weights"] = weights.take();
    }
    if (asked.allow_unpriced) {
        options["allowUnpriced"] = "true";
    }
    note_word("beyondLimit", asked.beyond_limit, BeyondLimit{}, options);
    if (asked.as_of_fill) {
        options["asOfFill"] = "true";
    }
    if (asked.dead_states) {
        Writer states{','};
        for (const std::string& state : *asked.dead_states) {
            states.add(escaped(state));
        }
        options["deadStates"] = states.take();
    }
    note_pricing(asked, options);
    Writer placements{'|'};
    // In whatever order they are asked for, and how often, the run is the same.
    for (const PlacementId& id :
         std::set<PlacementId>{request.placements.begin(), request.placements.end()}) {
        placements.add(text_of(id));
    }
    const auto left_out = [&](const RunPlacement& placement) {
        return is_left_out(book, placement);
    };
    if (request.placements.empty() &&
        std::any_of(collection.placements.begin(), collection.placements.end(), left_out)) {
        for (const RunPlacement& placement : collection.placements) {
            if (!left_out(placement)) {
                placements.add(text_of(book.placements.ids.id<Placement>(placement.id)));
            }
        }
    }
    if (std::string text = placements.take(); !text.empty()) {
        options["placements"] = std::move(text);
    }
}

std::string recorded_id(const ResourceId& id) {
    return escaped(id.scope) + "/" + escaped(id.code);
}

void note_reallocation(const Pins& pins, RecordOptions& options) {
    options["reallocate"] = "true";
    Writer writer{'|'};
    for (const auto& [order, quantity] : pins) {
        writer.add(text_of(order) + "=" + quantity.to_string());
    }
    if (!pins.empty()) {
        options["pins"] = writer.take();
    }
}

void note_correction(const ExecutionId& id, const std::optional<Correction>& correction,
                     RecordOptions& options) {
    options[correction ? "correct" : "bust"] = text_of(id);
    if (correction && correction->quantity) {
        options["quantity"] = correction->quantity->to_string();
    }
    if (correction && correction->price) {
        options["price"] = correction->price->to_string();
    }
}

void note_amendment(const Amendment& amendment, RecordOptions& options) {
    options["amend"] = text_of(amendment.order);
    if (amendment.quantity) {
        options["quantity"] = amendment.quantity->to_string();
    }
    if (amendment.state) {
        options["state"] = *amendment.state;
    }
}

void note_removal(std::string_view entity, const ResourceId& id, RecordOptions& options) {
    options["remove"] = recorded_id(id);
    options["entity"] = entity;
}

Result<Recorded> read_record(const RunRecord& record) {
    Recorded recorded;
    RunRequest& request = recorded.request;
    request.algorithm = record.algorithm;
    for (const auto& [key, value] : record.parameters) {
        request.algorithm.append(":").append(key).append("=").append(value);
    }
    request.options.seed = record.seed;
    request.options.written = record.written;
    const Result<Quantity> lot = Quantity::parse(record.lot);
    if (!lot) {
        return Unexpected{lot.error()};
    }
    request.options.lot = *lot;
    OptionReader reader{record.options};
    read_work(reader, recorded);
    read_options(reader, request);
    if (std::optional<Error> error = reader.finish()) {
        return Unexpected{*std::move(error)};
    }
    return recorded;
}

}  // namespace allot::run
