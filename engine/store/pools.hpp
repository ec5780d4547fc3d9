// Pools: text, ids and sets of identifiers, each stored once and named by a 32-bit number.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <string_view>
#include <utility>
#include <vector>

#include "allot/id.hpp"
#include "allot/property.hpp"

namespace allot::store {

inline constexpr std::uint32_t none = 0xFFFFFFFF;

// Bytes that never move once written, so that views of them stay valid. Copies are deep.
class Arena {
  public:
    struct Ref {
        std::uint32_t chunk{0};
        std::uint32_t offset{0};
    };
    [[nodiscard]] Ref put(std::string_view text);
    [[nodiscard]] std::string_view get(Ref ref, std::size_t length) const noexcept {
        return {chunks_[ref.chunk].data() + ref.offset, length};
    }

  private:
    // deque: growing it moves no chunk; a chunk never grows beyond what it reserved.
    std::deque<std::vector<char>> chunks_{};
};

// An open-addressing table from hashes to 32-bit numbers. Equality is the caller's.
class HashTable {
  public:
    // The number stored under `hash` for which `is_it(number)` holds, or none.
    template <class Is>
    [[nodiscard]] std::uint32_t find(std::uint64_t hash, Is is_it) const {
        if (slots_.empty()) {
            return none;
        }
        const std::size_t mask = slots_.size() - 1;
        const auto tag = static_cast<std::uint32_t>(hash >> 32U);
        for (std::size_t at = hash & mask;; at = (at + 1) & mask) {
            const Slot& slot = slots_[at];
            if (slot.number == none) {
                return none;
            }
            if (slot.tag == tag && is_it(slot.number)) {
                return slot.number;
            }
        }
    }
    // Precondition: nothing equal is stored. `hash_of(number)` gives the hash of a stored number.
    template <class HashOf>
    void insert(std::uint64_t hash, std::uint32_t number, HashOf hash_of) {
        if ((count_ + 1) * 4 > slots_.size() * 3) {
            grow(hash_of);
        }
        place(hash, number);
        ++count_;
    }
    // Replaces a stored number by another with the same hash.
    void replace(std::uint64_t hash, std::uint32_t number, std::uint32_t by) noexcept;

  private:
    struct Slot {
        std::uint32_t tag{0};
        std::uint32_t number{none};
    };
    void place(std::uint64_t hash, std::uint32_t number) noexcept;
    template <class HashOf>
    void grow(HashOf hash_of) {
        std::vector<Slot> old = std::move(slots_);
        slots_.assign(old.empty() ? 16 : old.size() * 2, Slot{});
        for (const Slot& slot : old) {
            if (slot.number != none) {
                place(hash_of(slot.number), slot.number);
            }
        }
    }

    std::vector<Slot> slots_{};  // a power of two
    std::size_t count_{0};
};

// Interned text. Number 0 is the empty text.
class TextPool {
  public:
    TextPool() { (void)intern({}); }
    std::uint32_t intern(std::string_view text);
    // The number of `text`, or none.
    [[nodiscard]] std::uint32_t find(std::string_view text) const;
    [[nodiscard]] std::string_view text(std::uint32_t number) const noexcept {
        const Entry& entry = entries_[number];
        return arena_.get(entry.ref, entry.length);
    }
    [[nodiscard]] std::size_t size() const noexcept { return entries_.size(); }

  private:
    struct Entry {
        Arena::Ref ref{};
        std::uint32_t length{0};
    };
    Arena arena_{};
    std::vector<Entry> entries_{};
    HashTable table_{};
};

// Interned ids of one kind. An id may be known (referred to) before its entity is.
class IdPool {
  public:
    std::uint32_t intern(std::string_view scope, std::string_view code);
    [[nodiscard]] std::uint32_t find(std::string_view scope, std::string_view code) const;
    [[nodiscard]] std::string_view scope(std::uint32_t number) const noexcept {
        return scopes_.text(entries_[number].scope);
    }
    [[nodiscard]] std::string_view code(std::uint32_t number) const noexcept {
        const Entry& entry = entries_[number];
        return arena_.get(entry.ref, entry.length);
    }
    // Byte order of scope, then code.
    [[nodiscard]] bool less(std::uint32_t a, std::uint32_t b) const noexcept;
    [[nodiscard]] ResourceId resource(std::uint32_t number) const;
    [[nodiscard]] std::uint32_t size() const noexcept {
        return static_cast<std::uint32_t>(entries_.size());
    }

    template <class Kind>
    [[nodiscard]] Id<Kind> id(std::uint32_t number) const {
        return Id<Kind>{resource(number)};
    }
    template <class Kind>
    [[nodiscard]] IdView<Kind> view(std::uint32_t number) const noexcept {
        return {scope(number), code(number)};
    }

  private:
    struct Entry {
        std::uint32_t scope{0};
        Arena::Ref ref{};
        std::uint32_t length{0};
    };
    TextPool scopes_{};
    Arena arena_{};
    std::vector<Entry> entries_{};
    HashTable table_{};
};

// Interned sets of instrument identifiers. Number 0 is the empty set.
class IdentifierPool {
  public:
    IdentifierPool() { (void)intern({}); }
    std::uint32_t intern(const Identifiers& identifiers);
    [[nodiscard]] const Identifiers& set(std::uint32_t number) const noexcept {
        return *sets_[number];
    }

    IdentifierPool(const IdentifierPool& other);
    IdentifierPool& operator=(const IdentifierPool& other);
    IdentifierPool(IdentifierPool&&) noexcept = default;
    IdentifierPool& operator=(IdentifierPool&&) noexcept = default;
    ~IdentifierPool() = default;

  private:
    std::map<Identifiers, std::uint32_t> numbers_{};  // nodes never move
    std::vector<const Identifiers*> sets_{};
};

// References from numbers to numbers, as linked lists in one vector.
class Adjacency {
  public:
    void add(std::uint32_t from, std::uint32_t to);
    void remove(std::uint32_t from, std::uint32_t to) noexcept;
    template <class F>
    void each(std::uint32_t from, F f) const {
        if (from >= heads_.size()) {
            return;
        }
        for (std::uint32_t at = heads_[from]; at != none; at = nodes_[at].next) {
            f(nodes_[at].to);
        }
    }
    [[nodiscard]] bool empty(std::uint32_t from) const noexcept {
        return from >= heads_.size() || heads_[from] == none;
    }

  private:
    struct Node {
        std::uint32_t to{0};
        std::uint32_t next{none};
    };
    std::vector<std::uint32_t> heads_{};
    std::vector<Node> nodes_{};
};

}  // namespace allot::store
