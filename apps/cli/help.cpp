// Lays out help texts.
#include "apps/cli/help.hpp"

#include <string_view>

namespace allot::cli {
namespace {

constexpr std::size_t text_column = 28;
constexpr std::size_t line_width = 96;

// "  name    text", the text wrapped and indented; on a line of its own below a long name.
std::string entry(const std::string& name, std::string_view text) {
    std::string out;
    std::string line = "  " + name;
    if (line.size() + 2 > text_column) {
        out += line + '\n';
        line.clear();
    }
    line.resize(text_column - 1, ' ');
    while (!text.empty()) {
        const std::size_t space = text.find(' ');
        const std::string_view word = text.substr(0, space);
        text.remove_prefix(space == std::string_view::npos ? text.size() : space + 1);
        if (line.size() + 1 + word.size() > line_width) {
            out += line + '\n';
            line.assign(text_column - 1, ' ');
        }
        line += ' ';
        line += word;
    }
    return out + line + '\n';
}

}  // namespace

std::string HelpFormatter::make_description(const CLI::App* program) const {
    return program->get_description() + "\n\n";
}

std::string HelpFormatter::make_usage(const CLI::App* program, std::string name) const {
    std::string out = "Usage: " + name;
    for (const CLI::Option* option :
         program->get_options([](const CLI::Option* o) { return o->get_positional(); })) {
        const std::string shown = option->get_name(true);
        out += option->get_required() ? ' ' + shown : " [" + shown + ']';
    }
    for (const CLI::Option* option : program->get_options(
             [](const CLI::Option* o) { return o->nonpositional() && o->get_required(); })) {
        out += ' ' + option->get_name() + ' ' + option->get_type_name();
    }
    const bool has_commands = !program->get_subcommands({}).empty();
    return out + (has_commands ? " COMMAND" : "") + " [OPTIONS]\n";
}

std::string HelpFormatter::make_option(const CLI::Option* option, bool is_positional) const {
    std::string name = option->get_name(is_positional);
    if (!is_positional && option->get_items_expected_max() > 0) {
        name += ' ' + option->get_type_name();
    }
    std::string text = option->get_description();
    if (!option->get_default_str().empty()) {
        text += " (default " + option->get_default_str() + ')';
    }
    if (!is_positional && option->get_required()) {
        text += " (required)";
    }
    return entry(name, text);
}

std::string HelpFormatter::make_subcommand(const CLI::App* command) const {
    return entry(command->get_name(), command->get_description());
}

}  // namespace allot::cli
