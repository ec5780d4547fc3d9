// `allot history`: the life of an order, a fill or an allocation, in words.
#include <fmt/format.h>

#include <array>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "allot/book_file.hpp"
#include "allot/history.hpp"
#include "apps/cli/commands.hpp"
#include "apps/cli/errors.hpp"
#include "apps/cli/run_on_book.hpp"
#include "apps/cli/table.hpp"
#include "apps/cli/terminal.hpp"

namespace allot::cli {
namespace {

struct HistoryArguments {
    RunArguments run;
    std::string id;
};

// "2026-03-02T12:00:00Z by ann, client called"; what is not known is left out.
std::string written_text(const Written& written) {
    std::string text = written.as_at;
    if (!written.user.empty()) {
        text.append(text.empty() ? "by " : " by ").append(written.user);
    }
    if (!written.reason.empty()) {
        text.append(text.empty() ? "" : ", ").append("because: ").append(written.reason);
    }
    return text;
}

std::string change_text(const MemberChange& change) {
    if (change.before.empty()) {
        return fmt::format("{} {}", change.member, change.after);
    }
    if (change.after.empty()) {
        return fmt::format("{} {} taken away", change.member, change.before);
    }
    return fmt::format("{} from {} to {}", change.member, change.before, change.after);
}

// "run 3f09... of PR-FIFO", or what else the run did: "correction 3f09...".
std::string work_of(const RunRecord& run) {
    constexpr std::array<std::pair<const char*, const char*>, 4> changes{{{"correct", "correction"},
                                                                          {"bust", "bust"},
                                                                          {"amend", "amendment"},
                                                                          {"remove", "removal"}}};
    for (const auto& [option, word] : changes) {
        if (run.options.count(option) != 0) {
            return fmt::format("{} {}", word, run.id);
        }
    }
    const bool is_reallocation = run.options.count("reallocate") != 0;
    return fmt::format("{} {} of {}", is_reallocation ? "reallocation" : "run", run.id,
                       run.algorithm);
}

// What wrote the version: a run, as the book knows it, or nothing but that it was put.
std::string source_of(const std::map<std::string, std::string>& works, const HistoryEntry& entry) {
    if (entry.run.empty()) {
        return "put";
    }
    const auto work = works.find(entry.run);
    return work == works.end() ? "run " + entry.run : work->second;
}

std::string text_of(const Book& book, const std::vector<HistoryEntry>& entries) {
    std::map<std::string, std::string> works;  // by run
    for (const RunRecord& run : book.runs()) {
        works.emplace(run.id, work_of(run));
    }
    std::string text;
    for (const HistoryEntry& entry : entries) {
        if (entry.version == 1) {
            text += text.empty() ? "" : "\n";
            text += printable(fmt::format("{} {}", entry.entity, entry.id.to_string())) + "\n";
        }
        std::string line = fmt::format("  {}", entry.version);
        for (const std::string& part : {source_of(works, entry), written_text(entry.written)}) {
            line += part.empty() ? "" : "  " + part;
        }
        text += printable(line) + "\n";
        if (entry.is_removed) {
            text += "       taken out of the book\n";
        } else if (entry.changes.empty()) {
            text += "       nothing changed\n";
        }
        for (const MemberChange& change : entry.changes) {
            text += "       " + printable(change_text(change)) + "\n";
        }
    }
    return text;
}

ExitStatus tell_history(const HistoryArguments& arguments) {
    Errors errors;
    const ResourceId id = take(ResourceId::parse(arguments.id), "ID", errors);
    if (!errors.empty()) {
        return complain_of(errors);
    }
    const Result<ReadBook, Errors> read = read_for(arguments.run);
    if (!read) {
        return complain_of(read.error());
    }
    remark("warning", read->warnings);
    remark("left out", read->quarantined);
    const Result<std::vector<HistoryEntry>> entries = history_of(read->book, id);
    if (!entries) {
        return complain_of(entries.error());
    }
    return print(text_of(read->book, *entries));
}

}  // namespace

void add_history(CLI::App& program, ExitStatus& status) {
    const auto arguments = std::make_shared<HistoryArguments>();
    CLI::App* command = program.add_subcommand(
        "history", "Tell the life of an order, a block, a placement, a fill or an allocation");
    add_book(*command, arguments->run);
    command->add_option("ID", arguments->id, "What to tell of, SCOPE/CODE")->required();
    command->footer(
        "Every version, who wrote it, when and why, and what it changed; and the allocations\n"
        "that an order received, or that were made of an execution or a placement. A version\n"
        "was written by a run, a correction, a bust, an amendment or a removal, or it was put\n"
        "into the book.\n"
        "\n"
        "Example:\n"
        "  allot history book.json desk/A\n"
        "\n"
        "Exit status: 0 done, 2 bad usage or input, or nothing has that id, 3 the output could\n"
        "not be written.");
    command->callback([arguments, &status] { status = tell_history(*arguments); });
}

}  // namespace allot::cli
