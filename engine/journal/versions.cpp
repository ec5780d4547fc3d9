// Versions: see versions.hpp.
#include "engine/journal/versions.hpp"

#include <algorithm>
#include <array>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>

#include "engine/io/fields.hpp"

namespace allot::journal {

namespace {

using detail::AllocationRow;
using store::none;

std::string text_of(const Identifiers& identifiers) {
    std::string text;
    for (const auto& [key, value] : identifiers) {
        text.append(text.empty() ? "" : "|").append(key).append("=").append(value);
    }
    return text;
}

// What a fact is about, and its kind.
std::pair<Kind, std::string> key_of(const store::FactVersion& fact) {
    if (const auto* instrument = std::get_if<Instrument>(&fact.value)) {
        return {Kind::instrument, text_of(instrument->instrument_identifiers)};
    }
    if (const auto* portfolio = std::get_if<Portfolio>(&fact.value)) {
        return {Kind::portfolio, portfolio->id.to_string()};
    }
    return {Kind::algorithm, std::get<store::NamedRule>(fact.value).name};
}

class Lister {
  public:
    Lister(const BookData& book, std::uint32_t first_entry, const RowCounts& from)
        : book_{&book}, first_entry_{first_entry}, from_{from} {}

    [[nodiscard]] std::vector<Version> list() {
        add_runs();
        add_table(book_->orders, Kind::order, from_.orders);
        add_table(book_->blocks, Kind::block, from_.blocks);
        add_table(book_->placements, Kind::placement, from_.placements);
        add_table(book_->executions, Kind::execution, from_.executions);
        add_facts();
        add_allocations();
        // Each kind is sorted by id and number already.
        std::stable_sort(versions_.begin(), versions_.end(),
                         [](const Version& a, const Version& b) {
                             return std::tie(a.entry, a.kind) < std::tie(b.entry, b.kind);
                         });
        return std::move(versions_);
    }

  private:
    void add_runs() {
        const std::vector<std::uint32_t> entries = book_->entries_of_runs();
        for (std::size_t run = from_.runs; run < std::min(book_->runs.size(), entries.size());
             ++run) {
            if (entries[run] >= first_entry_) {
                versions_.push_back({entries[run], Kind::run, static_cast<std::uint32_t>(run), 1});
            }
        }
    }

    template <class Table>
    void add_table(const Table& table, Kind kind, std::size_t from) {
        const std::size_t begin = versions_.size();
        std::vector<std::uint32_t> chain;
        for (std::uint32_t id = 0; id < table.latest.size(); ++id) {
            if (table.latest[id] == none || (from != 0 && table.latest[id] < from)) {
                continue;
            }
            chain.clear();
            for (std::uint32_t row = table.latest[id]; row != none;
                 row = table.rows[row].head.previous) {
                chain.push_back(row);
            }
            std::uint32_t number = 0;
            std::reverse(chain.begin(), chain.end());
            for (const std::uint32_t row : chain) {
                ++number;
                const std::uint32_t entry = book_->entry_of(table.rows[row].head);
                if (row >= from && entry >= first_entry_) {
                    versions_.push_back({entry, kind, row, number});
                }
            }
        }
        const auto id_of_row = [&](const Version& version) {
            return table.rows[version.row].head.id;
        };
        std::sort(versions_.begin() + static_cast<std::ptrdiff_t>(begin), versions_.end(),
                  [&](const Version& a, const Version& b) {
                      const std::uint32_t of_a = id_of_row(a);
                      const std::uint32_t of_b = id_of_row(b);
                      return of_a == of_b ? a.number < b.number : table.ids.less(of_a, of_b);
                  });
    }

    void add_facts() {
        for (const Version& version : list_facts(*book_)) {
            if (version.row >= from_.facts && version.entry >= first_entry_) {
                versions_.push_back(version);
            }
        }
    }

    void add_allocations() {
        struct Known {
            ResourceId id{};
            Version version{};
        };
        std::vector<Known> known;
        const std::vector<std::uint32_t> of_runs = book_->entries_of_runs();
        std::vector<std::uint32_t> chain;
        std::uint32_t number = 0;
        for (const AllocationRow& latest : book_->allocations) {
            const std::uint32_t row = number++;
            if (!latest.is_latest || row < from_.allocations) {
                continue;
            }
            chain.assign(1, row);
            for (std::uint32_t at = latest.previous; at != none;
                 at = book_->allocations[at].previous) {
                chain.push_back(at);
            }
            for (std::size_t i = 0; i < chain.size(); ++i) {
                const std::uint32_t entry = book_->entry_of(book_->allocations[chain[i]], of_runs);
                if (chain[i] >= from_.allocations && entry >= first_entry_) {
                    known.push_back({store::allocation_id(*book_, book_->allocations[chain[i]]),
                                     {entry, Kind::allocation, chain[i],
                                      static_cast<std::uint32_t>(chain.size() - i)}});
                }
            }
        }
        std::sort(known.begin(), known.end(), [](const Known& a, const Known& b) {
            return std::tie(a.id, a.version.number) < std::tie(b.id, b.version.number);
        });
        for (const Known& one : known) {
            versions_.push_back(one.version);
        }
    }

    const BookData* book_;
    std::uint32_t first_entry_;
    RowCounts from_;
    std::vector<Version> versions_{};
};

}  // namespace

std::string_view name(Kind kind) noexcept {
    constexpr std::array<std::string_view, 9> names{"run",       "order",     "block",
                                                    "placement", "execution", "instrument",
                                                    "portfolio", "algorithm", "allocation"};
    return names[static_cast<std::size_t>(kind)];
}

RowCounts RowCounts::of(const BookData& book) noexcept {
    return {book.orders.rows.size(),
            book.blocks.rows.size(),
            book.placements.rows.size(),
            book.executions.rows.size(),
            book.allocations.size(),
            book.facts.size(),
            book.runs.size()};
}

std::vector<Version> list_facts(const BookData& book) {
    struct Fact {
        std::pair<Kind, std::string> key{};
        std::uint32_t row{0};
    };
    std::vector<Fact> facts;
    for (std::uint32_t row = 0; row < book.facts.size(); ++row) {
        facts.push_back({key_of(book.facts[row]), row});
    }
    std::stable_sort(facts.begin(), facts.end(),
                     [](const Fact& a, const Fact& b) { return a.key < b.key; });
    std::vector<Version> versions;
    for (std::size_t i = 0; i < facts.size(); ++i) {
        const std::uint32_t row = facts[i].row;
        const bool goes_on = i > 0 && facts[i - 1].key == facts[i].key;
        versions.push_back(
            {std::max(book.writings[book.facts[row].written].entry, std::uint32_t{1}),
             facts[i].key.first, row, goes_on ? versions.back().number + 1 : 1});
    }
    return versions;
}

std::vector<Version> list_versions(const BookData& book, std::uint32_t first_entry,
                                   const RowCounts& from) {
    return Lister{book, first_entry, from}.list();
}

std::span<const Version> of_entry(std::span<const Version> versions, std::uint32_t entry) {
    const auto first = std::lower_bound(
        versions.begin(), versions.end(), entry,
        [](const Version& version, std::uint32_t number) { return version.entry < number; });
    const auto last = std::upper_bound(
        first, versions.end(), entry,
        [](std::uint32_t number, const Version& version) { return number < version.entry; });
    return {first, last};
}

ResourceId resource_of(const BookData& book, const Version& version) {
    switch (version.kind) {
        case Kind::order:
            return book.orders.ids.resource(book.orders.rows[version.row].head.id);
        case Kind::block:
            return book.blocks.ids.resource(book.blocks.rows[version.row].head.id);
        case Kind::placement:
            return book.placements.ids.resource(book.placements.rows[version.row].head.id);
        case Kind::execution:
            return book.executions.ids.resource(book.executions.rows[version.row].head.id);
        case Kind::allocation:
            return store::allocation_id(book, book.allocations[version.row]);
        case Kind::run:
            return {{}, book.runs[version.row].id};
        case Kind::instrument:
        case Kind::portfolio:
        case Kind::algorithm:
            break;
    }
    return {{}, key_of(book.facts[version.row]).second};
}

std::string id_of(const BookData& book, const Version& version) {
    const ResourceId id = resource_of(book, version);
    return id.scope.empty() ? id.code : id.to_string();
}

VersionText::VersionText(const BookData& book)
    : book_{&book},
      json_{text_, NumberStyle::number},
      allocations_{book, text_, [](io::TextBuffer& text) {
                       return io::JsonOutput{text, NumberStyle::number};
                   }} {}

std::string_view VersionText::of(const Version& version) {
    text_.cut(0);
    text_.append(name(version.kind));
    text_.append(" {");
    const auto write_row = [&](const auto& table) {
        const auto& row = table.rows[version.row];
        write(store::unpack(*book_, row), version, row.head);
    };
    switch (version.kind) {
        case Kind::run:
            write_plain(book_->runs[version.row], version, 0);
            break;
        case Kind::order:
            write_row(book_->orders);
            break;
        case Kind::block:
            write_row(book_->blocks);
            break;
        case Kind::placement:
            write_row(book_->placements);
            break;
        case Kind::execution:
            write_row(book_->executions);
            break;
        case Kind::allocation:
            write_allocation(version);
            break;
        case Kind::instrument:
        case Kind::portfolio:
        case Kind::algorithm:
            write_fact(version);
            break;
    }
    text_.push_back('\n');
    return text_.view();
}

template <class Entity>
void VersionText::write(const Entity& entity, const Version& version, const store::RowHead& head) {
    bool is_first = true;
    json_.write_fields(entity, is_first);
    end(version, head.written, head.is_removed);
}

template <class Entity>
void VersionText::write_plain(const Entity& entity, const Version& version, std::uint32_t written) {
    bool is_first = true;
    json_.write_fields(entity, is_first);
    end(version, written, false);
}

void VersionText::write_fact(const Version& version) {
    const store::FactVersion& fact = book_->facts[version.row];
    if (const auto* rule = std::get_if<store::NamedRule>(&fact.value)) {
        write_plain(io::NamedAlgorithm{rule->name, rule->code}, version, fact.written);
    } else if (const auto* instrument = std::get_if<Instrument>(&fact.value)) {
        write_plain(*instrument, version, fact.written);
    } else {
        write_plain(std::get<Portfolio>(fact.value), version, fact.written);
    }
}

void VersionText::write_allocation(const Version& version) {
    const AllocationRow& row = book_->allocations[version.row];
    allocations_.write_fields({*book_, row});
    end(version, row.written, row.is_removed);
}

void VersionText::end(const Version& version, std::uint32_t written, bool is_removed) {
    bool is_first = false;
    json_.member(io::version_member, is_first);
    json_.write(io::VersionNote{book_->writings[written].written, version.entry, is_removed},
                version.number);
    json_.raw("}");
}

}  // namespace allot::journal
