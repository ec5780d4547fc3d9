// Whole files as text, and where in a text a byte stands.
#include "engine/io/file_text.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>

#include "engine/base/text.hpp"

namespace allot::io {

namespace {

Error unreadable(const std::filesystem::path& path, int reason) {
    return Error{.code = ErrorCode::file_is_unreadable,
                 .found = std::generic_category().message(reason),
                 .place = {.file = path.string()}};
}

// Closes what it holds.
class OpenFile {
  public:
    explicit OpenFile(const std::filesystem::path& path) noexcept
        : descriptor_{::open(path.c_str(), O_RDONLY | O_CLOEXEC)} {}
    OpenFile(const OpenFile&) = delete;
    OpenFile& operator=(const OpenFile&) = delete;
    ~OpenFile() {
        if (descriptor_ >= 0) {
            ::close(descriptor_);
        }
    }
    [[nodiscard]] int descriptor() const noexcept { return descriptor_; }

  private:
    int descriptor_;
};

// The size of the part of `text` up to its last line feed outside of quotes; 0 when there is none.
std::size_t size_of_whole_rows(std::string_view text) noexcept {
    const bool has_quotes = text.find('"') != std::string_view::npos;
    std::size_t end = text.rfind('\n');
    if (!has_quotes || end == std::string_view::npos) {
        return end + 1;
    }
    auto quotes = std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(end), '"');
    while (quotes % 2 != 0) {
        const std::size_t before = end == 0 ? std::string_view::npos : text.rfind('\n', end - 1);
        if (before == std::string_view::npos) {
            return 0;
        }
        quotes -= std::count(text.begin() + static_cast<std::ptrdiff_t>(before),
                             text.begin() + static_cast<std::ptrdiff_t>(end), '"');
        end = before;
    }
    return end + 1;
}

}  // namespace

void FileStretches::Closing::operator()(const int* descriptor) const noexcept {
    ::close(*descriptor);
    delete descriptor;
}

Result<FileStretches> FileStretches::open(const std::filesystem::path& path, std::size_t bytes) {
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) {
        return Unexpected{unreadable(path, errno)};
    }
    FileStretches stretches;
    stretches.path_ = path;
    stretches.file_.reset(new int{descriptor});
    stretches.size_ = bytes;
    struct stat status {};
    if (::fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode)) {
        stretches.file_size_ = static_cast<std::size_t>(status.st_size);
    }
    return stretches;
}

Result<void> FileStretches::fill(std::vector<char>& bytes, std::size_t& filled) {
    while (!is_at_end_ && filled < bytes.size()) {
        const ssize_t got = ::read(*file_, bytes.data() + filled, bytes.size() - filled);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return Unexpected{unreadable(path_, errno)};
        }
        is_at_end_ = got == 0;
        filled += static_cast<std::size_t>(got);
    }
    return {};
}

Result<std::string_view> FileStretches::next(std::vector<char>& bytes) {
    bytes.resize(size_);
    std::copy(rest_.begin(), rest_.end(), bytes.begin());
    std::size_t filled = rest_.size();
    while (true) {
        if (const Result<void> read = fill(bytes, filled); !read) {
            return Unexpected{read.error()};
        }
        const std::string_view text{bytes.data(), filled};
        const std::size_t end = is_at_end_ ? text.size() : size_of_whole_rows(text);
        if (end != 0 || is_at_end_) {
            rest_.assign(text.begin() + static_cast<std::ptrdiff_t>(end), text.end());
            return text.substr(0, end);
        }
        // No row is whole yet. What follows is read in stretches of that size too.
        size_ *= 2;
        bytes.resize(size_);
    }
}

Result<std::string> read_whole_file(const std::filesystem::path& path) {
    const OpenFile file{path};
    if (file.descriptor() < 0) {
        return Unexpected{unreadable(path, errno)};
    }
    std::string text;
    struct stat status {};
    if (::fstat(file.descriptor(), &status) == 0 && S_ISREG(status.st_mode)) {
        text.resize(static_cast<std::size_t>(status.st_size) + 1);
    } else {
        text.resize(std::size_t{1} << 16U);
    }
    std::size_t filled = 0;
    while (true) {
        if (filled == text.size()) {
            text.resize(2 * text.size());
        }
        const ssize_t got = ::read(file.descriptor(), text.data() + filled, text.size() - filled);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return Unexpected{unreadable(path, errno)};
        }
        if (got == 0) {
            text.resize(filled);
            return text;
        }
        filled += static_cast<std::size_t>(got);
    }
}

std::string_view without_byte_order_mark(std::string_view text) noexcept {
    if (text.substr(0, 3) == "\xEF\xBB\xBF") {
        text.remove_prefix(3);
    }
    return text;
}

std::optional<std::size_t> first_byte_not_utf8(std::string_view text) noexcept {
    constexpr std::uint64_t high_bits = 0x8080808080808080U;
    constexpr std::size_t longest_character = 4;
    std::size_t at = 0;
    while (at < text.size()) {
        std::array<std::uint64_t, 4> many{};
        while (at + sizeof many <= text.size()) {
            std::memcpy(many.data(), text.data() + at, sizeof many);
            if (((many[0] | many[1] | many[2] | many[3]) & high_bits) != 0) {
                break;
            }
            at += sizeof many;
        }
        std::uint64_t eight = high_bits;
        while (at + sizeof eight <= text.size()) {
            std::memcpy(&eight, text.data() + at, sizeof eight);
            if ((eight & high_bits) != 0) {
                break;
            }
            at += sizeof eight;
        }
        const std::size_t good = detail::utf8_prefix(text.substr(at, longest_character));
        if (good == 0 && at < text.size()) {
            return at;
        }
        at += good;
    }
    return std::nullopt;
}

LineCounter::Position LineCounter::at(std::size_t offset) noexcept {
    offset = std::min(offset, text_.size());
    while (offset < line_start_) {
        searched_ = line_start_ - 1;
        line_start_ = searched_ == 0 ? 0 : text_.rfind('\n', searched_ - 1) + 1;
        --line_;
    }
    while (searched_ < offset) {
        const std::size_t newline = text_.substr(0, offset).find('\n', searched_);
        if (newline == std::string_view::npos) {
            searched_ = offset;
            break;
        }
        searched_ = line_start_ = newline + 1;
        ++line_;
    }
    return {line_, offset - line_start_ + 1};
}

}  // namespace allot::io
