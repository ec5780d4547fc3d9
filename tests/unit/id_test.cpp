// Ids: read, checked, ordered; and the UTF-8 that they consist of.
#include "allot/id.hpp"

#include <string>
#include <type_traits>
#include <vector>

#include "engine/base/text.hpp"
#include "support/catch.hpp"

using allot::ErrorCode;
using allot::OrderId;
using allot::ResourceId;
using allot::Result;

static_assert(!std::is_convertible_v<allot::OrderId, allot::BlockId>);
static_assert(!std::is_constructible_v<allot::OrderId, allot::BlockId>);
static_assert(!std::is_convertible_v<ResourceId, allot::OrderId>);

TEST_CASE("id: the first slash divides scope and code") {
    CHECK(OrderId::parse("desk/A").value() == OrderId{"desk", "A"});
    CHECK(OrderId::parse("desk/A/1").value() == OrderId{"desk", "A/1"});
    CHECK(OrderId::parse("desk/A").value().to_string() == "desk/A");
    CHECK(OrderId::parse("d\xC3\xA9sk/\xE2\x82\xAC").value().code() == "\xE2\x82\xAC");
}

TEST_CASE("id: empty, too long and malformed ids are refused") {
    for (const std::string& text : std::vector<std::string>{
             "", "desk", "/", "/A", "desk/", "desk/" + std::string(513, 'x'),
             std::string(513, 'x') + "/A", "desk/\xFF", "\xC3/A", "desk/\xED\xA0\x80"}) {
        INFO(text);
        const Result<OrderId> id = OrderId::parse(text);
        REQUIRE_FALSE(id);
        CHECK(id.error().code == ErrorCode::id_is_not_valid);
        CHECK(id.error().found.size() <= 200);
        CHECK_FALSE(id.error().found.empty());
    }
    CHECK(OrderId::parse("desk/" + std::string(512, 'x')));
    CHECK(OrderId::parse(std::string(512, 'x') + "/A"));
    CHECK(ResourceId::parse("desk").error().expected == "scope/code");
}

TEST_CASE("id: one made from parts is checked on demand") {
    CHECK(ResourceId{"desk", "A"}.check());
    CHECK(ResourceId{std::string(512, 's'), std::string(512, 'c')}.check());
    CHECK(ResourceId{"", "A"}.check().error().message() ==
          "id is not valid, scope, found empty text, expected 1 to 512 bytes of UTF-8");
    CHECK(ResourceId{"desk", ""}.check().error().field == "code");
    CHECK(ResourceId{"desk", std::string(513, 'x')}.check().error().code ==
          ErrorCode::id_is_not_valid);
    CHECK(ResourceId{"desk", "\x80"}.check().error().message() ==
          "id is not valid, code, found \\x80, expected well-formed UTF-8");
}

TEST_CASE("id: order is by scope, then code, byte by byte") {
    CHECK(OrderId{"a", "z"} < OrderId{"b", "a"});
    CHECK(OrderId{"a", "a"} < OrderId{"a", "b"});
    CHECK(OrderId{"a", "10"} < OrderId{"a", "9"});
    CHECK(OrderId{"a", "Z"} < OrderId{"a", "a"});
    CHECK(OrderId{"a", "z"} < OrderId{"a", "\xC3\xA9"});
}

TEST_CASE("id: a view is the same id without a copy") {
    const OrderId id{"desk", "A"};
    const allot::IdView<allot::Order> view{id.scope(), id.code()};
    CHECK(view == id);
    CHECK(view.to_id() == id);
    CHECK_FALSE(view == OrderId{"desk", "B"});
}

TEST_CASE("text: exactly the code points of Unicode are UTF-8") {
    using allot::detail::is_utf8;
    const auto encoded = [](std::uint32_t point) {
        const auto byte = [](std::uint32_t value) { return static_cast<char>(value); };
        std::string text;
        if (point < 0x80U) {
            text += byte(point);
        } else if (point < 0x800U) {
            text += byte(0xC0U | (point >> 6U));
            text += byte(0x80U | (point & 0x3FU));
        } else if (point < 0x10000U) {
            text += byte(0xE0U | (point >> 12U));
            text += byte(0x80U | ((point >> 6U) & 0x3FU));
            text += byte(0x80U | (point & 0x3FU));
        } else {
            text += byte(0xF0U | (point >> 18U));
            text += byte(0x80U | ((point >> 12U) & 0x3FU));
            text += byte(0x80U | ((point >> 6U) & 0x3FU));
            text += byte(0x80U | (point & 0x3FU));
        }
        return text;
    };
    std::size_t wrong = 0;
    for (std::uint32_t point = 0; point < 0x1FFFFFU; ++point) {
        const bool is_point = point <= 0x10FFFFU && (point < 0xD800U || point > 0xDFFFU);
        const std::string text = encoded(point);
        wrong += is_utf8(text) == is_point ? 0U : 1U;
        // No beginning of a character is one.
        for (std::size_t length = 1; length < text.size(); ++length) {
            wrong += is_utf8(text.substr(0, length)) ? 1U : 0U;
        }
    }
    CHECK(wrong == 0);
    for (const std::string& overlong : std::vector<std::string>{
             "\xC0\x80", "\xC1\xBF", "\xE0\x80\x80", "\xE0\x9F\xBF", "\xF0\x80\x80\x80",
             "\xF0\x8F\xBF\xBF", "\xF8\x88\x80\x80\x80", "\xFE", "\xFF", "\x80", "a\xBF"}) {
        CHECK_FALSE(is_utf8(overlong));
    }
    CHECK(allot::detail::utf8_prefix("ab\xFFzz") == 2);
}

TEST_CASE("text: long values are cut between characters, and only once") {
    using allot::detail::shown;
    CHECK(shown(std::string(200, 'x')) == std::string(200, 'x'));
    CHECK(shown(std::string(201, 'x')) == std::string(197, 'x') + "...");
    std::string euros;
    for (int i = 0; i < 100; ++i) {
        euros += "\xE2\x82\xAC";
    }
    // 65 euro signs take 195 of the 197 bytes that are left.
    CHECK(shown(euros) == euros.substr(0, 195) + "...");
    CHECK(shown("a" + euros) == "a" + euros.substr(0, 195) + "...");
    CHECK(shown("aa" + euros) == "aa" + euros.substr(0, 195) + "...");
    CHECK(shown(shown(euros)) == shown(euros));
    CHECK(shown(std::string(300, '\x80')).size() == 197);
}
