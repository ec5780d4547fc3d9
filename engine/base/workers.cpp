// Workers: threads that share a list of jobs.
#include "engine/base/workers.hpp"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

namespace allot::detail {

namespace {

// A thread costs some ten microseconds, which must be little beside what it does.
constexpr std::size_t least_work = 30'000;

// The list of jobs, and the first of them that went wrong.
class Jobs {
  public:
    Jobs(std::size_t count, std::size_t batch, const std::function<void(std::size_t)>& do_job)
        : count_{count}, batch_{batch}, do_job_{&do_job}, failed_{count} {}

    // Takes batches until there are no more. After a failure only jobs before it matter.
    void work() noexcept {
        for (;;) {
            const std::size_t first = next_.fetch_add(batch_, std::memory_order_relaxed);
            const std::size_t end = std::min(count_, first + batch_);
            if (first >= count_) {
                return;
            }
            for (std::size_t at = first; at < end; ++at) {
                if (at > failed_.load(std::memory_order_relaxed) || !do_one(at)) {
                    break;
                }
            }
        }
    }

    void rethrow() const {
        if (exception_) {
            std::rethrow_exception(exception_);
        }
    }

  private:
    bool do_one(std::size_t at) noexcept {
        try {
            (*do_job_)(at);
            return true;
        } catch (...) {
            const std::scoped_lock lock{mutex_};
            if (at < failed_.load(std::memory_order_relaxed)) {
                failed_.store(at, std::memory_order_relaxed);
                exception_ = std::current_exception();
            }
            return false;
        }
    }

    std::size_t count_;
    std::size_t batch_;
    const std::function<void(std::size_t)>* do_job_;
    std::atomic<std::size_t> next_{0};
    std::atomic<std::size_t> failed_;  // number of the first job that threw
    std::mutex mutex_{};
    std::exception_ptr exception_{};
};

// Which jobs are done and not yet finished. Nobody waits for a turn: who is done while somebody
// finishes leaves the job to that thread. Only who is far ahead waits before it begins.
class Turns {
  public:
    Turns(std::size_t jobs, std::size_t ahead) : is_done_(jobs), ahead_{ahead} {}

    // Returns false when something went wrong meanwhile: the turn would never come.
    [[nodiscard]] bool wait_to_begin(std::size_t job) {
        std::unique_lock lock{mutex_};
        moved_.wait(lock, [&] { return is_broken_ || job < next_ + ahead_; });
        return !is_broken_;
    }

    void pass(std::size_t job, const std::function<void(std::size_t)>& finish_job) {
        std::unique_lock lock{mutex_};
        is_done_[job] = true;
        if (is_taken_) {
            return;
        }
        is_taken_ = true;
        while (next_ < is_done_.size() && is_done_[next_]) {
            lock.unlock();
            finish_job(next_);
            lock.lock();
            ++next_;
            moved_.notify_all();
        }
        is_taken_ = false;
    }

    // Nobody shall wait any more.
    void stop() noexcept {
        const std::scoped_lock lock{mutex_};
        is_broken_ = true;
        moved_.notify_all();
    }

  private:
    std::mutex mutex_{};
    std::condition_variable moved_{};
    std::vector<bool> is_done_;
    std::size_t ahead_;
    std::size_t next_{0};
    bool is_taken_{false};  // and stays so when finish_job has thrown
    bool is_broken_{false};
};

}  // namespace

std::size_t thread_count(unsigned wanted, std::size_t jobs, std::size_t work) noexcept {
    const std::size_t most =
        wanted != 0 ? wanted
                    : std::min<std::size_t>(std::thread::hardware_concurrency(), work / least_work);
    return std::max<std::size_t>(1, std::min(most, jobs));
}

void share_jobs(std::size_t threads, std::size_t jobs, std::size_t batch,
                const std::function<void(std::size_t)>& do_job) {
    Jobs list{jobs, batch, do_job};
    {
        std::vector<std::jthread> helpers;  // joined at the end of the block
        helpers.reserve(threads - 1);
        for (std::size_t i = 1; i < threads; ++i) {
            try {
                helpers.emplace_back([&list] { list.work(); });
            } catch (const std::system_error&) {
                break;
            }
        }
        list.work();
    }
    list.rethrow();
}

void share_jobs_in_turn(std::size_t threads, std::size_t jobs, std::size_t ahead,
                        const std::function<void(std::size_t)>& do_job,
                        const std::function<void(std::size_t)>& finish_job) {
    Turns turns{jobs, ahead};
    share_jobs(threads, jobs, 1, [&](std::size_t job) {
        if (!turns.wait_to_begin(job)) {
            return;
        }
        try {
            do_job(job);
            turns.pass(job, finish_job);
        } catch (...) {
            turns.stop();
            throw;
        }
    });
}

}  // namespace allot::detail
