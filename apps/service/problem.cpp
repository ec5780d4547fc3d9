// Problems as JSON.
#include "apps/service/problem.hpp"

#include "apps/service/json.hpp"

namespace allot::service {
namespace {

std::string_view title(ProblemCode code) {
    switch (code) {
        case ProblemCode::validation_error:
            return "The request is not valid";
        case ProblemCode::invalid_parameter_value:
            return "A parameter has a value that is not valid";
        case ProblemCode::concurrency_conflict:
            return "Somebody else has changed this";
        case ProblemCode::invalid_request:
            return "The request cannot be answered";
        case ProblemCode::duplicate_id:
            return "An id occurs twice";
        case ProblemCode::access_denied:
            return "Access is denied";
        case ProblemCode::order_not_found:
            return "There is no such order";
        case ProblemCode::allocation_not_found:
            return "There is no such allocation";
        case ProblemCode::sort_field_not_supported:
            return "Lists cannot be sorted by this field";
        case ProblemCode::bad_pagination_token:
            return "The page token is not valid";
        case ProblemCode::placement_not_found:
            return "There is no such placement";
        case ProblemCode::execution_not_found:
            return "There is no such execution";
        case ProblemCode::block_not_found:
            return "There is no such block";
        case ProblemCode::no_price_for_allocation:
            return "The allocation has no price";
        case ProblemCode::block_overplaced:
            return "More would be placed than is ordered";
        case ProblemCode::cannot_update_shared_fields:
            return "The block has orders that were blocked otherwise";
        case ProblemCode::cannot_place_unsolicited_block:
            return "A block without orders cannot be placed";
        case ProblemCode::cannot_update_block:
            return "The block cannot be changed";
        case ProblemCode::cannot_update_placement:
            return "The placement cannot be changed";
        case ProblemCode::cannot_update_order:
            return "The order cannot be changed";
        case ProblemCode::cannot_sweep_block:
            return "The block cannot be swept";
        case ProblemCode::order_requires_quantity:
            return "The order has no quantity";
    }
    return "";
}

void append_errors(std::string& out, const Problem& problem) {
    out += ",\"errors\":{";
    bool is_first = true;
    for (const auto& [field, texts] : problem.errors) {
        out += is_first ? "" : ",";
        is_first = false;
        append_json(out, field);
        out += ":[";
        for (std::size_t i = 0; i < texts.size(); ++i) {
            out += i == 0 ? "" : ",";
            append_json(out, texts[i]);
        }
        out += ']';
    }
    out += '}';
}

}  // namespace

std::string_view name(ProblemCode code) noexcept {
    switch (code) {
        case ProblemCode::validation_error:
            return "ValidationError";
        case ProblemCode::invalid_parameter_value:
            return "InvalidParameterValue";
        case ProblemCode::concurrency_conflict:
            return "ConcurrencyConflictFailure";
        case ProblemCode::invalid_request:
            return "InvalidRequest";
        case ProblemCode::duplicate_id:
            return "DuplicateId";
        case ProblemCode::access_denied:
            return "AccessDenied";
        case ProblemCode::order_not_found:
            return "OrderNotFound";
        case ProblemCode::allocation_not_found:
            return "AllocationNotFound";
        case ProblemCode::sort_field_not_supported:
            return "SortFieldNotSupported";
        case ProblemCode::bad_pagination_token:
            return "BadPaginationToken";
        case ProblemCode::placement_not_found:
            return "PlacementNotFound";
        case ProblemCode::execution_not_found:
            return "ExecutionNotFound";
        case ProblemCode::block_not_found:
            return "BlockNotFound";
        case ProblemCode::no_price_for_allocation:
            return "NoPriceForAllocation";
        case ProblemCode::block_overplaced:
            return "BlockOverplaced";
        case ProblemCode::cannot_update_shared_fields:
            return "CannotUpdateSharedFields";
        case ProblemCode::cannot_place_unsolicited_block:
            return "CannotPlaceUnsolicitedBlock";
        case ProblemCode::cannot_update_block:
            return "CannotUpdateBlock";
        case ProblemCode::cannot_update_placement:
            return "CannotUpdatePlacement";
        case ProblemCode::cannot_update_order:
            return "CannotUpdateOrder";
        case ProblemCode::cannot_sweep_block:
            return "CouldNotSweepBlock";
        case ProblemCode::order_requires_quantity:
            return "OrderRequiresQuantity";
    }
    return "";
}

Problem make_problem(int status, ProblemCode code, std::string detail) {
    Problem made;
    made.status = status;
    made.code = code;
    made.detail = std::move(detail);
    return made;
}

Problem problem_of(const Error& error, ProblemCode code) {
    return {info(error.code).http_status, code, error.message(), {}, {}};
}

Response response_of(const Problem& problem, std::string_view request_id) {
    Response response;
    response.status = problem.status;
    response.headers = problem.headers;
    std::string& out = response.body;
    out += "{\"name\":";
    append_json(out, name(problem.code));
    out += ",\"errorDetails\":[],\"code\":" + std::to_string(static_cast<int>(problem.code));
    if (!problem.errors.empty()) {
        append_errors(out, problem);
    }
    out += ",\"type\":\"urn:allot:problem:" + std::to_string(static_cast<int>(problem.code));
    out += "\",\"title\":";
    append_json(out, title(problem.code));
    out += ",\"status\":" + std::to_string(problem.status) + ",\"detail\":";
    append_json(out, problem.detail);
    out += ",\"instance\":";
    append_json(out, "urn:allot:request:" + std::string{request_id});
    out += '}';
    return response;
}

void Findings::add(const std::string& field, std::string what) {
    constexpr std::size_t most = 100;
    if (count_++ < most) {
        errors_[field].push_back(std::move(what));
    }
}

Problem Findings::take() {
    Problem problem;
    problem.code = ProblemCode::validation_error;
    problem.detail = count_ == 1 ? "1 thing in the request is not valid"
                                 : std::to_string(count_) + " things in the request are not valid";
    if (!errors_.empty()) {
        const auto& [field, texts] = *errors_.begin();
        problem.detail += "; the first by field: " + field + ": " + texts.front();
    }
    problem.errors = std::move(errors_);
    errors_.clear();
    count_ = 0;
    return problem;
}

}  // namespace allot::service
