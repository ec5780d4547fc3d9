// Corrections of executions from a CSV file.
#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>

#include "allot/correction_file.hpp"
#include "engine/io/complaints.hpp"
#include "engine/io/csv_input.hpp"
#include "engine/io/csv_table.hpp"
#include "engine/io/file_text.hpp"

namespace allot {

namespace {

using namespace io;

Error error_of(ErrorCode code, std::string field, std::string found, std::string expected) {
    return Error{code, "correction", {}, std::move(field), std::move(found), std::move(expected),
                 {}};
}

class CorrectionsFile {
  public:
    CorrectionsFile(std::string file, std::string_view text)
        : file_{std::move(file)}, reader_{text}, lines_{text} {}

    Result<std::vector<CorrectionEntry>, Errors> read() {
        bool has_rows = false;
        if (reader_.next()) {
            read_header();
            while (has_columns_ && errors_.size() < most_problems && reader_.next()) {
                has_rows = true;
                read_row();
            }
        }
        if (!has_rows && errors_.empty() && !reader_.failure()) {
            note(error_of(ErrorCode::file_is_empty, "", "", "a header line and corrections"), 0);
        }
        if (const std::optional<CsvFailure>& failure = reader_.failure()) {
            note(error_of(ErrorCode::file_is_not_csv, "", failure->found, failure->expected),
                 failure->offset);
        }
        if (!errors_.empty()) {
            return Unexpected{std::move(errors_)};
        }
        return std::move(entries_);
    }

  private:
    enum Column : std::size_t { id, quantity, price, bust, reason };
    static constexpr std::array<std::string_view, 5> column_names{"id", "quantity", "price", "bust",
                                                                  "reason"};

    [[nodiscard]] Place place_of(std::size_t offset) {
        const auto at = lines_.at(offset);
        return {file_, at.line, at.column};
    }
    void note(Error error, std::size_t offset) {
        error.place = place_of(offset);
        errors_.push_back(std::move(error));
    }

    void read_header() {
        for (const CsvCell& cell : reader_.cells()) {
            const auto known = std::find(column_names.begin(), column_names.end(), cell.text);
            if (known == column_names.end()) {
                note(error_of(ErrorCode::field_is_unknown, std::string{cell.text}, "", ""),
                     cell.offset);
                continue;
            }
            auto& column = cell_of_[static_cast<std::size_t>(known - column_names.begin())];
            if (column) {
                note(error_of(ErrorCode::file_is_not_csv, std::string{cell.text}, "a second column",
                              "each column once"),
                     cell.offset);
            }
            column = static_cast<std::size_t>(&cell - reader_.cells().data());
        }
        if (!cell_of_[id]) {
            note(error_of(ErrorCode::field_is_missing, "id", "", "a column of this name"), 0);
        }
        columns_ = reader_.cells().size();
        has_columns_ = errors_.empty();
    }

    void read_row() {
        if (reader_.cells().size() != columns_) {
            note(error_of(ErrorCode::file_is_not_csv, "",
                          std::to_string(reader_.cells().size()) + " cells",
                          std::to_string(columns_) + " as in the header"),
                 reader_.offset());
            return;
        }
        Complaints complaints{true};
        CsvInput input{complaints};
        CorrectionEntry entry;
        entry.place = place_of(reader_.offset());
        const std::size_t before = errors_.size();
        if (!take(input, id, entry.correction.execution) && complaints.errors().empty()) {
            note(error_of(ErrorCode::field_is_missing, "id", "", "an execution"), reader_.offset());
        }
        take(input, quantity, entry.correction.quantity);
        Decimal amount;
        if (take(input, price, amount)) {
            entry.correction.price = Price{amount};
        }
        take(input, bust, entry.is_bust);
        take(input, reason, entry.reason);
        for (const Complaint& complaint : complaints.errors()) {
            note(error_of(complaint.code, complaint.field, complaint.found, complaint.expected),
                 complaint.offset);
        }
        if (errors_.size() == before) {
            judge(entry);
            entries_.push_back(std::move(entry));
        }
    }

    void judge(const CorrectionEntry& entry) {
        const bool says_what = entry.correction.quantity || entry.correction.price;
        if (says_what == entry.is_bust) {
            Error error = error_of(ErrorCode::option_is_not_valid, "bust",
                                   says_what ? "true, and a quantity or a price" : "no true",
                                   says_what ? "nothing else of what never was"
                                             : "that, or a quantity, a price, or both");
            error.id = entry.correction.execution.to_string();
            note(std::move(error), reader_.offset());
        }
    }

    // Returns whether there was something.
    template <class T>
    bool take(CsvInput& input, Column column, T& out) {
        if (!cell_of_[column] || reader_.cells()[*cell_of_[column]].text.empty()) {
            return false;
        }
        return input.read(reader_.cells()[*cell_of_[column]], Trail{nullptr, column_names[column]},
                          out);
    }

    std::string file_;
    CsvReader reader_;
    LineCounter lines_;
    std::array<std::optional<std::size_t>, column_names.size()> cell_of_{};
    std::size_t columns_{0};
    bool has_columns_{false};
    std::vector<CorrectionEntry> entries_{};
    Errors errors_{};
};

}  // namespace

Result<std::vector<CorrectionEntry>, Errors> read_corrections(const std::filesystem::path& path) {
    const Result<std::string> text = read_whole_file(path);
    if (!text) {
        return Unexpected{Errors{text.error()}};
    }
    return CorrectionsFile{path.string(), *text}.read();
}

}  // namespace allot
