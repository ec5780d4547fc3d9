// Pools: ids and texts of every length are found again, and never move.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/store/pools.hpp"
#include "support/catch.hpp"

namespace {

using allot::store::IdPool;
using allot::store::none;
using allot::store::TextPool;

// Lengths around those at which a text is kept in another way.
std::vector<std::string> texts_of_all_lengths() {
    std::vector<std::string> texts;
    for (std::size_t length = 1; length <= 40; ++length) {
        for (const char last : {'a', 'b', '\0'}) {
            texts.push_back(std::string(length - 1, 'x') + last);
        }
    }
    for (const std::size_t length : {65'533U, 65'534U, 65'535U, 65'536U, 200'000U}) {
        texts.emplace_back(length, 'y');
    }
    return texts;
}

TEST_CASE("ids of every length are found by scope and code") {
    const std::vector<std::string> codes = texts_of_all_lengths();
    const std::vector<std::string> scopes{"s", "other", "a scope that is longer than a slot"};
    IdPool pool;
    std::uint32_t number = 0;
    for (const std::string& scope : scopes) {
        for (const std::string& code : codes) {
            CHECK(pool.find(scope, code) == none);
            REQUIRE(pool.intern(scope, code) == number);
            CHECK(pool.intern(scope, code) == number);
            ++number;
        }
    }
    REQUIRE(pool.size() == number);
    number = 0;
    for (const std::string& scope : scopes) {
        for (const std::string& code : codes) {
            REQUIRE(pool.find(scope, code) == number);
            CHECK(pool.scope(number) == scope);
            CHECK(pool.code(number) == code);
            ++number;
        }
    }
    CHECK(pool.find("nowhere", codes.front()) == none);
}

TEST_CASE("ids are ordered by the bytes of scope, then code") {
    IdPool pool;
    const std::uint32_t long_b = pool.intern("b", "a code that is longer than a slot");
    const std::uint32_t short_b = pool.intern("b", "z");
    const std::uint32_t short_a = pool.intern("a", "z");
    CHECK(pool.less(long_b, short_b));
    CHECK_FALSE(pool.less(short_b, long_b));
    CHECK(pool.less(short_a, long_b));
    CHECK_FALSE(pool.less(short_a, short_a));
}

TEST_CASE("what is known of an id stays where it is as thousands come after it") {
    IdPool pool;
    std::vector<std::string_view> views;
    const auto code_of = [](std::uint32_t number) {
        return (number % 3 == 0 ? "a code outside of its slot " : "N") + std::to_string(number);
    };
    constexpr std::uint32_t count = 20'000;
    for (std::uint32_t number = 0; number < count; ++number) {
        REQUIRE(pool.intern("s", code_of(number)) == number);
        views.push_back(pool.code(number));
    }
    // A copy goes on by itself.
    IdPool copy{pool};
    REQUIRE(copy.size() == count);
    REQUIRE(copy.intern("s", "one more") == count);
    REQUIRE(pool.find("s", "one more") == none);
    const IdPool moved{std::move(pool)};
    for (std::uint32_t number = 0; number < count; ++number) {
        REQUIRE(views[number] == code_of(number));
        REQUIRE(moved.code(number).data() == views[number].data());
        REQUIRE(copy.code(number) == views[number]);
        REQUIRE(copy.code(number).data() != views[number].data());
    }
}

TEST_CASE("room for ids is made once and found full") {
    IdPool pool;
    pool.reserve(1000);
    for (std::uint32_t number = 0; number < 5000; ++number) {
        REQUIRE(pool.intern("s", std::to_string(number)) == number);
        if (number == 700) {
            pool.reserve(4000);  // in the middle
        }
    }
    for (std::uint32_t number = 0; number < 5000; ++number) {
        REQUIRE(pool.code(number) == std::to_string(number));
        REQUIRE(pool.find("s", std::to_string(number)) == number);
    }
}

TEST_CASE("texts of every length are found again") {
    TextPool pool;
    const std::vector<std::string> texts = texts_of_all_lengths();
    CHECK(pool.text(0).empty());
    for (const std::string& text : texts) {
        CHECK(pool.find(text) == none);
        const std::uint32_t number = pool.intern(text);
        CHECK(pool.intern(text) == number);
    }
    for (std::size_t i = 0; i < texts.size(); ++i) {
        REQUIRE(pool.find(texts[i]) == i + 1);
        REQUIRE(pool.text(static_cast<std::uint32_t>(i + 1)) == texts[i]);
    }
}

}  // namespace
