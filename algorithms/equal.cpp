// EQ: equal shares.
#include <span>

#include "algorithms/builtins.hpp"
#include "algorithms/scratch.hpp"
#include "algorithms/share_out.hpp"

namespace allot::algorithms {

namespace {

class Equal : public BaseOf<Equal> {
  public:
    [[nodiscard]] const PartInfo& info() const noexcept override {
        static const PartInfo info{
            .code = "EQ",
            .summary = "equal shares",
            .description =
                "Every claim with room first receives the same part of what is available, at most "
                "what it has room for. What full claims free is spread again in equal parts over "
                "the others; then all is rounded down to whole lots.",
            .weighs_alike = true};
        return info;
    }
    template <SplitInteger Int>
    [[nodiscard]] Result<void> draft_of(const Split<Int>& split, const Draft<Int>& draft) const {
        Scratch<Int> list{split.room.size()};
        const std::span<Int> weights = list.span();
        for (std::size_t i = 0; i < weights.size(); ++i) {
            weights[i] = split.room[i] > Int{0} ? Int{1} : Int{0};
        }
        share_out(split, std::span<const Int>{weights}, draft);
        return {};
    }
};

}  // namespace

std::shared_ptr<const Base> make_eq() {
    return std::make_shared<Equal>();
}

}  // namespace allot::algorithms
