// Recorded: the request of a run as its record says it, and the way back.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "allot/engine.hpp"
#include "engine/run/collect.hpp"

namespace allot::run {

// Whether bad rows keep a placement out of a run: nobody who reads the book later knows of them.
[[nodiscard]] bool is_left_out(const BookData& book, const RunPlacement& placement);

using RecordOptions = std::map<std::string, std::string>;

// States what differs from the defaults. Placements are named where not all were asked for, or some
// had to be left out because of bad rows.
void note_request(const BookData& book, const RunRequest& request, const Collection& collection,
                  RecordOptions& options);
void note_reallocation(const Pins& pins, RecordOptions& options);
// A bust without a correction.
void note_correction(const ExecutionId& id, const std::optional<Correction>& correction,
                     RecordOptions& options);
void note_amendment(const Amendment& amendment, RecordOptions& options);
// `entity`: "order", "execution", "block" or "placement".
void note_removal(std::string_view entity, const ResourceId& id, RecordOptions& options);
// An id as a record has it.
[[nodiscard]] std::string recorded_id(const ResourceId& id);

// What a record is of.
enum class Work : std::uint8_t { run, reallocate, correct, bust, amend, remove };

struct Recorded {
    Work work{Work::run};
    RunRequest request{};
    Pins pins{};              // of reallocate
    Correction correction{};  // of correct; of bust the execution alone
    Amendment amendment{};    // of amend
    std::string entity{};     // of remove
    ResourceId removed{};     // of remove
};

// Errors: option_is_not_valid, and those of the values, which name the option.
[[nodiscard]] Result<Recorded> read_record(const RunRecord& record);

}  // namespace allot::run
