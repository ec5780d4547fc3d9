// The oracle's XXH64 against published values.
#include "oracle/xxh64.hpp"

#include "support/catch.hpp"

TEST_CASE("The oracle's XXH64 gives the published values", "[oracle]") {
    CHECK(oracle::hexadecimal(oracle::xxh64("")) == "ef46db3751d8e999");
    CHECK(oracle::hexadecimal(oracle::xxh64("a")) == "d24ec4f1a98c6e5b");
    CHECK(oracle::hexadecimal(oracle::xxh64("abc")) == "44bc2cf5ad770999");
    CHECK(oracle::hexadecimal(oracle::xxh64("Nobody inspects the spammish repetition")) ==
          "fbcea83c8a378bf1");
}
