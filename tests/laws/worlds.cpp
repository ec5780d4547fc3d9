// Enumerates small worlds and draws random ones.
#include "laws/worlds.hpp"

#include <algorithm>
#include <numeric>
#include <stdexcept>

#include "oracle/random.hpp"

namespace laws {

namespace {

template <class T>
std::string joined(const std::vector<T>& values) {
    std::string out;
    for (const auto value : values) {
        out += (out.empty() ? "" : ",") + std::to_string(value);
    }
    return out;
}

template <class T>
std::string named_list(const char* name, const std::vector<T>& values, bool is_told) {
    return is_told ? std::string{" "} + name + " " + joined(values) : "";
}

template <class T>
bool has_other_than(const std::vector<T>& values, T usual) {
    return std::any_of(values.begin(), values.end(), [usual](T value) { return value != usual; });
}

bool has_shared_portfolio(const World& world) {
    for (std::size_t i = 0; i < world.portfolios.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) {
            if (world.portfolios[i] == world.portfolios[j]) {
                return true;
            }
        }
    }
    return false;
}

// The memory that the spans of a split look at.
template <allot::SplitInteger Int>
class Numbers {
  public:
    explicit Numbers(const World& world)
        : outstanding_(world.outstanding.begin(), world.outstanding.end()),
          allocated_(world.allocated.begin(), world.allocated.end()),
          baseline_(world.baseline.begin(), world.baseline.end()),
          weights_(world.weights.begin(), world.weights.end()) {
        const Units room = room_of(world);
        room_.assign(room.begin(), room.end());
        baseline_.resize(outstanding_.size(), Int{0});
        ordered_ = outstanding_;
        for (std::size_t i = 0; i < ordered_.size(); ++i) {
            ordered_[i] += allocated_[i];
        }
        split_.outstanding = outstanding_;
        split_.room = room == world.outstanding ? split_.outstanding : std::span<const Int>{room_};
        split_.ordered = ordered_;
        split_.allocated = allocated_;
        split_.baseline = baseline_;
        split_.available = Int{world.available};
        split_.lot = Int{world.lot};
        split_.minimum = Int{world.minimum};
        split_.key = world.key;
        split_.weights = weights_;
        split_.tiers = world.tiers;
        split_.houses = world.houses;
        split_.portfolios = world.portfolios;
        split_.named = world.named;
    }

    [[nodiscard]] std::vector<Int> ask(const allot::Algorithm& rule) const {
        std::vector<Int> shares(outstanding_.size(), Int{0});
        const auto done = rule.split(split_, std::span<Int>{shares});
        if (!done) {
            throw std::runtime_error{done.error().message()};
        }
        return shares;
    }

  private:
    std::vector<Int> outstanding_;
    std::vector<Int> allocated_;
    std::vector<Int> baseline_;
    std::vector<Int> weights_;
    std::vector<Int> room_{};
    std::vector<Int> ordered_{};
    allot::Split<Int> split_{};
};

using Visit = std::function<bool(const World&)>;

// All vectors of `count` numbers 0 to `most`, in order of their digits; with `sum` only those that
// add up to it.
std::vector<Units> vectors(std::size_t count, std::int64_t most, std::int64_t sum = -1) {
    std::vector<Units> all{{}};
    for (std::size_t at = 0; at < count; ++at) {
        std::vector<Units> longer;
        for (const Units& shorter : all) {
            const std::int64_t so_far =
                std::accumulate(shorter.begin(), shorter.end(), std::int64_t{0});
            const bool is_last = sum >= 0 && at + 1 == count;
            const std::int64_t first = is_last ? sum - so_far : 0;
            const std::int64_t last = sum < 0 ? most : std::min(most, sum - so_far);
            for (std::int64_t value = first; value <= last; ++value) {
                longer.push_back(shorter);
                longer.back().push_back(value);
            }
        }
        all = std::move(longer);
    }
    return all;
}

// How far the small worlds go.
struct Reach {
    std::size_t claims;
    std::int64_t sum;
    std::int64_t sum_of_most;  // with the largest number of claims
    std::int64_t lots;
};

// Goes through all small worlds of one kind; stops when the visitor has enough.
class Enumeration {
  public:
    Enumeration(const allot::Algorithm& rule, std::size_t every, const Visit& visit)
        : needs_{rule.info().needs},
          looks_at_names_{looks_at_names(rule)},
          every_{std::max<std::size_t>(1, every)},
          visit_{&visit} {}

    // `history`: 0 none, else a pattern of what the claims had before; `cap` as well.
    bool go(const Reach& reach, int cap, int history) {
        for (std::int64_t lot = 1; lot <= reach.lots; ++lot) {
            for (std::size_t count = 1; count <= reach.claims; ++count) {
                const std::int64_t most = count == reach.claims ? reach.sum_of_most : reach.sum;
                for (std::int64_t sum = 0; sum <= most; ++sum) {
                    for (const Units& claims : vectors(count, sum, sum)) {
                        World world;
                        world.lot = lot;
                        world.outstanding = claims;
                        set_history(world, history);
                        set_cap(world, cap);
                        if (!weigh(world, 2)) {
                            return false;
                        }
                    }
                }
            }
        }
        return true;
    }

    // Three claims that never fill, with weights 0 to 7.
    bool go_by_weight() {
        World world;
        world.outstanding = {8, 8, 8};
        set_history(world, 0);
        return !needs_.weights || needs_.tiers || weigh(world, 7);
    }

  private:
    static bool looks_at_names(const allot::Algorithm& rule) {
        const auto taken = rule.takes();
        return rule.info().remainder == "TO" ||
               std::any_of(taken.begin(), taken.end(), [](const allot::ParameterInfo& parameter) {
                   return parameter.key == "to";
               });
    }
    static void set_history(World& world, int history) {
        for (std::size_t i = 0; i < world.outstanding.size(); ++i) {
            const auto at = static_cast<std::int64_t>(i);
            world.allocated.push_back(history == 0 ? 0 : history == 1 ? at % 2 : (2 * at + 1) % 4);
        }
    }
    static void set_cap(World& world, int cap) {
        for (std::size_t i = 0; cap != 0 && i < world.outstanding.size(); ++i) {
            const auto at = static_cast<std::int64_t>(i);
            world.cap.push_back(cap == 1 ? 2 : (at + 1) % 3);
        }
    }

    bool weigh(World world, std::int64_t largest) {
        const std::size_t count = world.outstanding.size();
        world.portfolios.resize(count);
        std::iota(world.portfolios.begin(), world.portfolios.end(), 0U);
        if (!needs_.weights) {
            return place(world);
        }
        for (const Units& weights : vectors(count, largest)) {
            world.weights = weights;
            if (!place(world)) {
                return false;
            }
        }
        if (count < 2) {
            return true;
        }
        world.portfolios[1] = 0;  // two claims of one portfolio
        for (const Units& weights : vectors(count, largest)) {
            world.weights = weights;
            world.weights[1] = world.weights[0];
            if (weights[1] == 0 && !place(world)) {
                return false;
            }
        }
        return true;
    }

    bool place(World world) {
        if (!needs_.tiers) {
            return name(world);
        }
        for (const Units& tiers : vectors(world.outstanding.size(), 1)) {
            for (const bool has_house : {false, true}) {
                world.tiers.clear();
                for (const std::int64_t tier : tiers) {
                    world.tiers.push_back(static_cast<std::uint32_t>(tier + 1));
                }
                world.houses.assign(tiers.size(), 0);
                world.houses[0] = has_house ? 1 : 0;
                if (!name(world)) {
                    return false;
                }
            }
        }
        return true;
    }

    bool name(World world) {
        if (!looks_at_names_) {
            return split(world);
        }
        for (std::size_t claim = world.outstanding.size() + 1; claim-- > 0;) {
            world.named.assign(world.outstanding.size(), 0);
            if (claim < world.named.size()) {
                world.named[claim] = 1;
            }
            if (!split(world)) {
                return false;
            }
        }
        return true;
    }

    bool split(World world) {
        const Units& claims = world.outstanding;
        const std::int64_t sum = std::accumulate(claims.begin(), claims.end(), std::int64_t{0});
        for (world.available = 0; world.available <= sum + 1; ++world.available) {
            if (++seen_ % every_ == 0 && !(*visit_)(world)) {
                return false;
            }
        }
        return true;
    }

    allot::Needs needs_;
    bool looks_at_names_;
    std::size_t every_;
    const Visit* visit_;
    std::size_t seen_{0};
};

}  // namespace

std::string text(const Units& values) {
    return joined(values);
}

std::string text(const World& world) {
    std::string out = "available " + std::to_string(world.available) + " over " +
                      joined(world.outstanding) + named_list("caps", world.cap, !world.cap.empty());
    out += named_list("weights", world.weights, !world.weights.empty());
    out += named_list("portfolios", world.portfolios, has_shared_portfolio(world));
    out += named_list("tiers", world.tiers, has_other_than(world.tiers, 1U));
    out += named_list("houses", world.houses, has_other_than(world.houses, std::uint8_t{0}));
    out += named_list("named", world.named, has_other_than(world.named, std::uint8_t{0}));
    out +=
        named_list("allocated", world.allocated, has_other_than(world.allocated, std::int64_t{0}));
    out += named_list("baseline", world.baseline, has_other_than(world.baseline, std::int64_t{0}));
    out += world.lot == 1 ? "" : " lot " + std::to_string(world.lot);
    out += world.minimum == 0 ? "" : " minimum " + std::to_string(world.minimum);
    out += world.key == 0 ? "" : " key " + std::to_string(world.key);
    return out;
}

Units room_of(const World& world) {
    Units room = world.outstanding;
    for (std::size_t i = 0; i < world.cap.size(); ++i) {
        room[i] = std::min(room[i], world.cap[i]);
    }
    for (std::size_t i = 0; i < world.weights.size(); ++i) {
        room[i] = world.weights[i] == 0 ? 0 : room[i];  // as the engine sees to it
    }
    return room;
}

Units shares_of(const allot::Algorithm& rule, const World& world) {
    return Numbers<std::int64_t>{world}.ask(rule);
}

std::vector<std::string> wide_shares_of(const allot::Algorithm& rule, const World& world) {
    std::vector<std::string> texts;
    for (const allot::Int256& share : Numbers<allot::Int256>{world}.ask(rule)) {
        texts.push_back(share.to_string());
    }
    return texts;
}

void each_small_world(const allot::Algorithm& rule, std::size_t every, const Visit& visit) {
    const allot::Needs& needs = rule.info().needs;
    const bool has_facts = needs.weights || needs.tiers;
    const bool has_many = needs.weights && needs.tiers;
    const Reach plain = has_many    ? Reach{2, 5, 5, 2}
                        : has_facts ? Reach{3, 7, 6, 2}
                                    : Reach{4, 12, 8, 3};
    const Reach limited = has_many    ? Reach{2, 4, 4, 2}
                          : has_facts ? Reach{3, 5, 3, 2}
                                      : Reach{3, 7, 7, 2};
    Enumeration all{rule, every, visit};
    static_cast<void>(all.go(plain, 0, 0) && all.go_by_weight() && all.go(limited, 1, 0) &&
                      all.go(limited, 2, 0) && all.go(limited, 0, 1) && all.go(limited, 0, 2) &&
                      all.go(limited, 1, 2));
}

World random_world(std::uint64_t seed, std::int64_t size) {
    oracle::Random random{seed};
    World world;
    const int count = random.one_in(40) ? random.between(20, 80) : random.between(1, 12);
    std::int64_t sum = 0;
    const auto up_to = [&](std::int64_t most) {
        return static_cast<std::int64_t>(random.below(static_cast<std::size_t>(most) + 1));
    };
    const bool has_caps = random.one_in(3);
    const bool has_history = !random.one_in(3);
    const int portfolios = random.one_in(2) ? 1000 : random.between(1, count);
    const std::int64_t largest_weight = random.one_in(2) ? 3 : up_to(size);
    Units weight_of(1000);
    std::generate(weight_of.begin(), weight_of.end(),
                  [&] { return up_to(largest_weight) + (has_caps ? 0 : 1); });
    for (int i = 0; i < count; ++i) {
        world.outstanding.push_back(random.one_in(8) ? 0 : up_to(size));
        world.allocated.push_back(!has_history || random.one_in(2) ? 0 : up_to(size));
        world.baseline.push_back(random.one_in(4) ? up_to(world.allocated.back()) : 0);
        if (has_caps) {
            world.cap.push_back(random.one_in(3) ? up_to(world.outstanding.back())
                                                 : world.outstanding.back());
        }
        world.portfolios.push_back(portfolios == 1000
                                       ? static_cast<std::uint32_t>(i)
                                       : static_cast<std::uint32_t>(random.between(1, portfolios)));
        world.weights.push_back(weight_of[world.portfolios.back()]);
        world.tiers.push_back(static_cast<std::uint32_t>(random.between(1, 3)));
        world.houses.push_back(random.one_in(4) ? 1 : 0);
        world.named.push_back(world.portfolios.back() == world.portfolios.front() ? 1 : 0);
        sum += world.outstanding.back();
    }
    world.available = random.one_in(6) ? sum : up_to(sum + 2);
    world.lot = random.one_in(2) ? 1 : 1 + up_to(random.one_in(2) ? 12 : size / 2 + 1);
    world.key = random.next();
    return world;
}

}  // namespace laws
