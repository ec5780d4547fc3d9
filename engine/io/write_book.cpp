// Writing a whole book as JSON: one entity a line, lists sorted by id, earlier versions apart.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "allot/book_file.hpp"
#include "engine/io/allocation_output.hpp"
#include "engine/io/fields.hpp"
#include "engine/io/json_output.hpp"
#include "engine/io/text_output.hpp"
#include "engine/store/book_data.hpp"

namespace allot {

namespace {

using namespace io;

// The versions of an entity that do not count any more, the oldest first.
template <class Entity>
struct Past {
    Id<Entity> id{};
    std::vector<Versioned<Entity>> versions{};
};

class BookWriter {
  public:
    BookWriter(const Book& book, const Sink& sink, NumberStyle numbers)
        : book_{&book}, output_{sink}, json_{output_.text(), numbers} {}

    [[nodiscard]] Result<void> run();

  private:
    // A list at the top or under `history`: opened by its first line.
    class List {
      public:
        List(BookWriter& writer, std::string_view name) noexcept : writer_{&writer}, name_{name} {}
        // Begins the line of the next item.
        void next() {
            if (is_open_) {
                writer_->json_.raw(",\n");
            } else {
                writer_->begin_member(name_);
                writer_->json_.raw("[\n");
            }
            is_open_ = true;
        }
        void close() {
            if (is_open_) {
                writer_->json_.raw("\n]");
            }
        }

      private:
        BookWriter* writer_;
        std::string_view name_;
        bool is_open_{false};
    };

    void begin_member(std::string_view name) {
        json_.raw(is_first_member_ ? "\n" : ",\n");
        is_first_member_ = false;
        json_.write(name);
        json_.raw(":");
    }

    // One entity on one line, with who wrote it where that is known or where it is history.
    template <class Entity>
    void write_entity(const Entity& entity, const Written& written, std::size_t version,
                      bool is_past) {
        bool is_first = true;
        json_.raw("{");
        json_.write_fields(entity, is_first);
        end_entity(written, version, is_past);
    }
    // Precondition: at least one field was written.
    void end_entity(const Written& written, std::size_t version, bool is_past) {
        if (is_past || written != Written{}) {
            bool is_first = false;
            json_.member(version_member, is_first);
            json_.write(written, version);
        }
        json_.raw("}");
    }

    template <class Entity>
    bool write_list(const std::vector<Id<Entity>>& ids, std::vector<Past<Entity>>& past);
    bool write_allocations(std::vector<Past<Allocation>>& past);
    template <class Entity>
    void add_removed(std::vector<Past<Entity>>& past);
    template <class Entity>
    bool write_past(std::vector<Past<Entity>>& past);
    template <class Entity>
    bool write_plain_list(const std::vector<Entity>& entities);
    bool write_portfolios();

    const Book* book_;
    TextOutput output_;
    JsonOutput json_;
    bool is_first_member_{true};
};

template <class Entity>
bool BookWriter::write_list(const std::vector<Id<Entity>>& ids, std::vector<Past<Entity>>& past) {
    List list{*this, Schema<Entity>::list};
    for (const Id<Entity>& id : ids) {
        std::vector<Versioned<Entity>> versions = book_->versions(id);
        list.next();
        write_entity(versions.back().value, versions.back().written, versions.size(), false);
        versions.pop_back();
        if (!versions.empty()) {
            past.push_back({id, std::move(versions)});
        }
        if (!output_.pass_on()) {
            return false;
        }
    }
    list.close();
    return true;
}

// Allocations are many: they go from the rows to text without a value between.
bool BookWriter::write_allocations(std::vector<Past<Allocation>>& past) {
    List list{*this, Schema<Allocation>::list};
    const BookData& data = book_->data();
    AllocationOutput<JsonOutput> output{data, output_.text(), [this](TextBuffer& text) {
                                            return JsonOutput{text, json_.numbers()};
                                        }};
    for (const AllocationView& view : book_->allocations()) {
        std::size_t version = 1;
        const detail::AllocationRow& row = view.row();
        if (row.previous != detail::AllocationRow::none) {
            AllocationId id = view.id();
            std::vector<Versioned<Allocation>> versions = book_->versions(id);
            version = versions.size();
            versions.pop_back();
            if (!versions.empty()) {
                past.push_back({std::move(id), std::move(versions)});
            }
        }
        list.next();
        json_.raw("{");
        output.write_fields(view);
        end_entity(data.writings[row.written], version, false);
        if (!output_.pass_on()) {
            return false;
        }
    }
    list.close();
    return true;
}

template <class Entity>
void BookWriter::add_removed(std::vector<Past<Entity>>& past) {
    for (ResourceId& id : book_->removed_ids(Schema<Entity>::entity)) {
        Past<Entity> removed{Id<Entity>{std::move(id)}, {}};
        removed.versions = book_->versions(removed.id);
        past.push_back(std::move(removed));
    }
    std::sort(past.begin(), past.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
}

template <class Entity>
bool BookWriter::write_past(std::vector<Past<Entity>>& past) {
    List list{*this, Schema<Entity>::list};
    for (const Past<Entity>& entity : past) {
        std::size_t number = 0;
        for (const Versioned<Entity>& version : entity.versions) {
            list.next();
            write_entity(version.value, version.written, ++number, true);
        }
        if (!output_.pass_on()) {
            return false;
        }
    }
    list.close();
    return true;
}

template <class Entity>
bool BookWriter::write_plain_list(const std::vector<Entity>& entities) {
    List list{*this, Schema<Entity>::list};
    for (const Entity& entity : entities) {
        list.next();
        write_entity(entity, {}, 1, false);
        if (!output_.pass_on()) {
            return false;
        }
    }
    list.close();
    return true;
}

// Few books say anything of portfolios or name rules: what is not there is not written.
bool BookWriter::write_portfolios() {
    if (!book_->portfolios().empty() && !write_plain_list(book_->portfolios())) {
        return false;
    }
    if (!book_->algorithms().empty()) {
        begin_member(Schema<NamedAlgorithm>::list);
        json_.write(book_->algorithms());
    }
    return output_.pass_on();
}

Result<void> BookWriter::run() {
    std::vector<Past<Order>> orders;
    std::vector<Past<Block>> blocks;
    std::vector<Past<Placement>> placements;
    std::vector<Past<Execution>> executions;
    std::vector<Past<Allocation>> allocations;
    json_.raw("{");
    begin_member("schema");
    json_.write(schema_name);
    const bool is_good = write_list(book_->order_ids(), orders) &&
                         write_list(book_->block_ids(), blocks) &&
                         write_list(book_->placement_ids(), placements) &&
                         write_list(book_->execution_ids(), executions) &&
                         write_allocations(allocations) && write_plain_list(book_->instruments()) &&
                         write_portfolios() && write_plain_list(book_->runs());
    add_removed(orders);
    add_removed(blocks);
    add_removed(placements);
    add_removed(executions);
    add_removed(allocations);
    const bool has_past = !(orders.empty() && blocks.empty() && placements.empty() &&
                            executions.empty() && allocations.empty());
    if (is_good && has_past) {
        begin_member("history");
        json_.raw("{");
        is_first_member_ = true;
        // Whether it all went out is known to the output, which says so at the end.
        (void)(write_past(orders) && write_past(blocks) && write_past(placements) &&
               write_past(executions) && write_past(allocations));
        json_.raw("\n}");
    }
    json_.raw("\n}\n");
    return output_.finish();
}

}  // namespace

Result<void> write_book_json(const Book& book, const Sink& sink, NumberStyle numbers) {
    return BookWriter{book, sink, numbers}.run();
}

}  // namespace allot
