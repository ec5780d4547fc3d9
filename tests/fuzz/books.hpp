// What the fuzz targets of files share: what is accepted must survive being written and read.
#pragma once

#include <string>
#include <string_view>

#include "allot/book_file.hpp"
#include "allot/journal.hpp"
#include "fuzz/fuzz.hpp"

namespace allot_test {

inline std::string text_of(const allot::Book& book, allot::NumberStyle numbers) {
    std::string text;
    const allot::Sink sink = [&text](std::string_view piece) {
        text += piece;
        return true;
    };
    require(allot::write_book_json(book, sink, numbers).has_value(), "a book can be written");
    return text;
}

// Whatever a book says of its past, living through it again ends.
inline void check_journal(const allot::Book& book) {
    static const allot::Registry registry = allot::Registry::with_builtins();
    allot::VerifyOptions options;
    options.needs_seals = false;
    options.threads = 1;
    for (const allot::Fault& fault : allot::verify(book, registry, options).faults) {
        require(!fault.message().empty(), "a fault has words");
    }
}

// Writes the book, reads it again, and compares what is written of both.
inline void check_book(const allot::Book& book) {
    check_journal(book);
    const std::string text = text_of(book, allot::NumberStyle::number);
    for (const allot::NumberStyle numbers :
         {allot::NumberStyle::number, allot::NumberStyle::text}) {
        const allot::Result<allot::ReadBook, allot::Errors> again =
            allot::read_book_json(text_of(book, numbers), "written");
        if (!again) {
            std::fprintf(stderr, "%s\n%s\n", again.error().front().located_message().c_str(),
                         text.c_str());
        }
        require(again.has_value(), "a written book is read");
        require(again->book.size() == book.size(), "nothing is lost");
        require(text_of(again->book, allot::NumberStyle::number) == text,
                "a written book is read as it was");
    }
}

// What reading ended with, in one text.
inline std::string outcome_of(const allot::Result<allot::ReadBook, allot::Errors>& read) {
    std::string text = read ? text_of(read->book, allot::NumberStyle::number) : std::string{};
    const auto add = [&text](const allot::Errors& errors) {
        for (const allot::Error& error : errors) {
            text += error.located_message() + '\n';
        }
    };
    if (read) {
        add(read->warnings);
        add(read->quarantined);
    } else {
        add(read.error());
    }
    return text;
}

// Every message of a refusal can be made, and says something.
inline void check_refusal(const allot::Errors& errors) {
    require(!errors.empty(), "a refusal has a reason");
    for (const allot::Error& error : errors) {
        require(!error.located_message().empty(), "a reason has words");
    }
}

}  // namespace allot_test
