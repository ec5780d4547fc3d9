// Writing a whole book as JSON: one entity a line, lists sorted by id, earlier versions apart.
#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "allot/book_file.hpp"
#include "engine/io/allocation_output.hpp"
#include "engine/io/fields.hpp"
#include "engine/io/json_output.hpp"
#include "engine/io/text_output.hpp"
#include "engine/journal/seal.hpp"
#include "engine/journal/versions.hpp"
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
    // Precondition: at least one field was written.
    template <class Entity>
    void write_entity(const Versioned<Entity>& version, std::size_t number, bool is_past,
                      std::size_t usual_entry = 1) {
        bool is_first = true;
        json_.raw("{");
        json_.write_fields(version.value, is_first);
        end_entity({version.written, static_cast<std::uint32_t>(version.entry), version.is_removed},
                   number, is_past, usual_entry);
    }
    // The entry is told where it is not the usual one.
    void end_entity(VersionNote note, std::size_t number, bool is_past, std::size_t usual_entry) {
        if (note.entry == usual_entry) {
            note.entry = 0;
        }
        if (is_past || note.entry != 0 || note.written != Written{}) {
            bool is_first = false;
            json_.member(version_member, is_first);
            json_.write(note, number);
        }
        json_.raw("}");
    }
    // The entry of an allocation that was made by a run is that of the run, if nothing is said.
    [[nodiscard]] std::size_t entry_of_run(std::string_view run) const {
        const auto entry = entries_of_runs_.find(run);
        return entry == entries_of_runs_.end() ? 1 : entry->second;
    }
    [[nodiscard]] std::size_t usual_entry(const Allocation& allocation) const {
        const auto run = allocation.properties.find(run_property_key);
        return run == allocation.properties.end() ? 1 : entry_of_run(run->second.label);
    }
    template <class Entity>
    [[nodiscard]] std::size_t usual_entry(const Entity&) const {
        return 1;
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
    bool write_journal();
    [[nodiscard]] std::vector<journal::Version> past_facts() const;
    template <class Entity, class Fact>
    void write_past_facts(const std::vector<journal::Version>& versions,
                          Entity (*entity_of)(const Fact&));

    const Book* book_;
    TextOutput output_;
    JsonOutput json_;
    std::map<std::string_view, std::size_t>
        entries_of_runs_{};  // as a reader finds them: by id, the last
    bool is_first_member_{true};
};

template <class Entity>
bool BookWriter::write_list(const std::vector<Id<Entity>>& ids, std::vector<Past<Entity>>& past) {
    List list{*this, Schema<Entity>::list};
    for (const Id<Entity>& id : ids) {
        std::vector<Versioned<Entity>> versions = book_->versions(id);
        list.next();
        write_entity(versions.back(), versions.size(), false);
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
    const std::vector<std::uint32_t> of_runs = data.entries_of_runs();
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
        end_entity({data.writings[row.written].written, data.entry_of(row, of_runs), false},
                   version, false, entry_of_run(view.run_id()));
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
            write_entity(version, ++number, true, usual_entry(version.value));
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
        write_entity(Versioned<Entity>{entity}, 1, false);
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

// Nothing is written of a journal that has no run and no seal yet.
bool BookWriter::write_journal() {
    if (!journal::needs_seals(book_->data())) {
        return true;
    }
    List list{*this, Schema<JournalEntry>::list};
    for (const JournalEntry& entry : journal::sealed_journal(book_->data())) {
        list.next();
        bool is_first = true;
        json_.raw("{");
        json_.write_fields(entry, is_first);
        json_.raw("}");
        if (!output_.pass_on()) {
            return false;
        }
    }
    list.close();
    return true;
}

// Every version of what was put more than once, or later than in the first entry.
std::vector<journal::Version> BookWriter::past_facts() const {
    std::vector<journal::Version> all = journal::list_facts(book_->data());
    std::vector<journal::Version> past;
    for (auto first = all.begin(); first != all.end();) {
        const auto next = std::find_if(first + 1, all.end(), [](const journal::Version& version) {
            return version.number == 1;
        });
        if (next - first > 1 || first->entry != 1) {
            past.insert(past.end(), first, next);
        }
        first = next;
    }
    return past;
}

template <class Entity, class Fact>
void BookWriter::write_past_facts(const std::vector<journal::Version>& versions,
                                  Entity (*entity_of)(const Fact&)) {
    const BookData& data = book_->data();
    List list{*this, Schema<Entity>::list};
    for (const journal::Version& version : versions) {
        const store::FactVersion& fact = data.facts[version.row];
        if (const Fact* const value = std::get_if<Fact>(&fact.value)) {
            list.next();
            write_entity(Versioned<Entity>{entity_of(*value), data.writings[fact.written].written,
                                           version.entry, false},
                         version.number, true);
        }
    }
    list.close();
}

Result<void> BookWriter::run() {
    std::vector<Past<Order>> orders;
    std::vector<Past<Block>> blocks;
    std::vector<Past<Placement>> placements;
    std::vector<Past<Execution>> executions;
    std::vector<Past<Allocation>> allocations;
    std::size_t run = 0;
    const std::vector<RunRecord>& runs = book_->data().runs;
    for (const std::uint32_t entry : book_->data().entries_of_runs()) {
        if (run < runs.size()) {
            entries_of_runs_[runs[run++].id] = entry;
        }
    }
    json_.raw("{");
    begin_member("schema");
    json_.write(schema_name);
    const bool is_good = write_list(book_->order_ids(), orders) &&
                         write_list(book_->block_ids(), blocks) &&
                         write_list(book_->placement_ids(), placements) &&
                         write_list(book_->execution_ids(), executions) &&
                         write_allocations(allocations) && write_plain_list(book_->instruments()) &&
                         write_portfolios() && write_plain_list(book_->runs()) && write_journal();
    add_removed(orders);
    add_removed(blocks);
    add_removed(placements);
    add_removed(executions);
    add_removed(allocations);
    const std::vector<journal::Version> facts = past_facts();
    const bool has_past = !(orders.empty() && blocks.empty() && placements.empty() &&
                            executions.empty() && allocations.empty() && facts.empty());
    if (is_good && has_past) {
        begin_member("history");
        json_.raw("{");
        is_first_member_ = true;
        // Whether it all went out is known to the output, which says so at the end.
        (void)(write_past(orders) && write_past(blocks) && write_past(placements) &&
               write_past(executions) && write_past(allocations));
        write_past_facts<Instrument, Instrument>(facts,
                                                 [](const Instrument& fact) { return fact; });
        write_past_facts<Portfolio, Portfolio>(facts, [](const Portfolio& fact) { return fact; });
        write_past_facts<NamedAlgorithm, store::NamedRule>(facts, [](const store::NamedRule& rule) {
            return NamedAlgorithm{rule.name, rule.code};
        });
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
