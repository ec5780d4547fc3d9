// Targets of requests.
#include "apps/service/request.hpp"

namespace allot::service {
namespace {

std::optional<unsigned> hex_digit(char c) {
    if (c >= '0' && c <= '9') {
        return static_cast<unsigned>(c - '0');
    }
    const char low = static_cast<char>(c | 0x20);
    if (low >= 'a' && low <= 'f') {
        return static_cast<unsigned>(low - 'a' + 10);
    }
    return std::nullopt;
}

// In a query a `+` is a space, in a path it is itself.
std::optional<std::string> decoded(std::string_view text, bool is_query) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%') {
            const auto high = i + 1 < text.size() ? hex_digit(text[i + 1]) : std::nullopt;
            const auto low = i + 2 < text.size() ? hex_digit(text[i + 2]) : std::nullopt;
            if (!high || !low) {
                return std::nullopt;
            }
            out += static_cast<char>(*high * 16 + *low);
            i += 2;
        } else {
            out += is_query && text[i] == '+' ? ' ' : text[i];
        }
        if (out.back() == '\0') {
            return std::nullopt;
        }
    }
    return out;
}

}  // namespace

std::optional<Target> Target::parse(std::string_view text) {
    Target target;
    if (!text.starts_with('/')) {
        return std::nullopt;
    }
    const std::size_t mark = text.find('?');
    std::string_view path = text.substr(1, mark == std::string_view::npos ? mark : mark - 1);
    // Clients put the base URL https://HOST/api before paths that begin with /api themselves.
    if (path.starts_with("api/api/")) {
        path.remove_prefix(4);
    }
    for (bool is_last = false; !is_last;) {
        const std::size_t slash = path.find('/');
        is_last = slash == std::string_view::npos;
        std::optional<std::string> part = decoded(path.substr(0, slash), false);
        if (!part) {
            return std::nullopt;
        }
        target.path_.push_back(*std::move(part));
        path.remove_prefix(is_last ? path.size() : slash + 1);
    }
    std::string_view query = mark == std::string_view::npos ? "" : text.substr(mark + 1);
    while (!query.empty()) {
        const std::size_t end = query.find('&');
        const std::string_view pair = query.substr(0, end);
        query.remove_prefix(end == std::string_view::npos ? query.size() : end + 1);
        const std::size_t equals = pair.find('=');
        const auto name = decoded(pair.substr(0, equals), true);
        const auto value = decoded(
            equals == std::string_view::npos ? std::string_view{} : pair.substr(equals + 1), true);
        if (!name || !value) {
            return std::nullopt;
        }
        target.query_.emplace_back(*name, *value);
    }
    return target;
}

const std::string* Target::parameter(std::string_view name) const noexcept {
    for (const auto& [own_name, value] : query_) {
        if (own_name == name) {
            return &value;
        }
    }
    return nullptr;
}

std::vector<std::string> Target::parameters(std::string_view name) const {
    std::vector<std::string> values;
    for (const auto& [own_name, value] : query_) {
        if (own_name == name) {
            values.push_back(value);
        }
    }
    return values;
}

}  // namespace allot::service
