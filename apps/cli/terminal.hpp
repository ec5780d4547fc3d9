// Standard output and standard error as the commands use them: no lost write errors, colours and
// progress only where a person looks on.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

#include "allot/book_file.hpp"
#include "apps/cli/exit_status.hpp"

namespace allot::cli {

// Standard output. Every failed write is noticed, also one of a full disk or a closed pipe.
class StandardOutput {
  public:
    StandardOutput() = default;
    StandardOutput(const StandardOutput&) = delete;
    StandardOutput& operator=(const StandardOutput&) = delete;

    // False when something could not be written, now or before.
    [[nodiscard]] bool write(std::string_view text);
    // Hands over everything that is buffered. Errors: file_is_not_writable.
    [[nodiscard]] Result<void> finish();
    [[nodiscard]] Sink sink();

  private:
    void flush();

    std::string buffer_;
    int error_number_{0};
};

// Writes `text` to standard output and gives the exit status: `status`, or not_written.
[[nodiscard]] ExitStatus print(std::string_view text, ExitStatus status = ExitStatus::done);

// A person looks on at standard output.
[[nodiscard]] bool is_terminal_output();

// Appends all of standard input to `text`. False when it cannot be read to its end.
[[nodiscard]] bool read_standard_input(std::string& text);

// Standard error: one message, with the program's name before it and a line end after it.
void complain(std::string_view message);

// Emphasis for a terminal; plain text elsewhere, with NO_COLOR set, or on a dumb terminal.
class Style {
  public:
    static Style plain() { return Style{false}; }
    static Style of_standard_output();

    [[nodiscard]] std::string bold(std::string_view text) const { return wrap("1", text); }
    [[nodiscard]] std::string dim(std::string_view text) const { return wrap("2", text); }
    [[nodiscard]] std::string red(std::string_view text) const { return wrap("31", text); }
    [[nodiscard]] std::string yellow(std::string_view text) const { return wrap("33", text); }

  private:
    explicit Style(bool coloured) : coloured_{coloured} {}
    [[nodiscard]] std::string wrap(std::string_view code, std::string_view text) const;

    bool coloured_;
};

// "reading 45 %" on standard error, when that is a terminal and the work takes longer than a
// second. The line is wiped when the work is done.
class Progress {
  public:
    explicit Progress(std::string_view what);
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;
    ~Progress();

    void operator()(std::size_t done, std::size_t total);
    // The same with how fast it goes and the time that is left: "45 %, 3.2 periods/s, 2:05 left".
    void with_rate(std::size_t done, std::size_t total, std::string_view noun);

  private:
    void show(std::size_t done, std::size_t total, std::string_view more);

    std::string what_;
    std::chrono::steady_clock::time_point begun_{std::chrono::steady_clock::now()};
    bool is_watched_;
    bool is_shown_{false};
    std::chrono::steady_clock::time_point next_;
};

}  // namespace allot::cli
