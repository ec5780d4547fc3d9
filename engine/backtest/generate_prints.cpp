// Generates books whose fills are real prints: looks through the files, draws orders for them, and
// gives everything ids and texts.
#include <algorithm>
#include <span>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>

#include "allot/generate.hpp"
#include "allot/version.hpp"
#include "engine/backtest/day_csv.hpp"
#include "engine/backtest/day_text.hpp"
#include "engine/backtest/print_orders.hpp"

namespace allot {
namespace {

using Sources = std::span<const PrintSource>;

Property label(std::string text) {
    Property property;
    property.label = std::move(text);
    return property;
}

// How the fills were cut, as the program's option has it: "10", "1/10", "10 of 1/3".
std::string slices_text(const PrintParameters& parameters) {
    std::string finer = std::to_string(parameters.slices_per_fill);
    std::string coarser = "1/" + std::to_string(parameters.fills_per_slice);
    if (parameters.fills_per_slice == 1) {
        return finer;
    }
    return parameters.slices_per_fill == 1 ? coarser : finer + " of " + coarser;
}

// Everything that a block was made with, so that it can be made again.
Properties properties_of(const PrintParameters& parameters, const PrintSource& source) {
    Properties properties;
    const auto add = [&](const char* code, const std::string& text) {
        if (!text.empty()) {
            properties.emplace(std::string{"Block/allot/"} + code, label(text));
        }
    };
    add("Generator", "allot " + std::string{version});
    add("Seed", std::to_string(parameters.seed));
    add("Prints", source.name());
    add("PrintsHash", source.hash());
    add("PrintedUnits", std::to_string(source.counts().printed));
    add("From", parameters.from);
    add("To", parameters.to);
    add("Participation", parameters.participation.to_string());
    add("Slices", slices_text(parameters));
    add("FillRatio", parameters.fill_ratio.to_string());
    add("Orders", std::to_string(parameters.orders));
    add("Sizes", "log-normal, sigma 1.5");
    add("Arrival", "uniform over the two hours before the block");
    add("Portfolios", std::to_string(parameters.portfolios));
    add("Accounts", "uniform, each portfolio once");
    return properties;
}

// The entities of one book, file after file. Numbers in ids begin anew with each day, whose date is
// the scope, so that they are the same in a calendar and in one book.
class PrintEntities {
  public:
    // Precondition: the sources are sorted by date. Errors: option_is_not_valid.
    [[nodiscard]] static Result<PrintEntities> draw(const PrintParameters& parameters,
                                                    Sources sources);

    // Each calls `take` with entity after entity, until it returns false.
    template <class Take>
    void each_order(Take&& take) const;
    template <class Take>
    void each_block(Take&& take) const;
    template <class Take>
    void each_placement(Take&& take) const;
    // Errors: those of PrintSource::each_fill.
    template <class Take>
    [[nodiscard]] Result<void> each_execution(Take&& take) const;

  private:
    struct DrawnBlock {
        const PrintSource* source;
        PrintOrders orders;
        std::size_t number;  // of its ids, within the day
        std::size_t fills_before;
    };

    explicit PrintEntities(const PrintParameters& parameters) : parameters_{&parameters} {}

    static std::string side(const DrawnBlock& block) {
        return block.orders.is_buy ? "Buy" : "Sell";
    }
    static Identifiers identifiers(const DrawnBlock& block) {
        return {{"Instrument/default/Ticker", block.source->instrument()}};
    }
    static Time at(const DrawnBlock& block, std::int64_t nanoseconds) {
        const PrintSource& source = *block.source;
        return Time::parse(time_text(source.day(), nanoseconds, source.utc_offset())).value();
    }
    static Time at_ms(const DrawnBlock& block, std::int64_t milliseconds) {
        return at(block, milliseconds * ns_per_ms);
    }
    static OrderId order_id(const DrawnBlock& block, const SketchedOrder& order) {
        return {block.source->date(), numbered("ORD", order.number, 6)};
    }
    static BlockId block_id(const DrawnBlock& block) {
        return {block.source->date(), numbered("BLK", block.number, 6)};
    }
    static PlacementId placement_id(const DrawnBlock& block) {
        return {block.source->date(), numbered("PLC", block.number, 6)};
    }

    const PrintParameters* parameters_;
    std::vector<DrawnBlock> blocks_{};
};

Result<PrintEntities> PrintEntities::draw(const PrintParameters& parameters, Sources sources) {
    PrintEntities entities{parameters};
    std::uint32_t orders_before = 0;
    for (const PrintSource& source : sources) {
        Result<PrintOrders> orders = draw_orders(parameters, source);
        if (!orders) {
            return Unexpected{orders.error()};
        }
        DrawnBlock block{&source, *std::move(orders), 1, 0};
        if (!entities.blocks_.empty() && entities.blocks_.back().source->date() == source.date()) {
            const DrawnBlock& before = entities.blocks_.back();
            block.number = before.number + 1;
            block.fills_before = before.fills_before + before.source->counts().fills;
        } else {
            orders_before = 0;
        }
        for (SketchedOrder& order : block.orders.orders) {
            order.number = ++orders_before;
        }
        entities.blocks_.push_back(std::move(block));
    }
    return entities;
}

template <class Take>
void PrintEntities::each_order(Take&& take) const {
    for (const DrawnBlock& block : blocks_) {
        for (const SketchedOrder& drawn : block.orders.orders) {
            Order order;
            order.id = order_id(block, drawn);
            order.side = side(block);
            order.quantity = Quantity{drawn.quantity};
            order.portfolio_id = PortfolioId{"funds", numbered("PF", drawn.portfolio + 1, 3)};
            order.instrument_identifiers = identifiers(block);
            order.date = at_ms(block, drawn.at_ms);
            order.state = "Placed";
            order.type = "Market";
            order.time_in_force = "Day";
            if (!take(order)) {
                return;
            }
        }
    }
}

template <class Take>
void PrintEntities::each_block(Take&& take) const {
    for (const DrawnBlock& drawn : blocks_) {
        Block block;
        block.id = block_id(drawn);
        for (const SketchedOrder& order : drawn.orders.orders) {
            block.order_ids.push_back(order_id(drawn, order));
        }
        block.side = side(drawn);
        block.quantity = Quantity{drawn.orders.quantity};
        block.instrument_identifiers = identifiers(drawn);
        block.created_date = at_ms(drawn, drawn.orders.block_at_ms);
        block.type = "Market";
        block.time_in_force = "Day";
        block.properties = properties_of(*parameters_, *drawn.source);
        if (!take(block)) {
            return;
        }
    }
}

template <class Take>
void PrintEntities::each_placement(Take&& take) const {
    for (const DrawnBlock& drawn : blocks_) {
        Placement placement;
        placement.id = placement_id(drawn);
        placement.block_ids.push_back(block_id(drawn));
        placement.side = side(drawn);
        placement.quantity = Quantity{drawn.orders.quantity};
        placement.instrument_identifiers = identifiers(drawn);
        placement.state = "Placed";
        placement.type = "Market";
        placement.time_in_force = "Day";
        placement.created_date = at_ms(drawn, drawn.orders.placed_at_ms);
        if (!take(placement)) {
            return;
        }
    }
}

// Fills carry no instrument of their own: that of the placement counts.
template <class Take>
Result<void> PrintEntities::each_execution(Take&& take) const {
    for (const DrawnBlock& drawn : blocks_) {
        Execution execution;
        execution.placement_id = placement_id(drawn);
        execution.side = side(drawn);
        execution.state = "Filled";
        execution.type = "Market";
        std::size_t number = drawn.fills_before;
        Result<void> read = drawn.source->each_fill([&](const Print& fill) {
            execution.id = ExecutionId{drawn.source->date(), numbered("EXE", ++number, 8)};
            execution.quantity = Quantity{fill.size};
            execution.created_date = at(drawn, fill.at_ns);
            execution.price = CurrencyAndAmount{fill.price, parameters_->currency};
            return take(execution);
        });
        if (!read) {
            return read;
        }
    }
    return {};
}

Errors check_drawing(const PrintParameters& parameters, std::size_t files) {
    Errors errors;
    const std::size_t most_orders = files == 0 ? most_rows : most_rows / files;
    if (parameters.orders < 1 || parameters.orders > most_orders) {
        errors.push_back(refused("orders", std::to_string(parameters.orders),
                                 "1 to " + std::to_string(most_orders)));
    }
    if (parameters.portfolios < 1 || parameters.portfolios > most_rows) {
        errors.push_back(refused("portfolios", std::to_string(parameters.portfolios),
                                 "1 to " + std::to_string(most_rows)));
    }
    const Decimal& ratio = parameters.fill_ratio;
    if (ratio < Decimal::from_parts(1, 3).value() || ratio > Decimal{1} || ratio.scale() > 9) {
        errors.push_back(refused("fill_ratio", ratio.to_string(),
                                 "a number from 0.001 to 1, with 9 places at most"));
    }
    if (files == 0) {
        errors.push_back(refused("prints", "no file", "one or more"));
    }
    return errors;
}

// The sources of one day lie side by side; those of a book without calendar are all of them.
std::vector<Sources> books_of(const std::vector<PrintSource>& sources, bool calendar) {
    std::vector<Sources> books;
    auto begin = sources.begin();
    while (begin != sources.end()) {
        const auto end = calendar ? std::find_if(begin, sources.end(),
                                                 [&](const PrintSource& source) {
                                                     return source.date() != begin->date();
                                                 })
                                  : sources.end();
        books.emplace_back(begin, end);
        begin = end;
    }
    return books;
}

Errors check_sources(const PrintParameters& parameters, const std::vector<PrintSource>& sources) {
    Errors errors;
    for (std::size_t i = 1; i < sources.size(); ++i) {
        const PrintSource& source = sources[i];
        if (source.date() == sources[i - 1].date() &&
            source.instrument() == sources[i - 1].instrument()) {
            Error error = refused("prints", source.instrument() + " of " + source.date() + " again",
                                  "one file for an instrument and a day");
            error.place.file = source.path();
            errors.push_back(std::move(error));
        }
    }
    for (const Sources book : books_of(sources, parameters.calendar)) {
        std::size_t fills = 0;
        for (const PrintSource& source : book) {
            fills += source.counts().fills;
        }
        if (fills > most_rows) {
            errors.push_back(refused("slices", std::to_string(fills) + " fills in one book",
                                     "at most " + std::to_string(most_rows)));
        }
    }
    return errors;
}

using Progress = std::function<void(std::size_t done, std::size_t total)>;

// All files, looked through, sorted by day and instrument whatever their order was.
Result<std::vector<PrintSource>, Errors> open_all(const PrintParameters& parameters,
                                                  const std::vector<PrintFile>& files,
                                                  const Progress& progress) {
    constexpr std::size_t most_problems = 1000;
    const Result<FillRule, Errors> rule = checked_rule(parameters);
    Errors errors = rule ? Errors{} : rule.error();
    const Errors more = check_drawing(parameters, files.size());
    errors.insert(errors.end(), more.begin(), more.end());
    if (!errors.empty()) {
        return Unexpected{std::move(errors)};
    }
    std::vector<PrintSource> sources;
    for (std::size_t i = 0; i < files.size() && errors.size() < most_problems; ++i) {
        progress(i, 2 * files.size());
        Result<PrintSource, Errors> source = PrintSource::open(files[i], parameters, *rule);
        if (source) {
            sources.push_back(*std::move(source));
        } else {
            errors.insert(errors.end(), source.error().begin(), source.error().end());
        }
    }
    std::stable_sort(
        sources.begin(), sources.end(), [](const PrintSource& a, const PrintSource& b) {
            return std::tie(a.date(), a.instrument()) < std::tie(b.date(), b.instrument());
        });
    const Errors last = check_sources(parameters, sources);
    errors.insert(errors.end(), last.begin(), last.end());
    if (!errors.empty()) {
        return Unexpected{std::move(errors)};
    }
    return sources;
}

// Writes one book into a folder.
Result<DayCounts> write_book(const PrintEntities& entities, const std::filesystem::path& folder) {
    DayCounts counts;
    Result<void> written = make_folder(folder);
    const auto write = [&]<class Entity>(std::type_identity<Entity>, std::size_t& count,
                                         auto each) {
        const auto produce = [&](const std::function<bool(const Entity&)>& take) {
            return each([&](const Entity& entity) {
                ++count;
                return take(entity);
            });
        };
        written = written ? write_rows<Entity>(folder, produce) : written;
    };
    const auto done = [](auto&& each) {
        return [each](auto take) -> Result<void> {
            each(take);
            return {};
        };
    };
    // The files may have changed: nothing is written before that is known.
    write(std::type_identity<Execution>{}, counts.executions,
          [&](auto take) { return entities.each_execution(take); });
    // No lots are known, so that those of a run count; but the file of a book that was here before
    // must not stay.
    write(std::type_identity<Instrument>{}, counts.instruments, done([](auto) {}));
    write(std::type_identity<Order>{}, counts.orders,
          done([&](auto take) { entities.each_order(take); }));
    write(std::type_identity<Block>{}, counts.blocks,
          done([&](auto take) { entities.each_block(take); }));
    write(std::type_identity<Placement>{}, counts.placements,
          done([&](auto take) { entities.each_placement(take); }));
    if (!written) {
        return Unexpected{written.error()};
    }
    return counts;
}

}  // namespace

Result<Day, Errors> generate_from_prints(const PrintParameters& parameters,
                                         const std::vector<PrintFile>& files) {
    const auto sources = open_all(parameters, files, [](std::size_t, std::size_t) {});
    if (!sources) {
        return Unexpected{sources.error()};
    }
    const Result<PrintEntities> entities = PrintEntities::draw(parameters, *sources);
    if (!entities) {
        return Unexpected{Errors{entities.error()}};
    }
    Day day;
    const auto keep_in = [](auto& list) {
        return [&list](const auto& entity) {
            list.push_back(entity);
            return true;
        };
    };
    entities->each_order(keep_in(day.orders));
    entities->each_block(keep_in(day.blocks));
    entities->each_placement(keep_in(day.placements));
    if (const Result<void> read = entities->each_execution(keep_in(day.executions)); !read) {
        return Unexpected{Errors{read.error()}};
    }
    return day;
}

Result<std::vector<WrittenBook>, Errors> write_generated_from_prints(
    const PrintParameters& parameters, const std::vector<PrintFile>& files,
    const std::filesystem::path& folder, const Progress& progress) {
    const auto tell = [&](std::size_t done, std::size_t total) {
        if (progress) {
            progress(done, total);
        }
    };
    const auto sources = open_all(parameters, files, tell);
    if (!sources) {
        return Unexpected{sources.error()};
    }
    std::vector<std::pair<PrintEntities, WrittenBook>> books;
    for (const Sources book : books_of(*sources, parameters.calendar)) {
        Result<PrintEntities> entities = PrintEntities::draw(parameters, book);
        if (!entities) {
            return Unexpected{Errors{entities.error()}};
        }
        books.emplace_back(
            *std::move(entities),
            WrittenBook{parameters.calendar ? folder / book.front().date() : folder, DayCounts{}});
    }
    std::vector<WrittenBook> written;
    for (auto& [entities, book] : books) {
        tell(books.size() + written.size(), 2 * books.size());
        Result<DayCounts> counts = write_book(entities, book.folder);
        if (!counts) {
            return Unexpected{Errors{counts.error()}};
        }
        book.counts = *counts;
        written.push_back(book);
    }
    return written;
}

}  // namespace allot
