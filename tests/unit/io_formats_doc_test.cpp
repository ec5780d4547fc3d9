// docs/formats.md and the table of fields say the same.
#include <map>
#include <string>
#include <type_traits>

#include "engine/io/fields.hpp"
#include "unit/io_support.hpp"

using namespace allot;
using allot::io::Need;

namespace {

template <class T>
struct IsIds : std::false_type {};
template <class Kind>
struct IsIds<std::vector<Id<Kind>>> : std::true_type {};
template <class T>
struct IsId : std::is_same<T, ResourceId> {};
template <class Kind>
struct IsId<Id<Kind>> : std::true_type {};
template <class T>
struct Content {
    using type = T;
};
template <class T>
struct Content<std::optional<T>> {
    using type = T;
};

// What docs/formats.md calls a kind of field.
template <class Field>
std::string kind_of() {
    using T = typename Content<Field>::type;
    if constexpr (IsIds<T>::value) {
        return "ids";
    } else if constexpr (IsId<T>::value) {
        return "id";
    } else if constexpr (std::is_same_v<T, std::string>) {
        return "text";
    } else if constexpr (std::is_same_v<T, bool>) {
        return "boolean";
    } else if constexpr (std::is_same_v<T, Weight>) {
        return "weight";
    } else if constexpr (std::is_same_v<T, std::uint32_t>) {
        return "whole number";
    } else if constexpr (std::is_same_v<T, Quantity>) {
        return "quantity";
    } else if constexpr (std::is_same_v<T, Decimal>) {
        return "number";
    } else if constexpr (std::is_same_v<T, Time>) {
        return "time";
    } else if constexpr (std::is_same_v<T, CurrencyAndAmount>) {
        return "money";
    } else if constexpr (std::is_same_v<T, Properties>) {
        return "properties";
    } else {
        return "map";
    }
}

std::string in_code(std::string_view text) {
    return '`' + std::string{text} + '`';
}

// The table of an entity as it stands in the page.
template <class Entity>
std::string table_of() {
    std::string table = "### " + std::string{io::Schema<Entity>::list} +
                        ".csv\n\n| column | JSON | kind | needed |\n|---|---|---|---|\n";
    io::for_each_field<Entity>([&](const auto& field, std::size_t) {
        using Value = io::ValueOf<decltype(field.member), Entity>;
        std::string column = in_code(field.column);
        std::string name = in_code(field.name);
        if (io::is_money<Value>) {
            column += ", " + in_code(std::string{field.column}.append(io::currency_suffix));
        }
        if (!field.other_name.empty()) {
            column += " or " + in_code(field.other_column);
            name += " or " + in_code(field.other_name);
        }
        const std::map<Need, std::string> needs{
            {Need::optional, ""},
            {Need::required, "yes"},
            {Need::required_column, "unless `amount` or `weight` is given"}};
        table += "| " + column + " | " + name + " | " + kind_of<Value>() + " | " +
                 needs.at(field.need) + " |\n";
    });
    return table + '\n';
}

template <class Entity>
void check_table(const std::string& page) {
    const std::string table = table_of<Entity>();
    INFO(table);
    CHECK(page.find(table) != std::string::npos);
    for (const std::string_view dropped : io::Schema<Entity>::dropped) {
        INFO(dropped);
        CHECK(page.find(in_code(dropped)) != std::string::npos);
    }
}

}  // namespace

TEST_CASE("docs/formats.md lists every column of every file") {
    const std::string page = allot_test::text_of_file(ALLOT_SOURCE_DIR "/docs/formats.md");
    REQUIRE(!page.empty());
    check_table<Order>(page);
    check_table<Block>(page);
    check_table<Placement>(page);
    check_table<Execution>(page);
    check_table<Allocation>(page);
    check_table<Instrument>(page);
    check_table<Portfolio>(page);
    check_table<io::NamedAlgorithm>(page);
    check_table<RunRecord>(page);
}
