// Plays the sections of a golden case, one after the other, on one book.
#pragma once

#include <string>
#include <vector>

#include "allot/book_file.hpp"
#include "allot/engine.hpp"
#include "golden/case_file.hpp"

namespace golden {

// What an action says, as the lines its section should have; actions that say nothing (book,
// change, reread) throw std::runtime_error when they do not go as written.
class Player {
  public:
    explicit Player(std::filesystem::path folder) : folder_{std::move(folder)} {}

    // Whether the body of this section is what the action is expected to say.
    static bool speaks(const Section& section);

    std::vector<std::string> play(const Section& section);

  private:
    std::vector<std::string> act(const Section& section);
    void read_book(const Section& section);
    void change(const std::string& line);
    void reread();
    std::vector<std::string> run(const Section& section);
    std::vector<std::string> correct(const Section& section);
    std::vector<std::string> correct_all(const Section& section);
    std::vector<std::string> amend(const Section& section);
    std::vector<std::string> remove(const Section& section);
    static std::vector<std::string> split(const Section& section);

    std::filesystem::path folder_;
    allot::Book book_{};
    std::vector<std::string> problems_{};
};

}  // namespace golden
