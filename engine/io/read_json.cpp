// Reading a JSON book: the lists of the document, item by item, into an Intake.
#include <array>
#include <bitset>
#include <optional>
#include <span>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "allot/book_file.hpp"
#include "engine/io/file_text.hpp"
#include "engine/io/intake.hpp"
#include "engine/io/json_input.hpp"
#include "engine/io/json_tree.hpp"
#include "engine/io/read_json.hpp"
#include "engine/io/usual_rows.hpp"

namespace allot {

namespace {

using namespace io;

constexpr std::string_view schema_member = "schema";
constexpr std::string_view history_member = "history";
constexpr std::string_view algorithms_member = Schema<NamedAlgorithm>::list;
constexpr std::size_t bytes_between_progress = std::size_t{1} << 20U;

// Calls `use` with the type of the entity whose list is called `list`. Returns whether there is
// one.
template <class Use>
bool with_entity_of(std::string_view list, Use&& use) {
    const auto matches = [&]<class Entity>(std::type_identity<Entity> type) {
        if (list != Schema<Entity>::list) {
            return false;
        }
        use(type);
        return true;
    };
    return matches(std::type_identity<Order>{}) || matches(std::type_identity<Block>{}) ||
           matches(std::type_identity<Placement>{}) || matches(std::type_identity<Execution>{}) ||
           matches(std::type_identity<Allocation>{}) || matches(std::type_identity<Instrument>{}) ||
           matches(std::type_identity<Portfolio>{}) || matches(std::type_identity<RunRecord>{}) ||
           matches(std::type_identity<NamedAlgorithm>{}) ||
           matches(std::type_identity<JournalEntry>{});
}

// Whether `list` may stand under `history`: lists of entities with versions.
bool has_history(std::string_view list) {
    bool result = false;
    with_entity_of(list, [&]<class Entity>(std::type_identity<Entity>) {
        result = has_versions<Entity> || is_fact<Entity>;
    });
    return result;
}

// The members of a row by the numbers of fields, for the short way. Each member of the row has to
// be known under its first name, and to stand there once.
template <class Entity>
class UsualMembers {
  public:
    explicit UsualMembers(BookData& book) : packer_{book} {}

    // The next row. Returns false when it is not usual.
    bool begin(const JsonValue& root) {
        if (root.kind() != JsonKind::object) {
            return false;
        }
        unread_ = 0;
        given_.reset();
        std::size_t expected = 0;
        for (const JsonValue member : root) {
            const std::size_t field = find(member.key(), expected);
            if (field == field_count<Entity> || given_.test(field)) {
                return false;
            }
            given_.set(field);
            values_[field] = member;
            expected = field + 1;
            ++unread_;
        }
        return true;
    }
    [[nodiscard]] BookData& book() noexcept { return packer_.book(); }
    [[nodiscard]] bool is_spent() const noexcept { return unread_ == 0; }

    bool text(std::size_t field, std::uint32_t& out) {
        const JsonValue* const value = take(field);
        if (value != nullptr && value->kind() == JsonKind::text) {
            packer_.text(value->text(), memos_[field], out);
            return true;
        }
        return value == nullptr;
    }
    bool kept_time(std::size_t field, store::StoredTime& out) {
        const JsonValue* const value = take(field);
        return value == nullptr || (value->kind() == JsonKind::text &&
                                    packer_.kept_time(value->text(), memos_[field], out));
    }
    bool time(std::size_t field, store::StoredTime& out) {
        const JsonValue* const value = take(field);
        return value == nullptr ||
               (value->kind() == JsonKind::text && packer_.time(value->text(), out));
    }
    bool quantity(std::size_t field, Quantity& out, bool& is_given) {
        const JsonValue* const value = take(field);
        is_given = value != nullptr;
        return !is_given || (is_digits(*value) && RowPacker::quantity(value->text(), out));
    }
    bool decimal(std::size_t field, Decimal& out, bool& is_given) {
        const JsonValue* const value = take(field);
        is_given = value != nullptr;
        return !is_given || (is_digits(*value) && RowPacker::decimal(value->text(), out));
    }
    bool money(std::size_t field, Decimal& out, std::uint32_t& currency, bool& is_given);
    bool id(std::size_t field, store::IdPool& pool, std::uint32_t& out) {
        const JsonValue* const value = take(field);
        IdView<Entity> id;
        if (value == nullptr) {
            return true;
        }
        if (!divide(*value, id)) {
            return false;
        }
        out = pool.intern(id.scope, id.code);
        return true;
    }
    bool kind(std::uint32_t& out) {
        store::OrderKind kind;
        if (!read_kind(*this, kind)) {
            return false;
        }
        out = book().order_kinds.intern(kind);
        return true;
    }
    template <class Kind>
    bool ids(std::size_t field, store::IdPool& pool, store::List& out);
    bool identifiers(std::size_t field, std::uint32_t& out) {
        const JsonValue* const value = take(field);
        return value == nullptr ||
               packer_.identifiers(
                   value->source(),
                   [&](Identifiers& identifiers) {
                       Complaints complaints{true};
                       return value->kind() == JsonKind::object &&
                              JsonInput{complaints}.read(*value, Trail{}, identifiers) &&
                              identifiers.size() == count_of(*value);
                   },
                   out);
    }

  private:
    static bool is_digits(const JsonValue& value) noexcept {
        return value.kind() == JsonKind::number || value.kind() == JsonKind::text;
    }
    static std::size_t count_of(const JsonValue& container) noexcept {
        std::size_t count = 0;
        for ([[maybe_unused]] const JsonValue member : container) {
            ++count;
        }
        return count;
    }
    // Members mostly come in the order of the table. Returns field_count when there is no such one.
    static std::size_t find(std::string_view name, std::size_t expected) noexcept {
        static constexpr std::array<std::string_view, field_count<Entity>> names = [] {
            std::array<std::string_view, field_count<Entity>> result{};
            for_each_field<Entity>(
                [&](const auto& field, std::size_t index) { result[index] = field.name; });
            return result;
        }();
        for (std::size_t i = 0; i < names.size(); ++i) {
            const std::size_t field = (expected + i) % names.size();
            if (names[field] == name) {
                return field;
            }
        }
        return names.size();
    }
    // The member of the row, or nullptr when it is not given. A null says nothing.
    const JsonValue* take(std::size_t field) noexcept {
        if (!given_.test(field)) {
            return nullptr;
        }
        --unread_;
        return values_[field].kind() == JsonKind::null ? nullptr : &values_[field];
    }
    template <class Kind>
    static bool divide(const JsonValue& value, IdView<Kind>& id) noexcept;

    RowPacker packer_;
    std::size_t unread_{0};  // members that nobody asked for yet
    std::bitset<field_count<Entity>> given_{};
    std::array<JsonValue, field_count<Entity>> values_{};
    std::array<RowPacker::Memo, field_count<Entity>> memos_{};
};

// An id: its two members, each once, and nothing else.
template <class Entity>
template <class Kind>
bool UsualMembers<Entity>::divide(const JsonValue& value, IdView<Kind>& id) noexcept {
    if (value.kind() != JsonKind::object) {
        return false;
    }
    for (const JsonValue member : value) {
        std::string_view& part = member.key() == "scope" ? id.scope : id.code;
        if (member.kind() != JsonKind::text || !part.empty() ||
            (member.key() != "scope" && member.key() != "code")) {
            return false;
        }
        part = member.text();
    }
    return RowPacker::is_id(id.scope, id.code);
}

template <class Entity>
template <class Kind>
bool UsualMembers<Entity>::ids(std::size_t field, store::IdPool& pool, store::List& out) {
    std::vector<std::uint32_t>& lists = packer_.book().lists;
    out.first = static_cast<std::uint32_t>(lists.size());
    const JsonValue* const value = take(field);
    if (value == nullptr || value->kind() != JsonKind::list) {
        return false;
    }
    std::array<IdView<Kind>, 16> some;
    std::size_t count = 0;
    const auto intern = [&] {
        pool.intern(std::span<const IdView<Kind>>{some.data(), count}, lists);
        count = 0;
    };
    for (const JsonValue item : *value) {
        some[count] = {};
        if (!divide(item, some[count])) {
            return false;
        }
        if (++count == some.size()) {
            intern();
        }
    }
    intern();
    out.count = static_cast<std::uint32_t>(lists.size()) - out.first;
    return true;
}

template <class Entity>
bool UsualMembers<Entity>::money(std::size_t field, Decimal& out, std::uint32_t& currency,
                                 bool& is_given) {
    const JsonValue* const value = take(field);
    is_given = value != nullptr;
    if (!is_given) {
        return true;
    }
    if (value->kind() != JsonKind::object) {
        return false;
    }
    bool has_amount = false;
    bool has_currency = false;
    for (const JsonValue member : *value) {
        if (member.key() == "amount" && !has_amount && is_digits(member) &&
            RowPacker::decimal(member.text(), out)) {
            has_amount = true;
        } else if (member.key() == "currency" && !has_currency && member.kind() == JsonKind::text) {
            has_currency = true;
            packer_.text(member.text(), memos_[field], currency);
        } else {
            return false;
        }
    }
    return has_amount;
}

class BookHandler final : public JsonHandler {
  public:
    BookHandler(std::string_view source, const std::string& file, Intake& intake)
        : source_size_{source.size()},
          lines_{source},
          place_{.file = file},
          intake_{&intake},
          complaints_{!intake.options().lenient},
          usual_{UsualMembers<Order>{intake.builder().data()},
                 UsualMembers<Block>{intake.builder().data()},
                 UsualMembers<Placement>{intake.builder().data()},
                 UsualMembers<Execution>{intake.builder().data()}} {}

    JsonStep begin(const JsonPath& path, JsonKind kind, std::size_t offset) override;
    bool value(const JsonPath& path, const JsonTree& tree) override;
    void repeated(const JsonPath& path, std::size_t offset) override {
        refuse_document(ErrorCode::file_is_not_json, path.back(), "the same member twice",
                        "each member once", offset);
    }

    [[nodiscard]] const Place& place_at(std::size_t offset) {
        const LineCounter::Position position = lines_.at(offset);
        place_.line = position.line;
        place_.column = position.column;
        return place_;
    }

  private:
    JsonStep begin_member(std::string_view member, JsonKind kind, std::size_t offset);
    JsonStep begin_list(std::string_view list, bool is_earlier, JsonKind kind, std::size_t offset);
    void refuse_document(ErrorCode code, std::string_view field, std::string found,
                         std::string expected, std::size_t offset);
    void check_schema(const JsonValue& schema);
    void take_algorithms(const JsonTree& tree);
    void report_progress(std::size_t offset);

    template <class Entity>
    bool take_short_way(const JsonTree& tree);
    template <class Entity>
    void take(const JsonTree& tree, bool is_earlier, Entity row);
    template <class Entity>
    void report(const Entity& row, bool is_earlier);

    std::size_t source_size_;
    std::size_t next_progress_{bytes_between_progress};
    LineCounter lines_;
    Place place_;
    Intake* intake_;
    Complaints complaints_;
    std::tuple<UsualMembers<Order>, UsualMembers<Block>, UsualMembers<Placement>,
               UsualMembers<Execution>>
        usual_;
};

void BookHandler::refuse_document(ErrorCode code, std::string_view field, std::string found,
                                  std::string expected, std::size_t offset) {
    intake_->fail(Error{.code = code,
                        .entity = "book",
                        .field = std::string{field},
                        .found = std::move(found),
                        .expected = std::move(expected),
                        .place = place_at(offset)});
}

JsonStep BookHandler::begin(const JsonPath& path, JsonKind kind, std::size_t offset) {
    switch (path.size()) {
        case 0:
            if (kind == JsonKind::object) {
                return JsonStep::enter;
            }
            refuse_document(ErrorCode::field_has_wrong_type, {}, std::string{name(kind)},
                            std::string{name(JsonKind::object)}, offset);
            return JsonStep::skip;
        case 1:
            return begin_member(path[0], kind, offset);
        case 2:
            return path[0] == history_member ? begin_list(path[1], true, kind, offset)
                                             : JsonStep::record;
        default:
            return JsonStep::record;
    }
}

JsonStep BookHandler::begin_member(std::string_view member, JsonKind kind, std::size_t offset) {
    if (kind == JsonKind::null && (member == schema_member || member == history_member)) {
        return JsonStep::skip;
    }
    if (member == schema_member || member == algorithms_member) {
        return JsonStep::record;
    }
    if (member == history_member) {
        if (kind == JsonKind::object) {
            return JsonStep::enter;
        }
        refuse_document(ErrorCode::field_has_wrong_type, member, std::string{name(kind)},
                        std::string{name(JsonKind::object)}, offset);
        return JsonStep::skip;
    }
    return begin_list(member, false, kind, offset);
}

JsonStep BookHandler::begin_list(std::string_view list, bool is_earlier, JsonKind kind,
                                 std::size_t offset) {
    const bool is_known = is_earlier ? has_history(list) : with_entity_of(list, [](auto) {});
    if (!is_known) {
        Error error{.code = ErrorCode::field_is_unknown,
                    .entity = "book",
                    .field = std::string{list},
                    .place = place_at(offset)};
        if (intake_->options().lenient) {
            intake_->warn(std::move(error));
        } else {
            intake_->fail(std::move(error));
        }
        return JsonStep::skip;
    }
    if (kind == JsonKind::list) {
        return JsonStep::enter;
    }
    if (kind != JsonKind::null) {
        refuse_document(ErrorCode::field_has_wrong_type, list, std::string{name(kind)},
                        std::string{name(JsonKind::list)}, offset);
    }
    return JsonStep::skip;
}

void BookHandler::check_schema(const JsonValue& schema) {
    if (schema.kind() != JsonKind::text || schema.text() != schema_name) {
        refuse_document(ErrorCode::schema_is_unknown, schema_member, schema.shown(),
                        '"' + std::string{schema_name} + '"', schema.offset());
    }
}

// An object of names and the codes that they stand for.
void BookHandler::take_algorithms(const JsonTree& tree) {
    const JsonValue root = tree.root();
    if (root.kind() == JsonKind::null) {
        return;
    }
    if (root.kind() != JsonKind::object) {
        refuse_document(ErrorCode::field_has_wrong_type, algorithms_member,
                        std::string{name(root.kind())}, std::string{name(JsonKind::object)},
                        root.offset());
        return;
    }
    for (const JsonValue& member : tree.repeated_members()) {
        refuse_document(ErrorCode::file_is_not_json, member.key(), "the same member twice",
                        "each member once", member.offset());
    }
    for (const JsonValue member : root) {
        if (member.kind() == JsonKind::text) {
            intake_->builder().add_algorithm(std::string{member.key()}, std::string{member.text()},
                                             place_at(member.offset()));
        } else {
            refuse_document(ErrorCode::field_has_wrong_type, member.key(),
                            std::string{name(member.kind())}, "the code of a rule, as text",
                            member.offset());
        }
    }
}

void BookHandler::report_progress(std::size_t offset) {
    if (intake_->options().progress && offset >= next_progress_) {
        next_progress_ = offset + bytes_between_progress;
        intake_->options().progress(offset, source_size_);
    }
}

bool BookHandler::value(const JsonPath& path, const JsonTree& tree) {
    if (path.size() == 1) {
        path[0] == algorithms_member ? take_algorithms(tree) : check_schema(tree.root());
        return !intake_->is_full();
    }
    const bool is_earlier = path.size() == 3;
    with_entity_of(is_earlier ? path[1] : path[0], [&]<class Entity>(std::type_identity<Entity>) {
        if (is_earlier || !take_short_way<Entity>(tree)) {
            take(tree, is_earlier, Entity{});
        }
    });
    report_progress(tree.root().offset());
    return !intake_->is_full();
}

template <class Entity>
bool BookHandler::take_short_way(const JsonTree& tree) {
    if constexpr (has_usual_rows<Entity>) {
        auto& usual = std::get<UsualMembers<Entity>>(usual_);
        const JsonValue root = tree.root();
        return intake_->takes_short_way() && usual.begin(root) &&
               take_usual<Entity>(usual, intake_->builder(), place_at(root.offset()));
    }
    return false;
}

template <class Entity>
void BookHandler::take(const JsonTree& tree, bool is_earlier, Entity row) {
    complaints_.clear();
    const JsonValue root = tree.root();
    VersionNote version;
    if (root.kind() == JsonKind::object) {
        JsonInput{complaints_}.read_entity(root, row, version);
    } else {
        complaints_.add(ErrorCode::field_has_wrong_type, Trail{}, root.shown(),
                        std::string{name(JsonKind::object)}, root.offset());
    }
    for (const JsonValue& member : tree.repeated_members()) {
        complaints_.add(ErrorCode::file_is_not_json, Trail{nullptr, member.key()},
                        "the same member twice", "each member once", member.offset());
    }
    report(row, is_earlier);
    if (!complaints_.empty()) {
        return;
    }
    BookBuilder& builder = intake_->builder();
    if constexpr (std::is_same_v<Entity, RunRecord> || std::is_same_v<Entity, JournalEntry>) {
        builder.add(std::move(row));
    } else if constexpr (std::is_same_v<Entity, NamedAlgorithm>) {
        builder.add_earlier_algorithm(row.name, row.code, version.written, version.entry);
    } else if (is_earlier) {
        builder.add_earlier(
            Versioned<Entity>{std::move(row), version.written, version.entry, version.is_removed});
    } else if constexpr (is_fact<Entity>) {
        builder.add(row, place_at(root.offset()));
    } else {
        builder.add(row, place_at(root.offset()), version.written, version.entry);
    }
}

template <class Entity>
void BookHandler::report(const Entity& row, bool is_earlier) {
    const auto to_error = [&](Complaint& complaint) {
        return Error{.code = complaint.code,
                     .entity = std::string{Schema<Entity>::entity},
                     .id = row_name(row),
                     .field = std::move(complaint.field),
                     .found = std::move(complaint.found),
                     .expected = std::move(complaint.expected),
                     .place = place_at(complaint.offset)};
    };
    for (Complaint& complaint : complaints_.unknown()) {
        intake_->warn(to_error(complaint));
    }
    if (complaints_.empty()) {
        return;
    }
    BookBuilder::Touched depends = touched(row, complaints_);
    if (is_earlier) {
        depends = {};
        depends.nothing_depends = true;
    }
    for (Complaint& complaint : complaints_.errors()) {
        intake_->refuse(to_error(complaint), depends);
    }
}

}  // namespace

namespace io {

void read_json_text(std::string_view json, const std::string& name, Intake& intake) {
    const std::string_view text = without_byte_order_mark(json);
    BookHandler handler{text, name, intake};
    if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) {
        intake.fail(Error{.code = ErrorCode::file_is_empty,
                          .expected = "a JSON object",
                          .place = {.file = name}});
        return;
    }
    if (const std::optional<std::size_t> bad = first_byte_not_utf8(text)) {
        intake.fail(Error{.code = ErrorCode::file_is_not_utf8, .place = handler.place_at(*bad)});
        return;
    }
    if (std::optional<JsonFailure> failure = walk_json(text, handler)) {
        intake.fail(Error{.code = failure->code,
                          .found = std::move(failure->found),
                          .expected = std::move(failure->expected),
                          .place = handler.place_at(failure->offset)});
    }
}

}  // namespace io

Result<ReadBook, Errors> read_book_json(std::string_view json, const std::string& name,
                                        const ReadOptions& options) {
    Intake intake{options};
    read_json_text(json, name, intake);
    return intake.finish();
}

}  // namespace allot
