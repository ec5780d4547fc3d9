// Counters as text.
#include "apps/service/metrics.hpp"

#include <fmt/format.h>

#include <iterator>

namespace allot::service {

void Metrics::count_request(const std::string& operation, int status,
                            std::chrono::nanoseconds duration) {
    const std::scoped_lock lock{mutex_};
    ++requests_[{operation, status}];
    duration_ += duration;
    std::size_t at = 0;
    while (at < bounds.size() && duration > bounds[at]) {
        ++at;
    }
    ++durations_[at];
}

void Metrics::count_allocations(std::size_t made) {
    const std::scoped_lock lock{mutex_};
    allocations_ += made;
}

void Metrics::count_looked_at(std::size_t entities) {
    const std::scoped_lock lock{mutex_};
    looked_at_ += entities;
}

void Metrics::write(std::string& out) const {
    const std::scoped_lock lock{mutex_};
    auto to = std::back_inserter(out);
    out +=
        "# HELP allot_requests_total Requests answered, by operation and status.\n"
        "# TYPE allot_requests_total counter\n";
    for (const auto& [key, count] : requests_) {
        fmt::format_to(to, "allot_requests_total{{operation=\"{}\",status=\"{}\"}} {}\n", key.first,
                       key.second, count);
    }
    out +=
        "# HELP allot_request_seconds Time from the head of a request to the end of its answer.\n"
        "# TYPE allot_request_seconds histogram\n";
    std::uint64_t below = 0;
    for (std::size_t i = 0; i < durations_.size(); ++i) {
        below += durations_[i];
        const std::string bound =
            i == bounds.size()
                ? "+Inf"
                : fmt::format("{}", static_cast<double>(bounds[i].count()) / 1'000'000);
        fmt::format_to(to, "allot_request_seconds_bucket{{le=\"{}\"}} {}\n", bound, below);
    }
    fmt::format_to(to, "allot_request_seconds_sum {:.6f}\nallot_request_seconds_count {}\n",
                   std::chrono::duration<double>(duration_).count(), below);
    fmt::format_to(to,
                   "# HELP allot_allocations_total Allocations made or grown by runs.\n"
                   "# TYPE allot_allocations_total counter\nallot_allocations_total {}\n",
                   allocations_);
    fmt::format_to(to,
                   "# HELP allot_looked_at_total Entities that lists looked at for their pages.\n"
                   "# TYPE allot_looked_at_total counter\nallot_looked_at_total {}\n",
                   looked_at_);
}

}  // namespace allot::service
