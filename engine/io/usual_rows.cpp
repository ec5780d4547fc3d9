// The short way of a row into a book: see usual_rows.hpp.
#include "engine/io/usual_rows.hpp"

namespace allot::io {

void RowPacker::text(std::string_view text, Memo& memo, std::uint32_t& out) {
    if (book_->text(memo.text) != text) {
        memo.text = book_->texts.intern(text);
    }
    out = memo.text;
}

bool RowPacker::time(std::string_view text, Memo& memo, store::StoredTime& out) {
    if (memo.time.text == 0 || book_->text(memo.time.text) != text) {
        const Result<Instant> instant = parse_instant(text);
        if (!instant) {
            return false;
        }
        memo.time = {instant->seconds, instant->nanoseconds, book_->texts.intern(text)};
    }
    out = memo.time;
    return true;
}

bool RowPacker::order_time(std::string_view text, store::StoredTime& out) {
    const Result<Instant> instant = parse_instant(text);
    if (instant) {
        out = store::pack_time(*book_, *instant, text);
    }
    return instant.has_value();
}

bool RowPacker::decimal(std::string_view text, Decimal& out) {
    const Result<Decimal> decimal = Decimal::parse(text);
    if (decimal) {
        out = *decimal;
    }
    return decimal.has_value();
}

bool RowPacker::quantity(std::string_view text, Quantity& out) {
    const Result<Quantity> quantity = Quantity::parse(text);
    if (quantity) {
        out = *quantity;
    }
    return quantity.has_value() && !out.is_zero();
}

bool RowPacker::is_id(std::string_view scope, std::string_view code) noexcept {
    constexpr std::size_t longest_part = 512;  // as ResourceId::check has it
    return !scope.empty() && scope.size() <= longest_part && !code.empty() &&
           code.size() <= longest_part;
}

}  // namespace allot::io
