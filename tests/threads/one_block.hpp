// A block of some orders with many fills: the usual book of the tests with threads.
#pragma once

#include <string>
#include <vector>

#include "allot/book.hpp"
#include "support/book_maker.hpp"

namespace make {

inline constexpr int orders_of_block = 40;

// Orders of `units` each, in one block, and a placement with `fills` executions of 80.
inline allot::Book one_block(int fills, const std::string& units) {
    allot::Book book;
    std::vector<std::string> codes;
    for (int i = 0; i < orders_of_block; ++i) {
        codes.push_back("O" + std::to_string(i));
        put(book, order(codes.back(), units));
    }
    put(book, block("B", codes), placement("P", {"B"}));
    for (int i = 0; i < fills; ++i) {
        put(book, execution("E" + std::to_string(i), "P", "80"));
    }
    return book;
}

}  // namespace make
