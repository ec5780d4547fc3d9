// Ids: a scope and a code, one type per kind of entity so that kinds do not mix.
#pragma once

#include <compare>
#include <functional>
#include <string>
#include <string_view>

#include "allot/result.hpp"

namespace allot {

// Scope and code of anything, as on the wire. Each 1 to 512 bytes of UTF-8 once inside a book.
struct ResourceId {
    std::string scope{};
    std::string code{};

    // Reads "scope/code"; the first '/' divides. Errors: id_is_not_valid.
    [[nodiscard]] static Result<ResourceId> parse(std::string_view text);
    // Errors: id_is_not_valid (empty, longer than 512 bytes, not UTF-8).
    [[nodiscard]] Result<void> check() const;
    [[nodiscard]] std::string to_string() const { return scope + '/' + code; }

    friend auto operator<=>(const ResourceId&, const ResourceId&) = default;
};

// The id of one kind of entity. Ordered by scope, then code, byte by byte. OrderId and PlacementId
// neither compare nor convert. Thread safety: as any value.
template <class Kind>
class Id {
  public:
    Id() = default;
    Id(std::string scope, std::string code) : id_{std::move(scope), std::move(code)} {}
    explicit Id(ResourceId id) : id_{std::move(id)} {}
    // Reads "scope/code". Errors: id_is_not_valid.
    [[nodiscard]] static Result<Id> parse(std::string_view text) {
        Result<ResourceId> id = ResourceId::parse(text);
        if (!id) {
            return Unexpected{std::move(id).error()};
        }
        return Id{*std::move(id)};
    }

    [[nodiscard]] const std::string& scope() const noexcept { return id_.scope; }
    [[nodiscard]] const std::string& code() const noexcept { return id_.code; }
    [[nodiscard]] const ResourceId& resource() const noexcept { return id_; }
    [[nodiscard]] std::string to_string() const { return id_.to_string(); }

    friend auto operator<=>(const Id&, const Id&) = default;

  private:
    ResourceId id_;
};

// An id whose text belongs to a book: valid as long as the book lives. 32 bytes, no copy of text.
template <class Kind>
struct IdView {
    std::string_view scope{};
    std::string_view code{};

    [[nodiscard]] Id<Kind> to_id() const { return {std::string{scope}, std::string{code}}; }
    friend auto operator<=>(const IdView&, const IdView&) = default;
    friend bool operator==(const IdView& view, const Id<Kind>& id) {
        return view.scope == id.scope() && view.code == id.code();
    }
};

struct Order;
struct Block;
struct Placement;
struct Execution;
struct Allocation;
struct Portfolio;

using OrderId = Id<Order>;
using BlockId = Id<Block>;
using PlacementId = Id<Placement>;
using ExecutionId = Id<Execution>;
using AllocationId = Id<Allocation>;
using PortfolioId = Id<Portfolio>;

}  // namespace allot
