// Reads files of prints, row by row.
#include "engine/backtest/prints.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "allot/time.hpp"
#include "engine/base/text.hpp"
#include "engine/io/complaints.hpp"
#include "engine/io/csv_table.hpp"
#include "engine/io/file_text.hpp"
#include "engine/store/time_text.hpp"

namespace allot {
namespace {

using io::CsvCell;

constexpr std::size_t column_count = 3;
constexpr const char* header_expected = "the columns ms or time, price and size";

class PrintsReader {
  public:
    PrintsReader(std::string_view text, const std::string& name,
                 const std::function<bool(const Print&)>& take)
        : text_{io::without_byte_order_mark(text)},
          name_{name},
          take_{take},
          rows_{text_},
          lines_{text_} {}

    Result<PrintsOrigin, Errors> read();

  private:
    enum Column : std::size_t { time, price, size };
    static constexpr std::array<std::string_view, column_count> names{"time", "price", "size"};

    void complain(ErrorCode code, std::string_view field, std::string found, std::string expected,
                  std::size_t offset);
    bool read_header();
    bool name_column(const CsvCell& cell, std::size_t place);
    bool read_row();
    bool read_time(const CsvCell& cell, std::int64_t& at_ns);
    bool read_milliseconds(const CsvCell& cell, std::int64_t& at_ns);
    bool read_date_and_time(const CsvCell& cell, std::int64_t& at_ns);
    bool read_size(const CsvCell& cell, std::int64_t& units);
    bool take_decimal(const CsvCell& cell, std::string_view field, Decimal& out);
    [[nodiscard]] std::string_view time_name() const { return origin_.has_dates ? "time" : "ms"; }

    std::string_view text_;
    const std::string& name_;
    const std::function<bool(const Print&)>& take_;
    io::CsvReader rows_;
    io::LineCounter lines_;
    PrintsOrigin origin_{};
    Errors errors_{};
    std::array<std::optional<std::size_t>, column_count> place_of_{};  // of a column in a row
    std::size_t count_{0};
    std::int64_t midnight_{0};        // of the file's day, in seconds since 1970 UTC
    std::int64_t latest_ns_{0};       // of the print above
    std::string_view latest_text_{};  // as it stands in the file
};

void PrintsReader::complain(ErrorCode code, std::string_view field, std::string found,
                            std::string expected, std::size_t offset) {
    errors_.push_back({.code = code,
                       .entity = "print",
                       .field = std::string{field},
                       .found = std::move(found),
                       .expected = std::move(expected),
                       .place = {name_, lines_.at(offset).line, 0}});
}

Result<PrintsOrigin, Errors> PrintsReader::read() {
    bool goes_on = true;
    if (text_.starts_with("\x1F\x8B")) {
        complain(ErrorCode::file_is_not_csv, "", "compressed data", "plain text: gunzip it first",
                 0);
    } else if (rows_.next() && read_header()) {
        while (goes_on && errors_.size() < io::most_problems && rows_.next()) {
            goes_on = read_row();
        }
        if (goes_on && count_ == 0 && errors_.empty() && !rows_.failure()) {
            complain(ErrorCode::file_is_empty, "", "the names of columns alone", "prints", 0);
        }
    } else if (errors_.empty() && !rows_.failure()) {
        complain(ErrorCode::file_is_empty, "", "no row", header_expected, 0);
    }
    if (const auto& failure = rows_.failure(); failure) {
        complain(ErrorCode::file_is_not_csv, "", failure->found, failure->expected,
                 failure->offset);
    }
    if (!errors_.empty()) {
        return Unexpected{std::move(errors_)};
    }
    return std::move(origin_);
}

bool PrintsReader::read_header() {
    for (std::size_t i = 0; i < rows_.cells().size(); ++i) {
        if (!name_column(rows_.cells()[i], i)) {
            return false;
        }
    }
    for (std::size_t column = 0; column < column_count; ++column) {
        if (!place_of_[column]) {
            complain(ErrorCode::field_is_missing, column == time ? "ms" : names[column],
                     "no such column", header_expected, 0);
        }
    }
    return errors_.empty();
}

bool PrintsReader::name_column(const CsvCell& cell, std::size_t place) {
    std::size_t column = 0;
    const std::string_view name = cell.text == "ms" ? names[time] : cell.text;
    while (column < column_count && names[column] != name) {
        ++column;
    }
    if (column == column_count) {
        complain(ErrorCode::field_is_unknown, detail::shown(cell.text), "an unknown column",
                 header_expected, cell.offset);
        return false;
    }
    if (place_of_[column]) {
        complain(ErrorCode::file_is_not_csv, cell.text, "a second such column", header_expected,
                 cell.offset);
        return false;
    }
    place_of_[column] = place;
    origin_.has_dates = origin_.has_dates || cell.text == "time";
    return true;
}

// Returns false when no more prints are wanted.
bool PrintsReader::read_row() {
    const auto cells = rows_.cells();
    if (cells.size() != column_count) {
        complain(ErrorCode::file_is_not_csv, "", std::to_string(cells.size()) + " cells",
                 std::to_string(column_count) + ", as in the first line", rows_.offset());
        return true;
    }
    Print print;
    bool is_good = read_time(cells[*place_of_[time]], print.at_ns);
    is_good = take_decimal(cells[*place_of_[price]], names[price], print.price) && is_good;
    is_good = read_size(cells[*place_of_[size]], print.size) && is_good;
    if (!is_good) {
        return true;
    }
    ++count_;
    return take_(print);
}

bool PrintsReader::take_decimal(const CsvCell& cell, std::string_view field, Decimal& out) {
    const Result<Decimal> parsed = Decimal::parse(cell.text);
    if (!parsed) {
        const Error& error = parsed.error();
        complain(error.code, field, error.found, error.expected, cell.offset);
        return false;
    }
    out = *parsed;
    return true;
}

bool PrintsReader::read_size(const CsvCell& cell, std::int64_t& units) {
    Decimal number;
    if (!take_decimal(cell, names[size], number)) {
        return false;
    }
    if (number.sign() <= 0 || !number.is_whole() || number > Decimal{largest_print}) {
        complain(number.sign() <= 0 ? ErrorCode::quantity_is_not_positive
                                    : ErrorCode::field_has_wrong_type,
                 names[size], detail::shown(cell.text),
                 "a whole number of units from 1 to 100000000", cell.offset);
        return false;
    }
    static_assert(largest_print == 100'000'000, "the message says so");
    units = static_cast<std::int64_t>(number.mantissa_low());
    return true;
}

bool PrintsReader::read_time(const CsvCell& cell, std::int64_t& at_ns) {
    if (!(origin_.has_dates ? read_date_and_time(cell, at_ns) : read_milliseconds(cell, at_ns))) {
        return false;
    }
    // Told once for each step back, not for all that comes after a time that is too late.
    const std::int64_t before_ns = std::exchange(latest_ns_, at_ns);
    const std::string_view before = std::exchange(latest_text_, cell.text);
    if (at_ns < before_ns) {
        complain(ErrorCode::time_is_out_of_place, time_name(), detail::shown(cell.text),
                 "no time before " + detail::shown(before) + ", that of the print above",
                 cell.offset);
        return false;
    }
    return true;
}

bool PrintsReader::read_milliseconds(const CsvCell& cell, std::int64_t& at_ns) {
    constexpr int finest = 6;  // places after the point: nanoseconds
    const Result<Decimal> number = Decimal::parse(cell.text);
    if (!number || number->sign() < 0 || number->scale() > finest ||
        *number >= Decimal{ns_per_day / ns_per_ms}) {
        complain(ErrorCode::text_is_not_a_time, time_name(), detail::shown(cell.text),
                 "milliseconds after midnight, at least 0 and below 86400000", cell.offset);
        return false;
    }
    at_ns = static_cast<std::int64_t>((*number * Decimal{ns_per_ms}).mantissa_low());
    return true;
}

bool PrintsReader::read_date_and_time(const CsvCell& cell, std::int64_t& at_ns) {
    using store::date_size;
    const Result<Instant> instant = parse_instant(cell.text);
    if (!instant || cell.text.size() == date_size) {
        complain(ErrorCode::text_is_not_a_time, time_name(), detail::shown(cell.text),
                 "a date and time such as 2013-10-07T09:30:00.072-04:00", cell.offset);
        return false;
    }
    const std::string_view date = cell.text.substr(0, date_size);
    const std::size_t end = cell.text.find_first_of("Z+-", date_size);
    const std::string_view offset = cell.text.substr(std::min(end, cell.text.size()));
    if (origin_.date.empty()) {
        origin_.date = date;
        origin_.utc_offset = offset;
        midnight_ = parse_instant(origin_.date + "T00:00" + origin_.utc_offset).value().seconds;
    }
    if (date != origin_.date || offset != origin_.utc_offset) {
        complain(ErrorCode::time_is_out_of_place, time_name(), detail::shown(cell.text),
                 "a time of " + origin_.date +
                     (origin_.utc_offset.empty() ? " without offset"
                                                 : " with the offset " + origin_.utc_offset) +
                     ", as in the first print",
                 cell.offset);
        return false;
    }
    at_ns = (instant->seconds - midnight_) * 1'000 * ns_per_ms + instant->nanoseconds;
    return true;
}

}  // namespace

Result<PrintsOrigin, Errors> read_prints(std::string_view text, const std::string& name,
                                         const std::function<bool(const Print&)>& take) {
    return PrintsReader{text, name, take}.read();
}

}  // namespace allot
