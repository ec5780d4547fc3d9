// One file of prints: which instrument and day it is about, and what its prints come to.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "allot/generate.hpp"
#include "engine/backtest/print_fills.hpp"

namespace allot {

// The parameters that say how prints become fills, as integers. Errors: option_is_not_valid.
[[nodiscard]] Result<FillRule, Errors> checked_rule(const PrintParameters& parameters);

class PrintSource {
  public:
    // Reads the file and counts; nothing of it is kept, unless it cannot be read again.
    // Precondition: `file` outlives this. Errors: those of generate_from_prints.
    [[nodiscard]] static Result<PrintSource, Errors> open(const PrintFile& file,
                                                          const PrintParameters& parameters,
                                                          const FillRule& rule);

    [[nodiscard]] const std::string& instrument() const noexcept { return instrument_; }
    [[nodiscard]] const std::string& date() const noexcept { return date_; }
    [[nodiscard]] std::chrono::sys_days day() const noexcept { return day_; }
    [[nodiscard]] const std::string& utc_offset() const noexcept { return utc_offset_; }
    [[nodiscard]] const FillCounts& counts() const noexcept { return counts_; }
    // The name of the file without folders.
    [[nodiscard]] std::string name() const;
    [[nodiscard]] const std::string& path() const noexcept { return file_->name; }
    // Of its bytes, 16 hexadecimal digits.
    [[nodiscard]] const std::string& hash() const noexcept { return hash_; }

    // Calls `take` with fill after fill, until it returns false. Errors: file_is_unreadable, also
    // when the file has changed since open().
    [[nodiscard]] Result<void> each_fill(const std::function<bool(const Print&)>& take) const;

  private:
    PrintSource(const PrintFile& file, const FillRule& rule) : file_{&file}, rule_{rule} {}

    [[nodiscard]] Result<std::string> text() const;
    [[nodiscard]] Errors identify(const PrintParameters& parameters, const PrintsOrigin& origin);
    [[nodiscard]] Error problem(Error error) const;

    const PrintFile* file_;
    FillRule rule_;
    std::optional<std::string> kept_text_{};
    std::string instrument_{};
    std::string date_{};
    std::chrono::sys_days day_{};
    std::string utc_offset_{};
    std::string hash_{};
    FillCounts counts_{};
};

}  // namespace allot
