// Versions: what a journal's entries consist of, in an order that does not depend on how the book
// came about, and the text of each that is sealed and compared.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/io/allocation_output.hpp"
#include "engine/io/json_output.hpp"
#include "engine/io/text_output.hpp"
#include "engine/store/book_data.hpp"

namespace allot::journal {

// In the order of an entry: what is referred to comes before what refers to it.
enum class Kind : std::uint8_t {
    run,
    order,
    block,
    placement,
    execution,
    instrument,
    portfolio,
    algorithm,
    allocation,
};
[[nodiscard]] std::string_view name(Kind kind) noexcept;

// One version, by the row that it is.
struct Version {
    std::uint32_t entry{0};
    Kind kind{};
    std::uint32_t row{0};     // of its table; of a fact, in BookData::facts
    std::uint32_t number{0};  // 1: the first of its entity
};

// How many rows there are of everything.
struct RowCounts {
    std::size_t orders{0};
    std::size_t blocks{0};
    std::size_t placements{0};
    std::size_t executions{0};
    std::size_t allocations{0};
    std::size_t facts{0};
    std::size_t runs{0};

    [[nodiscard]] static RowCounts of(const BookData& book) noexcept;
};

// The versions in entries from `first_entry` on whose rows come after the first `from`: by entry,
// kind, id and number. Complexity: O(n log n).
[[nodiscard]] std::vector<Version> list_versions(const BookData& book, std::uint32_t first_entry,
                                                 const RowCounts& from = {});

// The versions of what has no id of its own: by kind, what they are about, and number.
[[nodiscard]] std::vector<Version> list_facts(const BookData& book);

// The stretch of one entry in such a list.
[[nodiscard]] std::span<const Version> of_entry(std::span<const Version> versions,
                                                std::uint32_t entry);

// The id of what a version is about; without a scope where it has none of its own.
[[nodiscard]] ResourceId resource_of(const BookData& book, const Version& version);
// The same, as messages name it.
[[nodiscard]] std::string id_of(const BookData& book, const Version& version);

// Writes versions as text, one after the other.
class VersionText {
  public:
    explicit VersionText(const BookData& book);
    VersionText(const VersionText&) = delete;
    VersionText& operator=(const VersionText&) = delete;

    // One line, ended: the kind, and the entity as JSON with its version. Valid until the next
    // call.
    [[nodiscard]] std::string_view of(const Version& version);

  private:
    template <class Entity>
    void write(const Entity& entity, const Version& version, const store::RowHead& head);
    template <class Entity>
    void write_plain(const Entity& entity, const Version& version, std::uint32_t written);
    void write_fact(const Version& version);
    void write_allocation(const Version& version);
    void end(const Version& version, std::uint32_t written, bool is_removed);

    const BookData* book_;
    io::TextBuffer text_{};
    io::JsonOutput json_;
    io::AllocationOutput<io::JsonOutput> allocations_;
};

}  // namespace allot::journal
