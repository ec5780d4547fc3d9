// The layout of help texts: two columns, wrapped so that they fit a terminal.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace allot::cli {

class HelpFormatter : public CLI::Formatter {
  public:
    std::string make_description(const CLI::App* program) const override;
    std::string make_usage(const CLI::App* program, std::string name) const override;
    std::string make_option(const CLI::Option* option, bool is_positional) const override;
    std::string make_subcommand(const CLI::App* command) const override;
};

}  // namespace allot::cli
