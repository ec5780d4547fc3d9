// CSV cells to the library's own values: one overload of `read` for each kind of field.
// docs/formats.md says how ids, lists and maps stand in a cell.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/io/complaints.hpp"
#include "engine/io/csv_table.hpp"
#include "engine/io/fields.hpp"

namespace allot::io {

// `text` up to the first `separator` that no backslash escapes, and what is behind it.
struct CellPart {
    std::string_view text{};
    std::optional<std::string_view> rest{};  // nullopt: there was no separator
};
[[nodiscard]] CellPart split_cell(std::string_view text, char separator) noexcept;

// `text` without the backslashes that escape one of \ / | =.
[[nodiscard]] std::string unescaped(std::string_view text);

// Reads cells and notes what is wrong with them. Every `read` returns whether `out` was set; an
// empty cell sets nothing.
class CsvInput {
  public:
    explicit CsvInput(Complaints& complaints) noexcept : complaints_{&complaints} {}

    bool read(const CsvCell& cell, const Trail& trail, std::string& out);
    bool read(const CsvCell& cell, const Trail& trail, bool& out);
    bool read(const CsvCell& cell, const Trail& trail, Decimal& out);
    bool read(const CsvCell& cell, const Trail& trail, Quantity& out);
    bool read(const CsvCell& cell, const Trail& trail, Weight& out);
    bool read(const CsvCell& cell, const Trail& trail, std::uint32_t& out);
    bool read(const CsvCell& cell, const Trail& trail, Time& out);
    bool read(const CsvCell& cell, const Trail& trail, ResourceId& out);
    bool read(const CsvCell& cell, const Trail& trail, Properties& out);

    template <class Kind>
    bool read(const CsvCell& cell, const Trail& trail, Id<Kind>& out) {
        ResourceId id;
        if (!read(cell, trail, id)) {
            return false;
        }
        out = Id<Kind>{std::move(id)};
        return true;
    }
    template <class T>
    bool read(const CsvCell& cell, const Trail& trail, std::optional<T>& out) {
        T content{};
        if (!read(cell, trail, content)) {
            return false;
        }
        out = std::move(content);
        return true;
    }
    template <class Kind>
    bool read(const CsvCell& cell, const Trail& trail, std::vector<Id<Kind>>& out) {
        bool all_good = true;
        std::optional<std::string_view> rest{cell.text};
        std::size_t number = 0;
        while (rest) {
            const CellPart part = split_cell(*rest, '|');
            Id<Kind> id;
            all_good =
                read(CsvCell{part.text, cell.offset}, Trail{&trail, {}, number++}, id) && all_good;
            out.push_back(std::move(id));
            rest = part.rest;
        }
        return all_good;
    }
    template <class Less>
    bool read(const CsvCell& cell, const Trail& trail,
              std::map<std::string, std::string, Less>& out) {
        return read_entries(cell, trail, [&](std::string key, std::string content) {
            return out.emplace(std::move(key), std::move(content)).second;
        });
    }

    // An amount of money stands in two cells.
    bool read_currency(const CsvCell& cell, const Trail& trail,
                       std::optional<CurrencyAndAmount>& out);
    bool read_amount(const CsvCell& cell, const Trail& trail,
                     std::optional<CurrencyAndAmount>& out);

  private:
    // Calls `take(key, content)`, which returns whether the key is new, for every key=value.
    template <class Take>
    bool read_entries(const CsvCell& cell, const Trail& trail, Take&& take) {
        std::optional<std::string_view> rest{cell.text};
        while (rest) {
            const CellPart entry = split_cell(*rest, '|');
            const CellPart parts = split_cell(entry.text, '=');
            if (!parts.rest) {
                return complain(cell, trail, entry.text, "key=value");
            }
            if (!take(unescaped(parts.text), unescaped(*parts.rest))) {
                return complain(cell, trail, entry.text, "each key once");
            }
            rest = entry.rest;
        }
        return true;
    }
    bool complain(const CsvCell& cell, const Trail& trail, std::string_view found,
                  std::string_view expected);
    bool read_property(const CsvCell& cell, const Trail& trail, std::string text, Property& out);

    Complaints* complaints_;
};

}  // namespace allot::io
