// Problem: a refusal as the wire tells it, LusidProblemDetails or LusidValidationProblemDetails.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "allot/error.hpp"
#include "allot/result.hpp"

namespace allot::service {

// What goes back to the client.
struct Response {
    int status{200};
    std::string body{};
    std::string content_type{"application/json; charset=utf-8"};
    std::vector<std::pair<std::string, std::string>> headers{};
};

// The published error codes that are used here, with their numbers.
enum class ProblemCode : std::uint16_t {
    validation_error = 132,
    invalid_parameter_value = 151,
    concurrency_conflict = 156,
    invalid_request = 157,
    duplicate_id = 179,
    access_denied = 186,
    order_not_found = 650,
    allocation_not_found = 654,
    sort_field_not_supported = 681,
    bad_pagination_token = 689,
    placement_not_found = 725,
    execution_not_found = 726,
    block_not_found = 727,
    no_price_for_allocation = 812,
    block_overplaced = 881,
    cannot_update_shared_fields = 883,
    cannot_update_block = 910,
    cannot_update_placement = 918,
    cannot_update_order = 922,
    cannot_sweep_block = 954,
    order_requires_quantity = 959,
    cannot_place_unsolicited_block = 974,
};
// "OrderNotFound".
[[nodiscard]] std::string_view name(ProblemCode code) noexcept;

struct Problem {
    int status{400};
    ProblemCode code{ProblemCode::invalid_request};
    std::string detail{};
    // By field, for validation errors: "orderRequests[3].quantity".
    std::map<std::string, std::vector<std::string>> errors{};
    std::vector<std::pair<std::string, std::string>> headers{};
};

[[nodiscard]] Problem make_problem(int status, ProblemCode code, std::string detail);

// A refusal of the library in the words of the wire, with the status of the library's table.
[[nodiscard]] Problem problem_of(const Error& error, ProblemCode code);

[[nodiscard]] Response response_of(const Problem& problem, std::string_view request_id);

// What is wrong with a request, field by field. Only the first hundred are kept, all are counted.
class Findings {
  public:
    void add(const std::string& field, std::string what);
    [[nodiscard]] bool empty() const noexcept { return count_ == 0; }
    [[nodiscard]] std::size_t count() const noexcept { return count_; }
    // Status 400, code 132. Empties the findings.
    [[nodiscard]] Problem take();

  private:
    std::map<std::string, std::vector<std::string>> errors_;
    std::size_t count_{0};
};

template <class T>
using Answer = Result<T, Problem>;

}  // namespace allot::service
