// The short way of a row into a book: see usual_rows.hpp.
#include "engine/io/usual_rows.hpp"

#include <cstring>

#include "engine/base/text.hpp"
#include "engine/store/time_text.hpp"

namespace allot::io {

namespace {

using detail::is_digit;

// Two digits with a value below `limit`.
bool take_two(const char* at, std::int64_t limit, std::int64_t& out) noexcept {
    out = (at[0] - '0') * 10 + (at[1] - '0');
    return is_digit(at[0]) && is_digit(at[1]) && out < limit;
}

// A whole number of few digits, as most quantities are.
bool read_whole(std::string_view text, std::uint64_t& out) noexcept {
    constexpr std::size_t longest = 18;
    if (text.size() > longest || text.empty() || text.front() == '0') {
        return false;
    }
    std::uint64_t number = 0;
    for (const char c : text) {
        if (!is_digit(c)) {
            return false;
        }
        number = number * 10 + static_cast<std::uint64_t>(c - '0');
    }
    out = number;
    return true;
}

}  // namespace

bool read_time_of_date(std::string_view text, std::string_view date, std::int64_t midnight,
                       Instant& out) noexcept {
    using store::date_size;
    using store::time_size;
    if (text.size() < time_size || text.size() > time_size + 1 + store::most_digits ||
        text.back() != 'Z' || std::memcmp(text.data(), date.data(), date_size) != 0) {
        return false;
    }
    const char* const at = text.data() + date_size;
    std::int64_t hour = 0;
    std::int64_t minute = 0;
    std::int64_t second = 0;
    if (at[0] != 'T' || !take_two(at + 1, 24, hour) || at[3] != ':' ||
        !take_two(at + 4, 60, minute) || at[6] != ':' || !take_two(at + 7, 60, second)) {
        return false;
    }
    std::uint32_t nanoseconds = 0;
    if (text.size() > time_size) {
        const std::string_view fraction = text.substr(time_size, text.size() - time_size - 1);
        if (at[9] != '.' || fraction.empty()) {
            return false;
        }
        for (std::size_t i = 0; i < store::most_digits; ++i) {
            if (i < fraction.size() && !is_digit(fraction[i])) {
                return false;
            }
            nanoseconds = nanoseconds * 10 +
                          (i < fraction.size() ? static_cast<std::uint32_t>(fraction[i] - '0') : 0);
        }
    }
    out = {midnight + hour * 3600 + minute * 60 + second, nanoseconds};
    return true;
}

bool RowPacker::decimal(std::string_view text, Decimal& out) {
    const Result<Decimal> decimal = Decimal::parse(text);
    if (decimal) {
        out = *decimal;
    }
    return decimal.has_value();
}

bool RowPacker::quantity(std::string_view text, Quantity& out) {
    if (std::uint64_t whole = 0; read_whole(text, whole)) {
        out = Quantity{whole};
        return true;
    }
    const Result<Quantity> quantity = Quantity::parse(text);
    if (quantity) {
        out = *quantity;
    }
    return quantity.has_value() && !out.is_zero();
}

bool RowPacker::is_id(std::string_view scope, std::string_view code) noexcept {
    constexpr std::size_t longest_part = 512;  // as ResourceId::check has it
    return !scope.empty() && scope.size() <= longest_part && !code.empty() &&
           code.size() <= longest_part;
}

}  // namespace allot::io
