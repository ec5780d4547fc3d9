// Workers: threads that share a list of jobs. What a job is must not depend on who does it.
#pragma once

#include <cstddef>
#include <functional>

namespace allot::detail {

// How many threads a list of jobs is worth: `wanted` as it is, or, when it is 0, all cores as far
// as each finds enough to do. Never more than there are jobs, at least 1. `work` counts claims that
// are looked at, over all jobs.
[[nodiscard]] std::size_t thread_count(unsigned wanted, std::size_t jobs,
                                       std::size_t work) noexcept;

// Calls do_job(i) for every i below `jobs`, each once, on `threads` threads of which the caller's
// is one, in batches of `batch` neighbours. Returns when all are done.
// Errors: rethrows what the first of the jobs that threw has thrown, first by number; jobs behind
// it may be left undone. A thread that cannot be had does not fail: the others do its part.
// Thread safety: do_job is called from several threads at once.
void share_jobs(std::size_t threads, std::size_t jobs, std::size_t batch,
                const std::function<void(std::size_t)>& do_job);

// The same in batches of one, and what do_job(i) has done is taken on by finish_job(i): for one i
// after the other in the order of numbers, never two at once, on any of the threads. A job begins
// once that `ahead` numbers before it is finished, so that no more than `ahead` wait for their
// turn. Errors: rethrows what one of the calls has thrown.
void share_jobs_in_turn(std::size_t threads, std::size_t jobs, std::size_t ahead,
                        const std::function<void(std::size_t)>& do_job,
                        const std::function<void(std::size_t)>& finish_job);

// A good `ahead`: nobody waits where turns take as long now and then as several jobs.
[[nodiscard]] constexpr std::size_t usual_ahead(std::size_t threads) noexcept {
    return 4 * threads;
}

}  // namespace allot::detail
