// Random operations on a Book against plain maps that follow the rules of entry word by word:
// what is accepted, what is refused and why, what is found, which versions there are.
#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "allot/book.hpp"
#include "oracle/random.hpp"
#include "oracle/scale.hpp"
#include "support/book_maker.hpp"
#include "support/catch.hpp"

namespace {

using allot::ErrorCode;
using Codes = std::set<ErrorCode>;

std::string lower(std::string text) {
    for (char& c : text) {
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    return text;
}

bool sides_agree(const std::string& a, const std::string& b) {
    return a.empty() || b.empty() || lower(a) == lower(b);
}

bool identifiers_agree(const allot::Identifiers& a, const allot::Identifiers& b) {
    return std::none_of(a.begin(), a.end(), [&](const auto& one) {
        const auto other = b.find(one.first);
        return other != b.end() && other->second != one.second;
    });
}

template <class T>
bool contains(const std::vector<T>& all, const T& one) {
    return std::find(all.begin(), all.end(), one) != all.end();
}

// The latest version of every entity, and how often each was written.
struct Model {
    std::map<allot::OrderId, allot::Order> orders;
    std::map<allot::BlockId, allot::Block> blocks;
    std::map<allot::PlacementId, allot::Placement> placements;
    std::map<allot::ExecutionId, allot::Execution> executions;
    std::map<allot::AllocationId, allot::Allocation> allocations;
    std::map<std::string, std::vector<std::string>> versions;  // a mark of each, by kind and id

    static bool counts(const allot::Allocation& a) {
        return lower(a.state) != "cancelled" && lower(a.state) != "canceled";
    }
    [[nodiscard]] allot::Quantity allocated(const allot::OrderId& id) const {
        allot::Quantity sum{0};
        for (const auto& [key, a] : allocations) {
            sum = counts(a) && a.allocated_order_id == id ? sum + a.quantity : sum;
        }
        return sum;
    }
    [[nodiscard]] allot::Quantity allocated(const allot::ExecutionId& id) const {
        allot::Quantity sum{0};
        for (const auto& [key, a] : allocations) {
            sum = counts(a) && contains(a.execution_ids, id) ? sum + a.quantity : sum;
        }
        return sum;
    }

    // Every reason to refuse a put; none: it is accepted.
    [[nodiscard]] Codes reasons(const allot::Order& order) const;
    [[nodiscard]] Codes reasons(const allot::Block& block) const;
    [[nodiscard]] Codes reasons(const allot::Placement& placement) const;
    [[nodiscard]] Codes reasons(const allot::Execution& execution) const;
    [[nodiscard]] Codes reasons(const allot::Allocation& allocation) const;

    // Whether something in the book refers to it.
    [[nodiscard]] bool is_referred_to(const allot::OrderId& id) const;
    [[nodiscard]] bool is_referred_to(const allot::BlockId& id) const;
    [[nodiscard]] bool is_referred_to(const allot::PlacementId& id) const;
    [[nodiscard]] bool is_referred_to(const allot::ExecutionId& id) const;
    // Nothing refers to an allocation, but what is booked or closed stays.
    [[nodiscard]] bool is_referred_to(const allot::AllocationId& id) const {
        const std::string state = lower(allocations.at(id).state);
        return state == "booked" || state == "closed";
    }

    auto& rows(const allot::Order*) { return orders; }
    auto& rows(const allot::Block*) { return blocks; }
    auto& rows(const allot::Placement*) { return placements; }
    auto& rows(const allot::Execution*) { return executions; }
    auto& rows(const allot::Allocation*) { return allocations; }
};

Codes Model::reasons(const allot::Order& order) const {
    Codes found;
    if (order.side.empty() || !order.quantity) {
        found.insert(ErrorCode::field_is_missing);
    }
    if (order.quantity && order.quantity->is_zero()) {
        found.insert(ErrorCode::quantity_is_not_positive);
    }
    for (const auto& [id, block] : blocks) {
        if (contains(block.order_ids, order.id)) {
            if (!sides_agree(order.side, block.side)) {
                found.insert(ErrorCode::side_disagrees);
            }
            if (!identifiers_agree(order.instrument_identifiers, block.instrument_identifiers)) {
                found.insert(ErrorCode::instrument_disagrees);
            }
        }
    }
    const auto before = orders.find(order.id);
    const allot::Quantity has = allocated(order.id);
    if (before != orders.end() && !has.is_zero() &&
        ((!order.quantity || *order.quantity < has) ||
         order.portfolio_id != before->second.portfolio_id ||
         lower(order.side) != lower(before->second.side) ||
         order.instrument_identifiers != before->second.instrument_identifiers)) {
        found.insert(ErrorCode::change_touches_allocated);
    }
    return found;
}

Codes Model::reasons(const allot::Block& block) const {
    Codes found;
    const auto compare = [&](const std::string& side, const allot::Identifiers& identifiers) {
        if (!sides_agree(side, block.side)) {
            found.insert(ErrorCode::side_disagrees);
        }
        if (!identifiers_agree(identifiers, block.instrument_identifiers)) {
            found.insert(ErrorCode::instrument_disagrees);
        }
    };
    for (const allot::OrderId& id : block.order_ids) {
        const auto order = orders.find(id);
        if (order == orders.end()) {
            found.insert(ErrorCode::reference_is_missing);
        } else {
            compare(order->second.side, order->second.instrument_identifiers);
        }
    }
    for (const auto& [id, placement] : placements) {
        if (contains(placement.block_ids, block.id)) {
            compare(placement.side, placement.instrument_identifiers);
            for (const auto& [other, execution] : executions) {
                if (execution.placement_id == id) {
                    compare(execution.side, execution.instrument_identifiers);
                }
            }
        }
    }
    const auto before = blocks.find(block.id);
    if (before != blocks.end()) {
        for (const allot::OrderId& id : before->second.order_ids) {
            if (!contains(block.order_ids, id) && !allocated(id).is_zero()) {
                found.insert(ErrorCode::change_touches_allocated);
            }
        }
    }
    return found;
}

Codes Model::reasons(const allot::Placement& placement) const {
    Codes found;
    if (placement.block_ids.empty()) {
        found.insert(ErrorCode::field_is_missing);
    }
    if (placement.quantity && placement.quantity->is_zero()) {
        found.insert(ErrorCode::quantity_is_not_positive);
    }
    for (const allot::BlockId& id : placement.block_ids) {
        const auto block = blocks.find(id);
        if (block == blocks.end()) {
            found.insert(ErrorCode::reference_is_missing);
            continue;
        }
        const auto compare = [&](const std::string& side, const allot::Identifiers& identifiers) {
            if (!sides_agree(side, block->second.side)) {
                found.insert(ErrorCode::side_disagrees);
            }
            if (!identifiers_agree(identifiers, block->second.instrument_identifiers)) {
                found.insert(ErrorCode::instrument_disagrees);
            }
        };
        compare(placement.side, placement.instrument_identifiers);
        for (const auto& [other, execution] : executions) {
            if (execution.placement_id == placement.id) {
                compare(execution.side, execution.instrument_identifiers);
            }
        }
    }
    std::optional<allot::PlacementId> ancestor = placement.parent_placement_id;
    while (ancestor) {
        if (*ancestor == placement.id) {
            found.insert(ErrorCode::placement_is_its_own_ancestor);
            break;
        }
        const auto parent = placements.find(*ancestor);
        if (parent == placements.end()) {
            found.insert(ErrorCode::reference_is_missing);
            break;
        }
        ancestor = parent->second.parent_placement_id;
    }
    return found;
}

Codes Model::reasons(const allot::Execution& execution) const {
    Codes found;
    if (execution.quantity.is_zero()) {
        found.insert(ErrorCode::quantity_is_not_positive);
    }
    const auto placement = placements.find(execution.placement_id);
    if (placement == placements.end()) {
        found.insert(ErrorCode::reference_is_missing);
    } else {
        for (const allot::BlockId& id : placement->second.block_ids) {
            if (!sides_agree(execution.side, blocks.at(id).side)) {
                found.insert(ErrorCode::side_disagrees);
            }
            if (!identifiers_agree(execution.instrument_identifiers,
                                   blocks.at(id).instrument_identifiers)) {
                found.insert(ErrorCode::instrument_disagrees);
            }
        }
    }
    const auto before = executions.find(execution.id);
    const allot::Quantity gave = allocated(execution.id);
    if (before != executions.end() && !gave.is_zero() &&
        (execution.quantity < gave || execution.placement_id != before->second.placement_id ||
         lower(execution.side) != lower(before->second.side) ||
         execution.instrument_identifiers != before->second.instrument_identifiers)) {
        found.insert(ErrorCode::change_touches_allocated);
    }
    return found;
}

Codes Model::reasons(const allot::Allocation& allocation) const {
    Codes found;
    if (allocation.quantity.is_zero()) {
        found.insert(ErrorCode::quantity_is_not_positive);
    }
    if (orders.count(allocation.allocated_order_id) == 0) {
        found.insert(ErrorCode::reference_is_missing);
    }
    for (const allot::ExecutionId& id : allocation.execution_ids) {
        if (executions.count(id) == 0) {
            found.insert(ErrorCode::reference_is_missing);
        }
    }
    return found;
}

bool Model::is_referred_to(const allot::OrderId& id) const {
    return std::any_of(blocks.begin(), blocks.end(),
                       [&](const auto& b) { return contains(b.second.order_ids, id); }) ||
           std::any_of(allocations.begin(), allocations.end(),
                       [&](const auto& a) { return a.second.allocated_order_id == id; });
}

bool Model::is_referred_to(const allot::BlockId& id) const {
    return std::any_of(placements.begin(), placements.end(),
                       [&](const auto& p) { return contains(p.second.block_ids, id); });
}

bool Model::is_referred_to(const allot::PlacementId& id) const {
    return std::any_of(executions.begin(), executions.end(),
                       [&](const auto& e) { return e.second.placement_id == id; }) ||
           std::any_of(placements.begin(), placements.end(),
                       [&](const auto& p) { return p.second.parent_placement_id == id; });
}

bool Model::is_referred_to(const allot::ExecutionId& id) const {
    return std::any_of(allocations.begin(), allocations.end(),
                       [&](const auto& a) { return contains(a.second.execution_ids, id); });
}

std::string names(const Codes& codes) {
    std::string text;
    for (const ErrorCode code : codes) {
        text += std::string{allot::info(code).name} + " ";
    }
    return text.empty() ? "nothing" : text;
}

// Draws operations and does each in both worlds.
class Walk {
  public:
    explicit Walk(std::uint64_t seed) : random_{seed} {}

    // Returns what differs; empty: nothing.
    std::string step();
    // Everything found, listed and counted at once.
    std::string whole_book();
    // Puts accepted, and refused for each reason.
    [[nodiscard]] const std::map<std::string, int>& counts() const { return counts_; }

  private:
    std::string code(const std::string& letter) {
        return letter + std::to_string(random_.between(1, 5));
    }
    allot::Quantity units(int most) { return allot::Quantity{random_.between(0, most)}; }
    std::string side() {
        static const std::vector<std::string> sides{"Buy", "Buy", "Buy", "buy", "Sell"};
        return random_.pick(sides);
    }
    allot::Identifiers identifiers() {
        return random_.one_in(4) ? allot::Identifiers{{"Figi", random_.one_in(5) ? "G" : "F"}}
                                 : allot::Identifiers{};
    }
    std::string state() {
        static const std::vector<std::string> states{"", "New", "Cancelled", "canceled", "Booked"};
        return random_.pick(states);
    }
    allot::Order order();
    allot::Block block();
    allot::Placement placement();
    allot::Execution execution();
    allot::Allocation allocation();

    template <class Entity>
    std::string put(const Entity& entity);
    template <class Entity>
    std::string remove(const allot::Id<Entity>& id);
    template <class Entity>
    std::string look(const allot::Id<Entity>& id);
    [[nodiscard]] bool is_clear(const allot::Placement& placement) const;
    [[nodiscard]] bool is_clear(const allot::Block& block) const;
    [[nodiscard]] bool is_clear(const allot::Allocation& allocation) const;

    oracle::Random random_;
    allot::Book book_{};
    Model model_{};
    int written_{0};
    std::map<std::string, int> counts_{};
};

allot::Order Walk::order() {
    const std::string id = code("O");
    const auto before = model_.orders.find(allot::OrderId{"desk", id});
    allot::Order made = make::order(id, "1");
    if (before != model_.orders.end() && random_.one_in(2)) {
        made = before->second;  // with one thing changed, or nothing
    } else {
        made.side = random_.one_in(40) ? "" : side();
        made.instrument_identifiers = identifiers();
    }
    switch (random_.between(0, 3)) {
        case 0:
            made.portfolio_id = allot::PortfolioId{"funds", code("X")};
            break;
        case 1:
            made.state = state();
            break;
        case 2:
            made.quantity = units(20);
            break;
        default:
            break;
    }
    if (random_.one_in(60)) {
        made.quantity.reset();
    }
    return made;
}

allot::Block Walk::block() {
    allot::Block made = make::block(code("B"), {});
    const auto before = model_.blocks.find(made.id);
    if (before != model_.blocks.end() && random_.one_in(2)) {
        made = before->second;
        if (random_.one_in(2) && made.order_ids.size() > 1) {
            made.order_ids.pop_back();
        }
    } else {
        // A block that says nothing of side or instrument leaves open whether its orders must
        // agree.
        made.side = side();
        made.instrument_identifiers = {{"Figi", random_.one_in(6) ? "G" : "F"}};
    }
    if (made.order_ids.empty() || random_.one_in(2)) {
        const allot::OrderId added{"desk", code("O")};
        if (!contains(made.order_ids, added)) {
            made.order_ids.push_back(added);
        }
    }
    return made;
}

allot::Placement Walk::placement() {
    allot::Placement made = make::placement(code("P"), {code("B")});
    const auto before = model_.placements.find(made.id);
    if (before != model_.placements.end() && random_.one_in(2)) {
        made = before->second;
    } else if (random_.one_in(3)) {
        made.side = side();
    }
    if (random_.one_in(3)) {
        made.parent_placement_id = allot::PlacementId{"desk", code("P")};
    }
    if (random_.one_in(3)) {
        made.quantity = units(30);
    }
    if (random_.one_in(50)) {
        made.block_ids.clear();
    }
    return made;
}

allot::Execution Walk::execution() {
    allot::Execution made = make::execution(code("E"), code("P"), "1");
    const auto before = model_.executions.find(made.id);
    if (before != model_.executions.end() && random_.one_in(2)) {
        made.placement_id = before->second.placement_id;
    }
    made.quantity = units(25);
    made.state = state();
    if (random_.one_in(3)) {
        made.side = side();
    }
    made.instrument_identifiers = identifiers();
    if (before != model_.executions.end() && random_.one_in(3)) {
        made = before->second;
    }
    return made;
}

allot::Allocation Walk::allocation() {
    allot::Allocation made = make::allocation(code("A"), code("O"), "1");
    made.quantity = units(6);
    made.state = state();
    if (random_.one_in(2)) {
        made.execution_ids = {allot::ExecutionId{"desk", code("E")}};
    }
    const auto before = model_.allocations.find(made.id);
    if (before != model_.allocations.end()) {
        const std::string state = made.state;
        made = before->second;
        made.state = random_.one_in(2) ? state : made.state;
    }
    return made;
}

// The rules leave open what a changed parent, or a changed blockIds with other orders than those
// that have allocations, means for a placement in use, so such cases are not drawn.
bool Walk::is_clear(const allot::Placement& placement) const {
    const auto before = model_.placements.find(placement.id);
    if (before == model_.placements.end()) {
        return true;
    }
    const bool moves = before->second.block_ids != placement.block_ids ||
                       before->second.side != placement.side ||
                       before->second.parent_placement_id != placement.parent_placement_id;
    const auto gives = [&](const auto& execution) {
        return execution.second.placement_id == placement.id &&
               !model_.allocated(execution.first).is_zero();
    };
    return !moves || std::none_of(model_.executions.begin(), model_.executions.end(), gives);
}

// The side or instrument of a block with allocated orders: open in the same way.
bool Walk::is_clear(const allot::Block& block) const {
    const auto before = model_.blocks.find(block.id);
    if (before == model_.blocks.end()) {
        return true;
    }
    const auto is_allocated = [&](const allot::OrderId& id) {
        return !model_.allocated(id).is_zero();
    };
    return (before->second.side == block.side &&
            before->second.instrument_identifiers == block.instrument_identifiers) ||
           std::none_of(before->second.order_ids.begin(), before->second.order_ids.end(),
                        is_allocated);
}

// Allocations stay within what was executed, so that what was allocated from an execution is one
// number under every reading.
bool Walk::is_clear(const allot::Allocation& allocation) const {
    if (allocation.execution_ids.empty()) {
        return true;
    }
    const auto execution = model_.executions.find(allocation.execution_ids.front());
    return execution == model_.executions.end() ||
           model_.allocated(execution->first) + allocation.quantity + allocation.quantity <=
               execution->second.quantity;
}

template <class Entity>
std::string Walk::put(const Entity& entity) {
    auto& rows = model_.rows(static_cast<const Entity*>(nullptr));
    const auto before = rows.find(entity.id);
    const bool is_same = before != rows.end() && before->second == entity;
    const Codes wanted = is_same ? Codes{} : model_.reasons(entity);
    const std::string mark = std::to_string(++written_);
    const auto done = book_.put(entity, allot::Written{"", mark, ""});
    Codes got;
    for (const allot::Error& error : done ? allot::Errors{} : done.error()) {
        got.insert(error.code);
    }
    // Every reason is named, and no other; only beside a missing reference the neighbours may
    // disagree with each other.
    const bool may_say_more = wanted.count(ErrorCode::reference_is_missing) != 0;
    if (!std::includes(got.begin(), got.end(), wanted.begin(), wanted.end()) ||
        (!may_say_more && got != wanted)) {
        return "put of " + entity.id.to_string() + ": got " + names(got) + ", the model says " +
               names(wanted) + (done ? "" : "; " + done.error().front().message());
    }
    for (const ErrorCode code : got) {
        ++counts_[std::string{allot::info(code).name}];
    }
    counts_["accepted"] += wanted.empty() && !is_same ? 1 : 0;
    if (wanted.empty() && !is_same) {
        rows[entity.id] = entity;
        model_.versions[entity.id.to_string()].push_back(mark);
    }
    return look(entity.id);
}

template <class Entity>
std::string Walk::remove(const allot::Id<Entity>& id) {
    auto& rows = model_.rows(static_cast<const Entity*>(nullptr));
    Codes wanted;
    if (rows.count(id) == 0) {
        wanted.insert(ErrorCode::reference_is_missing);
    } else if (model_.is_referred_to(id)) {
        wanted.insert(ErrorCode::change_touches_allocated);
    }
    const std::string mark = std::to_string(++written_);
    const auto done = book_.remove(id, allot::Written{"", mark, ""});
    const Codes got = done ? Codes{} : Codes{done.error().code};
    if (got != wanted) {
        return "remove of " + id.to_string() + ": got " + names(got) + ", the model says " +
               names(wanted);
    }
    if (wanted.empty()) {
        rows.erase(id);
        model_.versions[id.to_string()].push_back(mark);
    }
    return look(id);
}

template <class Entity>
std::string Walk::look(const allot::Id<Entity>& id) {
    auto& rows = model_.rows(static_cast<const Entity*>(nullptr));
    const auto wanted = rows.find(id);
    const std::optional<Entity> got = book_.find(id);
    if (got.has_value() != (wanted != rows.end()) || (got && !(*got == wanted->second))) {
        return "find of " + id.to_string() + " differs";
    }
    std::vector<std::string> marks;
    for (const allot::Versioned<Entity>& version : book_.versions(id)) {
        marks.push_back(version.written.user);
    }
    const std::vector<allot::Versioned<Entity>> versions = book_.versions(id);
    if (!versions.empty() && versions.back().is_removed == got.has_value()) {
        return "the last version of " + id.to_string() + " is no removal, or one that did not last";
    }
    return marks == model_.versions[id.to_string()] ? "" : "versions of " + id.to_string();
}

std::string Walk::step() {
    switch (random_.between(0, 11)) {
        case 0:
        case 1:
            return put(order());
        case 2: {
            const allot::Block drawn = block();
            return is_clear(drawn) ? put(drawn) : look(drawn.id);
        }
        case 3: {
            const allot::Placement drawn = placement();
            return is_clear(drawn) ? put(drawn) : look(drawn.id);
        }
        case 4:
        case 5:
            return put(execution());
        case 6:
        case 7: {
            const allot::Allocation drawn = allocation();
            return is_clear(drawn) ? put(drawn) : look(drawn.id);
        }
        case 8:
            return remove(allot::AllocationId{"desk", code("A")});
        case 9:
            return remove(allot::ExecutionId{"desk", code("E")});
        case 10:
            return remove(allot::PlacementId{"desk", code("P")});
        default: {
            if (random_.one_in(2)) {
                return remove(allot::BlockId{"desk", code("B")});
            }
            return remove(allot::OrderId{"desk", code("O")});
        }
    }
}

template <class Key, class Row>
std::vector<Key> keys(const std::map<Key, Row>& rows) {
    std::vector<Key> found;
    for (const auto& [key, row] : rows) {
        found.push_back(key);
    }
    return found;
}

std::string Walk::whole_book() {
    if (book_.order_ids() != keys(model_.orders) || book_.block_ids() != keys(model_.blocks) ||
        book_.placement_ids() != keys(model_.placements) ||
        book_.execution_ids() != keys(model_.executions) ||
        book_.allocation_ids() != keys(model_.allocations)) {
        return "the lists of ids differ";
    }
    if (book_.size() != model_.orders.size() + model_.blocks.size() + model_.placements.size() +
                            model_.executions.size() + model_.allocations.size()) {
        return "the sizes differ: " + std::to_string(book_.size());
    }
    for (const auto& [id, order] : model_.orders) {
        if (book_.allocated(id) != model_.allocated(id)) {
            return "allocated of " + id.to_string() + ": got " + book_.allocated(id).to_string() +
                   ", the model says " + model_.allocated(id).to_string();
        }
    }
    std::vector<allot::Allocation> listed;
    for (const allot::AllocationView& view : book_.allocations()) {
        listed.push_back(view.to_value());
    }
    std::vector<allot::Allocation> wanted;
    for (const auto& [id, allocation] : model_.allocations) {
        wanted.push_back(allocation);
    }
    if (listed != wanted) {
        return "the allocations differ";
    }
    const allot::Book copy = book_;
    return copy.order_ids() == book_.order_ids() && copy.size() == book_.size() ? ""
                                                                                : "a copy differs";
}

}  // namespace

TEST_CASE("A Book does what plain maps with the written rules do", "[book]") {
    const std::size_t walks = oracle::cases("walks of 1000 operations on a book", 100);
    std::map<std::string, int> counts;
    for (std::uint64_t seed = 1; seed <= walks; ++seed) {
        Walk walk{seed};
        for (int step = 0; step < 1000; ++step) {
            std::string differs = walk.step();
            if (differs.empty() && step % 50 == 0) {
                differs = walk.whole_book();
            }
            if (!differs.empty()) {
                FAIL("seed " << seed << ", step " << step << ": " << differs);
            }
        }
        for (const auto& [what, count] : walk.counts()) {
            counts[what] += count;
        }
    }
    // Every rule must have had its say.
    for (const char* what :
         {"accepted", "change_touches_allocated", "field_is_missing", "instrument_disagrees",
          "placement_is_its_own_ancestor", "quantity_is_not_positive", "reference_is_missing",
          "side_disagrees"}) {
        INFO(what);
        CHECK(counts[what] > 10);
    }
}
