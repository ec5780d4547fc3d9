// Reading a JSON book into an Intake.
#pragma once

#include <string>
#include <string_view>

#include "engine/io/intake.hpp"

namespace allot::io {

// Reads a whole document. `name` stands for the file in messages.
void read_json_text(std::string_view json, const std::string& name, Intake& intake);

}  // namespace allot::io
