// Items that are prepared ahead of the one who takes them, in order, on several threads.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "engine/base/workers.hpp"

namespace allot::io {

// How many threads read a text of so many bytes, of which one puts rows into the book. That takes
// about a quarter of the time: more than these would wait for it. A text of few stretches is not
// worth a second one.
[[nodiscard]] inline std::size_t threads_for(unsigned wanted, std::size_t bytes,
                                             std::size_t bytes_at_once) noexcept {
    constexpr std::size_t most_threads = 6;
    constexpr std::size_t few_stretches = 4;
    return bytes / bytes_at_once >= few_stretches
               ? detail::thread_count(wanted, most_threads, bytes)
               : 1;
}

// Fills items one after the other, prepares several at once, and hands them out in the order in
// which they were filled. One thread means the taker's own: nothing is done ahead then.
template <class Item>
class Ahead {
  public:
    struct Work {
        std::function<bool(Item&)> fill{};     // one call at a time; false: there is no more
        std::function<void(Item&)> prepare{};  // on any thread, side by side
    };

    Ahead(std::size_t threads, Work work) : work_{std::move(work)} {
        const std::size_t slots = threads <= 1 ? 1 : 2 * threads + 1;
        for (std::size_t i = 0; i < slots; ++i) {
            slots_.push_back(std::make_unique<Slot>());
        }
        helpers_.reserve(threads);
        for (std::size_t i = 1; i < threads; ++i) {
            try {
                helpers_.emplace_back([this] { help(); });
            } catch (const std::system_error&) {
                break;  // the others do its part
            }
        }
    }
    Ahead(const Ahead&) = delete;
    Ahead& operator=(const Ahead&) = delete;
    ~Ahead() {
        {
            const std::scoped_lock lock{mutex_};
            is_stopped_ = true;
        }
        changed_.notify_all();
    }

    // The next item, valid until the next call; null at the end. Rethrows what its filling or its
    // preparation has thrown.
    [[nodiscard]] Item* next() {
        std::unique_lock lock{mutex_};
        if (given_ > 0) {
            slot_of(given_ - 1).state = State::free;
            changed_.notify_all();
        }
        while (true) {
            Slot& slot = slot_of(given_);
            if (given_ < begun_ && slot.state == State::ready) {
                ++given_;
                if (slot.problem) {
                    std::rethrow_exception(slot.problem);
                }
                return &slot.item;
            }
            if (can_begin()) {
                do_one(lock);
            } else if (given_ == begun_) {
                return nullptr;
            } else {
                changed_.wait(lock);
            }
        }
    }

  private:
    enum class State { free, begun, ready };
    struct Slot {
        Item item{};
        State state{State::free};
        std::exception_ptr problem{};
    };

    [[nodiscard]] Slot& slot_of(std::size_t number) { return *slots_[number % slots_.size()]; }
    [[nodiscard]] bool can_begin() { return !is_at_end_ && slot_of(begun_).state == State::free; }
    void help() {
        std::unique_lock lock{mutex_};
        while (!is_stopped_ && !is_at_end_) {
            if (can_begin()) {
                do_one(lock);
            } else {
                changed_.wait(lock);
            }
        }
    }
    // Precondition: can_begin(), and the lock is held, as it is again in the end.
    void do_one(std::unique_lock<std::mutex>& lock) {
        Slot& slot = slot_of(begun_);
        try {
            if (!work_.fill(slot.item)) {
                is_at_end_ = true;
                changed_.notify_all();
                return;
            }
        } catch (...) {
            slot.problem = std::current_exception();
            is_at_end_ = true;
        }
        slot.state = State::begun;
        ++begun_;
        if (!slot.problem) {
            lock.unlock();
            prepare(slot);
            lock.lock();
        }
        slot.state = State::ready;
        changed_.notify_all();
    }
    void prepare(Slot& slot) noexcept {
        try {
            work_.prepare(slot.item);
        } catch (...) {
            slot.problem = std::current_exception();
        }
    }

    Work work_;
    std::vector<std::unique_ptr<Slot>> slots_{};
    std::mutex mutex_{};
    std::condition_variable changed_{};
    std::size_t begun_{0};  // items that somebody fills or has filled
    std::size_t given_{0};  // of them handed out
    bool is_at_end_{false};
    bool is_stopped_{false};
    std::vector<std::jthread> helpers_{};  // the last member: joined while the others live
};

}  // namespace allot::io
