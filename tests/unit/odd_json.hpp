// JSON in which something is out of the ordinary here and there.
#pragma once

#include <algorithm>
#include <array>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace allot_test {

inline const std::vector<std::string> odd_json{"null",
                                               "\"\"",
                                               "0",
                                               "-1",
                                               "1.50",
                                               "1e3",
                                               "01",
                                               "1.",
                                               "true",
                                               "{}",
                                               "[]",
                                               "\"\\n\"",
                                               "\"\\u00e9\"",
                                               "\"\\ud83d\\ude00\"",
                                               "\"\\ud83d\"",
                                               "\"\\q\"",
                                               "{\"scope\":\"s\"}",
                                               "[null]",
                                               "\"2026-02-30\"",
                                               "{\"a\":\"b\",\"a\":\"c\"}",
                                               "{\"amount\":null}",
                                               "1e400",
                                               "tru",
                                               "\t",
                                               ",",
                                               ":",
                                               "}",
                                               "]",
                                               "\"",
                                               "\"id\":",
                                               "\"quantity\":5,",
                                               "\"colour\":5,",
                                               "\"side\":\"\",",
                                               "\"a\",\"currency\":\"b\"",
                                               "\"a\",\"code\":\"b\"",
                                               "\xC3\xA9"};

// A text with some of its bytes cut out and odd ones put in.
inline std::string spoilt(std::string text, std::mt19937& random) {
    for (std::size_t times = random() % 3; times > 0; --times) {
        const std::size_t at = random() % text.size();
        const std::size_t length = random() % 3 == 0 ? random() % 30 : 0;
        // Behind a colon stands a value, behind a comma mostly a member.
        const std::size_t place = std::min(text.find_first_of(":,", at), text.size() - 1) + 1;
        text.replace(place, length, random() % 4 == 0 ? "" : odd_json[random() % odd_json.size()]);
    }
    return text;
}

// Documents of orders, blocks, placements and executions that refer to each other.
class OddDocument {
  public:
    // Of `oddness` members about one is out of the ordinary.
    OddDocument(std::mt19937& random, unsigned oddness, std::size_t names)
        : random_{&random}, oddness_{oddness}, names_{names} {}

    std::string text() {
        std::array<std::string_view, 4> lists{"orders", "blocks", "placements", "executions"};
        if (chance(4)) {
            std::shuffle(lists.begin(), lists.end(), *random_);
        }
        std::string text = "{\"schema\":\"allot/1\"";
        for (const std::string_view list : lists) {
            text += ",\n\"" + std::string{list} + "\":[";
            const std::size_t items = 1 + (*random_)() % names_;
            for (std::size_t i = 0; i < items; ++i) {
                text += (i == 0 ? "" : chance(9) ? " ,\r\n " : ",\n") + item(list, i);
            }
            text += "]";
        }
        return text + "}\n";
    }

  private:
    using Members = std::vector<std::string>;

    bool chance(unsigned in) { return (*random_)() % in == 0; }
    static std::string id_of(std::size_t number) {
        return "{\"scope\":\"desk\",\"code\":\"N" + std::to_string(number) + "\"}";
    }
    std::string any_id() {
        constexpr std::size_t too_long = 513;
        return chance(20 * oddness_)
                   ? "{\"code\":\"N\",\"scope\":\"" + std::string(too_long, 's') + "\"}"
                   : id_of((*random_)() % names_);
    }
    std::string ids() {
        return "[" + any_id() + (chance(2) ? "," + any_id() : "") + (chance(9) ? " ]" : "]");
    }
    std::string number() {
        const std::string digits = std::to_string(1 + (*random_)() % 50);
        return chance(5) ? '"' + digits + '"' : digits + (chance(9) ? ".50" : "");
    }
    std::string time() { return chance(2) ? "\"2026-03-02T09:30:00.12Z\"" : "\"2026-03-02\""; }
    std::string identifiers() {
        return chance(2) ? "{\"a/b/c\":\"X\"}" : "{ \"a/b/c\" : \"Y\",\"d\":\"e\"}";
    }
    void add(Members& members, const std::string& name, const std::string& value) {
        members.push_back('"' + name + (chance(20) ? "\" : " : "\":") +
                          (chance(oddness_) ? odd_json[(*random_)() % 22] : value));
    }
    // Nothing of it is kept; it looks like an item behind another one.
    void add_decoy(Members& members) {
        members.push_back("\"links\":[0,{\"id\":" + any_id() +
                          ",\"side\":\"Sell\",\"quantity\":9}]");
    }
    std::string item(std::string_view list, std::size_t number_of_item) {
        Members members;
        add(members, "id", id_of(chance(3 * oddness_) ? 0 : number_of_item));
        if (list == "orders") {
            add(members, "side", "\"Buy\"");
            add(members, "quantity", number());
            add(members, "portfolioId", any_id());
            add(members, "instrumentIdentifiers", identifiers());
            add(members, "date", time());
            add(members, "type", chance(9) ? "null" : "\"Limit\"");
        } else if (list == "blocks") {
            add(members, "orderIds", ids());
            add(members, "side", "\"Buy\"");
            add(members, "createdDate", time());
        } else if (list == "placements") {
            add(members, "blockIds", ids());
            add(members, "side", "\"buy\"");
            add(members, "quantity", number());
            add(members, "counterparty", "\"broker\"");
        } else {
            add(members, "placementId", any_id());
            add(members, "quantity", number());
            add(members, "createdDate", time());
            add(members, "price", "{\"amount\":" + number() + ",\"currency\":\"USD\"}");
        }
        if (chance(2 * oddness_)) {
            members.push_back(members[(*random_)() % members.size()]);
        }
        if (chance(9)) {
            add_decoy(members);
        }
        if (chance(9)) {
            std::shuffle(members.begin(), members.end(), *random_);
        }
        std::string text = chance(9) ? "{\n" : "{";
        for (std::size_t i = 0; i < members.size(); ++i) {
            text += (i == 0 ? "" : chance(20) ? ", " : ",") + members[i];
        }
        return text + "}";
    }

    std::mt19937* random_;
    unsigned oddness_;
    std::size_t names_;
};

}  // namespace allot_test
