// Int256: sums and products on its limbs, quotients through the 512-bit integer.
#include "allot/integer.hpp"

#include <algorithm>
#include <compare>
#include <initializer_list>
#include <stdexcept>

#include "engine/base/limbs.hpp"
#include "engine/base/wide.hpp"

namespace allot {

namespace {

using detail::Limbs;
using detail::magnitude;
using detail::negated;
using detail::Uint128;

[[noreturn]] void throw_overflow() {
    throw std::overflow_error{"allot::Int256: the result does not fit 256 bits"};
}
[[noreturn]] void throw_division_by_zero() {
    throw std::domain_error{"allot::Int256: division by zero"};
}

void require_positive(std::initializer_list<const Int256*> values) {
    for (const Int256* value : values) {
        if (value->is_negative()) {
            throw std::domain_error{"allot: a negative number in a product of quantities"};
        }
    }
}

[[nodiscard]] Int256 with_sign(const Limbs& limbs, bool negative) {
    const Int256 value{negative ? negated(limbs) : limbs};
    const bool is_zero = limbs == Limbs{};
    if (!is_zero && value.is_negative() != negative) {
        throw_overflow();
    }
    return value;
}

[[nodiscard]] bool fits_one_limb(const Limbs& limbs) noexcept {
    return (limbs[1] | limbs[2] | limbs[3]) == 0;
}
[[nodiscard]] bool fits_two_limbs(const Limbs& limbs) noexcept {
    return (limbs[2] | limbs[3]) == 0;
}
[[nodiscard]] Uint128 low_128(const Limbs& limbs) noexcept {
    return detail::from_halves(limbs[1], limbs[0]);
}
[[nodiscard]] Limbs to_limbs(Uint128 value) noexcept {
    return {detail::low_half(value), detail::high_half(value), 0, 0};
}

[[nodiscard]] std::array<std::uint64_t, 8> product(const Limbs& a, const Limbs& b) noexcept {
    std::array<std::uint64_t, 8> out{};
    for (std::size_t i = 0; i < a.size(); ++i) {
        std::uint64_t carry = 0;
        for (std::size_t j = 0; j < b.size(); ++j) {
            const Uint128 sum = static_cast<Uint128>(a[i]) * b[j] + out[i + j] + carry;
            out[i + j] = detail::low_half(sum);
            carry = detail::high_half(sum);
        }
        out[i + b.size()] = carry;
    }
    return out;
}

struct Division {
    Limbs quotient{};
    Limbs remainder{};
};

// Precondition: the quotient fits 256 bits. Throws when it does not, or when divisor is zero.
template <std::size_t Count>
[[nodiscard]] Division divide(const std::array<std::uint64_t, Count>& numerator,
                              const Limbs& divisor) {
    if (divisor == Limbs{}) {
        throw_division_by_zero();
    }
    const bool is_small =
        std::all_of(numerator.begin() + 2, numerator.end(), [](auto limb) { return limb == 0; });
    if (is_small && fits_two_limbs(divisor)) {
        const Uint128 value = detail::from_halves(numerator[1], numerator[0]);
        return {to_limbs(value / low_128(divisor)), to_limbs(value % low_128(divisor))};
    }
    const detail::Wide wide = detail::to_wide(numerator);
    const detail::Wide wide_divisor = detail::to_wide(divisor);
    Division out;
    if (!detail::to_limbs(wide / wide_divisor, out.quotient) ||
        !detail::to_limbs(wide % wide_divisor, out.remainder)) {
        throw_overflow();
    }
    return out;
}

}  // namespace

std::string Int256::to_string() const {
    // Short division by the largest power of ten that fits a limb, 19 digits at a time.
    constexpr std::uint64_t chunk = 10'000'000'000'000'000'000U;
    constexpr int chunk_digits = 19;
    Limbs rest = magnitude(*this);
    std::string reversed;
    do {
        std::uint64_t remainder = 0;
        for (std::size_t i = rest.size(); i-- > 0;) {
            const Uint128 value = detail::from_halves(remainder, rest[i]);
            rest[i] = static_cast<std::uint64_t>(value / chunk);
            remainder = static_cast<std::uint64_t>(value % chunk);
        }
        const bool is_last = rest == Limbs{};
        for (int digit = 0; is_last ? remainder != 0 : digit < chunk_digits; ++digit) {
            reversed += static_cast<char>('0' + remainder % 10);
            remainder /= 10;
        }
    } while (rest != Limbs{});
    if (reversed.empty()) {
        reversed.push_back('0');
    }
    if (is_negative()) {
        reversed += '-';
    }
    return {reversed.rbegin(), reversed.rend()};
}

std::strong_ordering operator<=>(const Int256& a, const Int256& b) noexcept {
    if (a.is_negative() != b.is_negative()) {
        return a.is_negative() ? std::strong_ordering::less : std::strong_ordering::greater;
    }
    // With equal signs two's complement orders like the unsigned number.
    for (std::size_t i = a.limbs_.size(); i-- > 0;) {
        if (a.limbs_[i] != b.limbs_[i]) {
            return a.limbs_[i] <=> b.limbs_[i];
        }
    }
    return std::strong_ordering::equal;
}

Int256& Int256::operator+=(const Int256& other) {
    Limbs sum{};
    std::uint64_t carry = 0;
    for (std::size_t i = 0; i < sum.size(); ++i) {
        const Uint128 limb = static_cast<Uint128>(limbs_[i]) + other.limbs_[i] + carry;
        sum[i] = detail::low_half(limb);
        carry = detail::high_half(limb);
    }
    const Int256 result{sum};
    if (is_negative() == other.is_negative() && result.is_negative() != is_negative()) {
        throw_overflow();
    }
    return *this = result;
}

Int256& Int256::operator-=(const Int256& other) {
    Limbs difference{};
    std::uint64_t borrow = 0;
    for (std::size_t i = 0; i < difference.size(); ++i) {
        const Uint128 limb = static_cast<Uint128>(limbs_[i]) - other.limbs_[i] - borrow;
        difference[i] = detail::low_half(limb);
        borrow = detail::high_half(limb) & 1U;
    }
    const Int256 result{difference};
    if (is_negative() != other.is_negative() && result.is_negative() != is_negative()) {
        throw_overflow();
    }
    return *this = result;
}

Int256& Int256::operator*=(const Int256& other) {
    const Limbs a = magnitude(*this);
    const Limbs b = magnitude(other);
    const bool negative = is_negative() != other.is_negative();
    if (fits_one_limb(a) && fits_one_limb(b)) {
        return *this = with_sign(to_limbs(static_cast<Uint128>(a[0]) * b[0]), negative);
    }
    const std::array<std::uint64_t, 8> full = product(a, b);
    if ((full[4] | full[5] | full[6] | full[7]) != 0) {
        throw_overflow();
    }
    return *this = with_sign({full[0], full[1], full[2], full[3]}, negative);
}

Int256& Int256::operator/=(const Int256& other) {
    const bool negative = is_negative() != other.is_negative();
    return *this = with_sign(divide(magnitude(*this), magnitude(other)).quotient, negative);
}

Int256& Int256::operator%=(const Int256& other) {
    const bool negative = is_negative();
    return *this = with_sign(divide(magnitude(*this), magnitude(other)).remainder, negative);
}

Int256 multiply_divide(const Int256& a, const Int256& b, const Int256& divisor) {
    require_positive({&a, &b, &divisor});
    return with_sign(divide(product(a.limbs(), b.limbs()), divisor.limbs()).quotient, false);
}

Int256 multiply_remainder(const Int256& a, const Int256& b, const Int256& divisor) {
    require_positive({&a, &b, &divisor});
    return with_sign(divide(product(a.limbs(), b.limbs()), divisor.limbs()).remainder, false);
}

std::strong_ordering compare_products(const Int256& a, const Int256& b, const Int256& c,
                                      const Int256& d) {
    require_positive({&a, &b, &c, &d});
    const std::array<std::uint64_t, 8> left = product(a.limbs(), b.limbs());
    const std::array<std::uint64_t, 8> right = product(c.limbs(), d.limbs());
    return std::lexicographical_compare_three_way(left.rbegin(), left.rend(), right.rbegin(),
                                                  right.rend());
}

}  // namespace allot
