// CSV cells to the library's own values.
#include "engine/io/csv_input.hpp"

#include "engine/base/text.hpp"
#include "engine/io/json_input.hpp"
#include "engine/io/json_tree.hpp"

namespace allot::io {

namespace {

constexpr bool can_be_escaped(char c) noexcept {
    return c == '\\' || c == '/' || c == '|' || c == '=';
}

}  // namespace

CellPart split_cell(std::string_view text, char separator) noexcept {
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == separator) {
            return {text.substr(0, i), text.substr(i + 1)};
        }
        if (text[i] == '\\' && i + 1 < text.size() && can_be_escaped(text[i + 1])) {
            ++i;
        }
    }
    return {text, std::nullopt};
}

std::string unescaped(std::string_view text) {
    std::string result;
    result.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\\' && i + 1 < text.size() && can_be_escaped(text[i + 1])) {
            ++i;
        }
        result += text[i];
    }
    return result;
}

bool CsvInput::complain(const CsvCell& cell, const Trail& trail, std::string_view found,
                        std::string_view expected) {
    complaints_->add(ErrorCode::field_has_wrong_type, trail, detail::shown(found),
                     std::string{expected}, cell.offset);
    return false;
}

bool CsvInput::read(const CsvCell& cell, const Trail& /*trail*/, std::string& out) {
    out = cell.text;
    return true;
}

bool CsvInput::read(const CsvCell& cell, const Trail& trail, bool& out) {
    if (cell.text != "true" && cell.text != "false") {
        return complain(cell, trail, cell.text, "true or false");
    }
    out = cell.text == "true";
    return true;
}

bool CsvInput::read(const CsvCell& cell, const Trail& trail, Decimal& out) {
    return complaints_->take(Decimal::parse(cell.text), out, trail, cell.text, cell.offset);
}

bool CsvInput::read(const CsvCell& cell, const Trail& trail, Quantity& out) {
    return complaints_->take(Quantity::parse(cell.text), out, trail, cell.text, cell.offset);
}

bool CsvInput::read(const CsvCell& cell, const Trail& trail, Weight& out) {
    return complaints_->take(Weight::parse(cell.text), out, trail, cell.text, cell.offset);
}

bool CsvInput::read(const CsvCell& cell, const Trail& trail, std::uint32_t& out) {
    if (const std::optional<std::uint32_t> number = detail::whole_number(cell.text)) {
        out = *number;
        return true;
    }
    complaints_->add(ErrorCode::field_has_wrong_type, trail, std::string{cell.text},
                     "a whole number", cell.offset);
    return false;
}

bool CsvInput::read(const CsvCell& cell, const Trail& trail, Time& out) {
    return complaints_->take(Time::parse(cell.text), out, trail, cell.text, cell.offset);
}

bool CsvInput::read(const CsvCell& cell, const Trail& trail, ResourceId& out) {
    if (cell.text.find('\\') == std::string_view::npos) {
        return complaints_->take(ResourceId::parse(cell.text), out, trail, cell.text, cell.offset);
    }
    const CellPart parts = split_cell(cell.text, '/');
    if (!parts.rest) {
        return complaints_->take(ResourceId::parse({}), out, trail, cell.text, cell.offset);
    }
    ResourceId id{unescaped(parts.text), unescaped(*parts.rest)};
    const Result<void> checked = id.check();
    if (!checked) {
        complaints_->add(checked.error().code, trail, checked.error().found,
                         checked.error().expected, cell.offset);
        return false;
    }
    out = std::move(id);
    return true;
}

bool CsvInput::read_property(const CsvCell& cell, const Trail& trail, std::string text,
                             Property& out) {
    if (text.empty() || text.front() != '{') {
        out.label = std::move(text);
        return true;
    }
    // Places within the cell's JSON are of no use: the cell's own is given.
    Complaints inner{true};
    if (read_json_value(text, trail, inner, out) && inner.empty()) {
        return true;
    }
    if (inner.empty()) {
        return complain(cell, trail, text, "a label, or a property's value as JSON");
    }
    for (Complaint& complaint : inner.errors()) {
        complaint.offset = cell.offset;
        complaints_->errors().push_back(std::move(complaint));
    }
    return false;
}

bool CsvInput::read(const CsvCell& cell, const Trail& trail, Properties& out) {
    bool all_good = true;
    const bool are_entries = read_entries(cell, trail, [&](std::string key, std::string content) {
        Property property;
        const Trail inner{&trail, key};
        all_good = read_property(cell, inner, std::move(content), property) && all_good;
        return out.emplace(std::move(key), std::move(property)).second;
    });
    return are_entries && all_good;
}

bool CsvInput::read_amount(const CsvCell& cell, const Trail& trail,
                           std::optional<CurrencyAndAmount>& out) {
    Decimal amount;
    if (!read(cell, trail, amount)) {
        return false;
    }
    if (!out) {
        out.emplace();
    }
    out->amount = amount;
    return true;
}

bool CsvInput::read_currency(const CsvCell& cell, const Trail& /*trail*/,
                             std::optional<CurrencyAndAmount>& out) {
    if (!out) {
        out.emplace();
    }
    out->currency = cell.text;
    return true;
}

}  // namespace allot::io
