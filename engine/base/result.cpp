// Refusal: the exception form of an Error.
#include "allot/result.hpp"

namespace allot {

Refusal::Refusal(Error error) : Refusal{Errors{std::move(error)}} {}

Refusal::Refusal(Errors errors)
    : std::runtime_error{errors.empty() ? std::string{"refused without a reason"}
                                        : errors.front().located_message()},
      errors_{std::move(errors)} {
    if (errors_.empty()) {
        throw std::invalid_argument{"Refusal: at least one error is needed"};
    }
}

}  // namespace allot
