// A rule's code, and behind a line break claims: whatever the text, a rule is found or refused with
// a reason; a rule that is found has a code under which it is found again, and its shares keep the
// laws, or it says why not.
#include <string>
#include <string_view>

#include "allot/registry.hpp"
#include "allot/split.hpp"
#include "fuzz/fuzz.hpp"

namespace {

using allot_test::require;

// One claim a byte; the first two bytes are what is available and the lot.
allot::SplitRequest request_of(std::string_view bytes) {
    allot::SplitRequest request;
    const auto at = [&](std::size_t i) {
        return i < bytes.size() ? static_cast<int>(static_cast<unsigned char>(bytes[i])) : 1;
    };
    request.available = allot::Quantity{at(0)};
    request.lot = allot::Quantity{at(1) == 0 ? 1 : at(1)};
    for (std::size_t i = 2; i < bytes.size() && i < 12; ++i) {
        request.claims.push_back(allot::Quantity{at(i)});
        request.weights.push_back(allot::Weight::parse(std::to_string(at(i) % 5)).value());
        request.portfolios.push_back("funds/" + std::to_string(at(i) % 5));
        request.tiers.push_back(static_cast<std::uint32_t>(at(i) % 3));
    }
    return request;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const allot::Registry registry = allot::Registry::with_builtins();
    const std::string_view input{reinterpret_cast<const char*>(data), size};
    const std::size_t end = input.find('\n');
    const auto rule = registry.find(input.substr(0, end));
    if (!rule) {
        require(!rule.error().message().empty(), "a refusal has words");
        return 0;
    }
    const std::string code = allot::full_code(**rule);
    const auto again = registry.find(code);
    require(again.has_value(), "a rule is found again by its full code");
    require(allot::full_code(**again) == code, "a full code stands for itself");
    if (end != std::string_view::npos) {
        const allot::SplitRequest request = request_of(input.substr(end + 1));
        const auto first = allot::split(**rule, request);
        const auto second = allot::split(**again, request);
        require(first.has_value() == second.has_value(), "the same rule refuses the same");
        // The split is audited: a broken law would be a refusal that says so.
        require(first.has_value() ? first->shares == second->shares
                                  : first.error().message().find("law broken") == std::string::npos,
                "no rule breaks a law");
    }
    return 0;
}
