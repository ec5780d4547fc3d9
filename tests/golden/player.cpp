// The actions of golden cases: book, problems, change, reread, run, preview, reallocate,
// correct, correct-all, bust, amend, remove, split.
#include "golden/player.hpp"

#include <map>
#include <stdexcept>

#include "allot/journal.hpp"
#include "allot/split.hpp"

namespace golden {

namespace {

using Options = std::multimap<std::string, std::string>;

// "--lot 10 --quarantine" as a map; flags have an empty value.
Options options_of(const Section& section) {
    Options options;
    const auto& words = section.arguments;
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (words[i].rfind("--", 0) != 0) {
            throw std::runtime_error{section.head + ": what is '" + words[i] + "'?"};
        }
        const bool has_value = i + 1 < words.size() && words[i + 1].rfind("--", 0) != 0;
        options.emplace(words[i].substr(2), has_value ? words[i + 1] : "");
        i += has_value ? 1 : 0;
    }
    return options;
}

std::vector<std::string> parts(const std::string& text, char divider) {
    std::vector<std::string> found{""};
    for (const char c : text) {
        if (c == divider) {
            found.emplace_back();
        } else {
            found.back() += c;
        }
    }
    return found;
}

std::string one(const Options& options, const std::string& name, const std::string& otherwise) {
    const auto found = options.find(name);
    return found == options.end() ? otherwise : found->second;
}

// The items of a list; none when the option is not given.
std::vector<std::string> list_of(const Options& options, const std::string& name) {
    const std::string text = one(options, name, "");
    return text.empty() ? std::vector<std::string>{} : parts(text, ',');
}

std::string code_name(allot::ErrorCode code) {
    return std::string{allot::info(code).name};
}

// Options of grain and price. Returns whether it is one.
bool set_pricing(const std::string& name, const std::string& value, allot::RunOptions& options) {
    static const std::map<std::string, allot::PriceMethod> methods{
        {"fill", allot::PriceMethod::fill},
        {"average", allot::PriceMethod::average},
        {"high-low", allot::PriceMethod::high_low},
        {"low-high", allot::PriceMethod::low_high},
        {"fifo", allot::PriceMethod::fifo}};
    if (name == "grain") {
        options.grain = value == "order" ? allot::Grain::order : allot::Grain::execution;
    } else if (name == "pool") {
        options.pool = true;
    } else if (name == "price") {
        options.pricing.method = methods.at(value);
    } else if (name == "average-over") {
        options.pricing.average_over =
            value == "block" ? allot::AverageOver::block : allot::AverageOver::placement;
    } else if (name == "price-scale") {
        options.pricing.scale = std::stoi(value);
    } else if (name == "tick") {
        options.pricing.tick = allot::Decimal::parse(value).value();
    } else if (name == "residual-account") {
        options.pricing.residual_account = allot::PortfolioId::parse(value).value();
    } else {
        return false;
    }
    return true;
}

allot::RunRequest request_of(const Section& section) {
    const Options options = options_of(section);
    allot::RunRequest request;
    for (const auto& [name, value] : options) {
        if (name == "algorithm") {
            request.algorithm = value;
        } else if (name == "placement") {
            request.placements.push_back(allot::PlacementId::parse(value).value());
        } else if (name == "lot") {
            request.options.lot = allot::Quantity::parse(value).value();
        } else if (name == "strict-lot") {
            request.options.strict_lot = true;
        } else if (name == "allow-unpriced") {
            request.options.allow_unpriced = true;
        } else if (name == "as-of-fill") {
            request.options.as_of_fill = true;
        } else if (name == "beyond-limit") {
            request.options.beyond_limit =
                value == "ignore" ? allot::BeyondLimit::ignore : allot::BeyondLimit::no_claim;
        } else if (name == "dead-states") {
            request.options.dead_states = parts(value, ',');
        } else if (set_pricing(name, value, request.options)) {
            continue;
        } else if (name == "reason") {
            request.options.written.reason = value;
        } else if (name != "pin") {
            throw std::runtime_error{section.head + ": unknown option --" + name};
        }
    }
    return request;
}

// "--pin SCOPE/CODE=QUANTITY", repeatable.
allot::Pins pins_of(const Section& section) {
    allot::Pins pins;
    const Options options = options_of(section);
    for (auto [pin, end] = options.equal_range("pin"); pin != end; ++pin) {
        const auto sides = parts(pin->second, '=');
        pins.emplace(allot::OrderId::parse(sides.at(0)).value(),
                     allot::Quantity::parse(sides.at(1)).value());
    }
    return pins;
}

template <class Views>
std::string listed(const Views& views) {
    std::string text;
    for (const auto& view : views) {
        text += (text.empty() ? "" : "|") + view.to_id().to_string();
    }
    return text.empty() ? "-" : text;
}

// The tables of a result, those with no row left out.
std::vector<std::string> lines_of(const allot::RunResult& result) {
    std::vector<std::vector<std::vector<std::string>>> tables{
        {{"allocation", "order", "portfolio", "execution", "placement", "quantity", "price"}},
        {{"placement", "executed", "allocated", "unallocated", "deviation"}},
        {{"residual", "amount", "currency"}},
        {{"failed", "type"}},
        {{"warning", "type"}},
        {{"moved", "order", "before", "after", "price"}},
        {{"reverse", "order", "units", "cash"}}};
    for (const auto& a : result.allocations()) {
        const auto price = a.price();
        const auto portfolio = a.portfolio_id();
        tables[0].push_back({a.id().to_string(), a.order_id().to_id().to_string(),
                             portfolio ? portfolio->to_id().to_string() : "-",
                             listed(a.execution_ids()), listed(a.placement_ids()),
                             a.quantity().to_string(), price ? price->to_string() : "-"});
    }
    for (const allot::PlacementOutcome& outcome : result.placements) {
        tables[1].push_back({outcome.id.to_string(), outcome.executed.to_string(),
                             outcome.allocated.to_string(), outcome.unallocated.to_string(),
                             outcome.deviation ? outcome.deviation->lots.to_string() : "-"});
        for (const allot::Residual& residual : outcome.residuals) {
            tables[2].push_back({outcome.id.to_string(), residual.amount.to_string(),
                                 residual.currency.empty() ? "-" : residual.currency});
            if (residual.account) {
                tables[2].back().push_back("to " + residual.account->to_string());
            }
        }
    }
    for (const auto& [key, failure] : result.failed) {
        tables[3].push_back({failure.placement.to_string(), std::string{name(failure.type)}});
    }
    for (const allot::Warning& warning : result.warnings) {
        tables[4].push_back({warning.placement.to_string(), std::string{name(warning.type)}});
    }
    for (const allot::Move& move : result.moves) {
        const auto text = [](const std::optional<allot::Price>& price) {
            return price ? price->to_string() : std::string{"-"};
        };
        tables[5].push_back(
            {move.allocation.to_string(), move.order.to_string(), move.before.to_string(),
             move.after.to_string(),
             move.price_before && move.price_after && move.price_before != move.price_after
                 ? text(move.price_before) + "->" + text(move.price_after)
                 : text(move.price_after ? move.price_after : move.price_before)});
    }
    for (const allot::Reversal& reversal : result.reversals) {
        tables[6].push_back({reversal.placement.to_string(), reversal.order.to_string(),
                             reversal.units.to_string(),
                             reversal.cash ? reversal.cash->to_string() : "-"});
    }
    std::vector<std::string> lines;
    for (const auto& rows : tables) {
        if (rows.size() > 1) {
            const std::vector<std::string> more = table(rows);
            lines.insert(lines.end(), more.begin(), more.end());
            lines.emplace_back();
        }
    }
    if (lines.empty()) {
        lines = {"nothing", ""};
    }
    return lines;
}

std::vector<std::string> lines_or_refusal(const allot::Result<allot::RunResult>& result) {
    return result ? lines_of(*result)
                  : std::vector<std::string>{"refused " + code_name(result.error().code), ""};
}

template <class Id>
std::vector<Id> ids(const std::string& text) {
    std::vector<Id> found;
    for (const std::string& part : parts(text, '|')) {
        found.push_back(Id::parse(part).value());
    }
    return found;
}

[[noreturn]] void unknown_field(const std::string& field) {
    throw std::runtime_error{"a change cannot set '" + field + "'"};
}

void set(allot::Order& order, const std::string& field, const std::string& value) {
    if (field == "quantity") {
        order.quantity = allot::Quantity::parse(value).value();
    } else if (field == "state") {
        order.state = value;
    } else if (field == "side") {
        order.side = value;
    } else if (field == "date") {
        order.date = allot::Time::parse(value).value();
    } else if (field == "portfolioId") {
        order.portfolio_id = allot::PortfolioId::parse(value).value();
    } else {
        unknown_field(field);
    }
}

void set(allot::Block& block, const std::string& field, const std::string& value) {
    if (field == "orderIds") {
        block.order_ids = ids<allot::OrderId>(value);
    } else {
        unknown_field(field);
    }
}

void set(allot::Placement& placement, const std::string& field, const std::string& value) {
    if (field == "blockIds") {
        placement.block_ids = ids<allot::BlockId>(value);
    } else if (field == "quantity") {
        placement.quantity = allot::Quantity::parse(value).value();
    } else if (field == "parentPlacementId") {
        placement.parent_placement_id = allot::PlacementId::parse(value).value();
    } else {
        unknown_field(field);
    }
}

void set(allot::Execution& execution, const std::string& field, const std::string& value) {
    if (field == "placementId") {
        execution.placement_id = allot::PlacementId::parse(value).value();
    } else if (field == "quantity") {
        execution.quantity = allot::Quantity::parse(value).value();
    } else if (field == "createdDate") {
        execution.created_date = allot::Time::parse(value).value();
    } else if (field == "price") {
        const auto sides = parts(value, ':');
        execution.price = allot::CurrencyAndAmount{allot::Decimal::parse(sides.at(0)).value(),
                                                   sides.size() > 1 ? sides.at(1) : ""};
    } else if (field == "settlementDate") {
        execution.settlement_date = allot::Time::parse(value).value();
    } else if (field == "settlementCurrency") {
        execution.settlement_currency = value;
    } else if (field == "fxRate") {
        execution.settlement_currency_fx_rate = allot::Decimal::parse(value).value();
    } else if (field == "counterparty") {
        execution.counterparty = value;
    } else if (field == "state") {
        execution.state = value;
    } else {
        unknown_field(field);
    }
}

void set(allot::Allocation& allocation, const std::string& field, const std::string& value) {
    if (field == "allocatedOrderId") {
        allocation.allocated_order_id = allot::OrderId::parse(value).value();
    } else if (field == "quantity") {
        allocation.quantity = allot::Quantity::parse(value).value();
    } else if (field == "state") {
        allocation.state = value;
    } else if (field == "executionIds") {
        allocation.execution_ids = ids<allot::ExecutionId>(value);
    } else if (field == "placementIds") {
        allocation.placement_ids = ids<allot::PlacementId>(value);
    } else {
        unknown_field(field);
    }
}

// Puts the entity with some fields changed; the name of the refusal, or empty.
template <class Entity>
std::string put_changed(allot::Book& book, const std::vector<std::string>& words) {
    const auto id = allot::Id<Entity>::parse(words.at(1)).value();
    Entity entity = book.find(id).value_or(Entity{});
    entity.id = id;
    allot::Written written;
    for (std::size_t i = 2; i < words.size(); ++i) {
        const std::size_t equals = words[i].find('=');
        const std::string value = words[i].substr(equals + 1);
        if (const std::string field = words[i].substr(0, equals); field == "asAt") {
            written.as_at = value;
        } else {
            set(entity, field, value);
        }
    }
    const auto done = book.put(entity, written);
    return done ? "" : code_name(done.error().front().code);
}

}  // namespace

bool Player::speaks(const Section& section) {
    return section.action != "book" && section.action != "change" && section.action != "reread";
}

void Player::read_book(const Section& section) {
    allot::ReadOptions options;
    std::string json;
    for (const std::string& line : section.body) {
        json += line + "\n";
    }
    std::string file;
    for (const std::string& word : section.arguments) {
        options.quarantine = options.quarantine || word == "--quarantine";
        file = word.rfind("--", 0) == 0 ? file : word;
    }
    auto read = file.empty() ? allot::read_book_json(json, "book", options)
                             : allot::read_book(folder_ / file, options);
    const allot::Errors errors = read ? read->quarantined : read.error();
    problems_.clear();
    for (const allot::Error& error : errors) {
        problems_.push_back(code_name(error.code) + " " + error.entity + " " + error.id + " " +
                            error.field);
    }
    if (read) {
        book_ = std::move(read->book);
    } else {
        book_ = allot::Book{};
    }
}

// ENTITY ID FIELD=VALUE ..., or: refused CODE ENTITY ID FIELD=VALUE ...
void Player::change(const std::string& line) {
    std::vector<std::string> all = words(line);
    std::string refusal;
    if (all.at(0) == "refused") {
        refusal = all.at(1);
        all.erase(all.begin(), all.begin() + 2);
    }
    std::string said;
    if (all.at(0) == "order") {
        said = put_changed<allot::Order>(book_, all);
    } else if (all.at(0) == "block") {
        said = put_changed<allot::Block>(book_, all);
    } else if (all.at(0) == "placement") {
        said = put_changed<allot::Placement>(book_, all);
    } else if (all.at(0) == "execution") {
        said = put_changed<allot::Execution>(book_, all);
    } else if (all.at(0) == "allocation") {
        said = put_changed<allot::Allocation>(book_, all);
    } else {
        throw std::runtime_error{"what is a '" + all.at(0) + "'?"};
    }
    if (said != refusal) {
        throw std::runtime_error{"change '" + line + "' was " +
                                 (said.empty() ? "accepted" : "refused as " + said)};
    }
}

// Saves the book and reads it back, as the next program run would.
void Player::reread() {
    std::string json;
    allot::write_book_json(book_, [&](std::string_view text) {
        json += text;
        return true;
    }).value();
    book_ = allot::read_book_json(json, "saved book").value().book;
}

std::vector<std::string> Player::run(const Section& section) {
    const allot::RunRequest request = request_of(section);
    const allot::Engine engine;
    const auto result = section.action == "run" ? engine.run(book_, request)
                        : section.action == "preview"
                            ? engine.preview(book_, request)
                            : engine.reallocate(book_, request, pins_of(section));
    return lines_or_refusal(result);
}

// --execution SCOPE/CODE, --quantity and --price of a correction.
std::vector<std::string> Player::correct(const Section& section) {
    const Options options = options_of(section);
    allot::Correction correction;
    correction.execution = allot::ExecutionId::parse(one(options, "execution", "")).value();
    if (options.contains("quantity")) {
        correction.quantity = allot::Quantity::parse(one(options, "quantity", "")).value();
    }
    if (options.contains("price")) {
        correction.price = allot::Price::parse(one(options, "price", "")).value();
    }
    const allot::Written written{"", "", one(options, "reason", "")};
    const allot::Engine engine;
    const auto result = section.action == "correct"
                            ? engine.correct(book_, correction, written)
                            : engine.bust(book_, correction.execution, written);
    return lines_or_refusal(result);
}

// --entry SCOPE/CODE,QUANTITY,PRICE, each of which may be empty, or SCOPE/CODE,bust; repeatable.
std::vector<std::string> Player::correct_all(const Section& section) {
    const Options options = options_of(section);
    std::vector<allot::CorrectionEntry> entries;
    for (auto [entry, end] = options.equal_range("entry"); entry != end; ++entry) {
        const auto cells = parts(entry->second, ',');
        allot::CorrectionEntry& made = entries.emplace_back();
        made.correction.execution = allot::ExecutionId::parse(cells.at(0)).value();
        made.is_bust = cells.at(1) == "bust";
        if (!made.is_bust && !cells[1].empty()) {
            made.correction.quantity = allot::Quantity::parse(cells[1]).value();
        }
        if (cells.size() > 2 && !cells[2].empty()) {
            made.correction.price = allot::Price::parse(cells[2]).value();
        }
    }
    const auto result =
        allot::Engine{}.correct_all(book_, entries, {"", "", one(options, "reason", "")});
    if (result) {
        return lines_of(*result);
    }
    std::vector<std::string> lines;
    for (const allot::Error& error : result.error()) {
        lines.push_back("refused " + code_name(error.code) + " " + error.id);
    }
    lines.emplace_back();
    return lines;
}

// --order SCOPE/CODE, --quantity and --state of an amendment.
std::vector<std::string> Player::amend(const Section& section) {
    const Options options = options_of(section);
    allot::Amendment amendment;
    amendment.order = allot::OrderId::parse(one(options, "order", "")).value();
    if (options.contains("quantity")) {
        amendment.quantity = allot::Quantity::parse(one(options, "quantity", "")).value();
    }
    if (options.contains("state")) {
        amendment.state = one(options, "state", "");
    }
    return lines_or_refusal(
        allot::Engine{}.amend(book_, amendment, {"", "", one(options, "reason", "")}));
}

// --order, --execution, --block or --placement, SCOPE/CODE.
std::vector<std::string> Player::remove(const Section& section) {
    const Options options = options_of(section);
    const allot::Written written{"", "", one(options, "reason", "")};
    const allot::Engine engine;
    const auto take_out = [&]<class Id>(const char* name, Id) {
        return engine.remove(book_, Id::parse(one(options, name, "")).value(), written);
    };
    return lines_or_refusal(options.contains("order")   ? take_out("order", allot::OrderId{})
                            : options.contains("block") ? take_out("block", allot::BlockId{})
                            : options.contains("placement")
                                ? take_out("placement", allot::PlacementId{})
                                : take_out("execution", allot::ExecutionId{}));
}

std::vector<std::string> Player::split(const Section& section) {
    const Options options = options_of(section);
    const auto rule =
        allot::Registry::with_builtins().find(one(options, "algorithm", "PR-FIFO")).value();
    allot::SplitRequest request;
    request.available = allot::Quantity::parse(one(options, "quantity", "")).value();
    request.lot = allot::Quantity::parse(one(options, "lot", "1")).value();
    request.strict_lot = options.contains("strict-lot");
    request.key = one(options, "key", "");
    for (const std::string& claim : list_of(options, "claims")) {
        request.claims.push_back(allot::Quantity::parse(claim).value());
    }
    for (const std::string& weight : list_of(options, "weights")) {
        request.weights.push_back(allot::Weight::parse(weight).value());
    }
    for (const std::string& cap : list_of(options, "caps")) {
        request.caps.push_back(allot::Quantity::parse(cap).value());
    }
    for (const std::string& tier : list_of(options, "tiers")) {
        request.tiers.push_back(static_cast<std::uint32_t>(std::stoul(tier)));
    }
    for (const std::string& house : list_of(options, "houses")) {
        request.houses.push_back(house == "1");
    }
    request.portfolios = list_of(options, "portfolios");
    const auto result = allot::split(*rule, request);
    if (!result) {
        return {"refused " + code_name(result.error().code), ""};
    }
    std::string shares = "shares";
    for (const allot::Quantity& share : result->shares) {
        shares += " " + share.to_string();
    }
    return {shares, "unallocated " + result->unallocated.to_string(), ""};
}

std::vector<std::string> Player::play(const Section& section) {
    std::vector<std::string> said = act(section);
    // Whatever was done, all runs so far give what they gave.
    allot::VerifyOptions options;
    options.needs_seals = false;
    options.threads = 1;
    const auto verified = allot::verify(book_, allot::Registry::with_builtins(), options);
    if (!verified.faults.empty()) {
        throw std::runtime_error{section.head + ": " + verified.faults.front().message()};
    }
    return said;
}

std::vector<std::string> Player::act(const Section& section) {
    if (section.action == "book") {
        read_book(section);
    } else if (section.action == "change") {
        for (const std::string& line : section.body) {
            if (!words(line).empty()) {
                change(line);
            }
        }
    } else if (section.action == "reread") {
        reread();
    } else if (section.action == "problems") {
        return problems_;
    } else if (section.action == "run" || section.action == "preview" ||
               section.action == "reallocate") {
        return run(section);
    } else if (section.action == "correct" || section.action == "bust") {
        return correct(section);
    } else if (section.action == "correct-all") {
        return correct_all(section);
    } else if (section.action == "amend") {
        return amend(section);
    } else if (section.action == "remove") {
        return remove(section);
    } else if (section.action == "split") {
        return split(section);
    } else {
        throw std::runtime_error{"unknown action: " + section.head};
    }
    return {};
}

}  // namespace golden
