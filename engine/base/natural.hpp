// Natural: a whole number of any size, for weights whose products and powers outgrow 256 bits.
// Slow to compile: include it in source files only.
#pragma once

#include <boost/multiprecision/cpp_int.hpp>
#include <cstdint>

#include "allot/integer.hpp"
#include "engine/base/limbs.hpp"

namespace allot::detail {

using Natural = boost::multiprecision::number<boost::multiprecision::cpp_int_backend<>,
                                              boost::multiprecision::et_off>;

[[nodiscard]] inline Natural to_natural(std::int64_t value) {
    return Natural{value};
}
// Precondition: value >= 0.
[[nodiscard]] inline Natural to_natural(const Int256& value) {
    Natural out = 0;
    for (std::size_t i = 4; i-- > 0;) {
        out <<= 64U;
        out += value.limbs()[i];
    }
    return out;
}

// Precondition: value >= 0 and it fits.
[[nodiscard]] inline std::int64_t from_natural(const Natural& value, std::int64_t /*kind*/) {
    return value.convert_to<std::int64_t>();
}
[[nodiscard]] inline Int256 from_natural(Natural value, const Int256& /*kind*/) {
    Limbs limbs{};
    for (std::uint64_t& limb : limbs) {
        limb = static_cast<std::uint64_t>(value & ~std::uint64_t{0});
        value >>= 64U;
    }
    return Int256{limbs};
}

}  // namespace allot::detail
