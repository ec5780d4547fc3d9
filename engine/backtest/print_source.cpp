// One file of prints: which instrument and day it is about, and what its prints come to.
#include "engine/backtest/print_source.hpp"

#include <algorithm>
#include <system_error>
#include <utility>

#include "engine/backtest/day_text.hpp"
#include "engine/base/hash.hpp"
#include "engine/base/text.hpp"
#include "engine/base/uint128.hpp"
#include "engine/io/file_text.hpp"
#include "engine/store/time_text.hpp"

namespace allot {
namespace {

constexpr std::int64_t most_units = 10'000'000'000'000;
using detail::is_digit;
using store::date_size;

// A day that leaves room for orders of the evening before: "2013-10-07".
bool is_date(std::string_view text) {
    return text.size() == date_size && text >= "0001-01-02" && parse_instant(text);
}

// "aig-20131007.csv" and "aig-2013-10-07.csv" are AIG of 2013-10-07; "aig.csv" is AIG.
struct NameParts {
    std::string instrument{};
    std::string date{};
};

NameParts parts_of(const std::string& path) {
    std::string stem = std::filesystem::path{path}.stem().string();
    NameParts parts;
    for (const std::size_t size : {date_size, date_size - 2}) {
        const std::size_t begin = stem.size() - size;
        if (stem.size() < size || (begin > 0 && is_digit(stem[begin - 1]))) {
            continue;
        }
        std::string last = stem.substr(begin);
        if (size != date_size) {
            last = last.substr(0, 4) + '-' + last.substr(4, 2) + '-' + last.substr(6);
        }
        if (is_date(last)) {
            parts.date = last;
            stem.resize(begin);
            stem.resize(stem.find_last_not_of("-_. ") + 1);
            break;
        }
    }
    for (const char c : stem) {
        parts.instrument += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    }
    return parts;
}

// "09:30", "16:00:00.5": nanoseconds after midnight.
std::optional<std::int64_t> time_of_day(const std::string& text) {
    const bool is_bare = text.find_first_not_of("0123456789:.") == std::string::npos;
    const Result<Instant> instant = parse_instant("1970-01-01T" + text);
    if (!is_bare || !instant) {
        return std::nullopt;
    }
    return instant->seconds * 1'000 * ns_per_ms + instant->nanoseconds;
}

bool is_utc_offset(const std::string& text) {
    return !text.empty() && text.find_first_of("Z+-") == 0 &&
           parse_instant("1970-01-01T00:00" + text);
}

}  // namespace

Result<FillRule, Errors> checked_rule(const PrintParameters& parameters) {
    constexpr int finest = 9;  // places after the point of the participation
    constexpr std::uint32_t most_slices = 1'000'000;
    Errors errors;
    FillRule rule;
    const Decimal& part = parameters.participation;
    if (part.sign() <= 0 || part > Decimal{1} || part.scale() > finest) {
        errors.push_back(refused("participation", part.to_string(),
                                 "a number above 0 and up to 1, with 9 places at most"));
    } else {
        rule.part = static_cast<std::int64_t>(part.mantissa_low());
        rule.whole = static_cast<std::int64_t>(detail::power_of_ten(part.scale()));
    }
    for (const std::uint32_t slices : {parameters.slices_per_fill, parameters.fills_per_slice}) {
        if (slices < 1 || slices > most_slices) {
            errors.push_back(refused("slices", std::to_string(slices), "1 to 1000000"));
        }
    }
    rule.slices_per_fill = parameters.slices_per_fill;
    rule.fills_per_slice = parameters.fills_per_slice;
    const auto read = [&](const char* field, const std::string& text, std::int64_t& out) {
        const std::optional<std::int64_t> time = time_of_day(text);
        if (!text.empty() && !time) {
            errors.push_back(refused(field, text, "a time of day such as 09:30 or 16:00:00.5"));
        }
        out = time.value_or(out);
    };
    read("from", parameters.from, rule.from_ns);
    read("to", parameters.to, rule.to_ns);
    if (errors.empty() && rule.from_ns >= rule.to_ns) {
        errors.push_back(refused("to", parameters.to, "a time after " + parameters.from));
    }
    if (!parameters.date.empty() && !is_date(parameters.date)) {
        errors.push_back(
            refused("date", parameters.date, "a day as YYYY-MM-DD, 0001-01-02 or later"));
    }
    if (!is_utc_offset(parameters.utc_offset)) {
        errors.push_back(refused("utc_offset",
                                 parameters.utc_offset.empty() ? "nothing" : parameters.utc_offset,
                                 "Z, or such as -04:00"));
    }
    if (!errors.empty()) {
        return Unexpected{std::move(errors)};
    }
    return rule;
}

std::string PrintSource::name() const {
    return std::filesystem::path{file_->name}.filename().string();
}

Result<std::string> PrintSource::text() const {
    if (file_->text) {
        return *file_->text;
    }
    return kept_text_ ? *kept_text_ : io::read_whole_file(file_->name);
}

Error PrintSource::problem(Error error) const {
    error.place.file = file_->name;
    return error;
}

Result<PrintSource, Errors> PrintSource::open(const PrintFile& file,
                                              const PrintParameters& parameters,
                                              const FillRule& rule) {
    PrintSource source{file, rule};
    Result<std::string> text = source.text();
    if (!text) {
        return Unexpected{Errors{text.error()}};
    }
    source.hash_ = detail::hex(detail::hash64(*text));
    PrintFills fills{rule};
    const Result<PrintsOrigin, Errors> origin =
        read_prints(*text, file.name, [&](const Print& print) { return fills.add(print); });
    if (!origin) {
        return Unexpected{origin.error()};
    }
    (void)fills.finish();
    source.counts_ = fills.counts();
    std::error_code no_matter;
    if (!file.text && !std::filesystem::is_regular_file(file.name, no_matter)) {
        source.kept_text_ = *std::move(text);
    }
    Errors errors = source.identify(parameters, *origin);
    if (source.counts_.printed > most_units) {
        Error error;
        error.code = ErrorCode::total_is_out_of_range;
        error.entity = "print";
        error.field = "size";
        error.found = std::to_string(source.counts_.printed) + " units in all";
        error.expected = "at most " + std::to_string(most_units);
        errors.push_back(source.problem(std::move(error)));
    }
    if (source.counts_.executed == 0) {
        errors.push_back(source.problem(
            refused("prints",
                    std::to_string(source.counts_.printed) +
                        " units between `from` and `to`, none executed",
                    "prints at those times, and a participation that makes a unit of them")));
    }
    if (!errors.empty()) {
        return Unexpected{std::move(errors)};
    }
    return source;
}

Errors PrintSource::identify(const PrintParameters& parameters, const PrintsOrigin& origin) {
    // Standard input and pipes have names that say nothing.
    const bool is_named = file_->name != "-" && !kept_text_;
    const NameParts parts = is_named ? parts_of(file_->name) : NameParts{};
    instrument_ = parameters.instrument.empty() ? parts.instrument : parameters.instrument;
    date_ = origin.has_dates ? origin.date : parts.date;
    utc_offset_ = origin.has_dates ? origin.utc_offset : parameters.utc_offset;
    Errors errors;
    if (instrument_.empty()) {
        errors.push_back(problem(refused(
            "instrument", "none", "one, or a file named as its instrument: aig-20131007.csv")));
    }
    if (!parameters.date.empty() && origin.has_dates && parameters.date != date_) {
        errors.push_back(problem(refused("date", parameters.date, date_ + ", that of the prints")));
    }
    date_ = parameters.date.empty() ? date_ : parameters.date;
    if (!is_date(date_)) {
        errors.push_back(
            problem(refused("date", date_.empty() ? "none" : date_,
                            "a day from 0001-01-02 on, or a file whose name ends in one: "
                            "aig-20131007.csv")));
        return errors;
    }
    day_ = std::chrono::sys_days{std::chrono::days{parse_instant(date_).value().seconds / 86'400}};
    return errors;
}

Result<void> PrintSource::each_fill(const std::function<bool(const Print&)>& take) const {
    const Result<std::string> text = this->text();
    if (!text) {
        return Unexpected{text.error()};
    }
    if (detail::hex(detail::hash64(*text)) != hash_) {
        Error error;
        error.code = ErrorCode::file_is_unreadable;
        error.found = "other content than before";
        error.expected = "a file that does not change while it is read";
        return Unexpected{problem(std::move(error))};
    }
    PrintFills fills{rule_, take};
    bool goes_on = true;
    (void)read_prints(*text, file_->name, [&](const Print& print) {
        goes_on = fills.add(print);
        return goes_on;
    });
    if (goes_on) {
        (void)fills.finish();
    }
    return {};
}

}  // namespace allot
