// Reading a JSON book: the lists of the document, item by item, into an Intake.
#include <mutex>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include "allot/book_file.hpp"
#include "engine/io/ahead.hpp"
#include "engine/io/file_text.hpp"
#include "engine/io/intake.hpp"
#include "engine/io/json_input.hpp"
#include "engine/io/json_list.hpp"
#include "engine/io/json_tree.hpp"
#include "engine/io/read_json.hpp"

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

// The lists whose rows may go the short way.
struct ShortLists : JsonList<Order>, JsonList<Block>, JsonList<Placement>, JsonList<Execution> {
    explicit ShortLists(JsonLists& lists)
        : JsonList<Order>{lists},
          JsonList<Block>{lists},
          JsonList<Placement>{lists},
          JsonList<Execution>{lists} {}

    template <class Entity>
    [[nodiscard]] JsonList<Entity>& of() noexcept {
        return *this;
    }
    void end() {
        of<Order>().end();
        of<Block>().end();
        of<Placement>().end();
        of<Execution>().end();
    }
};

class BookHandler final : public JsonHandler {
  public:
    BookHandler(std::string_view source, const std::string& file, Intake& intake,
                std::size_t bytes_at_once)
        : source_size_{source.size()},
          lines_{source},
          place_{.file = file},
          intake_{&intake},
          complaints_{!intake.options().lenient},
          shared_{.book = &intake.builder().data(),
                  .source = source,
                  .bytes_at_once = bytes_at_once,
                  .threads = threads_for(intake.options().threads, source.size(), bytes_at_once)},
          short_lists_{shared_} {}

    JsonStep begin(const JsonPath& path, JsonKind kind, std::size_t offset) override;
    std::size_t items(const JsonPath& path, std::size_t offset) override;
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
    void take(const JsonTree& tree, bool is_earlier, Entity row);
    template <class Entity>
    void report(const Entity& row, bool is_earlier);

    std::size_t source_size_;
    std::size_t next_progress_{bytes_between_progress};
    LineCounter lines_;
    Place place_;
    Intake* intake_;
    Complaints complaints_;
    JsonLists shared_;
    ShortLists short_lists_;
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
            short_lists_.end();
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

std::size_t BookHandler::items(const JsonPath& path, std::size_t offset) {
    std::size_t end = offset;
    if (path.size() == 2 && intake_->takes_short_way() && !intake_->is_full()) {
        with_entity_of(path[0], [&]<class Entity>(std::type_identity<Entity>) {
            if constexpr (has_usual_rows<Entity>) {
                end = short_lists_.of<Entity>().take(
                    offset, [&](const typename RowOf<Entity>::Type& row, std::size_t begin) {
                        intake_->builder().add_row(row, place_at(begin));
                        report_progress(begin);
                    });
            }
        });
    }
    return end;
}

bool BookHandler::value(const JsonPath& path, const JsonTree& tree) {
    const std::scoped_lock lock{shared_.referred_mutex};
    if (path.size() == 1) {
        path[0] == algorithms_member ? take_algorithms(tree) : check_schema(tree.root());
        return !intake_->is_full();
    }
    const bool is_earlier = path.size() == 3;
    with_entity_of(is_earlier ? path[1] : path[0], [&]<class Entity>(std::type_identity<Entity>) {
        take(tree, is_earlier, Entity{});
    });
    report_progress(tree.root().offset());
    return !intake_->is_full();
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

void read_json_text(std::string_view json, const std::string& name, Intake& intake,
                    std::size_t bytes_at_once) {
    const std::string_view text = without_byte_order_mark(json);
    BookHandler handler{text, name, intake, bytes_at_once};
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
