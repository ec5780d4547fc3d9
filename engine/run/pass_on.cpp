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

// Placements in a row, and the components that begin among them. The rows of some of those come in
// a later stretch.
struct Stretch {
    Range placements{};
    Range components{};
};

// Rows of as many claims are worth a job, and few enough to be in the cache until they are taken:
// about a megabyte of text, which the system takes with less work than many small ones.
constexpr std::size_t rows_of_a_stretch = 4096;

std::vector<Stretch> stretches_of(const Collection& collection,
                                  std::span<const Component> components) {
    std::vector<Stretch> stretches;
    const auto count = static_cast<std::uint32_t>(collection.placements.size());
    std::uint32_t component = 0;
    for (std::uint32_t at = 0; at < count;) {
        Stretch stretch{{at, 0}, {component, 0}};
        std::size_t rows = 0;
        for (; at < count && rows < rows_of_a_stretch; ++at) {
            const RunPlacement& placement = collection.placements[at];
            rows += std::size_t{placement.claims.count} * placement.executions.count + 1;
            if (component < components.size() && components[component].placements.front() == at) {
                ++component;
            }
        }
        stretch.placements.count = at - stretch.placements.first;
        stretch.components.count = component - stretch.components.first;
        stretches.push_back(stretch);
    }
    return stretches;
}

// Thrown by work that has no use any more, because something went wrong elsewhere or what was made
// was refused.
struct Stopped {};

// Up to where everything is split.
class SplitFront {
  public:
    explicit SplitFront(std::size_t stretches) : is_split_(stretches) {}

    void pass(std::size_t stretch) {
        const std::scoped_lock lock{mutex_};
        is_split_[stretch] = true;
        while (front_ < is_split_.size() && is_split_[front_]) {
            ++front_;
        }
        moved_.notify_all();
    }
    // Until all up to this one are split. False: that will not be.
    [[nodiscard]] bool wait_for(std::size_t stretch) {
        std::unique_lock lock{mutex_};
        moved_.wait(lock, [&] { return is_stopped_ || front_ > stretch; });
        return !is_stopped_;
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
    std::vector<bool> is_split_;
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
          front_{stretches_.size()},
          take_{&take} {
        planned.plan.resize(planned.collection.placements.size());
        planned.threads = threads_for(request, planned.collection, components_.all());
        planned.record =
            record_of(book, request, *planned.rule, planned.collection, planned.threads);
        statements_.emplace(book, planned, result);
        passed_.resize(detail::usual_ahead(planned.threads));
    }

    [[nodiscard]] Result<void> run() {
        try {
            detail::share_jobs_in_turn(
                planned_->threads, stretches_.size(), passed_.size(),
                [this](std::size_t job) { or_stop([&] { make(job); }); },
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
    struct Made {
        std::vector<AllocationRow> rows{};
        Stated stated{};
        std::function<Result<void>()> take{};
    };

    template <class Work>
    void or_stop(const Work& work) {
        try {
            work();
        } catch (const Stopped&) {
            front_.stop();
            throw;
        } catch (...) {
            {
                const std::scoped_lock lock{telling_};
                thrown_ = thrown_ ? thrown_ : std::current_exception();
            }
            front_.stop();
            throw;
        }
    }

    void make(std::size_t job) {
        const Stretch& stretch = stretches_[job];
        split(stretch.components);
        front_.pass(job);
        if (!front_.wait_for(job)) {
            throw Stopped{};
        }
        Made& made = passed_[job % passed_.size()];
        std::size_t count = 0;
        for (const PlacementPlan& plan : stretch.placements.of(planned_->plan)) {
            count += plan.shares.size();
        }
        made.rows.resize(std::max(made.rows.size(), count));
        statements_->write(stretch.placements, planned_->plan, {.rows = made.rows.data()},
                           made.stated);
        made.take = count == 0 ? nullptr : (*take_)(std::span{made.rows}.first(count));
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
        Made& made = passed_[job % passed_.size()];
        if (made.take) {
            taken_ = std::exchange(made.take, nullptr)();
            if (!taken_) {
                throw Stopped{};
            }
        }
        statements_->add(stretches_[job].placements, made.stated);
    }

    const BookData* book_;
    const RunRequest* request_;
    Planned* planned_;
    Components components_;
    std::vector<Stretch> stretches_;
    SplitFront front_;
    const RowsTaker* take_;
    std::optional<Statements> statements_{};
    std::vector<Made> passed_{};  // stretch i is at i modulo their number
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
    const std::size_t stretches = (rows.size() + rows_of_a_stretch - 1) / rows_of_a_stretch;
    const std::size_t workers =
        detail::thread_count(threads, stretches, rows.size() * work_of_a_row);
    std::vector<std::function<Result<void>()>> made(detail::usual_ahead(workers));
    Result<void> taken;
    try {
        detail::share_jobs_in_turn(
            workers, stretches, made.size(),
            [&](std::size_t job) {
                const std::size_t first = job * rows_of_a_stretch;
                made[job % made.size()] =
                    take(rows.subspan(first, std::min(rows_of_a_stretch, rows.size() - first)));
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
