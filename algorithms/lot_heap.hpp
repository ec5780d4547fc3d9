// A binary heap whose best entry can be changed in place: what rules that give lot after lot ask
// for the next claim.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

namespace allot::algorithms {

// The entry that comes before all others is on top. Before(a, b) is a strict order of all entries.
template <class Entry, class Before>
class LotHeap {
  public:
    explicit LotHeap(Before before = {}) : before_{std::move(before)} {}

    [[nodiscard]] bool is_empty() const noexcept { return entries_.empty(); }
    // Precondition of all below: not empty.
    [[nodiscard]] const Entry& top() const noexcept { return entries_.front(); }

    // Complexity: O(entries).
    void assign(std::vector<Entry> entries) {
        entries_ = std::move(entries);
        for (std::size_t at = entries_.size() / 2; at-- > 0;) {
            sift_down(at, Entry{entries_[at]});
        }
    }
    // Complexity of all below: O(log entries).
    void push(Entry entry) {
        std::size_t at = entries_.size();
        entries_.push_back(entry);
        while (at > 0 && before_(entry, entries_[(at - 1) / 2])) {
            entries_[at] = std::move(entries_[(at - 1) / 2]);
            at = (at - 1) / 2;
        }
        entries_[at] = std::move(entry);
    }
    void replace_top(Entry entry) { sift_down(0, std::move(entry)); }
    void pop() {
        Entry last = std::move(entries_.back());
        entries_.pop_back();
        if (!entries_.empty()) {
            sift_down(0, std::move(last));
        }
    }

  private:
    // Puts the entry into the hole at `at` or below.
    void sift_down(std::size_t at, Entry entry) {
        const std::size_t size = entries_.size();
        for (std::size_t child = 2 * at + 1; child < size; child = 2 * at + 1) {
            if (child + 1 < size && before_(entries_[child + 1], entries_[child])) {
                ++child;
            }
            if (!before_(entries_[child], entry)) {
                break;
            }
            entries_[at] = std::move(entries_[child]);
            at = child;
        }
        entries_[at] = std::move(entry);
    }

    Before before_;
    std::vector<Entry> entries_{};
};

}  // namespace allot::algorithms
