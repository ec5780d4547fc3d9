// Metrics: what the service counts, in the text format of Prometheus.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <utility>

namespace allot::service {

// Thread safety: any thread.
class Metrics {
  public:
    void count_request(const std::string& operation, int status, std::chrono::nanoseconds duration);
    void count_allocations(std::size_t made);
    // Entities that a list looked at to find those of its page.
    void count_looked_at(std::size_t entities);
    // Appends the counters.
    void write(std::string& out) const;

  private:
    static constexpr std::array bounds = {
        std::chrono::microseconds{100},       std::chrono::microseconds{1'000},
        std::chrono::microseconds{10'000},    std::chrono::microseconds{100'000},
        std::chrono::microseconds{1'000'000}, std::chrono::microseconds{10'000'000}};

    mutable std::mutex mutex_;
    std::map<std::pair<std::string, int>, std::uint64_t> requests_;
    std::array<std::uint64_t, bounds.size() + 1> durations_{};  // the last: longer than all
    std::chrono::nanoseconds duration_{0};
    std::uint64_t allocations_{0};
    std::uint64_t looked_at_{0};
};

}  // namespace allot::service
