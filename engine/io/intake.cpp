// Takes the rows of files into a BookBuilder: see intake.hpp.
#include "engine/io/intake.hpp"

#include <algorithm>
#include <tuple>

#include "engine/base/text.hpp"

namespace allot::io {

namespace {

using Touched = BookBuilder::Touched;

template <class Kind>
bool is_read(const Id<Kind>& id) {
    return !id.scope().empty() && !id.code().empty();
}

template <class Kind>
void keep_read(const std::vector<Id<Kind>>& from, std::vector<Id<Kind>>& to) {
    for (const Id<Kind>& id : from) {
        if (is_read(id)) {
            to.push_back(id);
        }
    }
}

void sort_by_place(Errors& errors) {
    std::stable_sort(errors.begin(), errors.end(), [](const Error& a, const Error& b) {
        return std::tie(a.place.file, a.place.line, a.place.column) <
               std::tie(b.place.file, b.place.line, b.place.column);
    });
}

}  // namespace

// Orders, blocks and placements are named by those that need them: without an id nobody can, and
// the one that tries has a reference to nothing.
Touched touched(const Order& row, const Complaints& /*complaints*/) {
    Touched result;
    if (is_read(row.id)) {
        result.order = row.id;
    } else {
        result.nothing_depends = true;
    }
    return result;
}

Touched touched(const Block& row, const Complaints& /*complaints*/) {
    Touched result;
    if (is_read(row.id)) {
        result.block = row.id;
    } else {
        result.nothing_depends = true;
    }
    return result;
}

Touched touched(const Placement& row, const Complaints& /*complaints*/) {
    Touched result;
    if (is_read(row.id)) {
        result.placements.push_back(row.id);
    } else {
        result.nothing_depends = true;
    }
    return result;
}

// It is the placement that has one fill less: without its id nothing can be said.
Touched touched(const Execution& row, const Complaints& /*complaints*/) {
    Touched result;
    if (is_read(row.placement_id)) {
        result.placements.push_back(row.placement_id);
        if (is_read(row.id)) {
            result.executions.push_back(row.id);
        }
    }
    return result;
}

// What it says about its order, its placements and its executions must all be known.
Touched touched(const Allocation& row, const Complaints& complaints) {
    Touched result;
    if (!is_read(row.allocated_order_id) || complaints.is_about("placementIds") ||
        complaints.is_about("executionIds")) {
        return result;
    }
    result.order = row.allocated_order_id;
    keep_read(row.placement_ids, result.placements);
    keep_read(row.execution_ids, result.executions);
    return result;
}

// Any placement may be the one whose lot it says.
Touched touched(const Instrument& /*row*/, const Complaints& /*complaints*/) {
    return {};
}

// Nor can it be known which rule a run will ask for, and what that asks of portfolios.
Touched touched(const Portfolio& /*row*/, const Complaints& /*complaints*/) {
    return {};
}
Touched touched(const NamedAlgorithm& /*row*/, const Complaints& /*complaints*/) {
    return {};
}

Touched touched(const RunRecord& /*row*/, const Complaints& /*complaints*/) {
    Touched result;
    result.nothing_depends = true;
    return result;
}

Touched touched(const JournalEntry& /*row*/, const Complaints& /*complaints*/) {
    Touched result;
    result.nothing_depends = true;
    return result;
}

void Intake::refuse(Error error, Touched touched) {
    error.field = detail::shown(error.field);
    refused_.emplace_back(std::move(error), std::move(touched));
}

void Intake::fail(Error error) {
    error.field = detail::shown(error.field);
    failures_.push_back(std::move(error));
}

void Intake::warn(Error error) {
    error.field = detail::shown(error.field);
    if (warnings_.size() < most_problems &&
        warned_.insert(error.place.file + '\n' + error.entity + '\n' + error.field).second) {
        warnings_.push_back(std::move(error));
    }
}

Result<ReadBook, Errors> Intake::finish() {
    if (!failures_.empty() || is_full()) {
        // Rows are missing because they were not read: what refers to them is not to blame.
        for (auto& refused : refused_) {
            failures_.push_back(std::move(refused.first));
        }
        sort_by_place(failures_);
        return Unexpected{std::move(failures_)};
    }
    for (auto& [error, touched] : refused_) {
        builder_.refuse(std::move(error), touched);
    }
    if (options_.quarantine) {
        Result<BookBuilder::Quarantined, Errors> built =
            builder_.build_quarantined(options_.threads);
        if (!built) {
            return Unexpected{std::move(built).error()};
        }
        return ReadBook{std::move(built->book), std::move(warnings_), std::move(built->problems)};
    }
    Result<Book, Errors> built = builder_.build(options_.threads);
    if (!built) {
        return Unexpected{std::move(built).error()};
    }
    return ReadBook{*std::move(built), std::move(warnings_), {}};
}

}  // namespace allot::io
