// Timelines: what orders were when, as the versions of orders and of their blocks tell.
#include "engine/run/timeline.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "engine/run/states.hpp"

namespace allot::run {

namespace {

using store::none;

std::optional<Instant> written_at(const BookData& book, const store::RowHead& head) {
    const Result<Instant> at = parse_instant(book.writings[head.written].written.as_at);
    return at ? std::optional{*at} : std::nullopt;
}

// Rows of the versions of an entity, the oldest first.
template <class Table>
std::vector<std::uint32_t> rows_of(const Table& table, std::uint32_t id) {
    std::vector<std::uint32_t> rows;
    for (std::uint32_t at = table.any_row_of(id); at != none; at = table.rows[at].head.previous) {
        rows.push_back(at);
    }
    std::reverse(rows.begin(), rows.end());
    return rows;
}

}  // namespace

Timelines::Timelines(const BookData& book, std::vector<std::string> dead_states)
    : book_{&book}, dead_states_{std::move(dead_states)} {
    for (std::uint32_t id = 0; id < book.blocks.ids.size() && !have_blocks_versions_; ++id) {
        const std::uint32_t row = book.blocks.any_row_of(id);
        have_blocks_versions_ = row != none && book.blocks.rows[row].head.previous != none;
    }
}

bool Timelines::may_change(std::uint32_t order) const {
    const std::uint32_t row = book_->orders.any_row_of(order);
    return have_blocks_versions_ || (row != none && book_->orders.rows[row].head.previous != none);
}

void Timelines::add_block(std::uint32_t block) {
    if (!have_blocks_versions_) {
        return;
    }
    const auto [entry, is_new] = former_.try_emplace(block);
    if (!is_new) {
        return;
    }
    std::vector<std::uint32_t>& former = entry->second;
    std::vector<std::uint32_t> members;
    bool is_first = true;
    for (const std::uint32_t row : rows_of(book_->blocks, block)) {
        const store::BlockRow& version = book_->blocks.rows[row];
        const std::optional<Instant> at = written_at(*book_, version.head);
        std::vector<std::uint32_t> now;
        if (!version.head.is_removed) {
            now.assign(book_->begin(version.orders), book_->end(version.orders));
        }
        const std::set<std::uint32_t> before{members.begin(), members.end()};
        const std::set<std::uint32_t> after{now.begin(), now.end()};
        for (const std::uint32_t order : now) {
            if (!before.contains(order)) {
                stays_[order].push_back(
                    {block, is_first ? std::nullopt : at, {}, !is_first && !at});
                std::erase(former, order);
            }
        }
        for (const std::uint32_t order : members) {
            if (!after.contains(order)) {
                Stay& stay = stays_[order].back();
                stay.until = at;
                stay.is_unsure = stay.is_unsure || !at;
                former.push_back(order);
            }
        }
        members = std::move(now);
        is_first = false;
    }
}

const std::vector<std::uint32_t>& Timelines::former_orders(std::uint32_t block) const {
    static const std::vector<std::uint32_t> nobody;
    const auto known = former_.find(block);
    return known == former_.end() ? nobody : known->second;
}

// The versions that differ in what the order claims.
std::vector<OrderMoment> Timelines::versions_of(std::uint32_t order, Timeline& out) const {
    std::vector<OrderMoment> moments;
    for (const std::uint32_t at : rows_of(book_->orders, order)) {
        const store::OrderRow& row = book_->orders.rows[at];
        const std::optional<Instant> since = written_at(*book_, row.head);
        const OrderMoment moment{since.value_or(Instant{}), row.quantity,
                                 row.head.is_removed || is_dead_order(*book_, row, dead_states_),
                                 row.date.text != 0, row.date.instant()};
        if (moments.empty()) {
            out.begun = since;
        } else if (moment.is_like(moments.back())) {
            continue;
        } else {
            out.is_unsure =
                out.is_unsure || !since || (moments.size() > 1 && *since < moments.back().at);
        }
        moments.push_back(moment);
    }
    if (out.is_unsure) {
        moments.erase(moments.begin(), moments.end() - 1);
    }
    return moments;
}

Timeline Timelines::of(std::uint32_t order) const {
    Timeline timeline;
    const std::vector<OrderMoment> versions = versions_of(order, timeline);
    if (versions.empty()) {
        return timeline;
    }
    static const std::vector<Stay> nowhere;
    const auto known = stays_.find(order);
    const std::vector<Stay>& stays = known == stays_.end() ? nowhere : known->second;
    std::set<Instant> times;
    for (std::size_t i = 1; i < versions.size(); ++i) {
        times.insert(versions[i].at);
    }
    bool is_member_still = false;
    bool is_anywhere_else = false;
    for (const Stay& stay : stays) {
        is_member_still = is_member_still || !stay.until;
        is_anywhere_else = is_anywhere_else || stay.block != stays.front().block;
        timeline.is_membership_unsure = timeline.is_membership_unsure || stay.is_unsure;
        for (const std::optional<Instant>& time : {stay.from, stay.until}) {
            if (time) {
                times.insert(*time);
                timeline.left = std::max(timeline.left.value_or(*time), *time);
                timeline.changes_one_of_blocks = true;
            }
        }
    }
    timeline.changes_one_of_blocks = timeline.changes_one_of_blocks && is_anywhere_else;
    if (is_member_still) {
        timeline.left.reset();
    }
    const auto is_member = [&](const std::optional<Instant>& now) {
        return stays.empty() || std::any_of(stays.begin(), stays.end(), [&](const Stay& stay) {
                   return (!stay.from || (now && *stay.from <= *now)) &&
                          (!stay.until || !now || *now < *stay.until);
               });
    };
    std::size_t version = 0;
    const auto add = [&](const std::optional<Instant>& now) {
        for (; now && version + 1 < versions.size() && versions[version + 1].at <= *now;) {
            ++version;
        }
        OrderMoment moment = versions[version];
        moment.at = now.value_or(Instant{});
        moment.is_dead = moment.is_dead || !is_member(now);
        if (timeline.moments.empty() || !moment.is_like(timeline.moments.back())) {
            timeline.moments.push_back(moment);
        }
    };
    add(std::nullopt);
    for (const Instant& time : times) {
        add(time);
    }
    return timeline;
}

}  // namespace allot::run
