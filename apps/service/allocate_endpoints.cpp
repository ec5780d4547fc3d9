// Runs: the placements of a call are made a book of, the engine runs, and the allocations are
// written to the store, all of them or none.
#include <fmt/format.h>

#include <set>

#include "apps/service/clock.hpp"
#include "apps/service/command.hpp"
#include "apps/service/entity_writer.hpp"
#include "apps/service/field_path.hpp"
#include "apps/service/run_book.hpp"

namespace allot::service {
namespace {

constexpr std::size_t most_placements = 100;
// The property of an order that stands for a portfolio, docs/decisions/0027.
constexpr std::string_view stands_for = "Order/allot/StandsFor";

struct Job {
    std::vector<PlacementId> placements{};
    std::string algorithm{};
    std::map<PortfolioId, Weight> weights{};
};

// The parameter allocationAlgorithm, 1 to 64 letters, digits, `-` and `_`.
std::string algorithm_of(const Call& call, std::string usual, Findings& findings) {
    const std::string* const given = call.target.parameter("allocationAlgorithm");
    if (given == nullptr) {
        return usual;
    }
    const bool is_valid = !given->empty() && given->size() <= 64 &&
                          given->find_first_not_of(
                              "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") ==
                              std::string::npos;
    if (!is_valid) {
        findings.add("allocationAlgorithm", "found " + given->substr(0, 200) +
                                                ", expected 1 to 64 letters, digits, `-` and `_`");
    }
    return *given;
}

using Made = std::vector<RecordPtr<Allocation>>;

// What a run has made, staged: the allocations, and the orders that stand for portfolios.
Made stage(const Store& store, const Book& book, const RunResult& result, Change& change) {
    Made made;
    std::set<OrderId> looked_at;
    for (const AllocationView view : result.allocations()) {
        made.push_back(store.stage(change, view.to_value()));
        const OrderId& order_id = made.back()->value.allocated_order_id;
        const RecordPtr<Order>* const stored = store.find<Order>(order_id.resource());
        if (stored != nullptr && !(*stored)->value.properties.contains(stands_for)) {
            continue;
        }
        if (!looked_at.insert(order_id).second) {
            continue;
        }
        std::optional<Order> order = book.find(order_id);
        if (order && order->properties.contains(stands_for)) {
            store.stage(change, *std::move(order));
        }
    }
    return made;
}

template <class Id>
void append_id(std::string& out, const Id& id) {
    out += out.back() == '[' ? "" : ",";
    write_id(out, id.scope(), id.code());
}

// The detail of a failure, and for a bad row what is wrong with it.
std::string detail_of(const Failure& failure, const Errors& problems) {
    if (failure.type == FailureType::BadInput) {
        for (const Error& problem : problems) {
            if (failure.detail.find(problem.entity + ' ' + problem.id) != std::string::npos) {
                return failure.detail + ": " + problem.message();
            }
        }
    }
    return failure.detail;
}

// The whole answer. `problems` are those of the rows that the run had to leave out.
std::string body_of_run(const State& state, const Job& job, const Made& made,
                        const std::map<std::string, Failure>& failed, const Errors& problems) {
    std::string out = "{\"values\":[";
    if (state.options.placements_as_values) {
        std::set<PlacementId> listed;
        for (const PlacementId& id : job.placements) {
            if (!failed.contains(map_key(id.resource())) && listed.insert(id).second) {
                append_id(out, id);
            }
        }
    } else {
        for (const RecordPtr<Allocation>& record : made) {
            append_id(out, record->value.id);
        }
    }
    out += "],\"failed\":{";
    for (const auto& [key, failure] : failed) {
        append_failure(out, key, key, name(failure.type), detail_of(failure, problems));
    }
    return out + "}}";
}

// Every placement of the call fails, because nothing can be known of what it depends on.
std::string body_of_bad_input(const Job& job, const Errors& errors) {
    std::string out = "{\"values\":[],\"failed\":{";
    std::set<PlacementId> listed;
    for (const PlacementId& id : job.placements) {
        if (listed.insert(id).second) {
            append_failure(out, map_key(id.resource()), map_key(id.resource()),
                           name(FailureType::BadInput), errors.front().message());
        }
    }
    return out + "}}";
}

// Plans, and writes what was planned. The body of the answer; `number` is to be settled before it
// goes out.
Answer<std::string> run_alone(State& state, const Call& call, const Job& job,
                              std::uint64_t& number) {
    RunRequest request;
    request.placements = job.placements;
    request.algorithm = job.algorithm;
    request.weights = job.weights;
    request.options = state.options.run;
    const std::vector<std::string> dead_states =
        request.options.dead_states.value_or(default_dead_states());

    const std::unique_lock lock{state.mutex};
    number = number_to_settle(state);
    auto built = make_run_book(state.store, job.placements, dead_states);
    if (!built) {
        return body_of_bad_input(job, built.error());
    }
    Change change;
    change.stamp = next_stamp(state, call);
    request.options.written.as_at = to_wire(change.stamp->as_at);
    const Result<RunResult> result = state.engine.run(built->book, request);
    if (!result) {
        return Unexpected{problem_of(result.error(), ProblemCode::invalid_parameter_value)};
    }
    const Made made = stage(state.store, built->book, *result, change);
    std::string body = body_of_run(state, job, made, result->failed, built->problems);
    if (!made.empty()) {
        commit(state, std::move(change));
        number = number_to_settle(state);
    }
    state.metrics.count_allocations(made.size());
    return body;
}

Answer<Response> run(State& state, const Call& call, const Job& job) {
    // An engine takes no placements for all of them; a client that names none wants nothing.
    if (job.placements.empty()) {
        return json_response("{\"values\":[],\"failed\":{}}");
    }
    std::uint64_t number = 0;
    Answer<std::string> body = run_alone(state, call, job, number);
    if (!body) {
        return Unexpected{std::move(body).error()};
    }
    if (std::optional<Problem> problem = settle(state, number)) {
        return Unexpected{*std::move(problem)};
    }
    return json_response(*std::move(body));
}

std::vector<PlacementId> placements_of(const Json& json, const std::string& path, std::size_t most,
                                       Findings& findings) {
    std::vector<PlacementId> placements;
    for (ResourceId& id : read_ids(json, path, findings)) {
        placements.emplace_back(std::move(id));
    }
    if (placements.size() > most) {
        findings.add(
            path, fmt::format("found {} placements, expected at most {}", placements.size(), most));
    }
    return placements;
}

Answer<Response> run_plain(State& state, const Call& call, std::size_t most) {
    Answer<Json> body = body_of(state, call);
    if (!body) {
        return Unexpected{std::move(body).error()};
    }
    Findings findings;
    Job job;
    job.algorithm = algorithm_of(call, "PR-FIFO", findings);
    job.placements = placements_of(*body, "body", most, findings);
    if (!findings.empty()) {
        return Unexpected{findings.take()};
    }
    return run(state, call, job);
}

// [{"portfolioId":{...},"weight":0.6}, ...]
std::map<PortfolioId, Weight> weights_of(const Json& json, Findings& findings) {
    std::map<PortfolioId, Weight> weights;
    const Json* const member = json.member("portfolioWeights");
    if (member == nullptr) {
        return weights;
    }
    if (member->list() == nullptr) {
        findings.add("portfolioWeights",
                     "found " + member->description() + ", expected a list of weights");
        return weights;
    }
    for (std::size_t i = 0; i < member->list()->size(); ++i) {
        const Json& row = (*member->list())[i];
        const std::string path = fmt::format("portfolioWeights[{}]", i);
        const Json* const id = row.member("portfolioId");
        const Json* const number = row.member("weight");
        if (id == nullptr || number == nullptr) {
            findings.add(path, "expected portfolioId and weight");
            continue;
        }
        const PortfolioId portfolio{read_id(*id, path + ".portfolioId", findings)};
        const Result<Weight> weight =
            Weight::from(read_decimal(*number, path + ".weight", findings));
        if (!weight) {
            findings.add(path + ".weight", weight.error().message());
        } else if (!weights.emplace(portfolio, *weight).second) {
            findings.add(path + ".portfolioId", "this portfolio has a weight already");
        }
    }
    return weights;
}

// The rule behind a code of the weighted call. Both families give by weight where a block has no
// orders; where it has, only PCT does, and weights that a client sends must not be passed over.
std::optional<std::string> weighted_rule(std::string_view code, bool has_weights) {
    for (const std::string_view remainder : {"LF", "SF"}) {
        if (same_without_case(code, remainder) ||
            same_without_case(code, std::string{"PR-"} + std::string{remainder})) {
            return (has_weights ? "PCT-" : "PR-") + std::string{remainder};
        }
    }
    return std::nullopt;
}

}  // namespace

Answer<Response> allocate_any_number(State& state, const Call& call) {
    return run_plain(state, call, std::numeric_limits<std::size_t>::max());
}

Answer<Response> allocate(State& state, const Call& call) {
    return run_plain(state, call, most_placements);
}

Answer<Response> allocate_weighted(State& state, const Call& call) {
    Answer<Json> body = body_of(state, call);
    if (!body) {
        return Unexpected{std::move(body).error()};
    }
    Findings findings;
    Job job;
    const std::string code = algorithm_of(call, "PR-LF", findings);
    if (body->object() == nullptr) {
        findings.add("body", "found " + body->description() +
                                 ", expected an object with placementIds and portfolioWeights");
        return Unexpected{findings.take()};
    }
    if (const Json* ids = body->member("placementIds")) {
        job.placements = placements_of(*ids, "placementIds", most_placements, findings);
        if (job.placements.empty() && findings.empty()) {
            findings.add("placementIds", "found none, expected 1 to 100");
        }
    } else {
        findings.add("placementIds", "field is missing");
    }
    job.weights = weights_of(*body, findings);
    const std::optional<std::string> rule = weighted_rule(code, !job.weights.empty());
    if (!rule) {
        findings.add("allocationAlgorithm",
                     "found " + code.substr(0, 200) + ", expected PR-LF, PR-SF, LF or SF");
    }
    if (!findings.empty()) {
        return Unexpected{findings.take()};
    }
    job.algorithm = *rule;
    return run(state, call, job);
}

}  // namespace allot::service
