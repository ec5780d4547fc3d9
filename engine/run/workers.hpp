// Workers under the name by which runs call them.
#pragma once

#include "engine/base/workers.hpp"

namespace allot::run {

using detail::share_jobs;
using detail::share_jobs_in_turn;
using detail::thread_count;

}  // namespace allot::run
