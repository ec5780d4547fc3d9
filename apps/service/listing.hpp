// Listing: one page of a list, filtered and sorted, at one point in time.
#pragma once

#include <string>
#include <vector>

#include "apps/service/problem.hpp"
#include "apps/service/request.hpp"
#include "apps/service/store.hpp"

namespace allot::service {

template <class Entity>
struct Page {
    std::vector<RecordPtr<Entity>> records{};
    std::string next{};        // token of the next page; empty: this is the last
    std::size_t looked_at{0};  // entities, to find these
};

// What differs between lists.
struct ListRules {
    const char* token{"page"};            // the parameter that leads to the next page
    bool sorts_by_sign{false};            // "-quantity" in place of "quantity DESC"
    std::optional<PlacementId> parent{};  // of a list of children
};

// The page that the query parameters asAt, page, start, sortBy, limit and filter ask for. The first
// page fixes the time at which all pages are seen, so they fit together while data changes.
// Errors: validation_error, sort_field_not_supported, bad_pagination_token.
// Complexity: O(log n) for each entity looked at; with sortBy all are that the index finds.
template <class Entity, class Source = Store>
[[nodiscard]] Answer<Page<Entity>> list_page(const Source& source, const Target& target,
                                             const ListRules& rules = {});

// The parameter asAt, or another time; nullopt: not given. What is wrong goes to `findings`.
[[nodiscard]] std::optional<Instant> as_at_of(const Target& target, Findings& findings,
                                              const char* name = "asAt");

// propertyKeys; empty: all.
[[nodiscard]] std::vector<std::string> property_keys_of(const Target& target, Findings& findings);

}  // namespace allot::service
