// Reading a folder of CSV files into an Intake.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

#include "engine/io/intake.hpp"

namespace allot::io {

// Reads every file of a book that the folder has, about so many bytes at a time.
void read_folder(const std::filesystem::path& folder, Intake& intake,
                 std::size_t bytes_at_once = std::size_t{1} << 18U);

// Reads one file's text: rows of the entity whose list is called `list`. `file` stands for it in
// messages. Returns false when there is no such list.
bool read_csv_text(std::string_view list, std::string_view text, const std::string& file,
                   Intake& intake);

}  // namespace allot::io
