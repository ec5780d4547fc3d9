// Pools: text, ids and sets of identifiers, each stored once and named by a 32-bit number.
#include "engine/store/pools.hpp"

#include <algorithm>

#include "engine/base/hash.hpp"

namespace allot::store {

namespace {

std::uint64_t hash_of_text(std::string_view text) noexcept {
    return detail::hash64(text);
}

// Codes repeat in other scopes: the scope moves the hash.
std::uint64_t hash_of_id(std::uint32_t scope, std::string_view code) noexcept {
    return detail::hash64(code) ^ (scope * 0x9E3779B97F4A7C15U);
}

}  // namespace

Arena::Ref Arena::put(std::string_view text) {
    constexpr std::size_t chunk_size = std::size_t{1} << 16U;
    if (chunks_.empty() || chunks_.back().capacity() - chunks_.back().size() < text.size()) {
        chunks_.emplace_back().reserve(std::max(chunk_size, text.size()));
    }
    std::vector<char>& chunk = chunks_.back();
    const Ref ref{static_cast<std::uint32_t>(chunks_.size() - 1),
                  static_cast<std::uint32_t>(chunk.size())};
    chunk.insert(chunk.end(), text.begin(), text.end());
    return ref;
}

void HashTable::place(std::uint64_t hash, std::uint32_t number) noexcept {
    const std::size_t mask = slots_.size() - 1;
    std::size_t at = hash & mask;
    while (slots_[at].number != none) {
        at = (at + 1) & mask;
    }
    slots_[at] = {static_cast<std::uint32_t>(hash >> 32U), number};
}

void HashTable::replace(std::uint64_t hash, std::uint32_t number, std::uint32_t by) noexcept {
    const std::size_t mask = slots_.size() - 1;
    std::size_t at = hash & mask;
    while (slots_[at].number != number) {
        at = (at + 1) & mask;
    }
    slots_[at].number = by;
}

std::uint32_t TextPool::find(std::string_view text) const {
    return table_.find(hash_of_text(text), [&](std::uint32_t n) { return this->text(n) == text; });
}

std::uint32_t TextPool::intern(std::string_view text) {
    const std::uint64_t hash = hash_of_text(text);
    const std::uint32_t known =
        table_.find(hash, [&](std::uint32_t n) { return this->text(n) == text; });
    if (known != none) {
        return known;
    }
    const auto number = static_cast<std::uint32_t>(entries_.size());
    entries_.push_back({arena_.put(text), static_cast<std::uint32_t>(text.size())});
    table_.insert(hash, number, [this](std::uint32_t n) { return hash_of_text(this->text(n)); });
    return number;
}

std::uint32_t IdPool::find(std::string_view scope, std::string_view code) const {
    const std::uint32_t scope_number = scopes_.find(scope);
    if (scope_number == none) {
        return none;
    }
    return table_.find(hash_of_id(scope_number, code), [&](std::uint32_t n) {
        return entries_[n].scope == scope_number && this->code(n) == code;
    });
}

std::uint32_t IdPool::intern(std::string_view scope, std::string_view code) {
    const std::uint32_t scope_number = scopes_.intern(scope);
    const std::uint64_t hash = hash_of_id(scope_number, code);
    const std::uint32_t known = table_.find(hash, [&](std::uint32_t n) {
        return entries_[n].scope == scope_number && this->code(n) == code;
    });
    if (known != none) {
        return known;
    }
    const auto number = static_cast<std::uint32_t>(entries_.size());
    entries_.push_back({scope_number, arena_.put(code), static_cast<std::uint32_t>(code.size())});
    table_.insert(hash, number,
                  [this](std::uint32_t n) { return hash_of_id(entries_[n].scope, this->code(n)); });
    return number;
}

bool IdPool::less(std::uint32_t a, std::uint32_t b) const noexcept {
    if (entries_[a].scope != entries_[b].scope) {
        return scope(a) < scope(b);
    }
    return code(a) < code(b);
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
