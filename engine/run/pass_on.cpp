// Pass on: a run whose rows are taken while it goes on, and kept by nobody.
#include "engine/run/pass_on.hpp"

#include <algorithm>
#include <condition_variable>
#include <exception>
#include <functional>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "engine/base/workers.hpp"
#include "engine/run/record.hpp"

namespace allot::run {

namespace {

using detail::AllocationRow;

// Rows of as many claims are worth a job, and few enough to be in the cache until they are taken:
// about a megabyte of text, which the system takes with less work than many small ones.
constexpr std::size_t rows_of_a_job = 4096;

// How many rows there will be is not known: a bound for jobs that have nothing to do in the end.
constexpr std::size_t most_jobs_of_a_stretch = 256;

// Placements in a row, and the components that begin among them. The rows of some of those come in
// a later stretch.
struct Stretch {
    Range placements{};
    Range components{};
    std::size_t first_job{0};
    std::size_t jobs{1};  // more when a placement may have many rows

    [[nodiscard]] std::size_t end_of_jobs() const noexcept { return first_job + jobs; }
};

std::vector<Stretch> stretches_of(const Collection& collection,
                                  std::span<const Component> components) {
    std::vector<Stretch> stretches;
    const auto count = static_cast<std::uint32_t>(collection.placements.size());
    std::uint32_t component = 0;
    for (std::uint32_t at = 0; at < count;) {
        Stretch stretch{{at, 0}, {component, 0}};
        std::size_t rows = 0;  // at most
        for (; at < count && rows < rows_of_a_job; ++at) {
            const RunPlacement& placement = collection.placements[at];
            rows += std::size_t{placement.claims.count} * placement.executions.count + 1;
            if (component < components.size() && components[component].placements.front() == at) {
                ++component;
            }
        }
        stretch.placements.count = at - stretch.placements.first;
        stretch.components.count = component - stretch.components.first;
        stretch.jobs = std::clamp<std::size_t>(rows / rows_of_a_job, 1, most_jobs_of_a_stretch);
        stretch.first_job = stretches.empty() ? 0 : stretches.back().end_of_jobs();
        stretches.push_back(stretch);
    }
    return stretches;
}

// Thrown by work that has no use any more, because something went wrong elsewhere or what was made
// was refused.
struct Stopped {};

// Up to where something is done to all stretches.
class Front {
  public:
    explicit Front(std::size_t stretches) : is_done_(stretches) {}

    void pass(std::size_t stretch) {
        const std::scoped_lock lock{mutex_};
        is_done_[stretch] = true;
        while (front_ < is_done_.size() && is_done_[front_]) {
            ++front_;
        }
        moved_.notify_all();
    }
    // Until it is done to all up to this one. Errors: throws Stopped when that will not be.
    void wait_for(std::size_t stretch) {
        std::unique_lock lock{mutex_};
        moved_.wait(lock, [&] { return is_stopped_ || front_ > stretch; });
        if (is_stopped_) {
            throw Stopped{};
        }
    }
    // Nobody shall wait any more.
    void stop() noexcept {
        const std::scoped_lock lock{mutex_};
        is_stopped_ = true;
        moved_.notify_all();
    }

  private:
    std::mutex mutex_{};
    std::condition_variable moved_{};
    std::vector<bool> is_done_;
    std::size_t front_{0};
    bool is_stopped_{false};
};

class Passing {
  public:
    Passing(const BookData& book, const RunRequest& request, Planned& planned, RunResult& result,
            const RowsTaker& take)
        : book_{&book},
          request_{&request},
          planned_{&planned},
          components_{book, planned.collection},
          stretches_{stretches_of(planned.collection, components_.all())},
          split_{stretches_.size()},
          written_{stretches_.size()},
          take_{&take} {
        planned.plan.resize(planned.collection.placements.size());
        planned.threads = threads_for(request, planned.collection, components_.all());
        planned.record =
            record_of(book, request, *planned.rule, planned.collection, planned.threads);
        statements_.emplace(book, planned, result);
        written_rows_.resize(detail::usual_ahead(planned.threads));
        taken_later_.resize(written_rows_.size());
    }

    [[nodiscard]] Result<void> run() {
        try {
            detail::share_jobs_in_turn(
                planned_->threads, stretches_.empty() ? 0 : stretches_.back().end_of_jobs(),
                taken_later_.size(), [this](std::size_t job) { or_stop([&] { make(job); }); },
                [this](std::size_t job) { or_stop([&] { take(job); }); });
        } catch (const Stopped&) {
            if (thrown_) {
                std::rethrow_exception(thrown_);
            }
        }
        return std::move(taken_);
    }

  private:
    // What was made of a stretch and not taken yet.
    struct Written {
        std::vector<AllocationRow> rows{};  // those of this stretch first
        std::size_t count{0};
        Stated stated{};
    };

    template <class Work>
    void or_stop(const Work& work) {
        try {
            work();
        } catch (const Stopped&) {
            stop();
            throw;
        } catch (...) {
            {
                const std::scoped_lock lock{telling_};
                thrown_ = thrown_ ? thrown_ : std::current_exception();
            }
            stop();
            throw;
        }
    }

    void stop() noexcept {
        split_.stop();
        written_.stop();
    }

    // The stretch of a job.
    [[nodiscard]] std::size_t stretch_of(std::size_t job) const {
        const auto after = std::upper_bound(
            stretches_.begin(), stretches_.end(), job,
            [](std::size_t number, const Stretch& other) { return number < other.first_job; });
        return static_cast<std::size_t>(after - stretches_.begin()) - 1;
    }
    // Of a stretch, and later of one whose jobs begin when those of this one are finished.
    [[nodiscard]] Written& written_of(std::size_t stretch) {
        return written_rows_[stretch % written_rows_.size()];
    }

    // The first job of a stretch writes its rows; each passes a part of them on.
    void make(std::size_t job) {
        const std::size_t at = stretch_of(job);
        const Stretch& stretch = stretches_[at];
        if (job == stretch.first_job) {
            split(stretch.components);
            split_.pass(at);
            split_.wait_for(at);
            write(stretch, written_of(at));
            written_.pass(at);
        } else {
            written_.wait_for(at);
        }
        const Written& written = written_of(at);
        const std::size_t length = (written.count + stretch.jobs - 1) / stretch.jobs;
        const std::size_t first = std::min((job - stretch.first_job) * length, written.count);
        const std::size_t count = std::min(length, written.count - first);
        taken_later_[job % taken_later_.size()] =
            count == 0 ? nullptr : (*take_)(std::span{written.rows}.subspan(first, count));
    }

    void write(const Stretch& stretch, Written& written) {
        written.count = 0;
        for (const PlacementPlan& plan : stretch.placements.of(planned_->plan)) {
            written.count += plan.shares.size();
        }
        written.rows.resize(std::max(written.rows.size(), written.count));
        statements_->write(stretch.placements, planned_->plan, {.rows = written.rows.data()},
                           written.stated);
    }

    void split(Range components) {
        const SplitContext context{*book_, *planned_->rule, request_->options};
        for (const Component& component : components.of(components_.all())) {
            split_component(context, component, planned_->collection, planned_->plan);
            if (request_->options.progress) {
                const std::scoped_lock lock{telling_};
                done_ += component.executions.size();
                request_->options.progress(done_, planned_->collection.executions.size());
            }
        }
    }

    void take(std::size_t job) {
        if (const auto take = std::exchange(taken_later_[job % taken_later_.size()], nullptr)) {
            taken_ = take();
            if (!taken_) {
                throw Stopped{};
            }
        }
        const std::size_t at = stretch_of(job);
        if (job + 1 == stretches_[at].end_of_jobs()) {
            statements_->add(stretches_[at].placements, written_of(at).stated);
        }
    }

    const BookData* book_;
    const RunRequest* request_;
    Planned* planned_;
    Components components_;
    std::vector<Stretch> stretches_;
    Front split_;
    Front written_;
    const RowsTaker* take_;
    std::optional<Statements> statements_{};
    std::vector<Written> written_rows_{};                       // by stretch
    std::vector<std::function<Result<void>()>> taken_later_{};  // by job, modulo their number
    Result<void> taken_{};
    std::mutex telling_{};  // guards what follows
    std::size_t done_{0};   // executions
    std::exception_ptr thrown_{};
};

}  // namespace

Result<void> pass_on_rows(const BookData& book, const RunRequest& request, Planned& planned,
                          RunResult& result, const RowsTaker& take) {
    return Passing{book, request, planned, result, take}.run();
}

Result<void> pass_on_rows(std::span<const AllocationRow> rows, unsigned threads,
                          const RowsTaker& take) {
    constexpr std::size_t work_of_a_row = 5;  // to be taken, in claims that are looked at
    const std::size_t jobs = (rows.size() + rows_of_a_job - 1) / rows_of_a_job;
    const std::size_t workers = detail::thread_count(threads, jobs, rows.size() * work_of_a_row);
    std::vector<std::function<Result<void>()>> made(detail::usual_ahead(workers));
    Result<void> taken;
    try {
        detail::share_jobs_in_turn(
            workers, jobs, made.size(),
            [&](std::size_t job) {
                const std::size_t first = job * rows_of_a_job;
                made[job % made.size()] =
                    take(rows.subspan(first, std::min(rows_of_a_job, rows.size() - first)));
            },
            [&](std::size_t job) {
                taken = std::exchange(made[job % made.size()], nullptr)();
                if (!taken) {
                    throw Stopped{};
                }
            });
    } catch (const Stopped&) {  // `taken` says why
    }
    return taken;
}

}  // namespace allot::run
