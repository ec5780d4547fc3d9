// Writing a file so that it is there whole or not at all.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <string>
#include <system_error>

#include "allot/book_file.hpp"

namespace allot {

namespace {

namespace fs = std::filesystem;

Unexpected<Error> not_writable(const fs::path& path, int reason) {
    return Unexpected{Error{.code = ErrorCode::file_is_not_writable,
                            .found = std::generic_category().message(reason),
                            .place = {.file = path.string()}}};
}

// An open file that is closed, and removed while it is temporary, whatever happens.
class Output {
  public:
    Output() = default;
    Output(const Output&) = delete;
    Output& operator=(const Output&) = delete;
    ~Output() {
        (void)close();
        if (!temporary_.empty()) {
            ::unlink(temporary_.c_str());
        }
    }

    // A new file beside `target`, with a name that no file has. Returns 0 or the reason.
    int open_beside(const fs::path& target) {
        constexpr int most_tries = 100;
        constexpr mode_t mode = 0666;
        const std::string begin = target.string() + ".tmp" + std::to_string(::getpid()) + '-';
        for (int number = 0; number < most_tries; ++number) {
            std::string name = begin + std::to_string(number);
            descriptor_ = ::open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
            if (descriptor_ >= 0) {
                temporary_ = std::move(name);
                return 0;
            }
            if (errno != EEXIST) {
                break;
            }
        }
        return errno;
    }
    // An existing device or pipe.
    int open_as_it_is(const fs::path& target) {
        descriptor_ = ::open(target.c_str(), O_WRONLY | O_CLOEXEC);
        return descriptor_ >= 0 ? 0 : errno;
    }

    bool write(std::string_view text) {
        while (!text.empty()) {
            const ssize_t written = ::write(descriptor_, text.data(), text.size());
            if (written < 0 && errno == EINTR) {
                continue;
            }
            if (written < 0) {
                reason_ = errno;
                return false;
            }
            text.remove_prefix(static_cast<std::size_t>(written));
            written_ += written;
        }
        begin_to_store();
        return true;
    }

    // Makes the temporary file the target. Returns 0 or the reason.
    int take_the_place_of(const fs::path& target) {
        struct stat status {};
        if (::stat(target.c_str(), &status) == 0) {
            // Who could read the old file can read the new one. Not every file system knows modes.
            (void)::fchmod(descriptor_, status.st_mode & 07777U);
        }
        if (::fsync(descriptor_) != 0) {
            return errno;
        }
        if (const int reason = close(); reason != 0) {
            return reason;
        }
        if (::rename(temporary_.c_str(), target.c_str()) != 0) {
            return errno;
        }
        temporary_.clear();
        return 0;
    }

    int close() {
        if (descriptor_ < 0) {
            return 0;
        }
        const int closed = ::close(descriptor_);
        descriptor_ = -1;
        return closed == 0 ? 0 : errno;
    }

    [[nodiscard]] int reason() const noexcept { return reason_; }

  private:
    // Lets the disk work while more is written, so that there is little to wait for at the end. A
    // wish: where it is not known, all is stored then.
    void begin_to_store() noexcept {
#ifdef SYNC_FILE_RANGE_WRITE
        constexpr off_t enough = off_t{1} << 26U;
        if (written_ - asked_ >= enough && !temporary_.empty()) {
            (void)::sync_file_range(descriptor_, asked_, written_ - asked_, SYNC_FILE_RANGE_WRITE);
            asked_ = written_;
        }
#endif
    }

    int descriptor_{-1};
    off_t written_{0};
    off_t asked_{0};  // to be stored
    int reason_{0};   // of the first write that failed
    std::string temporary_{};
};

// The rename itself is to survive a crash too. Where folders cannot be synced there is no more to
// do.
void sync_folder_of(const fs::path& path) {
    const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path{"."};
    const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor >= 0) {
        (void)::fsync(descriptor);
        ::close(descriptor);
    }
}

}  // namespace

Result<void> write_file(const fs::path& path,
                        const std::function<Result<void>(const Sink&)>& write) {
    std::error_code no_matter;
    // A link stays a link: what it names is replaced.
    const fs::path target =
        fs::is_symlink(path, no_matter) ? fs::weakly_canonical(path, no_matter) : path;
    if (target.empty()) {
        return not_writable(path, ENOENT);
    }
    const fs::file_status status = fs::status(target, no_matter);
    if (fs::is_directory(status)) {
        return not_writable(path, EISDIR);
    }
    // A rename would replace what must not be written.
    if (fs::exists(status) && ::access(target.c_str(), W_OK) != 0) {
        return not_writable(path, errno);
    }
    const bool is_device = fs::exists(status) && !fs::is_regular_file(status);
    Output output;
    if (const int reason = is_device ? output.open_as_it_is(target) : output.open_beside(target);
        reason != 0) {
        return not_writable(path, reason);
    }
    const Sink sink = [&](std::string_view text) { return output.write(text); };
    if (Result<void> written = write(sink); !written || output.reason() != 0) {
        if (output.reason() != 0) {
            return not_writable(path, output.reason());
        }
        return written;
    }
    const int reason = is_device ? output.close() : output.take_the_place_of(target);
    if (reason != 0) {
        return not_writable(path, reason);
    }
    if (!is_device) {
        sync_folder_of(target);
    }
    return {};
}

}  // namespace allot
