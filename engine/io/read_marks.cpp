// Marks of a backtest from a CSV file.
#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>

#include "allot/backtest_file.hpp"
#include "engine/io/complaints.hpp"
#include "engine/io/csv_input.hpp"
#include "engine/io/csv_table.hpp"
#include "engine/io/file_text.hpp"

namespace allot {

namespace {

using namespace io;

class MarksFile {
  public:
    MarksFile(std::string file, std::string_view text)
        : file_{std::move(file)}, reader_{text}, lines_{text} {}

    Result<std::vector<Mark>, Errors> read() {
        if (reader_.next() && read_header()) {
            while (errors_.size() < most_problems && reader_.next()) {
                read_row();
            }
        } else if (errors_.empty() && !reader_.failure()) {
            note({ErrorCode::file_is_empty, "", "", "", "", "a header line and marks", {}}, 0);
        }
        if (const std::optional<CsvFailure>& failure = reader_.failure()) {
            note({ErrorCode::file_is_not_csv, "", "", "", failure->found, failure->expected, {}},
                 failure->offset);
        }
        if (!errors_.empty()) {
            return Unexpected{std::move(errors_)};
        }
        return std::move(marks_);
    }

  private:
    enum Column : std::size_t { instrument, currency, price, period };
    static constexpr std::array<std::string_view, 4> column_names{"instrument_identifiers",
                                                                  "currency", "price", "period"};

    void note(Error error, std::size_t offset) {
        const auto at = lines_.at(offset);
        error.place = {file_, at.line, at.column};
        errors_.push_back(std::move(error));
    }

    bool read_header() {
        for (const CsvCell& cell : reader_.cells()) {
            const auto known = std::find(column_names.begin(), column_names.end(), cell.text);
            if (known == column_names.end()) {
                note({ErrorCode::field_is_unknown, "mark", "", std::string{cell.text}, "", "", {}},
                     cell.offset);
            } else {
                cell_of_[static_cast<std::size_t>(known - column_names.begin())] =
                    static_cast<std::size_t>(&cell - reader_.cells().data());
            }
        }
        for (const Column column : {instrument, currency, price}) {
            if (!cell_of_[column]) {
                note({ErrorCode::field_is_missing,
                      "mark",
                      "",
                      std::string{column_names[column]},
                      "",
                      "a column of this name",
                      {}},
                     0);
            }
        }
        columns_ = reader_.cells().size();
        return errors_.empty();
    }

    void read_row() {
        if (reader_.cells().size() != columns_) {
            note({ErrorCode::file_is_not_csv,
                  "mark",
                  "",
                  "",
                  std::to_string(reader_.cells().size()) + " cells",
                  std::to_string(columns_) + " as in the header",
                  {}},
                 reader_.offset());
            return;
        }
        Complaints complaints{true};
        CsvInput input{complaints};
        Mark mark;
        Decimal amount;
        const bool is_read = take(input, instrument, mark.instrument) &&
                             take(input, currency, mark.currency) && take(input, price, amount);
        if (cell_of_[period]) {
            mark.period = reader_.cells()[*cell_of_[period]].text;
        }
        mark.price = Price{amount};
        for (Complaint& complaint : complaints.errors()) {
            note({complaint.code,
                  "mark",
                  "",
                  complaint.field,
                  std::move(complaint.found),
                  std::move(complaint.expected),
                  {}},
                 complaint.offset);
        }
        if (is_read) {
            add(std::move(mark));
        }
    }

    // An empty cell is one that lacks.
    template <class T>
    bool take(CsvInput& input, Column column, T& out) {
        const CsvCell& cell = reader_.cells()[*cell_of_[column]];
        if (cell.text.empty()) {
            note({ErrorCode::field_is_missing,
                  "mark",
                  "",
                  std::string{column_names[column]},
                  "",
                  "something in it",
                  {}},
                 cell.offset);
            return false;
        }
        return input.read(cell, Trail{nullptr, column_names[column]}, out);
    }

    void add(Mark mark) {
        for (const Mark& known : marks_) {
            if (known.period == mark.period && known.instrument == mark.instrument &&
                known.currency == mark.currency && !(known.price == mark.price)) {
                note({ErrorCode::id_has_two_contents,
                      "mark",
                      "",
                      "price",
                      mark.price.to_string(),
                      known.price.to_string() + ", as above",
                      {}},
                     reader_.offset());
                return;
            }
        }
        marks_.push_back(std::move(mark));
    }

    std::string file_;
    CsvReader reader_;
    LineCounter lines_;
    std::array<std::optional<std::size_t>, column_names.size()> cell_of_{};
    std::size_t columns_{0};
    std::vector<Mark> marks_{};
    Errors errors_{};
};

}  // namespace

Result<std::vector<Mark>, Errors> read_marks(const std::filesystem::path& path) {
    const Result<std::string> text = read_whole_file(path);
    if (!text) {
        return Unexpected{Errors{text.error()}};
    }
    return MarksFile{path.string(), *text}.read();
}

}  // namespace allot
