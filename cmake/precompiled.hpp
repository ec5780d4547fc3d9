// What most sources include, parsed once for each target (allot_precompile in AllotTarget.cmake).
// Sources still include what they use: the presets clang and tidy do without this.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <numeric>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "allot/allot.hpp"
