// Views of allocations look into the result, which is gone before a loop over them begins.
// expect: deleted
#include "allot/engine.hpp"

#ifdef ALLOT_CONTROL
std::size_t count(const allot::Engine& engine, const allot::Book& book) {
    const allot::RunResult result = engine.preview(book, {}).value();
    return result.allocations().size();
}
#else
std::size_t count(const allot::Engine& engine, const allot::Book& book) {
    return engine.preview(book, {}).value().allocations().size();
}
#endif
