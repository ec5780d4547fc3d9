// Hashes are stable: the published values, and nothing that depends on the machine.
#include "engine/base/hash.hpp"

#include <utility>

#include "support/catch.hpp"

using allot::detail::Digest;
using allot::detail::hash64;
using allot::detail::hex;

TEST_CASE("hash: XXH64 with seed 0 gives the values of its specification") {
    CHECK(hex(hash64("")) == "ef46db3751d8e999");
    CHECK(hex(hash64(std::string_view{})) == "ef46db3751d8e999");
    CHECK(hex(hash64("abc")) == "44bc2cf5ad770999");
}

TEST_CASE("hash: the empty digest is the published XXH3-128 of nothing") {
    CHECK(Digest{}.hex() == "99aa06d3014798d86001c324468d497f");
}

TEST_CASE("hash: texts carry their length, numbers their eight bytes") {
    const auto digest_of = [](auto... parts) {
        Digest digest;
        (digest.add(parts), ...);
        return digest.hex();
    };
    using Text = std::string_view;
    CHECK(digest_of(Text{"ab"}, Text{"c"}) != digest_of(Text{"a"}, Text{"bc"}));
    CHECK(digest_of(Text{"ab"}) == digest_of(Text{"ab"}));
    CHECK(digest_of(Text{"ab"}) != digest_of(Text{"ab"}, Text{""}));
    CHECK(digest_of(std::uint64_t{1}, std::uint64_t{2}) !=
          digest_of(std::uint64_t{2}, std::uint64_t{1}));
    // A text is its length as a number, then its bytes.
    CHECK(digest_of(std::uint64_t{0}) == digest_of(Text{""}));
    CHECK(digest_of(Text{"\x02\0\0\0\0\0\0\0", 8}) ==
          digest_of(std::uint64_t{8}, std::uint64_t{2}));
}

TEST_CASE("hash: bytes of every length are put where they belong, and nothing behind them") {
    const std::string all = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    for (std::size_t size = 0; size < all.size(); ++size) {
        const std::string text = all.substr(all.size() - size);
        std::string room(all.size(), '.');
        const char* const end = allot::detail::put_bytes(room.data(), text);
        CHECK(end == room.data() + size);
        CHECK(room == text + std::string(all.size() - size, '.'));
    }
}

TEST_CASE("hash: it does not matter in which pieces bytes come, however long they are") {
    const std::string text(20'000, 'x');
    Digest whole;
    whole.add("before");
    whole.add(text);
    Digest pieces;
    pieces.add("before");
    pieces.add(std::uint64_t{text.size()});
    for (std::size_t at = 0; at < text.size(); at += 100) {
        pieces.add_bytes(std::string_view{text}.substr(at, 100));
    }
    CHECK(whole.hex() == pieces.hex());
    whole.add("after");
    CHECK(whole.hex() != pieces.hex());
    pieces.add("after");
    CHECK(whole.hex() == pieces.hex());
}

TEST_CASE("hash: a digest is a value") {
    Digest one;
    one.add("first");
    Digest two{one};
    CHECK(two.hex() == one.hex());
    two.add("second");
    CHECK(two.hex() != one.hex());
    one = two;
    CHECK(two.hex() == one.hex());
    const std::string before = one.hex();
    CHECK(one.hex() == before);  // asking does not end it
    one.add("third");
    const Digest three{std::move(one)};
    CHECK(three.hex() != before);
}
