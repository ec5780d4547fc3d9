// Takes the rows of files into a BookBuilder, and keeps what is wrong with them until all is read.
#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "allot/book_file.hpp"
#include "engine/io/complaints.hpp"
#include "engine/io/fields.hpp"

namespace allot::io {

// What the row is called in messages. Empty when its id could not be read.
template <class Entity>
[[nodiscard]] std::string row_name(const Entity& row) {
    if constexpr (std::is_same_v<Entity, RunRecord>) {
        return row.id;
    } else if constexpr (std::is_same_v<Entity, NamedAlgorithm>) {
        return row.name;
    } else if constexpr (std::is_same_v<Entity, JournalEntry>) {
        return row.run;
    } else if constexpr (std::is_same_v<Entity, Instrument>) {
        std::string text;
        for (const auto& [key, value] : row.instrument_identifiers) {
            text.append(text.empty() ? "" : "|").append(key).append("=").append(value);
        }
        return text;
    } else {
        return row.id.code().empty() ? std::string{} : row.id.to_string();
    }
}

// What depends on a row with problems, as far as its ids could be read (see BookBuilder::refuse).
[[nodiscard]] BookBuilder::Touched touched(const Order& row, const Complaints& complaints);
[[nodiscard]] BookBuilder::Touched touched(const Block& row, const Complaints& complaints);
[[nodiscard]] BookBuilder::Touched touched(const Placement& row, const Complaints& complaints);
[[nodiscard]] BookBuilder::Touched touched(const Execution& row, const Complaints& complaints);
[[nodiscard]] BookBuilder::Touched touched(const Allocation& row, const Complaints& complaints);
[[nodiscard]] BookBuilder::Touched touched(const Instrument& row, const Complaints& complaints);
[[nodiscard]] BookBuilder::Touched touched(const RunRecord& row, const Complaints& complaints);
[[nodiscard]] BookBuilder::Touched touched(const JournalEntry& row, const Complaints& complaints);
[[nodiscard]] BookBuilder::Touched touched(const Portfolio& row, const Complaints& complaints);
[[nodiscard]] BookBuilder::Touched touched(const NamedAlgorithm& row, const Complaints& complaints);

class Intake {
  public:
    // Without the short way every row takes the long one, and nothing else changes (see
    // usual_rows.hpp).
    explicit Intake(ReadOptions options, bool takes_short_way = true)
        : options_{std::move(options)}, takes_short_way_{takes_short_way} {}

    [[nodiscard]] const ReadOptions& options() const noexcept { return options_; }
    [[nodiscard]] BookBuilder& builder() noexcept { return builder_; }
    [[nodiscard]] bool takes_short_way() const noexcept { return takes_short_way_; }

    // Notes a row that cannot be taken.
    void refuse(Error error, BookBuilder::Touched touched);
    // Notes something that makes the whole file useless. Nothing is built then.
    void fail(Error error);
    // Notes an unknown member: a warning, once for each entity and member of a file.
    void warn(Error error);

    // Whether reading on makes no sense: too many problems.
    [[nodiscard]] bool is_full() const noexcept {
        return !options_.quarantine && refused_.size() + failures_.size() >= most_problems;
    }

    // Builds the book from all that was taken. Call once.
    [[nodiscard]] Result<ReadBook, Errors> finish();

  private:
    ReadOptions options_;
    bool takes_short_way_;
    BookBuilder builder_{};
    std::vector<std::pair<Error, BookBuilder::Touched>> refused_{};
    Errors failures_{};
    Errors warnings_{};
    std::set<std::string> warned_{};
};

}  // namespace allot::io
