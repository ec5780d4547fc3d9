// States in the words of the wire, and what they mean for a run.
#include "engine/run/states.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "allot/engine.hpp"

namespace allot {

const std::vector<std::string>& default_dead_states() {
    static const std::vector<std::string> states{"Cancelled", "Canceled", "Closed",
                                                 "Booked",    "Rejected", "Expired"};
    return states;
}

namespace run {

bool is_dead_execution(const BookData& book, const store::ExecutionRow& execution) {
    constexpr std::array<std::string_view, 4> dead{"Cancelled", "Canceled", "Busted", "Rejected"};
    return execution.state != 0 &&
           std::any_of(dead.begin(), dead.end(), [&](std::string_view state) {
               return store::equal_without_case(state, book.text(execution.state));
           });
}

bool is_dead_order(const BookData& book, const store::OrderRow& order,
                   const std::vector<std::string>& dead_states) {
    const std::uint32_t own = book.kind_of(order).state;
    return own != 0 &&
           std::any_of(dead_states.begin(), dead_states.end(), [&](const std::string& state) {
               return store::equal_without_case(state, book.text(own));
           });
}

}  // namespace run

}  // namespace allot
