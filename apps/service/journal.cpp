// The SQLite file: one row for each change, one for each version of an entity.
#include "apps/service/journal.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/file.h>
#include <unistd.h>

#include <filesystem>

#include "allot/book_file.hpp"
#include "apps/service/entity_reader.hpp"
#include "apps/service/entity_writer.hpp"

namespace allot::service {
namespace {

constexpr int application_id = 0x616C6C74;  // "allt"
constexpr int schema_version = 1;

constexpr const char* schema =
    "CREATE TABLE setting(name TEXT PRIMARY KEY, value TEXT NOT NULL);"
    "CREATE TABLE change(number INTEGER PRIMARY KEY, as_at_seconds INTEGER NOT NULL,"
    " as_at_nanoseconds INTEGER NOT NULL, request TEXT NOT NULL);"
    "CREATE TABLE version(change INTEGER NOT NULL REFERENCES change(number),"
    " position INTEGER NOT NULL, kind TEXT NOT NULL, scope TEXT NOT NULL, code TEXT NOT NULL,"
    " number INTEGER NOT NULL, is_deleted INTEGER NOT NULL, body TEXT NOT NULL,"
    " PRIMARY KEY(change, position), UNIQUE(kind, scope, code, number)) WITHOUT ROWID;"
    "PRAGMA application_id=1634495604;"
    "PRAGMA user_version=1;";

Error file_error(const std::string& path, std::string found, std::string expected) {
    Error error;
    error.code = ErrorCode::option_is_not_valid;
    error.field = "--data";
    error.found = path + ", " + std::move(found);
    error.expected = std::move(expected);
    return error;
}

// A prepared statement. Values are bound from 1 on, columns read from 0 on.
class Statement {
  public:
    Statement(sqlite3* database, const char* sql) {
        is_good_ = sqlite3_prepare_v2(database, sql, -1, &statement_, nullptr) == SQLITE_OK;
    }
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;
    ~Statement() { sqlite3_finalize(statement_); }

    Statement& bind(int at, std::int64_t value) {
        is_good_ = is_good_ && sqlite3_bind_int64(statement_, at, value) == SQLITE_OK;
        return *this;
    }
    // The text must live until the next step.
    Statement& bind(int at, std::string_view value) {
        is_good_ = is_good_ && sqlite3_bind_text64(statement_, at, value.data(), value.size(),
                                                   SQLITE_STATIC, SQLITE_UTF8) == SQLITE_OK;
        return *this;
    }
    // True: there is a row.
    bool next() {
        const int status = is_good_ ? sqlite3_step(statement_) : SQLITE_ERROR;
        is_good_ = status == SQLITE_ROW || status == SQLITE_DONE;
        return status == SQLITE_ROW;
    }
    // Runs a statement without rows, and makes it ready for the next values.
    bool run() {
        next();
        sqlite3_reset(statement_);
        return is_good_;
    }
    [[nodiscard]] bool is_good() const noexcept { return is_good_; }
    [[nodiscard]] std::int64_t number(int at) { return sqlite3_column_int64(statement_, at); }
    [[nodiscard]] std::string text(int at) {
        const auto* const bytes = sqlite3_column_text(statement_, at);
        const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_, at));
        return bytes == nullptr ? "" : std::string{reinterpret_cast<const char*>(bytes), size};
    }

  private:
    sqlite3_stmt* statement_{nullptr};
    bool is_good_;
};

bool execute(sqlite3* database, const char* sql) {
    return sqlite3_exec(database, sql, nullptr, nullptr, nullptr) == SQLITE_OK;
}

std::int64_t number_of(sqlite3* database, const char* sql) {
    Statement statement{database, sql};
    return statement.next() ? statement.number(0) : -1;
}

std::string text_of(sqlite3* database, const char* sql) {
    Statement statement{database, sql};
    return statement.next() ? statement.text(0) : sqlite3_errmsg(database);
}

// Adds the version in a row to `change`; false when it cannot be read.
template <class Entity>
bool take_version(const Store& store, const std::string& body, int number, bool is_deleted,
                  Change& change) {
    JsonLimits limits;
    const Result<Json, JsonFault> json = parse_json(body, limits);
    Findings findings;
    if (!json) {
        return false;
    }
    auto record = std::make_shared<Record<Entity>>();
    record->value = read_stored<Entity>(*json, findings);
    record->modified = change.stamp;
    record->number = number;
    record->is_deleted = is_deleted;
    // What is deleted has no chain that begins; look at the version before, deleted or not.
    const RecordPtr<Entity>* const before = store.find<Entity>(record->value.id.resource());
    record->created = before == nullptr ? change.stamp : (*before)->created;
    change.of<Entity>().push_back(std::move(record));
    return findings.empty();
}

bool take_row(const Store& store, Statement& row, Change& change) {
    const std::string kind = row.text(3);
    const int number = static_cast<int>(row.number(4));
    const bool is_deleted = row.number(5) != 0;
    const std::string body = row.text(6);
    if (kind == kind_info<Order>.singular) {
        return take_version<Order>(store, body, number, is_deleted, change);
    }
    if (kind == kind_info<Block>.singular) {
        return take_version<Block>(store, body, number, is_deleted, change);
    }
    if (kind == kind_info<Placement>.singular) {
        return take_version<Placement>(store, body, number, is_deleted, change);
    }
    if (kind == kind_info<Execution>.singular) {
        return take_version<Execution>(store, body, number, is_deleted, change);
    }
    return kind == kind_info<Allocation>.singular &&
           take_version<Allocation>(store, body, number, is_deleted, change);
}

// Plays all changes back. False: a row cannot be read.
bool load_changes(sqlite3* database, Store& store, std::uint64_t& last) {
    Statement rows{database,
                   "SELECT change.number, as_at_seconds, as_at_nanoseconds, kind, version.number,"
                   " is_deleted, body, request FROM change JOIN version ON change.number = change"
                   " ORDER BY change.number, position"};
    Change change;
    std::int64_t current = -1;
    while (rows.next()) {
        if (rows.number(0) != current) {
            if (change.stamp != nullptr) {
                store.apply(change);
            }
            current = rows.number(0);
            change = Change{};
            change.stamp = std::make_shared<const Stamp>(
                Stamp{{rows.number(1), static_cast<std::uint32_t>(rows.number(2))}, rows.text(7)});
        }
        if (!take_row(store, rows, change)) {
            return false;
        }
    }
    if (change.stamp != nullptr) {
        store.apply(change);
        last = static_cast<std::uint64_t>(current);
    }
    return rows.is_good();
}

bool load_settings(sqlite3* database, Store& store) {
    Statement row{database, "SELECT value FROM setting WHERE name = 'book'"};
    if (!row.next()) {
        return row.is_good();
    }
    Result<ReadBook, Errors> read = read_book_json(row.text(0), "the file's book");
    if (read) {
        store.take_settings(read->book);
    }
    return read.has_value();
}

// Writes the versions of one kind.
template <class Entity>
bool write_versions(Statement& row, const Change& change, std::uint64_t number,
                    std::int64_t& position) {
    for (const RecordPtr<Entity>& record : change.of<Entity>()) {
        std::string body;
        write_stored(body, record->value);
        const ResourceId& id = record->value.id.resource();
        row.bind(1, static_cast<std::int64_t>(number)).bind(2, position++);
        row.bind(3, kind_info<Entity>.singular).bind(4, id.scope).bind(5, id.code);
        row.bind(6, record->number).bind(7, record->is_deleted ? 1 : 0).bind(8, body);
        if (!row.run()) {
            return false;
        }
    }
    return true;
}

// What is wrong with an open file; empty: nothing.
std::string fault_of(sqlite3* database) {
    if (number_of(database, "PRAGMA application_id") != application_id) {
        return "which is no file of this program";
    }
    const std::int64_t found = number_of(database, "PRAGMA user_version");
    if (found != schema_version) {
        return fmt::format("which has version {} of the schema", found);
    }
    const std::string integrity = text_of(database, "PRAGMA integrity_check");
    return integrity == "ok" ? "" : "which is damaged: " + integrity.substr(0, 200);
}

}  // namespace

void Journal::Closer::operator()(sqlite3* database) const noexcept {
    sqlite3_close(database);
}

Journal::~Journal() {
    database_.reset();
    if (lock_file_ >= 0) {
        ::close(lock_file_);
    }
}

Result<std::unique_ptr<Journal>> Journal::open(const std::string& path, bool is_synchronous,
                                               Store& store) {
    std::unique_ptr<Journal> journal{new Journal};
    // A lock on the file itself would end with the first of its descriptors that SQLite closes.
    journal->lock_file_ = ::open((path + ".lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (journal->lock_file_ < 0 || ::flock(journal->lock_file_, LOCK_EX | LOCK_NB) != 0) {
        return Unexpected{file_error(path, "which another service has, or which cannot be written",
                                     "a file of its own for each service")};
    }
    sqlite3* opened = nullptr;
    // Some relative names, such as :memory:, mean something else to the library than a file.
    const int status = sqlite3_open_v2(std::filesystem::absolute(path).c_str(), &opened,
                                       SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr);
    journal->database_.reset(opened);
    if (status != SQLITE_OK) {
        return Unexpected{file_error(path, sqlite3_errmsg(opened), "a file that can be written")};
    }
    sqlite3_busy_timeout(opened, 10'000);  // while a backup is being made
    journal->is_new_ = number_of(opened, "SELECT count(*) FROM sqlite_master") == 0;
    if (journal->is_new_ && number_of(opened, "PRAGMA application_id") == 0 &&
        !execute(opened, fmt::format("BEGIN;{}COMMIT;", schema).c_str())) {
        return Unexpected{file_error(path, sqlite3_errmsg(opened), "a file that can be written")};
    }
    if (const std::string fault = fault_of(opened); !fault.empty()) {
        return Unexpected{
            file_error(path, fault,
                       fmt::format("a sound file with version {} of the schema", schema_version))};
    }
    const std::string pragmas =
        fmt::format("PRAGMA foreign_keys=ON;PRAGMA journal_mode=WAL;PRAGMA synchronous={};",
                    is_synchronous ? "FULL" : "OFF");
    if (!execute(opened, pragmas.c_str()) || !load_settings(opened, store) ||
        !load_changes(opened, store, journal->last_)) {
        return Unexpected{file_error(path, "of which a row cannot be read", "a sound file")};
    }
    journal->durable_ = journal->last_;
    return journal;
}

void Journal::add(Change change) noexcept {
    const std::scoped_lock lock{mutex_};
    waiting_.push_back(std::move(change));
    ++last_;
}

Result<void> Journal::keep_settings(const std::string& book_json) {
    Statement row{database_.get(), "INSERT OR REPLACE INTO setting VALUES('book', ?)"};
    if (row.bind(1, book_json).run()) {
        return {};
    }
    Error error;
    error.code = ErrorCode::file_is_not_writable;
    error.expected = sqlite3_errmsg(database_.get());
    return Unexpected{std::move(error)};
}

std::uint64_t Journal::last() const {
    const std::scoped_lock lock{mutex_};
    return last_;
}

// Whoever comes first writes for all that wait; the others wait for it, and go first next time.
bool Journal::wait_for(std::uint64_t number) {
    std::unique_lock lock{mutex_};
    while (durable_ < number && !has_failed_) {
        if (is_writing_) {
            written_.wait(lock);
            continue;
        }
        is_writing_ = true;
        const std::vector<Change> changes = std::exchange(waiting_, {});
        const std::uint64_t first = durable_ + 1;
        lock.unlock();
        const bool is_written = write(changes, first);
        lock.lock();
        is_writing_ = false;
        has_failed_ = !is_written;
        durable_ += is_written ? changes.size() : 0;
        written_.notify_all();
    }
    return durable_ >= number;
}

bool Journal::write(const std::vector<Change>& changes, std::uint64_t first) {
    sqlite3* const database = database_.get();
    if (!execute(database, "BEGIN IMMEDIATE")) {
        return false;
    }
    bool is_good = true;
    {
        Statement change_row{database, "INSERT INTO change VALUES(?,?,?,?)"};
        Statement version_row{database, "INSERT INTO version VALUES(?,?,?,?,?,?,?,?)"};
        std::uint64_t number = first;
        for (const Change& change : changes) {
            const Stamp& stamp = *change.stamp;
            std::int64_t position = 0;
            change_row.bind(1, static_cast<std::int64_t>(number)).bind(2, stamp.as_at.seconds);
            change_row.bind(3, stamp.as_at.nanoseconds).bind(4, stamp.request_id);
            is_good = is_good && change_row.run() &&
                      write_versions<Order>(version_row, change, number, position) &&
                      write_versions<Block>(version_row, change, number, position) &&
                      write_versions<Placement>(version_row, change, number, position) &&
                      write_versions<Execution>(version_row, change, number, position) &&
                      write_versions<Allocation>(version_row, change, number, position);
            ++number;
        }
    }
    if (is_good && execute(database, "COMMIT")) {
        return true;
    }
    execute(database, "ROLLBACK");
    return false;
}

}  // namespace allot::service
