// Jobs that are finished in turn, whichever thread does them.
#include "engine/base/workers.hpp"

#include <atomic>
#include <cstddef>
#include <stdexcept>
#include <vector>

#include "support/catch.hpp"

namespace {

constexpr std::size_t job_count = 500;

// What was finished, in order, when `fails(job, is_finishing)` may throw.
template <class Fails>
std::vector<std::size_t> finished_by(std::size_t threads, std::size_t ahead, Fails fails) {
    std::vector<std::atomic<bool>> is_done(job_count);
    std::vector<std::atomic<bool>> is_finished(job_count);
    std::vector<std::size_t> finished;
    std::atomic<int> inside{0};
    std::atomic<bool> is_right{true};
    const auto do_job = [&](std::size_t job) {
        if (job >= ahead && !is_finished[job - ahead]) {
            is_right = false;
        }
        fails(job, false);
        is_done[job] = true;
    };
    const auto finish_job = [&](std::size_t job) {
        is_right = is_right && ++inside == 1 && is_done[job];
        fails(job, true);
        finished.push_back(job);
        is_finished[job] = true;
        --inside;
    };
    try {
        allot::detail::share_jobs_in_turn(threads, job_count, ahead, do_job, finish_job);
    } catch (const std::runtime_error&) {
        finished.push_back(job_count);
    }
    CHECK(is_right);
    return finished;
}

}  // namespace

TEST_CASE("Jobs are finished one after the other, in order, when they are done", "[threads]") {
    for (const std::size_t threads : {1U, 2U, 3U, 8U}) {
        for (const std::size_t ahead : {1U, 2U, 7U, 500U}) {
            const auto finished = finished_by(threads, ahead, [](std::size_t, bool) {});
            REQUIRE(finished.size() == job_count);
            for (std::size_t i = 0; i < job_count; ++i) {
                REQUIRE(finished[i] == i);
            }
        }
    }
}

TEST_CASE("What a job throws is thrown to the caller, and nothing behind it finished",
          "[threads]") {
    constexpr std::size_t bad = 200;
    for (const std::size_t threads : {1U, 2U, 3U, 8U}) {
        for (const bool in_finishing : {false, true}) {
            const std::size_t ahead = allot::detail::usual_ahead(threads);
            const auto fail = [&](std::size_t job, bool is_finishing) {
                if (job == bad && is_finishing == in_finishing) {
                    throw std::runtime_error{"two hundred"};
                }
            };
            const auto finished = finished_by(threads, ahead, fail);
            REQUIRE(!finished.empty());
            CHECK(finished.back() == job_count);
            CHECK(finished.size() <= bad + 1);
            for (std::size_t i = 0; i + 1 < finished.size(); ++i) {
                REQUIRE(finished[i] == i);
            }
        }
    }
}
