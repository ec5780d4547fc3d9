// PR and PRO: pro rata to what is outstanding, or to what was ordered.
#include "algorithms/builtins.hpp"
#include "algorithms/share_out.hpp"

namespace allot::algorithms {

namespace {

class ProRata : public BaseOf<ProRata> {
  public:
    [[nodiscard]] const PartInfo& info() const noexcept override {
        static const PartInfo info{
            .code = "PR",
            .summary = "pro rata to outstanding",
            .description =
                "Every claim first receives its exact pro-rata part of what is available, by what "
                "it has outstanding, rounded down to whole lots.",
            .is_pro_rata = true};
        return info;
    }
    template <SplitInteger Int>
    [[nodiscard]] Result<void> draft_of(const Split<Int>& split, const Draft<Int>& draft) const {
        share_out(split, split.outstanding, draft);
        return {};
    }
};

class ProRataToOrdered : public BaseOf<ProRataToOrdered> {
  public:
    [[nodiscard]] const PartInfo& info() const noexcept override {
        static const PartInfo info{
            "PRO",
            "pro rata to the ordered quantity",
            "Every claim first receives its exact part of what is available, by what was ordered, "
            "at most what it has room for. What full claims free is spread again over the others "
            "by the same weights; then all is rounded down to whole lots.",
            {}};
        return info;
    }
    template <SplitInteger Int>
    [[nodiscard]] Result<void> draft_of(const Split<Int>& split, const Draft<Int>& draft) const {
        share_out(split, split.ordered, draft);
        return {};
    }
};

}  // namespace

std::shared_ptr<const Base> make_pr() {
    return std::make_shared<ProRata>();
}
std::shared_ptr<const Base> make_pro() {
    return std::make_shared<ProRataToOrdered>();
}

}  // namespace allot::algorithms
