// Verify: every version is what was sealed, and every run gives what is written.
#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "allot/journal.hpp"
#include "engine/journal/replay.hpp"
#include "engine/journal/seal.hpp"

namespace allot {

namespace journal {

namespace {

constexpr std::size_t most_faults = 100;

Fault fault_of_entry(const BookData& book, std::size_t entry, FaultType type, std::string detail) {
    Fault fault;
    fault.type = type;
    fault.entry = entry;
    fault.run = entry == 0 ? std::string{} : book.journal[entry - 1].run;
    fault.detail = std::move(detail);
    return fault;
}

// A book without seals, or whose runs are not those of its journal.
std::optional<Fault> check_journal(const BookData& book, const VerifyOptions& options) {
    if (options.needs_seals && !book.runs.empty() && book.journal.front().seal.empty()) {
        return fault_of_entry(book, 0, FaultType::not_sealed,
                              "the book has runs, and a journal without seals");
    }
    const std::vector<std::uint32_t> of_runs = book.entries_of_runs();
    for (std::size_t run = 0; run < std::max(of_runs.size(), book.runs.size()); ++run) {
        if (run >= of_runs.size()) {
            Fault fault = fault_of_entry(book, 0, FaultType::version_differs,
                                         "no entry of the journal is of this run");
            fault.entity = name(Kind::run);
            fault.id = book.runs[run].id;
            return fault;
        }
        if (run >= book.runs.size() || book.journal[of_runs[run] - 1].run != book.runs[run].id) {
            return fault_of_entry(book, of_runs[run], FaultType::version_differs,
                                  "its run is missing, or not where it was");
        }
    }
    return std::nullopt;
}

// The versions of an entry that are not as they were sealed.
void add_changes(const BookData& book, std::uint32_t entry, std::span<const Version> versions,
                 const Sealed& now, std::vector<Fault>& faults) {
    const JournalEntry& sealed = book.journal[entry - 1];
    const std::string& marks = sealed.marks;
    const std::size_t before = faults.size();
    const auto add = [&](std::size_t at, std::string detail) {
        faults.push_back(
            fault_at(book, versions[at], FaultType::version_differs, std::move(detail)));
    };
    if (versions.size() * mark_size == marks.size()) {
        for (std::size_t at = 0; at < versions.size() && faults.size() < most_faults; ++at) {
            if (marks.compare(at * mark_size, mark_size, now.marks, at * mark_size, mark_size) !=
                0) {
                add(at, "it is not what was sealed");
            }
        }
    } else {
        // With one more or one less, those that come after it stand elsewhere.
        const auto differs =
            std::mismatch(marks.begin(), marks.end(), now.marks.begin(), now.marks.end());
        const auto at = static_cast<std::size_t>(differs.second - now.marks.begin()) / mark_size;
        if (at < versions.size()) {
            add(at, now.marks.size() > marks.size() ? "it is one more than was sealed"
                                                    : "one that was sealed before it is missing");
        } else {
            faults.push_back(fault_of_entry(book, entry, FaultType::version_differs,
                                            "its last version is missing"));
        }
    }
    if (faults.size() == before) {
        faults.push_back(
            fault_of_entry(book, entry, FaultType::seal_differs,
                           "the seal is " + sealed.seal + ", what is there gives " + now.seal));
    }
}

// Each entry on its own, so that a change is told where it is and not in all entries after it.
std::vector<Fault> check_seals(const BookData& book, std::span<const Version> versions) {
    std::vector<Fault> faults;
    Sealer sealer{book, {}};
    for (std::uint32_t entry = 1; entry <= book.journal.size(); ++entry) {
        const JournalEntry& sealed = book.journal[entry - 1];
        if (sealed.seal.empty()) {
            break;
        }
        const std::span<const Version> own = of_entry(versions, entry);
        const Sealed now = sealer.next(own);
        sealer.go_on_from(sealed.seal);
        if (faults.size() < most_faults && (now.seal != sealed.seal || now.marks != sealed.marks)) {
            add_changes(book, entry, own, now, faults);
        }
    }
    return faults;
}

std::optional<Fault> check_kept_seal(const BookData& book, const std::string& kept) {
    const bool is_known =
        kept.empty() || std::any_of(book.journal.begin(), book.journal.end(),
                                    [&](const JournalEntry& entry) { return entry.seal == kept; });
    if (is_known) {
        return std::nullopt;
    }
    return fault_of_entry(book, 0, FaultType::seal_is_unknown,
                          "no entry has the seal " + kept + ": the book does not go on from there");
}

}  // namespace

}  // namespace journal

std::string_view name(FaultType type) noexcept {
    constexpr std::array<std::string_view, 6> names{"NotSealed",     "VersionDiffers",
                                                    "SealDiffers",   "SealIsUnknown",
                                                    "RunIsNotValid", "RunDiffers"};
    return names[static_cast<std::size_t>(type)];
}

std::string Fault::message() const {
    std::string text;
    const auto add = [&](const std::string& words) {
        text.append(text.empty() ? "" : ", ") += words;
    };
    if (!entity.empty()) {
        add(entity + " " + id + (version == 0 ? "" : ", version " + std::to_string(version)));
    }
    if (entry != 0) {
        add("entry " + std::to_string(entry) + " of the journal" +
            (run.empty() || entity == "run" ? "" : " (run " + run + ")"));
    }
    text.append(text.empty() ? "" : ": ").append(detail);
    for (const MemberChange& change : changes) {
        text.append("; ").append(change.member).append(": written ");
        text.append(change.before.empty() ? "nothing" : change.before).append(", given ");
        text.append(change.after.empty() ? "nothing" : change.after);
    }
    return text;
}

Verification verify(const Book& book, const Registry& registry, const VerifyOptions& options) {
    const BookData& data = book.data();
    Verification result;
    result.entries = data.journal.size();
    for (const JournalEntry& entry : data.journal) {
        result.sealed += entry.seal.empty() ? 0U : 1U;
        result.seal = entry.seal.empty() ? result.seal : entry.seal;
    }
    const auto take = [&](std::optional<Fault> fault) {
        if (fault) {
            result.faults.push_back(*std::move(fault));
        }
        return !result.faults.empty();
    };
    if (take(journal::check_journal(data, options))) {
        return result;
    }
    const std::vector<journal::Version> versions = journal::list_versions(data, 1);
    result.faults = journal::check_seals(data, versions);
    if (!result.faults.empty() || take(journal::check_kept_seal(data, options.seal))) {
        return result;
    }
    journal::Replay replay{data, registry, options.threads};
    for (std::uint32_t entry = 1; entry <= data.journal.size(); ++entry) {
        const std::span<const journal::Version> own = journal::of_entry(versions, entry);
        const bool is_run = !data.journal[entry - 1].run.empty();
        if (take(is_run ? replay.run(entry, own) : replay.put(entry, own))) {
            break;
        }
        result.runs += is_run ? 1U : 0U;
        if (options.progress) {
            options.progress(entry, data.journal.size());
        }
    }
    result.allocations = replay.allocations();
    return result;
}

}  // namespace allot
