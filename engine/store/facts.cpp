// What a book says of portfolios, and the names it gives to rules.
#include <algorithm>
#include <utility>

#include "algorithms/code.hpp"
#include "engine/store/book_data.hpp"
#include "engine/store/check.hpp"

namespace allot {

namespace store {

Errors check_self(const Portfolio& portfolio) {
    Errors errors;
    if (const Result<void> id = portfolio.id.resource().check(); !id) {
        errors.push_back(id.error());
        errors.back().entity = "portfolio";
        errors.back().field = "id";
    }
    if (portfolio.tier == 0) {
        errors.push_back(Error{ErrorCode::quantity_is_not_positive,
                               "portfolio",
                               portfolio.id.to_string(),
                               "tier",
                               "0",
                               "1 for the first tier, or more",
                               {}});
    }
    return errors;
}

Errors check_algorithm_name(const std::string& name, const std::string& code) {
    Errors errors;
    if (!algorithms::is_code(name)) {
        errors.push_back(algorithms::not_a_code(name, "1 to 64 letters, digits, '-' and '_'"));
    }
    if (const auto written = algorithms::read_code(code); !written) {
        errors.push_back(written.error());
        errors.back().id = name;
    }
    return errors;
}

}  // namespace store

Result<void, Errors> Book::put(const Portfolio& portfolio, const Written& written) {
    Errors errors = store::check_self(portfolio);
    if (!errors.empty()) {
        return Unexpected{std::move(errors)};
    }
    const auto known = data_->portfolio_facts.find(portfolio.id);
    if (known != data_->portfolio_facts.end() && known->second == portfolio) {
        return {};
    }
    data_->facts.push_back({portfolio, data_->writing(written)});
    data_->portfolio_facts.insert_or_assign(portfolio.id, portfolio);
    return {};
}

Result<void, Errors> Book::name_algorithm(const std::string& name, const std::string& code,
                                          const Written& written) {
    Errors errors = store::check_algorithm_name(name, code);
    if (!errors.empty()) {
        return Unexpected{std::move(errors)};
    }
    const auto known = data_->algorithms.find(name);
    if (known != data_->algorithms.end() && known->second == code) {
        return {};
    }
    data_->facts.push_back({store::NamedRule{name, code}, data_->writing(written)});
    data_->algorithms.insert_or_assign(name, code);
    return {};
}

std::vector<Portfolio> Book::portfolios() const {
    std::vector<Portfolio> all;
    all.reserve(data_->portfolio_facts.size());
    for (const auto& [id, portfolio] : data_->portfolio_facts) {
        all.push_back(portfolio);
    }
    return all;
}

const std::map<std::string, std::string>& Book::algorithms() const& noexcept {
    return data_->algorithms;
}

}  // namespace allot
