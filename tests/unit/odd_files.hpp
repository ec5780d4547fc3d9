// Files of a book in which something is out of the ordinary here and there.
#pragma once

#include <algorithm>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "engine/io/intake.hpp"
#include "unit/io_support.hpp"

namespace allot_test {

// Of these every third or so is out of the ordinary.
inline const std::vector<std::string> odd_words{"Buy",
                                                "buy",
                                                "Sell",
                                                "A",
                                                "x/y",
                                                "a\\|b",
                                                "\"q,\"\"r\"",
                                                "\"l\nm\"",
                                                "\"\"",
                                                "5",
                                                "0.10",
                                                "-3",
                                                "1e3",
                                                "00",
                                                "s/c",
                                                "desk/A",
                                                "desk/A|desk/B",
                                                "a|",
                                                "\\",
                                                "k=v",
                                                "k=v|k=w",
                                                "k=v|l=",
                                                "\xC3\xA9",
                                                "2026-03-02",
                                                "2026-02-30",
                                                "",
                                                "",
                                                "",
                                                "2026-03-02T09:30:00.120Z",
                                                "2026-03-02T09:30Z",
                                                "{\"labelValue\":3}"};

inline const std::vector<std::pair<std::string, std::string>> headers{
    {"orders",
     "id,side,quantity,portfolio_id,date,instrument_identifiers,state,price,price_currency,type,"
     "custodian_account_id,instrument_scope"},
    {"blocks",
     "id,order_ids,side,quantity,created_date,amount,type,time_in_force,lusid_instrument_id"},
    {"placements", "id,block_ids,parent_placement_id,side,quantity,counterparty"},
    {"executions",
     "id,placement_id,quantity,created_date,price,price_currency,settlement_date,average_price"}};

class OddFiles {
  public:
    // Of about so many names there are ids. Few are letters, and most rows repeat one; of many each
    // row has its own.
    explicit OddFiles(unsigned seed, std::size_t names = 4) : random_{seed}, names_{names} {}

    // The text of a file: most cells are what the column wants, some are anything.
    std::string file(const std::string& header, unsigned oddness, std::size_t most_rows = 6) {
        std::string text = header + '\n';
        std::vector<std::string> columns;
        for (std::size_t at = 0; at <= header.size();) {
            const std::size_t comma = std::min(header.find(',', at), header.size());
            columns.push_back(header.substr(at, comma - at));
            at = comma + 1;
        }
        const std::size_t rows = 1 + random_() % most_rows;
        for (std::size_t row = 0; row < rows; ++row) {
            for (std::size_t i = 0; i < columns.size(); ++i) {
                text += i == 0 ? "" : ",";
                text += random_() % oddness == 0 ? odd_words[random_() % odd_words.size()]
                                                 : usual(columns[i], row);
            }
            text += random_() % (2 * oddness) == 0 ? ",x\n" : random_() % 8 == 0 ? "\r\n" : "\n";
        }
        return text;
    }

  private:
    std::string id(std::size_t number) const {
        return "desk/" + (names_ <= 26 ? std::string(1, static_cast<char>('A' + number))
                                       : "N" + std::to_string(number));
    }
    std::string usual(const std::string& column, std::size_t row) {
        const auto id = [&] { return this->id(random_() % names_); };
        if (column == "id" && names_ > 26) {
            return this->id(row);
        }
        if (column == "order_ids" || column == "block_ids") {
            return random_() % 2 == 0 ? id() : id() + "|" + id();
        }
        if (column == "parent_placement_id" || column == "price" || column == "price_currency" ||
            column == "amount" || column == "average_price") {
            return random_() % 4 == 0 ? "7" : "";
        }
        if (column.ends_with("id")) {
            return id();
        }
        if (column.ends_with("date")) {
            return random_() % 2 == 0 ? "2026-03-02T09:30:00.12Z" : "2026-03-02";
        }
        if (column == "instrument_identifiers") {
            return random_() % 2 == 0 ? "a/b/c=X" : "a/b/c=Y|d=e";
        }
        return column == "quantity" ? std::to_string(1 + random_() % 50) : "Buy";
    }

    std::mt19937 random_;
    std::size_t names_;
};

// What came of reading: the book's text, or the problems.
inline std::string outcome_of(allot::io::Intake& intake) {
    const allot::Result<allot::ReadBook, allot::Errors> read = intake.finish();
    if (!read) {
        return messages(read.error());
    }
    return text_of(read->book) + messages(read->quarantined) + messages(read->warnings);
}

}  // namespace allot_test
