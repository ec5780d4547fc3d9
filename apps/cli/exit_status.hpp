// What the program tells the shell.
#pragma once

namespace allot::cli {

enum class ExitStatus : int {
    done = 0,         // everything asked for was done
    failures = 1,     // the run finished, and some placements failed
    refused = 2,      // bad usage, or bad or unreadable input: nothing was done
    not_written = 3,  // the output could not be written
};

}  // namespace allot::cli
