// Where rows stood in their files, by the number of their ids. Only messages ask for it, but nobody
// knows beforehand of which row.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace allot::store {

// A place in 16 bytes. File 0: no place.
struct ShortPlace {
    std::uint32_t file{0};
    std::uint32_t column{0};
    std::uint64_t line{0};

    friend bool operator==(const ShortPlace&, const ShortPlace&) = default;
};

// Files are long, and their rows follow each other: in most stretches of ids the lines go up by a
// steady step, and one entry stands for all of them. The other stretches are kept id by id.
class Places {
  public:
    // Precondition: `place` has a file.
    void set(std::uint32_t id, const ShortPlace& place) {
        const std::size_t number = id / ids_of_stretch;
        if (number >= stretches_.size()) {
            stretches_.resize(number + 1);
        }
        Stretch& stretch = stretches_[number];
        if (stretch.each.empty() && !stretch.extend(id, place)) {
            stretch.spread(id / ids_of_stretch * ids_of_stretch);
        }
        if (!stretch.each.empty()) {
            stretch.each[id % ids_of_stretch] = place;
        }
    }
    [[nodiscard]] ShortPlace get(std::uint32_t id) const noexcept {
        const std::size_t number = id / ids_of_stretch;
        if (number >= stretches_.size()) {
            return {};
        }
        const Stretch& stretch = stretches_[number];
        return stretch.each.empty() ? stretch.at(id) : stretch.each[id % ids_of_stretch];
    }

  private:
    static constexpr std::uint32_t ids_of_stretch = 1024;

    struct Stretch {
        std::uint32_t first{0};  // id
        std::uint32_t count{0};
        ShortPlace place{};              // of the first
        std::uint64_t step{0};           // from line to line
        std::vector<ShortPlace> each{};  // if not empty, by id, and the others say nothing

        [[nodiscard]] ShortPlace at(std::uint32_t id) const noexcept {
            return id - first < count
                       ? ShortPlace{place.file, place.column, place.line + (id - first) * step}
                       : ShortPlace{};
        }
        // Whether the place is the next one of a steady row of them.
        [[nodiscard]] bool extend(std::uint32_t id, const ShortPlace& next) noexcept {
            if (count == 0) {
                first = id;
                place = next;
            } else if (id - first != count) {
                return false;
            } else if (count == 1) {
                step = next.line - place.line;
            }
            count += 1;
            const bool is_steady = at(id) == next;
            count -= is_steady ? 0U : 1U;
            return is_steady;
        }
        void spread(std::uint32_t first_id) {
            std::vector<ShortPlace> places(ids_of_stretch);
            for (std::uint32_t i = 0; i < ids_of_stretch; ++i) {
                places[i] = at(first_id + i);
            }
            each = std::move(places);
        }
    };
    std::vector<Stretch> stretches_{};
};

}  // namespace allot::store
