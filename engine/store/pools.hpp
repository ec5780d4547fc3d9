// Pools: text, ids, sets of identifiers and kinds of orders, each stored once and named by a 32-bit
// number.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <map>
#include <memory>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "allot/id.hpp"
#include "allot/property.hpp"
#include "engine/base/large_pages.hpp"
#include "engine/base/prefetch.hpp"

namespace allot::store {

inline constexpr std::uint32_t none = 0xFFFFFFFF;

// Texts that never move once written, so that views of them stay valid. Copies are deep. A text
// takes its own bytes, two for its length, and what fills up to the next multiple of four.
class Arena {
  public:
    Arena() = default;
    Arena(const Arena& other);
    Arena& operator=(const Arena& other);
    Arena(Arena&&) noexcept = default;
    Arena& operator=(Arena&&) noexcept = default;
    ~Arena() = default;

    // Where the text stands, for get(). Throws std::length_error beyond 16 GB.
    [[nodiscard]] std::uint32_t put(std::string_view text);
    [[nodiscard]] std::string_view get(std::uint32_t position) const noexcept {
        const char* const at = place_of(position);
        std::uint16_t size = 0;
        std::memcpy(&size, at, sizeof size);
        if (size != size_is_behind) {
            return {at + sizeof size, size};
        }
        std::size_t long_size = 0;
        std::memcpy(&long_size, at + sizeof size, sizeof long_size);
        return {at + sizeof size + sizeof long_size, long_size};
    }
    void prefetch(std::uint32_t position) const noexcept { detail::prefetch(place_of(position)); }

  private:
    static constexpr std::size_t unit = 4;  // positions count these
    static constexpr std::size_t chunk_bytes = std::size_t{1} << 16U;
    static constexpr std::size_t units_per_chunk = chunk_bytes / unit;
    static constexpr std::size_t large_block_bytes = std::size_t{1} << 23U;  // for large pages
    static constexpr std::uint16_t size_is_behind = 0xFFFF;                  // of long texts

    [[nodiscard]] const char* place_of(std::uint32_t position) const noexcept {
        return starts_[position / units_per_chunk] + position % units_per_chunk * unit;
    }
    void add_block(std::size_t bytes);

    struct Block {
        std::unique_ptr<char[]> bytes{};
        std::size_t size{0};
    };
    std::vector<Block> blocks_{};
    std::vector<const char*> starts_{};  // of every chunk; a large block is several
    std::size_t used_{0};                // units
};

// An open-addressing table from hashes to 32-bit numbers. Equality is the caller's. Slots stand in
// the order of their hashes, as far as collisions let them, so that growing is one pass from front
// to back.
class HashTable {
  public:
    // The number stored under `hash` for which `is_it(number)` holds, or none.
    template <class Is>
    [[nodiscard]] std::uint32_t find(std::uint32_t hash, Is is_it) const {
        if (slots_.empty()) {
            return none;
        }
        const std::size_t mask = slots_.size() - 1;
        for (std::size_t at = hash >> shift_;; at = (at + 1) & mask) {
            const Slot& slot = slots_[at];
            if (slot.number == none) {
                return none;
            }
            if (slot.hash == hash && is_it(slot.number)) {
                return slot.number;
            }
        }
    }
    void prefetch(std::uint32_t hash) const noexcept {
        if (!slots_.empty()) {
            detail::prefetch(&slots_[hash >> shift_]);
        }
    }
    // The first number stored under `hash`, or none: what find() will ask for first.
    [[nodiscard]] std::uint32_t first(std::uint32_t hash) const {
        return find(hash, [](std::uint32_t) { return true; });
    }
    // Precondition: nothing equal is stored.
    void insert(std::uint32_t hash, std::uint32_t number);
    // Replaces a stored number by another with the same hash.
    void replace(std::uint32_t hash, std::uint32_t number, std::uint32_t by) noexcept;
    // Makes room for `count` numbers in all.
    void reserve(std::size_t count);

  private:
    struct Slot {
        std::uint32_t hash{0};
        std::uint32_t number{none};
    };
    void place(Slot slot) noexcept;
    void resize(std::size_t size);

    detail::LargeVector<Slot> slots_{};  // a power of two
    std::size_t count_{0};
    unsigned shift_{0};
};

// Interned text. Number 0 is the empty text.
class TextPool {
  public:
    TextPool() { (void)intern({}); }
    std::uint32_t intern(std::string_view text);
    // The number of `text`, or none.
    [[nodiscard]] std::uint32_t find(std::string_view text) const;
    [[nodiscard]] std::string_view text(std::uint32_t number) const noexcept {
        return arena_.get(places_[number]);
    }
    [[nodiscard]] std::size_t size() const noexcept { return places_.size(); }

  private:
    Arena arena_{};
    std::vector<std::uint32_t> places_{};
    HashTable table_{};
};

// An id. Most codes are short and stand in it, so that looking at an id reads memory once.
struct IdSlot {
    static constexpr std::size_t most_inside = 11;
    static constexpr std::uint8_t is_outside = 0xFF;

    std::uint32_t scope{0};  // number of its text
    std::uint8_t size{0};    // of the code, or is_outside
    // Zeros behind the code; of one that stands outside the first bytes are its position there.
    std::array<char, most_inside> code{};
};
static_assert(sizeof(IdSlot) == 16);

// Numbered ids that never move once written: views are of the codes in them. Copies are deep.
class IdSlots {
  public:
    IdSlots() = default;
    IdSlots(const IdSlots& other);
    IdSlots& operator=(const IdSlots& other);
    IdSlots(IdSlots&&) noexcept = default;
    IdSlots& operator=(IdSlots&&) noexcept = default;
    ~IdSlots() = default;

    [[nodiscard]] std::uint32_t size() const noexcept {
        return blocks_.empty() ? 0
                               : static_cast<std::uint32_t>(before_last_ + blocks_.back().size());
    }
    [[nodiscard]] const IdSlot& operator[](std::uint32_t number) const noexcept {
        return starts_[number / per_chunk][number % per_chunk];
    }
    void push_back(const IdSlot& slot);
    // Makes room for `count` in all.
    void reserve(std::size_t count);

  private:
    using Block = detail::LargeVector<IdSlot>;  // never grows beyond its chunks

    static constexpr std::size_t per_chunk = 512;                      // few, for small books
    static constexpr std::size_t most_chunks = std::size_t{1} << 10U;  // of a block: 8 MB

    void add_block(std::size_t chunks);

    std::vector<Block> blocks_{};          // all but the last are full
    std::vector<const IdSlot*> starts_{};  // of every chunk; a block is one or several
    std::size_t before_last_{0};           // ids in the blocks before the last
};

// Interned ids of one kind. An id may be known (referred to) before its entity is.
class IdPool {
  public:
    std::uint32_t intern(std::string_view scope, std::string_view code);
    // The same for many ids, which hides the time that memory takes. Appends their numbers.
    template <class Kind>
    void intern(std::span<const IdView<Kind>> ids, std::vector<std::uint32_t>& numbers);
    [[nodiscard]] std::uint32_t find(std::string_view scope, std::string_view code) const;
    [[nodiscard]] std::string_view scope(std::uint32_t number) const noexcept {
        return scopes_.text(slots_[number].scope);
    }
    [[nodiscard]] std::string_view code(std::uint32_t number) const noexcept {
        return code_of(slots_[number]);
    }
    // Byte order of scope, then code.
    [[nodiscard]] bool less(std::uint32_t a, std::uint32_t b) const noexcept;
    [[nodiscard]] ResourceId resource(std::uint32_t number) const;
    [[nodiscard]] std::uint32_t size() const noexcept { return slots_.size(); }
    // Two steps towards an id that will be looked at soon: where it stands, and a long code.
    void prefetch_slot(std::uint32_t number) const noexcept { detail::prefetch(&slots_[number]); }
    void prefetch_code(std::uint32_t number) const noexcept {
        if (const IdSlot& slot = slots_[number]; slot.size == IdSlot::is_outside) {
            codes_.prefetch(position_in(slot));
        }
    }
    // Makes room for `count` ids in all.
    void reserve(std::size_t count) {
        slots_.reserve(count);
        table_.reserve(count);
    }

    template <class Kind>
    [[nodiscard]] Id<Kind> id(std::uint32_t number) const {
        return Id<Kind>{resource(number)};
    }
    template <class Kind>
    [[nodiscard]] IdView<Kind> view(std::uint32_t number) const noexcept {
        const IdSlot& slot = slots_[number];
        return {scopes_.text(slot.scope), code_of(slot)};
    }
    // Appends the numbers of many ids, none for those that are not known. Thread safety: several
    // threads may look at once while nobody interns.
    template <class Kind>
    void find(std::span<const IdView<Kind>> ids, std::vector<std::uint32_t>& numbers) const;

  private:
    [[nodiscard]] std::uint32_t find(std::uint32_t hash, std::uint32_t scope,
                                     std::string_view code) const;
    std::uint32_t intern(std::uint32_t hash, std::uint32_t scope, std::string_view code);
    // Calls for all that finding ids with these hashes, most_called_for at most, reads, step by
    // step.
    static constexpr std::size_t most_called_for = 64;
    void call_for(std::span<const std::uint32_t> hashes) const noexcept;
    // The number of a scope; most ids have that of the one before.
    [[nodiscard]] std::uint32_t scope_number(std::string_view scope);
    [[nodiscard]] static std::uint32_t hash_of(std::uint32_t scope, std::string_view code) noexcept;
    // Where the code of a slot that has it outside stands in codes_.
    [[nodiscard]] static std::uint32_t position_in(const IdSlot& slot) noexcept {
        std::uint32_t position = 0;
        std::memcpy(&position, slot.code.data(), sizeof position);
        return position;
    }
    [[nodiscard]] std::string_view code_of(const IdSlot& slot) const noexcept {
        return slot.size == IdSlot::is_outside ? codes_.get(position_in(slot))
                                               : std::string_view{slot.code.data(), slot.size};
    }

    TextPool scopes_{};
    IdSlots slots_{};
    Arena codes_{};  // those that do not fit into slots
    HashTable table_{};
    std::uint32_t last_scope_{0};
};

template <class Kind>
void IdPool::intern(std::span<const IdView<Kind>> ids, std::vector<std::uint32_t>& numbers) {
    constexpr std::size_t most = 16;
    std::array<std::uint32_t, most> scopes;
    std::array<std::uint32_t, most> hashes;
    while (!ids.empty()) {
        const std::span<const IdView<Kind>> some = ids.first(std::min(most, ids.size()));
        for (std::size_t i = 0; i < some.size(); ++i) {
            scopes[i] = scope_number(some[i].scope);
            hashes[i] = hash_of(scopes[i], some[i].code);
        }
        call_for({hashes.data(), some.size()});
        for (std::size_t i = 0; i < some.size(); ++i) {
            numbers.push_back(intern(hashes[i], scopes[i], some[i].code));
        }
        ids = ids.subspan(some.size());
    }
}

template <class Kind>
void IdPool::find(std::span<const IdView<Kind>> ids, std::vector<std::uint32_t>& numbers) const {
    constexpr std::size_t most = most_called_for;
    std::array<std::uint32_t, most> scopes;
    std::array<std::uint32_t, most> hashes;
    std::string_view scope;
    std::uint32_t scope_number = scopes_.find(scope);
    while (!ids.empty()) {
        const std::span<const IdView<Kind>> some = ids.first(std::min(most, ids.size()));
        for (std::size_t i = 0; i < some.size(); ++i) {
            if (some[i].scope != scope) {
                scope = some[i].scope;
                scope_number = scopes_.find(scope);
            }
            scopes[i] = scope_number;
            hashes[i] = hash_of(scope_number, some[i].code);
        }
        call_for({hashes.data(), some.size()});
        for (std::size_t i = 0; i < some.size(); ++i) {
            numbers.push_back(scopes[i] == none ? none : find(hashes[i], scopes[i], some[i].code));
        }
        ids = ids.subspan(some.size());
    }
}

// Interned sets of instrument identifiers. Number 0 is the empty set.
class IdentifierPool {
  public:
    IdentifierPool() { (void)intern({}); }
    std::uint32_t intern(const Identifiers& identifiers);
    [[nodiscard]] const Identifiers& set(std::uint32_t number) const noexcept {
        return *sets_[number];
    }
    [[nodiscard]] std::size_t size() const noexcept { return sets_.size(); }

    IdentifierPool(const IdentifierPool& other);
    IdentifierPool& operator=(const IdentifierPool& other);
    IdentifierPool(IdentifierPool&&) noexcept = default;
    IdentifierPool& operator=(IdentifierPool&&) noexcept = default;
    ~IdentifierPool() = default;

  private:
    std::map<Identifiers, std::uint32_t> numbers_{};  // nodes never move
    std::vector<const Identifiers*> sets_{};
};

// What many orders have in common: texts, and an account.
struct OrderKind {
    std::uint32_t side{0};
    std::uint32_t state{0};
    std::uint32_t type{0};
    std::uint32_t time_in_force{0};
    std::uint32_t instrument_scope{0};
    std::uint32_t lusid_instrument_id{0};
    std::uint32_t custodian{none};

    friend bool operator==(const OrderKind&, const OrderKind&) = default;
};

// Interned kinds of orders. Number 0 is the kind of which nothing is known.
class OrderKinds {
  public:
    std::uint32_t intern(const OrderKind& kind);
    [[nodiscard]] const OrderKind& operator[](std::uint32_t number) const noexcept {
        return kinds_[number];
    }

  private:
    std::vector<OrderKind> kinds_{OrderKind{}};
    HashTable table_{};
    std::uint32_t last_{0};
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
