// Enumerates small worlds and draws random ones.
#include "laws/worlds.hpp"

#include <numeric>
#include <stdexcept>

#include "oracle/random.hpp"

namespace laws {

std::string text(const std::vector<std::int64_t>& values) {
    std::string out;
    for (const std::int64_t value : values) {
        out += (out.empty() ? "" : ",") + std::to_string(value);
    }
    return out;
}

std::string text(const World& world) {
    return "available " + std::to_string(world.available) + " claims " + text(world.outstanding) +
           " allocated before " + text(world.allocated) + " lot " + std::to_string(world.lot) +
           " key " + std::to_string(world.key);
}

template <class Int>
allot::Split<Int> split_of(const std::vector<Int>& outstanding, const std::vector<Int>& ordered,
                           const std::vector<Int>& allocated, const std::vector<Int>& baseline,
                           const World& world) {
    allot::Split<Int> split;
    split.outstanding = outstanding;
    split.room = outstanding;
    split.ordered = ordered;
    split.allocated = allocated;
    split.baseline = baseline;
    split.available = Int{world.available};
    split.lot = Int{world.lot};
    split.key = world.key;
    return split;
}

std::vector<std::int64_t> shares_of(const allot::Algorithm& rule, const World& world) {
    std::vector<std::int64_t> ordered = world.outstanding;
    for (std::size_t i = 0; i < ordered.size(); ++i) {
        ordered[i] += world.allocated[i];
    }
    const std::vector<std::int64_t> baseline(ordered.size(), 0);
    std::vector<std::int64_t> shares(ordered.size(), 0);
    const auto split =
        split_of<std::int64_t>(world.outstanding, ordered, world.allocated, baseline, world);
    const auto done = rule.split(split, std::span<std::int64_t>{shares});
    if (!done) {
        throw std::runtime_error{done.error().message()};
    }
    return shares;
}

std::vector<std::string> wide_shares_of(const allot::Algorithm& rule, const World& world) {
    const std::vector<allot::Int256> outstanding(world.outstanding.begin(),
                                                 world.outstanding.end());
    const std::vector<allot::Int256> allocated(world.allocated.begin(), world.allocated.end());
    std::vector<allot::Int256> ordered = outstanding;
    for (std::size_t i = 0; i < ordered.size(); ++i) {
        ordered[i] += allocated[i];
    }
    const std::vector<allot::Int256> baseline(ordered.size());
    std::vector<allot::Int256> shares(ordered.size());
    const auto split = split_of<allot::Int256>(outstanding, ordered, allocated, baseline, world);
    const auto done = rule.split(split, std::span<allot::Int256>{shares});
    if (!done) {
        throw std::runtime_error{done.error().message()};
    }
    std::vector<std::string> texts;
    for (const allot::Int256& share : shares) {
        texts.push_back(share.to_string());
    }
    return texts;
}

namespace {

// Every available quantity and lot over one vector of claims.
bool visit_claims(const std::vector<std::int64_t>& claims,
                  const std::function<bool(const World&)>& visit) {
    World world;
    world.outstanding = claims;
    const std::int64_t sum = std::accumulate(claims.begin(), claims.end(), std::int64_t{0});
    for (const bool fresh : {true, false}) {
        world.allocated.assign(claims.size(), 0);
        for (std::size_t i = 0; !fresh && i < claims.size(); ++i) {
            world.allocated[i] = static_cast<std::int64_t>((i * 2 + 1) % 4);
        }
        for (world.lot = 1; world.lot <= 3; ++world.lot) {
            for (world.available = 0; world.available <= sum + 1; ++world.available) {
                if (!visit(world)) {
                    return false;
                }
            }
        }
    }
    return true;
}

}  // namespace

void each_small_world(const std::function<bool(const World&)>& visit) {
    static const std::vector<std::int64_t> values{0, 1, 2, 3, 5, 12};
    std::vector<std::vector<std::int64_t>> all{{}};
    for (std::size_t at = 0; at < all.size(); ++at) {
        const std::vector<std::int64_t> claims = all[at];
        if (!claims.empty() && !visit_claims(claims, visit)) {
            return;
        }
        for (std::size_t i = 0; claims.size() < 4 && i < values.size(); ++i) {
            all.push_back(claims);
            all.back().push_back(values[i]);
        }
    }
}

World random_world(std::uint64_t seed, std::int64_t size) {
    oracle::Random random{seed};
    World world;
    const int count = random.one_in(40) ? random.between(20, 80) : random.between(1, 12);
    std::int64_t sum = 0;
    const auto up_to = [&](std::int64_t most) {
        return static_cast<std::int64_t>(random.below(static_cast<std::size_t>(most) + 1));
    };
    for (int i = 0; i < count; ++i) {
        world.outstanding.push_back(random.one_in(8) ? 0 : up_to(size));
        world.allocated.push_back(random.one_in(2) ? 0 : up_to(size));
        sum += world.outstanding.back();
    }
    world.available = random.one_in(6) ? sum : up_to(sum + 2);
    world.lot = random.one_in(2) ? 1 : 1 + up_to(size / 2 + 1);
    world.key = random.next();
    return world;
}

}  // namespace laws
