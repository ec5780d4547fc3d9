// Seals: the hash of a journal's entry and of all before it, and the marks of its versions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/journal/versions.hpp"

namespace allot::journal {

// Hexadecimal digits of a mark. A mark is no proof: it says where to look.
inline constexpr std::size_t mark_size = 8;

struct Sealed {
    std::string seal{};
    std::string marks{};  // of the versions, in their order
};

// Seals one entry after another. `before` is the seal of the entry before the first; empty: none.
class Sealer {
  public:
    Sealer(const BookData& book, std::string before) : text_{book}, before_{std::move(before)} {}

    [[nodiscard]] Sealed next(std::span<const Version> versions);
    // Goes on from another seal than the last one.
    void go_on_from(std::string before) { before_ = std::move(before); }

  private:
    VersionText text_;
    std::string before_;
};

// Whether a book has a journal to speak of: a run, or a seal from a time when it had one.
[[nodiscard]] bool needs_seals(const BookData& book) noexcept;

// The journal with every entry sealed.
[[nodiscard]] std::vector<JournalEntry> sealed_journal(const BookData& book);

}  // namespace allot::journal
