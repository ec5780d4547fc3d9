// Replay: a book that lives through the journal of another.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "allot/engine.hpp"
#include "allot/journal.hpp"
#include "engine/journal/versions.hpp"
#include "engine/run/recorded.hpp"

namespace allot::journal {

class Replay {
  public:
    Replay(const BookData& source, const Registry& registry, unsigned threads)
        : source_{&source}, engine_{registry}, threads_{threads}, text_{source} {}

    // Puts what was put in an entry that no run wrote.
    [[nodiscard]] std::optional<Fault> put(std::uint32_t entry, std::span<const Version> versions);
    // Runs what was run in an entry, and compares: all of it has to come out, and nothing else.
    [[nodiscard]] std::optional<Fault> run(std::uint32_t entry, std::span<const Version> versions);

    // Versions of allocations that runs wrote, and that came out again.
    [[nodiscard]] std::size_t allocations() const noexcept { return allocations_; }

  private:
    template <class Table>
    void put_row(Table& table, const typename Table::Row& row, std::uint32_t writing);
    [[nodiscard]] std::optional<Fault> put_allocation(const Version& version,
                                                      std::uint32_t writing);
    void put_fact(const Version& version, std::uint32_t writing);
    [[nodiscard]] Result<RunResult> remove_again(const run::Recorded& recorded,
                                                 const Written& written);
    [[nodiscard]] Result<void> run_again(const RunRecord& record);
    [[nodiscard]] std::optional<Fault> compare(std::span<const Version> written,
                                               std::span<const Version> mine);
    // What is said of one version in two ways.
    [[nodiscard]] Fault difference(const Version& written, const Version& mine) const;

    const BookData* source_;
    Engine engine_;
    unsigned threads_;
    Book book_{};
    VersionText text_;
    std::size_t allocations_{0};
};

// A fault at a version.
[[nodiscard]] Fault fault_at(const BookData& book, const Version& version, FaultType type,
                             std::string detail);

}  // namespace allot::journal
