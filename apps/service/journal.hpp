// Journal: every change of the store in an SQLite file, and the store back from it at the start.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "allot/result.hpp"
#include "apps/service/store.hpp"

struct sqlite3;

namespace allot::service {

// The file is a log of changes: a change is in it whole or not at all. Several changes that arrive
// while one is being written go to the disk together.
// Thread safety: add() by whoever holds the store alone, the rest from any thread.
class Journal {
  public:
    // Opens the file, or makes it; checks it; and fills `store` with what it has. Repairs nothing.
    // `is_synchronous`: an acknowledged change survives loss of power, not only the end of the
    // process. Errors: option_is_not_valid, with what is wrong with the file: another service has
    // it, it is no file of this program, it is of a later version, or it is damaged.
    [[nodiscard]] static Result<std::unique_ptr<Journal>> open(const std::string& path,
                                                               bool is_synchronous, Store& store);
    Journal(const Journal&) = delete;
    Journal& operator=(const Journal&) = delete;
    ~Journal();

    // Hands over a change that the store has, or is about to have. Changes are written in the order
    // in which they are handed over. Running out of memory here ends the program: the store would
    // have what the file never gets.
    void add(Change change) noexcept;
    // What a book says beside the entities. Errors: file_is_not_writable.
    [[nodiscard]] Result<void> keep_settings(const std::string& book_json);

    // The number of the last change handed over.
    [[nodiscard]] std::uint64_t last() const;
    // Returns when that change, and all before it, are in the file; false when they cannot be
    // written, which holds for all later ones too.
    [[nodiscard]] bool wait_for(std::uint64_t number);

    // True when the file had nothing in it.
    [[nodiscard]] bool is_new() const noexcept { return is_new_; }

  private:
    Journal() = default;
    [[nodiscard]] bool write(const std::vector<Change>& changes, std::uint64_t first);

    struct Closer {
        void operator()(sqlite3* database) const noexcept;
    };
    std::unique_ptr<sqlite3, Closer> database_;
    int lock_file_{-1};
    bool is_new_{false};

    mutable std::mutex mutex_;
    std::condition_variable written_;
    std::vector<Change> waiting_;
    std::uint64_t last_{0};     // handed over
    std::uint64_t durable_{0};  // in the file
    bool is_writing_{false};
    bool has_failed_{false};
};

}  // namespace allot::service
