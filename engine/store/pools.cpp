// Pools: text, ids, sets of identifiers and kinds of orders, each stored once.
#include "engine/store/pools.hpp"

#include <algorithm>
#include <bit>
#include <stdexcept>
#include <type_traits>

#include "engine/base/put_bytes.hpp"
#include "engine/base/text_ends.hpp"
#include "engine/base/uint128.hpp"

namespace allot::store {

namespace {

// Odd numbers without a pattern: digits of the golden ratio, and of the square root of two.
constexpr std::uint64_t golden = 0x9E3779B97F4A7C15U;
constexpr std::uint64_t root_of_two = 0x6A09E667F3BCC909U;

// Folds the product of two words into one.
std::uint64_t mixed(std::uint64_t a, std::uint64_t b) noexcept {
    const detail::Uint128 product = detail::Uint128{a} * b;
    return detail::low_half(product) ^ detail::high_half(product);
}

// A hash for tables in memory. Ids are short: the ends of what is left hold up to 16 bytes.
std::uint32_t hash_of_text(std::string_view text, std::uint64_t seed) noexcept {
    std::uint64_t state = seed ^ (text.size() * golden);
    for (; text.size() > 16; text.remove_prefix(16)) {
        state = mixed(state ^ detail::word_at<std::uint64_t>(text.data()) ^ root_of_two,
                      detail::word_at<std::uint64_t>(text.data() + 8) ^ golden);
    }
    const detail::TextEnds ends = detail::ends_of(text);
    state = mixed(ends.first ^ state ^ root_of_two, ends.last ^ golden);
    return static_cast<std::uint32_t>(mixed(state, golden) >> 32U);
}

// A slot of a code that fits into it.
IdSlot slot_of(std::uint32_t scope, std::string_view code) noexcept {
    IdSlot slot{scope, static_cast<std::uint8_t>(code.size()), {}};
    detail::put_bytes(slot.code.data(), code);
    return slot;
}

// All of a slot, to be compared at once.
std::array<std::uint64_t, 2> words_of(const IdSlot& slot) noexcept {
    return std::bit_cast<std::array<std::uint64_t, 2>>(slot);
}

}  // namespace

Arena::Arena(const Arena& other) : used_{other.used_} {
    for (const Block& block : other.blocks_) {
        add_block(block.size);
        std::memcpy(blocks_.back().bytes.get(), block.bytes.get(), block.size);
    }
}

Arena& Arena::operator=(const Arena& other) {
    Arena copy{other};
    *this = std::move(copy);
    return *this;
}

void Arena::add_block(std::size_t bytes) {
    // Not zeroed: a small book fills little of it, and a copy takes what is there.
    blocks_.push_back({std::make_unique_for_overwrite<char[]>(bytes), bytes});
    if (bytes >= large_block_bytes) {
        detail::ask_for_large_pages(blocks_.back().bytes.get(), bytes);
    }
    for (std::size_t at = 0; at < bytes; at += chunk_bytes) {
        starts_.push_back(blocks_.back().bytes.get() + at);
    }
}

std::uint32_t Arena::put(std::string_view text) {
    const bool is_long = text.size() >= size_is_behind;
    const std::size_t header = sizeof(std::uint16_t) + (is_long ? sizeof(std::size_t) : 0);
    const std::size_t units = (header + text.size() + unit - 1) / unit;
    const auto end = [this] {
        const std::size_t odd = blocks_.empty() ? 0 : blocks_.back().size % chunk_bytes;
        return starts_.size() * units_per_chunk - (odd == 0 ? 0 : (chunk_bytes - odd) / unit);
    };
    if (end() - used_ < units) {
        used_ = starts_.size() * units_per_chunk;  // what a small block lacks counts as used
        if (used_ + units > none) {
            throw std::length_error{"the text of a book is longer than 16 GB"};
        }
        // Books of one placement are made and forgotten by the thousand.
        constexpr std::size_t first_bytes = std::size_t{1} << 11U;
        const bool is_small = blocks_.empty() && units <= first_bytes / unit;
        const std::size_t wanted = starts_.size() * chunk_bytes < large_block_bytes
                                       ? units
                                       : std::max(units, large_block_bytes / unit);
        add_block(is_small ? first_bytes
                           : (wanted + units_per_chunk - 1) / units_per_chunk * chunk_bytes);
    }
    const auto position = static_cast<std::uint32_t>(used_);
    char* at = blocks_.back().bytes.get() + blocks_.back().size - (end() - used_) * unit;
    const auto size = is_long ? size_is_behind : static_cast<std::uint16_t>(text.size());
    std::memcpy(at, &size, sizeof size);
    if (is_long) {
        const std::size_t long_size = text.size();
        std::memcpy(at + sizeof size, &long_size, sizeof long_size);
    }
    if (!text.empty()) {
        std::memcpy(at + header, text.data(), text.size());
    }
    used_ += units;
    return position;
}

void HashTable::place(Slot slot) noexcept {
    const std::size_t mask = slots_.size() - 1;
    std::size_t at = slot.hash >> shift_;
    while (slots_[at].number != none) {
        at = (at + 1) & mask;
    }
    slots_[at] = slot;
}

void HashTable::insert(std::uint32_t hash, std::uint32_t number) {
    if ((count_ + 1) * 4 > slots_.size() * 3) {
        resize(slots_.empty() ? 16 : slots_.size() * 2);
    }
    place({hash, number});
    ++count_;
}

void HashTable::resize(std::size_t size) {
    const auto old = std::exchange(slots_, detail::LargeVector<Slot>(size));
    shift_ = 32U - static_cast<unsigned>(std::countr_zero(size));
    for (const Slot& slot : old) {
        if (slot.number != none) {
            place(slot);
        }
    }
}

void HashTable::reserve(std::size_t count) {
    const std::size_t size = std::bit_ceil(std::max<std::size_t>(16, count + count / 3 + 1));
    if (size > slots_.size()) {
        resize(size);
    }
}

void HashTable::replace(std::uint32_t hash, std::uint32_t number, std::uint32_t by) noexcept {
    const std::size_t mask = slots_.size() - 1;
    std::size_t at = hash >> shift_;
    while (slots_[at].number != number) {
        at = (at + 1) & mask;
    }
    slots_[at].number = by;
}

std::uint32_t TextPool::find(std::string_view text) const {
    return table_.find(hash_of_text(text, 0),
                       [&](std::uint32_t n) { return this->text(n) == text; });
}

std::uint32_t TextPool::intern(std::string_view text) {
    const std::uint32_t hash = hash_of_text(text, 0);
    const std::uint32_t known =
        table_.find(hash, [&](std::uint32_t n) { return this->text(n) == text; });
    if (known != none) {
        return known;
    }
    const auto number = static_cast<std::uint32_t>(places_.size());
    places_.push_back(arena_.put(text));
    table_.insert(hash, number);
    return number;
}

IdSlots::IdSlots(const IdSlots& other) {
    reserve(other.size());
    for (std::uint32_t number = 0; number < other.size(); ++number) {
        push_back(other[number]);
    }
}

IdSlots& IdSlots::operator=(const IdSlots& other) {
    IdSlots copy{other};
    *this = std::move(copy);
    return *this;
}

void IdSlots::push_back(const IdSlot& slot) {
    if (size() == starts_.size() * per_chunk) {
        add_block(std::clamp<std::size_t>(starts_.size() / 2, 1, most_chunks));
    }
    blocks_.back().push_back(slot);
}

void IdSlots::reserve(std::size_t count) {
    // Numbers go on where the last block ends, so that one that is not full stays the last.
    if (blocks_.empty() && count != 0) {
        add_block((count + per_chunk - 1) / per_chunk);
    }
}

void IdSlots::add_block(std::size_t chunks) {
    Block block;
    block.reserve(chunks * per_chunk);
    blocks_.reserve(blocks_.size() + 1);
    starts_.reserve(starts_.size() + chunks);
    before_last_ = size();
    for (std::size_t i = 0; i < chunks; ++i) {
        starts_.push_back(block.data() + i * per_chunk);
    }
    blocks_.push_back(std::move(block));
}

// Codes repeat in other scopes: the scope is the seed.
std::uint32_t IdPool::hash_of(std::uint32_t scope, std::string_view code) noexcept {
    return hash_of_text(code, scope * root_of_two);
}

std::uint32_t IdPool::scope_number(std::string_view scope) {
    if (scopes_.text(last_scope_) != scope) {
        last_scope_ = scopes_.intern(scope);
    }
    return last_scope_;
}

std::uint32_t IdPool::find(std::uint32_t hash, std::uint32_t scope, std::string_view code) const {
    if (code.size() > IdSlot::most_inside) {
        return table_.find(hash, [&](std::uint32_t n) {
            const IdSlot& slot = slots_[n];
            return slot.scope == scope && slot.size == IdSlot::is_outside && code_of(slot) == code;
        });
    }
    const auto wanted = words_of(slot_of(scope, code));
    return table_.find(hash, [&](std::uint32_t n) { return words_of(slots_[n]) == wanted; });
}

std::uint32_t IdPool::find(std::string_view scope, std::string_view code) const {
    const std::uint32_t number = scopes_.find(scope);
    return number == none ? none : find(hash_of(number, code), number, code);
}

void IdPool::call_for(std::span<const std::uint32_t> hashes) const noexcept {
    for (const std::uint32_t hash : hashes) {
        table_.prefetch(hash);
    }
    std::array<std::uint32_t, most_called_for> numbers;
    std::size_t known = 0;
    for (const std::uint32_t hash : hashes) {
        if (const std::uint32_t number = table_.first(hash); number != none) {
            prefetch_slot(number);
            numbers[known++] = number;
        }
    }
    for (std::size_t i = 0; i < known; ++i) {
        prefetch_code(numbers[i]);
    }
}

std::uint32_t IdPool::intern(std::uint32_t hash, std::uint32_t scope, std::string_view code) {
    const std::uint32_t known = find(hash, scope, code);
    if (known != none) {
        return known;
    }
    const std::uint32_t number = slots_.size();
    if (code.size() <= IdSlot::most_inside) {
        slots_.push_back(slot_of(scope, code));
    } else {
        const std::uint32_t position = codes_.put(code);
        IdSlot slot{scope, IdSlot::is_outside, {}};
        std::memcpy(slot.code.data(), &position, sizeof position);
        slots_.push_back(slot);
    }
    table_.insert(hash, number);
    return number;
}

std::uint32_t IdPool::intern(std::string_view scope, std::string_view code) {
    const std::uint32_t number = scope_number(scope);
    return intern(hash_of(number, code), number, code);
}

bool IdPool::less(std::uint32_t a, std::uint32_t b) const noexcept {
    const IdSlot& left = slots_[a];
    const IdSlot& right = slots_[b];
    if (left.scope != right.scope) {
        return scopes_.text(left.scope) < scopes_.text(right.scope);
    }
    return code_of(left) < code_of(right);
}

ResourceId IdPool::resource(std::uint32_t number) const {
    return {std::string{scope(number)}, std::string{code(number)}};
}

std::uint32_t IdentifierPool::intern(const Identifiers& identifiers) {
    const auto [at, is_new] =
        numbers_.try_emplace(identifiers, static_cast<std::uint32_t>(sets_.size()));
    if (is_new) {
        sets_.push_back(&at->first);
    }
    return at->second;
}

std::uint32_t OrderKinds::intern(const OrderKind& kind) {
    if (kinds_[last_] == kind) {
        return last_;
    }
    if (kind == OrderKind{}) {
        return 0;
    }
    static_assert(std::has_unique_object_representations_v<OrderKind>);
    std::array<char, sizeof kind> bytes;
    std::memcpy(bytes.data(), &kind, sizeof kind);
    const std::uint32_t hash = hash_of_text({bytes.data(), bytes.size()}, 0);
    std::uint32_t number = table_.find(hash, [&](std::uint32_t n) { return kinds_[n] == kind; });
    if (number == none) {
        number = static_cast<std::uint32_t>(kinds_.size());
        kinds_.push_back(kind);
        table_.insert(hash, number);
    }
    return last_ = number;
}

IdentifierPool::IdentifierPool(const IdentifierPool& other)
    : numbers_{other.numbers_}, sets_(other.sets_.size()) {
    for (const auto& [set, number] : numbers_) {
        sets_[number] = &set;
    }
}

IdentifierPool& IdentifierPool::operator=(const IdentifierPool& other) {
    IdentifierPool copy{other};
    *this = std::move(copy);
    return *this;
}

void Adjacency::add(std::uint32_t from, std::uint32_t to) {
    if (from >= heads_.size()) {
        heads_.resize(from + 1, none);
    }
    nodes_.push_back({to, heads_[from]});
    heads_[from] = static_cast<std::uint32_t>(nodes_.size() - 1);
}

void Adjacency::remove(std::uint32_t from, std::uint32_t to) noexcept {
    if (from >= heads_.size()) {
        return;
    }
    for (std::uint32_t* link = &heads_[from]; *link != none; link = &nodes_[*link].next) {
        if (nodes_[*link].to == to) {
            *link = nodes_[*link].next;
            return;
        }
    }
}

}  // namespace allot::store
