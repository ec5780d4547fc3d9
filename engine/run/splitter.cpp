// Splitter: what does not depend on the integer width.
#include "engine/run/splitter.hpp"

#include "engine/base/hash.hpp"

namespace allot::run {

std::string in_units(const Int256& units, int scale) {
    const Result<Decimal> decimal = detail::from_scaled(units, scale);
    return decimal ? decimal->to_string() : units.to_string() + " x 10^-" + std::to_string(scale);
}

std::string order_text(const BookData& book, const RunOrder& order) {
    return book.orders.ids.resource(order.id).to_string();
}

std::string describe(const BookData& book, const Collection& collection,
                     const RunPlacement& placement, const RunExecution& execution,
                     const Violation& violation, int scale) {
    const std::string unit = scale == 0 ? "" : " x 10^-" + std::to_string(scale);
    std::string text = "law: " + violation.law;
    if (violation.claim) {
        const std::uint32_t order = placement.claims.of(collection.claims)[*violation.claim];
        text += "; claim " + std::to_string(*violation.claim + 1) + " (order " +
                order_text(book, collection.orders[order]) + ")";
    }
    const std::uint32_t fill = book.executions.rows[execution.row].head.id;
    return text + "; execution " + book.executions.ids.resource(fill).to_string() + "; found " +
           violation.found + unit + ", expected " + violation.expected + unit;
}

std::uint64_t key_of(const SplitContext& context, const Collection& collection,
                     const RunExecution& execution) {
    const store::IdPool& placements = context.book.placements.ids;
    const store::IdPool& executions = context.book.executions.ids;
    const std::uint32_t placement = collection.placements[execution.placement].id;
    const std::uint32_t fill = context.book.executions.rows[execution.row].head.id;
    std::string text{context.options.seed};
    for (const std::string_view part : {placements.scope(placement), placements.code(placement),
                                        executions.scope(fill), executions.code(fill)}) {
        text.push_back('\0');
        text.append(part);
    }
    return detail::hash64(text);
}

std::vector<Weight> weights_of(const Collection& collection, const RunPlacement& placement,
                               const Needs& needs) {
    std::vector<Weight> weights;
    if (needs.weights) {
        for (const std::uint32_t order : placement.claims.of(collection.claims)) {
            weights.push_back(
                collection.portfolio_of(collection.orders[order]).weight.value_or(Weight{}));
        }
    }
    return weights;
}

}  // namespace allot::run
