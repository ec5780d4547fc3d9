// Reading a folder of CSV files: each line an entity, each column a field.
#include "engine/io/read_csv.hpp"

#include <algorithm>
#include <array>
#include <bitset>
#include <cstring>
#include <optional>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include "engine/io/csv_input.hpp"
#include "engine/io/csv_table.hpp"
#include "engine/io/file_text.hpp"
#include "engine/io/usual_rows.hpp"

namespace allot::io {

namespace {

constexpr std::size_t rows_between_progress = 4096;

// How far the reading of a folder has got.
struct Progress {
    std::size_t done{0};
    std::size_t total{0};
};

// One column of a file: what it is called and what reads its cells.
template <class Entity>
struct Column {
    using Reader = bool (*)(CsvInput&, const CsvCell&, const Trail&, Entity&);

    std::string_view name{};   // of the column
    std::string_view field{};  // the wire's, for messages
    std::string_view other_name{};
    std::size_t number{0};  // of the field
    bool is_currency{false};
    Need need{Need::optional};
    Reader read{nullptr};
};

// Reads cells of field number I; of its currency when Part is 1.
template <class Entity, std::size_t I, int Part>
bool read_cell(CsvInput& input, const CsvCell& cell, const Trail& trail, Entity& entity) {
    auto& value = std::invoke(std::get<I>(Schema<Entity>::fields).member, entity);
    using Value = std::remove_cvref_t<decltype(value)>;
    if constexpr (Part == 1) {
        return input.read_currency(cell, trail, value);
    } else if constexpr (is_money<Value>) {
        return input.read_amount(cell, trail, value);
    } else {
        return input.read(cell, trail, value);
    }
}

template <class Entity>
struct Columns {
    std::vector<Column<Entity>> all{};
    std::vector<std::string> names{};  // of currency columns, which stand in no table

    Columns() {
        names.reserve(field_count<Entity>);
        [&]<std::size_t... I>(std::index_sequence<I...>) {
            (add<I>(), ...);
        }
        (std::make_index_sequence<field_count<Entity>>{});
    }
    Columns(const Columns&) = delete;
    Columns& operator=(const Columns&) = delete;

    template <std::size_t I>
    void add() {
        constexpr const auto& field = std::get<I>(Schema<Entity>::fields);
        all.push_back({field.column, field.name, field.other_column, I, false, field.need,
                       &read_cell<Entity, I, 0>});
        if constexpr (is_money<ValueOf<decltype(field.member), Entity>>) {
            names.push_back(std::string{field.column}.append(currency_suffix));
            all.push_back(
                {names.back(), field.name, {}, I, true, Need::optional, &read_cell<Entity, I, 1>});
        }
    }

    [[nodiscard]] const Column<Entity>* find(std::string_view name) const noexcept {
        for (const Column<Entity>& column : all) {
            if (name == column.name || (!column.other_name.empty() && name == column.other_name)) {
                return &column;
            }
        }
        return nullptr;
    }
};

// The cells of a row by the numbers of fields, for the short way.
template <class Entity>
class UsualCells {
  public:
    UsualCells(BookData& book, const std::vector<const Column<Entity>*>& columns) : packer_{book} {
        cell_of_.fill(no_cell);
        currency_of_.fill(no_cell);
        for (std::size_t i = 0; i < columns.size(); ++i) {
            if (columns[i] != nullptr) {
                (columns[i]->is_currency ? currency_of_ : cell_of_)[columns[i]->number] = i;
            }
        }
    }

    // The next row. Its cells are as many as there are columns.
    void begin(std::span<const CsvCell> cells) noexcept {
        cells_ = cells.data();
        unread_ = 0;
        for (const CsvCell& cell : cells) {
            unread_ += cell.text.empty() ? 0U : 1U;
        }
    }
    [[nodiscard]] BookData& book() noexcept { return packer_.book(); }
    [[nodiscard]] bool is_spent() const noexcept { return unread_ == 0; }

    bool text(std::size_t field, std::uint32_t& out) {
        if (const std::string_view cell = take(cell_of_[field]); !cell.empty()) {
            packer_.text(cell, memos_[field], out);
        }
        return true;
    }
    bool time(std::size_t field, store::StoredTime& out) {
        const std::string_view cell = take(cell_of_[field]);
        return cell.empty() || packer_.time(cell, memos_[field], out);
    }
    bool order_time(std::size_t field, store::StoredTime& out) {
        const std::string_view cell = take(cell_of_[field]);
        return cell.empty() || packer_.order_time(cell, out);
    }
    bool quantity(std::size_t field, Quantity& out, bool& is_given) {
        const std::string_view cell = take(cell_of_[field]);
        is_given = !cell.empty();
        return cell.empty() || RowPacker::quantity(cell, out);
    }
    bool decimal(std::size_t field, Decimal& out, bool& is_given) {
        const std::string_view cell = take(cell_of_[field]);
        is_given = !cell.empty();
        return cell.empty() || RowPacker::decimal(cell, out);
    }
    bool money(std::size_t field, Decimal& out, std::uint32_t& currency, bool& is_given) {
        if (!decimal(field, out, is_given)) {
            return false;
        }
        const std::string_view cell = take(currency_of_[field]);
        if (!cell.empty()) {
            packer_.text(cell, memos_[field], currency);
        }
        return is_given || cell.empty();
    }
    bool id(std::size_t field, store::IdPool& pool, std::uint32_t& out) {
        const std::string_view cell = take(cell_of_[field]);
        std::string_view scope;
        std::string_view code;
        if (cell.empty()) {
            return true;
        }
        if (!divide(cell, scope, code)) {
            return false;
        }
        out = pool.intern(scope, code);
        return true;
    }
    template <class Kind>
    bool ids(std::size_t field, store::IdPool& pool, store::List& out);
    bool identifiers(std::size_t field, std::uint32_t& out);

  private:
    static constexpr std::size_t no_cell = static_cast<std::size_t>(-1);

    [[nodiscard]] std::string_view take(std::size_t cell) noexcept {
        if (cell == no_cell) {
            return {};
        }
        unread_ -= cells_[cell].text.empty() ? 0U : 1U;
        return cells_[cell].text;
    }
    // Divides an id in which nothing is escaped.
    static bool divide(std::string_view text, std::string_view& scope,
                       std::string_view& code) noexcept {
        std::size_t slash = text.size();
        for (std::size_t i = text.size(); i-- > 0;) {
            if (text[i] == '\\') {
                return false;
            }
            slash = text[i] == '/' ? i : slash;
        }
        if (slash == text.size()) {
            return false;
        }
        scope = text.substr(0, slash);
        code = text.substr(slash + 1);
        return RowPacker::is_id(scope, code);
    }

    RowPacker packer_;
    const CsvCell* cells_{nullptr};
    std::size_t unread_{0};  // cells with text that nobody asked for yet
    std::array<std::size_t, field_count<Entity>> cell_of_{};
    std::array<std::size_t, field_count<Entity>> currency_of_{};
    std::array<RowPacker::Memo, field_count<Entity>> memos_{};
};

template <class Entity>
template <class Kind>
bool UsualCells<Entity>::ids(std::size_t field, store::IdPool& pool, store::List& out) {
    std::string_view rest = take(cell_of_[field]);
    out.first = static_cast<std::uint32_t>(packer_.book().lists.size());
    std::array<IdView<Kind>, 16> some;
    std::size_t count = 0;
    while (!rest.empty()) {
        const void* const found = std::memchr(rest.data(), '|', rest.size());
        const std::size_t bar =
            found == nullptr
                ? rest.size()
                : static_cast<std::size_t>(static_cast<const char*>(found) - rest.data());
        if (!divide(rest.substr(0, bar), some[count].scope, some[count].code) ||
            bar + 1 == rest.size()) {
            return false;
        }
        rest.remove_prefix(std::min(bar + 1, rest.size()));
        if (++count == some.size() || rest.empty()) {
            pool.intern(std::span<const IdView<Kind>>{some.data(), count}, packer_.book().lists);
            count = 0;
        }
    }
    out.count = static_cast<std::uint32_t>(packer_.book().lists.size()) - out.first;
    return true;
}

template <class Entity>
bool UsualCells<Entity>::identifiers(std::size_t field, std::uint32_t& out) {
    const std::string_view cell = take(cell_of_[field]);
    if (cell.empty()) {
        return true;
    }
    return packer_.identifiers(
        cell,
        [&](Identifiers& identifiers) {
            Complaints complaints{true};
            return CsvInput{complaints}.read(CsvCell{cell, 0}, Trail{}, identifiers);
        },
        out);
}

// Makes room for `count` entities in all, if there are many.
template <class TableType>
void reserve_rows(TableType& table, std::size_t count) {
    constexpr std::size_t many = 4096;
    if (count >= many) {
        table.ids.reserve(count);
        table.rows.reserve(count);
        table.latest.reserve(count);
    }
}

template <class Entity>
class CsvFile {
  public:
    // `bytes` of the file are expected, in stretches of whole rows.
    CsvFile(const std::string& file, std::size_t bytes, Intake& intake, Progress& progress)
        : bytes_{bytes},
          place_{.file = file},
          intake_{&intake},
          progress_{&progress},
          complaints_{true} {}

    // Reads the next stretch of the file. Returns false when there is no sense in reading on.
    bool read(std::string_view text) {
        if (is_at_begin_) {
            text = without_byte_order_mark(text);
        }
        lines_ = LineCounter{text, next_line_};
        reader_ = CsvReader{text};
        stretch_bytes_ = text.size();
        if (const std::optional<std::size_t> bad = first_byte_not_utf8(text)) {
            intake_->fail(Error{.code = ErrorCode::file_is_not_utf8, .place = place_at(*bad)});
            return false;
        }
        const bool is_good = is_at_begin_ ? read_begin() : read_rows();
        if (const std::optional<CsvFailure>& failure = reader_.failure()) {
            fail(ErrorCode::file_is_not_csv, {}, failure->found, failure->expected,
                 failure->offset);
            return false;
        }
        next_line_ = lines_.at(text.size()).line;
        return is_good;
    }
    // Says so when the file has had no line at all.
    void end() {
        if (is_at_begin_) {
            fail(ErrorCode::file_is_empty, {}, {}, "a line with the names of columns", 0);
        }
    }

  private:
    const Place& place_at(std::size_t offset) {
        place_.line = lines_.at(offset).line;
        return place_;
    }
    Error error(ErrorCode code, std::string_view field, std::string_view found,
                std::string_view expected, std::size_t offset) {
        return Error{.code = code,
                     .entity = std::string{Schema<Entity>::entity},
                     .field = std::string{field},
                     .found = std::string{found},
                     .expected = std::string{expected},
                     .place = place_at(offset)};
    }
    void fail(ErrorCode code, std::string_view field, std::string_view found,
              std::string_view expected, std::size_t offset) {
        intake_->fail(error(code, field, found, expected, offset));
    }

    // Reads the header, if it stands in this stretch, and the rows behind it.
    bool read_begin() {
        if (!reader_.next()) {
            return true;
        }
        is_at_begin_ = false;
        if (!read_header()) {
            return false;
        }
        if constexpr (has_usual_rows<Entity>) {
            usual_.emplace(intake_->builder().data(), columns_);
        }
        return read_rows();
    }
    bool read_header();
    bool check_required();
    bool read_rows();
    bool take_usual_row();
    void reserve(std::size_t rows, std::size_t bytes);
    void read_row();
    void read_cells(Entity& row);
    void check_row();
    void take(Entity& row);

    std::size_t bytes_;
    std::size_t stretch_bytes_{0};
    std::uint64_t next_line_{1};  // that the next stretch begins with
    LineCounter lines_{{}};
    CsvReader reader_{{}};
    bool is_at_begin_{true};
    bool has_reserved_{false};
    Place place_;
    Intake* intake_;
    Progress* progress_;
    Complaints complaints_;
    Columns<Entity> known_{};
    std::vector<const Column<Entity>*> columns_{};  // of the file; nullptr: unknown, read over
    // Fields of the row that have a cell with text, and those that have one for their currency.
    std::bitset<field_count<Entity>> given_{};
    std::bitset<field_count<Entity>> has_currency_{};
    std::optional<UsualCells<Entity>> usual_{};
};

template <class Entity>
bool CsvFile<Entity>::read_header() {
    bool is_good = true;
    for (const CsvCell& cell : reader_.cells()) {
        const Column<Entity>* column = known_.find(cell.text);
        for (const Column<Entity>* other : columns_) {
            if (column != nullptr && column == other) {
                fail(ErrorCode::file_is_not_csv, column->name, "the same column twice",
                     "each column once", cell.offset);
                is_good = false;
            }
        }
        if (column == nullptr && intake_->options().lenient) {
            intake_->warn(error(ErrorCode::field_is_unknown, cell.text, {}, {}, cell.offset));
        } else if (column == nullptr) {
            fail(ErrorCode::field_is_unknown, cell.text, {}, "a column of docs/formats.md",
                 cell.offset);
            is_good = false;
        }
        columns_.push_back(column);
    }
    return check_required() && is_good;
}

template <class Entity>
bool CsvFile<Entity>::check_required() {
    const auto has = [&](std::string_view name) {
        for (const Column<Entity>* column : columns_) {
            if (column != nullptr && column->name == name) {
                return true;
            }
        }
        return false;
    };
    bool is_good = true;
    for (const Column<Entity>& column : known_.all) {
        const bool is_needed =
            column.need == Need::required ||
            (column.need == Need::required_column && !has("amount") && !has("weight"));
        if (is_needed && !has(column.name)) {
            fail(ErrorCode::field_is_missing, column.name, "no such column",
                 "the column " + std::string{column.name}, 0);
            is_good = false;
        }
    }
    return is_good;
}

template <class Entity>
bool CsvFile<Entity>::take_usual_row() {
    if constexpr (has_usual_rows<Entity>) {
        if (intake_->takes_short_way() && reader_.cells().size() == columns_.size()) {
            usual_->begin(reader_.cells());
            return take_usual<Entity>(*usual_, intake_->builder(), place_at(reader_.offset()));
        }
    }
    return false;
}

// The rest of the file is taken to be like the rows so far.
template <class Entity>
void CsvFile<Entity>::reserve(std::size_t rows, std::size_t bytes) {
    if constexpr (has_usual_rows<Entity>) {
        constexpr std::size_t most_rows = store::none;
        const std::size_t all = bytes_ / std::max<std::size_t>(bytes / rows, 1) + rows;
        reserve_rows(table_of<Entity>(intake_->builder().data()), std::min(all, most_rows));
    }
}

template <class Entity>
bool CsvFile<Entity>::read_rows() {
    std::size_t rows = 0;
    while (!intake_->is_full() && reader_.next()) {
        if (!take_usual_row()) {
            read_row();
        }
        if (++rows % rows_between_progress == 0 && intake_->options().progress) {
            intake_->options().progress(progress_->done + reader_.offset(), progress_->total);
        }
    }
    if (!has_reserved_ && rows > 0 && bytes_ > stretch_bytes_) {
        reserve(rows, stretch_bytes_);
    }
    has_reserved_ = true;
    return !intake_->is_full();
}

template <class Entity>
void CsvFile<Entity>::read_row() {
    Entity row{};
    complaints_.clear();
    given_.reset();
    has_currency_.reset();
    if (reader_.cells().size() != columns_.size()) {
        // Which cell belongs to which column cannot be known: not even the id can be trusted.
        intake_->refuse(
            error(ErrorCode::file_is_not_csv, {}, std::to_string(reader_.cells().size()) + " cells",
                  std::to_string(columns_.size()), reader_.offset()),
            touched(row, complaints_));
        return;
    }
    read_cells(row);
    check_row();
    if (complaints_.empty()) {
        take(row);
        return;
    }
    const BookBuilder::Touched depends = touched(row, complaints_);
    for (Complaint& complaint : complaints_.errors()) {
        Error problem = error(complaint.code, complaint.field, complaint.found, complaint.expected,
                              complaint.offset);
        problem.id = row_name(row);
        intake_->refuse(std::move(problem), depends);
    }
}

template <class Entity>
void CsvFile<Entity>::read_cells(Entity& row) {
    CsvInput input{complaints_};
    for (std::size_t i = 0; i < columns_.size(); ++i) {
        const CsvCell& cell = reader_.cells()[i];
        if (columns_[i] != nullptr && !cell.text.empty()) {
            (columns_[i]->is_currency ? has_currency_ : given_).set(columns_[i]->number);
            columns_[i]->read(input, cell, Trail{nullptr, columns_[i]->field}, row);
        }
    }
}

// What no single cell can show: required fields, and currencies without an amount.
template <class Entity>
void CsvFile<Entity>::check_row() {
    for (std::size_t i = 0; i < columns_.size(); ++i) {
        if (columns_[i] == nullptr || given_.test(columns_[i]->number)) {
            continue;
        }
        const Column<Entity>& column = *columns_[i];
        const bool may_be_empty = column.name == "order_ids";  // an empty block is a block
        const bool lacks_amount = column.is_currency && has_currency_.test(column.number);
        if (lacks_amount || (column.need == Need::required && !may_be_empty)) {
            const Trail whole{nullptr, column.field};
            const Trail amount{&whole, "amount"};
            complaints_.add(ErrorCode::field_is_missing, lacks_amount ? amount : whole, {}, {},
                            reader_.cells()[i].offset);
        }
    }
}

template <class Entity>
void CsvFile<Entity>::take(Entity& row) {
    if constexpr (std::is_same_v<Entity, RunRecord>) {
        intake_->builder().add(std::move(row));
    } else if constexpr (std::is_same_v<Entity, NamedAlgorithm>) {
        intake_->builder().add_algorithm(row.name, row.code, place_at(reader_.offset()));
    } else {
        intake_->builder().add(row, place_at(reader_.offset()));
    }
}

// Calls `use` with the reader of the file whose list is called `list`. Returns whether there is
// one.
template <class Use>
bool with_file_of(std::string_view list, const std::string& file, std::size_t bytes, Intake& intake,
                  Progress& progress, Use&& use) {
    const auto matches = [&]<class Entity>(std::type_identity<Entity>) {
        if (list != Schema<Entity>::list) {
            return false;
        }
        CsvFile<Entity> reader{file, bytes, intake, progress};
        use(reader);
        return true;
    };
    return matches(std::type_identity<Order>{}) || matches(std::type_identity<Block>{}) ||
           matches(std::type_identity<Placement>{}) || matches(std::type_identity<Execution>{}) ||
           matches(std::type_identity<Allocation>{}) || matches(std::type_identity<Instrument>{}) ||
           matches(std::type_identity<Portfolio>{}) ||
           matches(std::type_identity<NamedAlgorithm>{}) ||
           matches(std::type_identity<RunRecord>{});
}

// Reads a file, and no more of it than makes sense.
template <class File>
void read_stretches(File& reader, FileStretches& stretches, Intake& intake, Progress& progress) {
    while (true) {
        const Result<std::string_view> text = stretches.next();
        if (!text) {
            intake.fail(text.error());
            return;
        }
        if (text->empty()) {
            reader.end();
            return;
        }
        if (!reader.read(*text)) {
            return;
        }
        progress.done += text->size();
    }
}

}  // namespace

bool read_csv_text(std::string_view list, std::string_view text, const std::string& file,
                   Intake& intake) {
    Progress progress{0, text.size()};
    return with_file_of(list, file, text.size(), intake, progress, [&](auto& reader) {
        if (reader.read(text)) {
            reader.end();
        }
    });
}

void read_folder(const std::filesystem::path& folder, Intake& intake) {
    // Allocations last: by then all that they name is known.
    constexpr std::array lists{
        Schema<Order>::list,          Schema<Block>::list,      Schema<Placement>::list,
        Schema<Execution>::list,      Schema<Instrument>::list, Schema<Portfolio>::list,
        Schema<NamedAlgorithm>::list, Schema<RunRecord>::list,  Schema<Allocation>::list};
    struct File {
        std::string_view list{};
        std::filesystem::path path{};
    };
    std::vector<File> files;
    Progress progress;
    std::string names;
    for (const std::string_view list : lists) {
        const std::filesystem::path path = folder / (std::string{list} + ".csv");
        names += (names.empty() ? "" : ", ") + path.filename().string();
        std::error_code no_matter;
        if (std::filesystem::exists(std::filesystem::symlink_status(path, no_matter))) {
            files.push_back({list, path});
            const std::uintmax_t size = std::filesystem::file_size(path, no_matter);
            progress.total += no_matter ? 0 : static_cast<std::size_t>(size);
        }
    }
    if (files.empty()) {
        intake.fail(Error{.code = ErrorCode::folder_has_no_book,
                          .expected = "at least one of " + names,
                          .place = {.file = folder.string()}});
    }
    for (const File& file : files) {
        Result<FileStretches> stretches = FileStretches::open(file.path);
        if (!stretches) {
            intake.fail(stretches.error());
            continue;
        }
        with_file_of(file.list, file.path.string(), stretches->file_size(), intake, progress,
                     [&](auto& reader) { read_stretches(reader, *stretches, intake, progress); });
    }
}

}  // namespace allot::io
