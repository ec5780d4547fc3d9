// Seals: see seal.hpp.
#include "engine/journal/seal.hpp"

#include <algorithm>
#include <utility>

#include "allot/journal.hpp"
#include "engine/base/hash.hpp"
#include "engine/base/sha256.hpp"

namespace allot {

namespace journal {

Sealed Sealer::next(std::span<const Version> versions) {
    Sealed sealed;
    sealed.marks.reserve(mark_size * versions.size());
    detail::Sha256 hash;
    hash.add("allot journal 1\n");
    hash.add(before_);
    hash.add("\n");
    for (const Version& version : versions) {
        const std::string_view text = text_.of(version);
        hash.add(text);
        sealed.marks.append(detail::hex(detail::hash64(text)).substr(0, mark_size));
    }
    sealed.seal = hash.hex();
    before_ = sealed.seal;
    return sealed;
}

bool needs_seals(const BookData& book) noexcept {
    return !book.runs.empty() || (!book.journal.empty() && !book.journal.front().seal.empty());
}

std::vector<JournalEntry> sealed_journal(const BookData& book) {
    std::vector<JournalEntry> journal = book.journal;
    const auto first = std::find_if(journal.begin(), journal.end(),
                                    [](const JournalEntry& entry) { return entry.seal.empty(); });
    if (first == journal.end()) {
        return journal;
    }
    const auto number = static_cast<std::uint32_t>(first - journal.begin()) + 1;
    const std::vector<Version> versions = list_versions(book, number);
    Sealer sealer{book, number == 1 ? std::string{} : journal[number - 2].seal};
    for (std::uint32_t at = number; at <= journal.size(); ++at) {
        Sealed sealed = sealer.next(of_entry(versions, at));
        journal[at - 1].seal = std::move(sealed.seal);
        journal[at - 1].marks = std::move(sealed.marks);
    }
    return journal;
}

}  // namespace journal

std::string seal(Book& book) {
    BookData& data = book.data();
    data.journal = journal::sealed_journal(data);
    data.journal_is_open = false;
    return data.journal.empty() ? std::string{} : data.journal.back().seal;
}

}  // namespace allot
