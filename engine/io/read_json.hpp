// Reading a JSON book into an Intake.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "engine/io/intake.hpp"

namespace allot::io {

// Reads a whole document. `name` stands for the file in messages. Long lists are prepared about so
// many bytes at a time.
void read_json_text(std::string_view json, const std::string& name, Intake& intake,
                    std::size_t bytes_at_once = std::size_t{1} << 18U);

}  // namespace allot::io
