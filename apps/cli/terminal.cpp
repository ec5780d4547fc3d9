// Talks to standard output and standard error through the system's own calls, so that each error
// is seen where it happens.
#include "apps/cli/terminal.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cmath>
#include <cstdlib>
#include <cstring>

namespace allot::cli {
namespace {

constexpr std::size_t buffer_size = std::size_t{1} << 16U;

// Writes everything; the system's error number, or 0.
int write_all(int descriptor, std::string_view text) {
    while (!text.empty()) {
        const ssize_t written = ::write(descriptor, text.data(), text.size());
        if (written < 0 && errno != EINTR) {
            return errno;
        }
        if (written > 0) {
            text.remove_prefix(static_cast<std::size_t>(written));
        }
    }
    return 0;
}

bool is_set(const char* variable) {
    const char* value = std::getenv(variable);
    return value != nullptr && *value != '\0';
}

}  // namespace

bool StandardOutput::write(std::string_view text) {
    buffer_ += text;
    if (buffer_.size() >= buffer_size) {
        flush();
    }
    return error_number_ == 0;
}

void StandardOutput::flush() {
    if (error_number_ == 0) {
        error_number_ = write_all(STDOUT_FILENO, buffer_);
    }
    buffer_.clear();
}

Result<void> StandardOutput::finish() {
    flush();
    if (error_number_ != 0) {
        Error error;
        error.code = ErrorCode::file_is_not_writable;
        error.found = std::strerror(error_number_);
        error.place.file = "standard output";
        return Unexpected{std::move(error)};
    }
    return {};
}

Sink StandardOutput::sink() {
    return [this](std::string_view text) { return write(text); };
}

ExitStatus print(std::string_view text, ExitStatus status) {
    StandardOutput output;
    // A failed write is kept and told by finish().
    static_cast<void>(output.write(text));
    if (const Result<void> written = output.finish(); !written) {
        complain(written.error().located_message());
        return ExitStatus::not_written;
    }
    return status;
}

bool read_standard_input(std::string& text) {
    std::string piece(buffer_size, '\0');
    for (;;) {
        const ssize_t count = ::read(STDIN_FILENO, piece.data(), piece.size());
        if (count == 0) {
            return true;
        }
        if (count < 0 && errno != EINTR) {
            return false;
        }
        text.append(piece, 0, count < 0 ? 0 : static_cast<std::size_t>(count));
    }
}

void complain(std::string_view message) {
    // When even standard error is gone there is nobody left to tell.
    static_cast<void>(write_all(STDERR_FILENO, fmt::format("allot: {}\n", message)));
}

bool is_terminal_output() {
    return ::isatty(STDOUT_FILENO) == 1;
}

Style Style::of_standard_output() {
    const char* terminal = std::getenv("TERM");
    const bool is_dumb = terminal == nullptr || std::strcmp(terminal, "dumb") == 0;
    return Style{!is_set("NO_COLOR") && !is_dumb && is_terminal_output()};
}

std::string Style::wrap(std::string_view code, std::string_view text) const {
    return coloured_ ? fmt::format("\033[{}m{}\033[0m", code, text) : std::string{text};
}

Progress::Progress(std::string_view what)
    : what_{what},
      is_watched_{::isatty(STDERR_FILENO) == 1},
      next_{std::chrono::steady_clock::now() + std::chrono::seconds{1}} {}

Progress::~Progress() {
    if (is_shown_) {
        static_cast<void>(write_all(STDERR_FILENO, "\r\033[K"));
    }
}

void Progress::operator()(std::size_t done, std::size_t total) {
    show(done, total, "");
}

void Progress::with_rate(std::size_t done, std::size_t total, std::string_view noun) {
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun_;
    if (done == 0 || took.count() <= 0) {
        return;
    }
    const double rate = static_cast<double>(done) / took.count();
    const long left = std::lround(static_cast<double>(total - done) / rate);
    show(done, total,
         fmt::format(", {:.1f} {}s/s, {}:{:02} left", rate, noun, left / 60, left % 60));
}

void Progress::show(std::size_t done, std::size_t total, std::string_view more) {
    const auto now = std::chrono::steady_clock::now();
    if (!is_watched_ || total == 0 || now < next_) {
        return;
    }
    const double percent = 100.0 * static_cast<double>(done) / static_cast<double>(total);
    static_cast<void>(write_all(STDERR_FILENO,
                                fmt::format("\r\033[Kallot: {} {:.0f} %{}", what_, percent, more)));
    is_shown_ = true;
    next_ = now + std::chrono::milliseconds{100};
}

}  // namespace allot::cli
