// Places of rows: whatever the order of ids and lines, what was said of a row is what is told.
#include <cstdint>
#include <map>
#include <random>

#include "engine/store/places.hpp"
#include "support/catch.hpp"

using allot::store::Places;
using allot::store::ShortPlace;

namespace {

// Places as they come in: stretches of neighbours with a steady step, and others between them.
class Rows {
  public:
    explicit Rows(unsigned seed) : random_{seed} {}

    std::uint32_t next_id() {
        if (below(700) == 0) {
            id_ = below(50'000);
        }
        return id_++;
    }
    ShortPlace next_place() {
        const std::uint32_t kind = below(900);
        if (kind == 0) {
            step_ = below(40);
        } else if (kind == 1) {
            place_.line = below(1'000'000'000);
        } else if (kind == 2) {
            place_.column = below(3);
        } else if (kind == 3) {
            ++place_.file;
        }
        place_.line += step_;
        return place_;
    }

  private:
    std::uint32_t below(std::uint32_t limit) {
        return static_cast<std::uint32_t>(random_() % limit);
    }

    std::mt19937 random_;
    std::uint32_t id_{0};
    std::uint64_t step_{1};
    ShortPlace place_{1, 0, 1};
};

}  // namespace

TEST_CASE("places: what was said last of a row is told, and nothing of others") {
    for (unsigned seed = 1; seed <= 20; ++seed) {
        Places places;
        std::map<std::uint32_t, ShortPlace> expected;
        Rows rows{seed};
        for (int i = 0; i < 20'000; ++i) {
            const std::uint32_t id = rows.next_id();
            const ShortPlace place = rows.next_place();
            places.set(id, place);
            expected[id] = place;
        }
        std::size_t wrong = 0;
        for (std::uint32_t id = 0; id < 80'000; ++id) {
            const auto at = expected.find(id);
            wrong += places.get(id) == (at == expected.end() ? ShortPlace{} : at->second) ? 0U : 1U;
        }
        CHECK(wrong == 0);
    }
}
