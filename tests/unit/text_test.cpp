// What messages make of slips in names.
#include <array>
#include <string>
#include <string_view>

#include "engine/base/text.hpp"
#include "support/catch.hpp"

using allot::detail::edit_distance;
using allot::detail::nearest_of;

TEST_CASE("slips are counted, an exchange of neighbours as one") {
    CHECK(edit_distance("", "") == 0);
    CHECK(edit_distance("side", "side") == 0);
    CHECK(edit_distance("", "side") == 4);
    CHECK(edit_distance("side", "") == 4);
    CHECK(edit_distance("sied", "side") == 1);
    CHECK(edit_distance("sidee", "side") == 1);
    CHECK(edit_distance("sde", "side") == 1);
    CHECK(edit_distance("tide", "side") == 1);
    CHECK(edit_distance("isde", "side") == 1);
    CHECK(edit_distance("isdee", "side") == 2);
    CHECK(edit_distance("kitten", "sitting") == 3);
    CHECK(edit_distance("ca", "abc") == 3);  // what was exchanged is not changed again
}

TEST_CASE("the nearest name is near") {
    constexpr std::array<std::string_view, 4> names{"id", "side", "quantity", "date"};
    CHECK(nearest_of("sied", names) == "side");
    CHECK(nearest_of("qantitty", names) == "quantity");
    CHECK(nearest_of("dat", names) == "date");
    CHECK(nearest_of("Id", names) == "id");
    CHECK(nearest_of("xy", names).empty());
    CHECK(nearest_of("qntty", names).empty());
    CHECK(nearest_of("", names).empty());
    CHECK(nearest_of(std::string(1000, 'd'), names).empty());
    CHECK(nearest_of("side", std::array<std::string_view, 0>{}).empty());
}
