// Scope and code: taken apart and checked.
#include "allot/id.hpp"

#include "engine/base/text.hpp"

namespace allot {

namespace {

constexpr std::size_t longest_part = 512;

[[nodiscard]] Error invalid(std::string_view part, std::string found, std::string expected) {
    return {.code = ErrorCode::id_is_not_valid,
            .field = std::string{part},
            .found = std::move(found),
            .expected = std::move(expected)};
}

[[nodiscard]] Result<void> check_part(std::string_view name, std::string_view part) {
    if (part.empty()) {
        return Unexpected{invalid(name, "empty text", "1 to 512 bytes of UTF-8")};
    }
    if (part.size() > longest_part) {
        return Unexpected{
            invalid(name, std::to_string(part.size()) + " bytes: " + detail::shown(part, 100),
                    "1 to 512 bytes of UTF-8")};
    }
    if (!detail::is_utf8(part)) {
        return Unexpected{invalid(name, detail::shown(part), "well-formed UTF-8")};
    }
    return {};
}

}  // namespace

Result<ResourceId> ResourceId::parse(std::string_view text) {
    const std::size_t slash = text.find('/');
    if (slash == std::string_view::npos) {
        return Unexpected{
            invalid("", text.empty() ? "empty text" : detail::shown(text), "scope/code")};
    }
    const std::string_view scope = text.substr(0, slash);
    const std::string_view code = text.substr(slash + 1);
    for (const Result<void>& part : {check_part("scope", scope), check_part("code", code)}) {
        if (!part) {
            return Unexpected{part.error()};
        }
    }
    return ResourceId{std::string{scope}, std::string{code}};
}

Result<void> ResourceId::check() const {
    Result<void> checked = check_part("scope", scope);
    return checked ? check_part("code", code) : checked;
}

}  // namespace allot
