// The journal of a book: seals that show whether anything was changed since it was written, and the
// replay of every run.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "allot/book.hpp"
#include "allot/history.hpp"
#include "allot/registry.hpp"

namespace allot {

// Closes the journal's last entry and seals what is not sealed yet. The seal of an entry is the
// SHA-256 of the seal before it and of every version in it, so that it answers for all that came
// before (docs/decisions/0034-journal.md). What is put from now on is part of a new entry.
// Returns the last seal, 64 hexadecimal digits; empty for a book without any entry. Whoever keeps
// it elsewhere can tell later that the book only grew. write_book_json seals what it writes.
// Complexity: O(versions that are not sealed yet), and sorting. Throws bad_alloc.
std::string seal(Book& book);

// What does not hold in a book.
enum class FaultType : std::uint8_t {
    not_sealed,        // runs, and no seal that would answer for them
    version_differs,   // a version is not what was sealed, or is new, or is missing
    seal_differs,      // an entry is not what was sealed, and its marks do not tell where
    seal_is_unknown,   // VerifyOptions::seal is the seal of no entry
    run_is_not_valid,  // a run record whose id is not the hash of what it says, or that does not
                       // say a run that can be run
    run_differs,       // a run on what was there gives something else than what is written
};
[[nodiscard]] std::string_view name(FaultType type) noexcept;

// One thing that does not hold, and where.
struct Fault {
    FaultType type{};
    std::size_t entry{0};  // of the journal, from 1; 0: of none
    std::string run{};     // id of the entry's run, if it is one's
    std::string entity{};  // "order", ..., "run"; empty: the entry as a whole
    std::string id{};      // of the entity, "scope/code"
    std::size_t version{0};
    std::string detail{};
    // Of a run that differs: before, as it is written; after, as the run gives it.
    std::vector<MemberChange> changes{};

    // All of it on one line.
    [[nodiscard]] std::string message() const;
};

// What was looked at, and what does not hold.
struct Verification {
    std::size_t entries{0};
    std::size_t sealed{0};       // of them
    std::size_t runs{0};         // replayed
    std::size_t allocations{0};  // versions that runs wrote, and that came out again
    std::string seal{};          // the last one
    // Empty: all holds. Else every version that is not what was sealed, 100 at most; where there is
    // none, the first difference that a run makes.
    std::vector<Fault> faults{};
};

struct VerifyOptions {
    bool needs_seals{true};  // a book with runs and without seals does not hold
    std::string seal{};   // kept from an earlier time: the book must go on from there; empty: none
    unsigned threads{0};  // of the runs, as RunOptions::threads
    // Called with journal entries done and in all.
    std::function<void(std::size_t done, std::size_t total)> progress{};
};

// Confirms that every version is what was sealed, then lives the book through again: puts what was
// put, runs what was run, with the rules of `registry`, and compares what comes out with what is
// written, byte for byte. What is not as it was sealed is not lived through. A seal shows that
// something was changed by somebody who did not seal it anew; that nobody did show seals that were
// kept elsewhere. Complexity: that of all runs, and O(versions) with sorting; memory as for a
// second book. Thread safety: any thread while nobody writes. Throws bad_alloc.
[[nodiscard]] Verification verify(const Book& book,
                                  const Registry& registry = Registry::with_builtins(),
                                  const VerifyOptions& options = {});

}  // namespace allot
