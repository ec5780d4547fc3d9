// The service's table of ids against a map, at every size that it grows through.
#include "apps/service/id_table.hpp"

#include <map>
#include <vector>

#include "support/catch.hpp"

namespace {

using allot::ResourceId;
using allot::service::IdList;
using allot::service::IdTable;

ResourceId id_of(std::size_t number) {
    return {number % 3 == 0 ? "desk" : "another",
            "a code of some length " + std::to_string(number)};
}

std::vector<ResourceId> all_of(const IdList& list) {
    return {list.begin(), list.end()};
}

}  // namespace

TEST_CASE("a table of ids finds what was put into it") {
    IdTable<std::size_t> table;
    std::map<ResourceId, const std::size_t*> places;
    CHECK(table.find(id_of(0)) == nullptr);
    for (std::size_t i = 0; i < 700; ++i) {
        std::size_t& made = table[id_of(i)];
        REQUIRE(made == 0);
        made = i + 1;
        places.emplace(id_of(i), &made);
        REQUIRE(table.size() == i + 1);
        REQUIRE(table.find(id_of(i + 1)) == nullptr);
        for (const auto& [id, place] : places) {
            REQUIRE(table.find(id) == place);  // found, and where it was
        }
    }
    for (std::size_t i = 0; i < 700; ++i) {
        CHECK(table[id_of(i)] == i + 1);
    }
    CHECK(table.size() == 700);
}

TEST_CASE("a list of ids knows them by their places") {
    const ResourceId a = id_of(1);
    const ResourceId b = id_of(2);
    const ResourceId like_a = a;
    IdList list;
    CHECK(list.empty());
    list.add(a);
    list.add(a);
    list.add(b);
    list.add(a);
    CHECK(all_of(list) == std::vector{a, b, a});
    CHECK(list.contains(a));
    CHECK_FALSE(list.contains(like_a));
    list.remove(like_a);
    CHECK(all_of(list).size() == 3);
    list.remove(a);
    CHECK(all_of(list) == std::vector{b});
    CHECK_FALSE(list.empty());
}
