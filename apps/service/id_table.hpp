// IdTable: what belongs to an id, found by hash; IdList: ids that are kept elsewhere.
#pragma once

#include <algorithm>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "allot/id.hpp"

namespace allot::service {

// Codes that differ in their last sign only get neighbouring hashes: what is written and asked for
// together, as the orders of a block are, then lies together in memory too.
struct HashOfId {
    [[nodiscard]] std::size_t operator()(const ResourceId& id) const {
        const std::string_view code = id.code;
        const std::size_t last = code.empty() ? 0 : static_cast<unsigned char>(code.back());
        return std::hash<std::string_view>{}(code.substr(0, code.size() - (code.empty() ? 0 : 1))) +
               std::hash<std::string_view>{}(id.scope) * 31 + last;
    }
};

// A hash table that divides one bucket with each entry (linear hashing, Litwin 1980). One that
// doubles makes every now and then somebody wait until all entries have moved: with a million of
// them for a tenth of a second. Entries stay in their places and are never removed.
template <class Value>
class IdTable {
  public:
    IdTable() = default;
    IdTable(const IdTable&) = delete;
    IdTable& operator=(const IdTable&) = delete;
    ~IdTable() {
        for (Entry* first : buckets_) {
            while (first != nullptr) {
                delete std::exchange(first, first->next);
            }
        }
    }

    // Complexity: O(1).
    [[nodiscard]] const Value* find(const ResourceId& id) const {
        const Entry* const found = find(HashOfId{}(id), id);
        return found == nullptr ? nullptr : &found->value;
    }
    [[nodiscard]] Value* find(const ResourceId& id) {
        return const_cast<Value*>(std::as_const(*this).find(id));
    }
    // Adds an empty one where there is none. Complexity: O(1); none moves all.
    Value& operator[](const ResourceId& id) {
        const std::size_t hash = HashOfId{}(id);
        if (const Entry* const found = find(hash, id)) {
            return const_cast<Entry*>(found)->value;
        }
        auto made = std::make_unique<Entry>(Entry{nullptr, hash, id, {}});
        if (++size_ > buckets_.size()) {
            divide_next();
        }
        Entry*& first = buckets_[bucket_of(hash)];
        made->next = first;
        first = made.release();
        return first->value;
    }
    [[nodiscard]] std::size_t size() const noexcept { return size_; }

  private:
    struct Entry {
        Entry* next;
        std::size_t hash;
        ResourceId id;
        Value value;
    };

    // Of two rounds: buckets that have been divided go by one more bit of the hash.
    [[nodiscard]] std::size_t bucket_of(std::size_t hash) const noexcept {
        const std::size_t at = hash & (2 * round_ - 1);
        return at < buckets_.size() ? at : at - round_;
    }
    [[nodiscard]] const Entry* find(std::size_t hash, const ResourceId& id) const {
        const Entry* entry = buckets_[bucket_of(hash)];
        while (entry != nullptr && (entry->hash != hash || entry->id != id)) {
            entry = entry->next;
        }
        return entry;
    }
    void divide_next() {
        const std::size_t old = buckets_.size() - round_;
        buckets_.push_back(nullptr);
        Entry* entry = std::exchange(buckets_[old], nullptr);
        while (entry != nullptr) {
            Entry*& first = (entry->hash & round_) == 0 ? buckets_[old] : buckets_.back();
            Entry* const next = std::exchange(entry->next, first);
            first = std::exchange(entry, next);
        }
        if (buckets_.size() == 2 * round_) {
            round_ *= 2;
        }
    }

    std::deque<Entry*> buckets_{nullptr};  // does not move either when it grows
    std::size_t round_{1};                 // buckets at the beginning of this round, a power of two
    std::size_t size_{0};
};

// Ids in the order in which they were added, for as long as what they belong to stays in its place.
class IdList {
  public:
    class Iterator {
      public:
        using difference_type = std::ptrdiff_t;
        using value_type = ResourceId;
        using pointer = const ResourceId*;
        using reference = const ResourceId&;
        using iterator_category = std::input_iterator_tag;

        explicit Iterator(const ResourceId* const* at) : at_{at} {}
        reference operator*() const { return **at_; }
        Iterator& operator++() {
            ++at_;
            return *this;
        }
        friend bool operator==(const Iterator&, const Iterator&) = default;

      private:
        const ResourceId* const* at_;
    };

    [[nodiscard]] Iterator begin() const { return Iterator{ids_.data()}; }
    [[nodiscard]] Iterator end() const { return Iterator{ids_.data() + ids_.size()}; }
    [[nodiscard]] bool empty() const noexcept { return ids_.empty(); }

    // Nothing happens when it was the last that was added.
    void add(const ResourceId& id) {
        if (ids_.empty() || ids_.back() != &id) {
            ids_.push_back(&id);
        }
    }
    void remove(const ResourceId& id) { std::erase(ids_, &id); }
    [[nodiscard]] bool contains(const ResourceId& id) const {
        return std::find(ids_.begin(), ids_.end(), &id) != ids_.end();
    }

  private:
    std::vector<const ResourceId*> ids_{};
};

}  // namespace allot::service
