// Random quantities of all kinds.
#include "oracle/quantities.hpp"

namespace oracle {

namespace {

std::string digits(Random& random, int count) {
    std::string text(1, static_cast<char>('1' + random.between(0, 8)));
    for (int i = 1; i < count; ++i) {
        text += static_cast<char>('0' + random.between(0, 9));
    }
    return text;
}

}  // namespace

std::string listed(const std::vector<Rational>& values) {
    std::string text;
    for (const Rational& value : values) {
        text += (text.empty() ? "" : ",") + decimal_text(value);
    }
    return text;
}

Rational random_quantity(Random& random, int style) {
    switch (style) {
        case 0:
            return Rational{random.between(0, 40)};
        case 1:
            return rational(digits(random, random.between(1, 18)));
        case 2:
            return rational(digits(random, random.between(1, 9)) + "e-" +
                            std::to_string(random.between(1, 6)));
        case 3:
            return rational(digits(random, random.between(20, 30)));
        default:
            return rational(digits(random, random.between(1, 6)) + "e-" +
                            std::to_string(random.between(20, 28)));
    }
}

Rational random_lot(Random& random) {
    static const std::vector<std::string> lots{"1",   "1",    "1",   "10",   "100",
                                               "0.5", "0.01", "0.3", "1e-8", "7"};
    return random.one_in(20) ? random_quantity(random, random.between(1, 4)) + Rational{1, 8}
                             : rational(random.pick(lots));
}

}  // namespace oracle
