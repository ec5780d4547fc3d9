// Texts of times that need not be kept, because they follow from the instant.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace allot::store {

// What stands for such a text in StoredTime: numbers with the highest bit, then the digits of the
// fraction of "YYYY-MM-DDThh:mm:ss.fZ", or this for a date alone.
inline constexpr std::uint32_t not_kept = 0x80000000;
inline constexpr std::uint32_t date_alone = 15;
inline constexpr std::size_t date_size = 10;
inline constexpr std::size_t time_size = 20;  // without a fraction
inline constexpr std::size_t most_digits = 9;

// What stands for the text of a time, or 0 when it has another form. Precondition: it is a time.
[[nodiscard]] constexpr std::uint32_t form_of(std::string_view text) noexcept {
    if (text.size() == date_size) {
        return not_kept | date_alone;
    }
    if (text.size() < time_size || text[16] != ':' || text.back() != 'Z') {
        return 0;
    }
    const std::size_t digits = text.size() == time_size ? 0 : text.size() - time_size - 1;
    const bool is_usual = text.size() == time_size || (digits >= 1 && text[19] == '.');
    return is_usual && digits <= most_digits ? not_kept | static_cast<std::uint32_t>(digits) : 0;
}

}  // namespace allot::store
