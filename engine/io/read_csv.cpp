// Reading a folder of CSV files: each line an entity, each column a field.
#include "engine/io/read_csv.hpp"

#include <algorithm>
#include <array>
#include <bitset>
#include <cstring>
#include <optional>
#include <span>
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
    void begin(const std::vector<CsvCell>& cells) noexcept {
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
    static constexpr std::size_t most_known_identifiers = 65536;

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
    // Cells with identifiers that were read before, and what they said.
    store::TextPool identifier_cells_{};
    std::vector<std::uint32_t> identifiers_{0};
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
    const std::uint32_t known = identifier_cells_.find(cell);
    if (known != store::none) {
        out = identifiers_[known];
        return true;
    }
    Complaints complaints{true};
    Identifiers identifiers;
    if (!CsvInput{complaints}.read(CsvCell{cell, 0}, Trail{}, identifiers)) {
        return false;
    }
    out = packer_.book().identifiers.intern(identifiers);
    if (identifiers_.size() < most_known_identifiers) {
        (void)identifier_cells_.intern(cell);
        identifiers_.push_back(out);
    }
    return true;
}

template <class Entity>
class CsvFile {
  public:
    CsvFile(std::string_view text, const std::string& file, Intake& intake, Progress& progress)
        : lines_{text},
          reader_{text},
          place_{.file = file},
          intake_{&intake},
          progress_{&progress},
          complaints_{true} {}

    void read() {
        if (reader_.next()) {
            if (read_header()) {
                read_rows();
            }
        } else if (!reader_.failure()) {
            fail(ErrorCode::file_is_empty, {}, {}, "a line with the names of columns", 0);
        }
        if (const std::optional<CsvFailure>& failure = reader_.failure()) {
            fail(ErrorCode::file_is_not_csv, {}, failure->found, failure->expected,
                 failure->offset);
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

    bool read_header();
    bool check_required();
    void read_rows();
    void read_row();
    void read_cells(Entity& row);
    void check_row();
    void take(Entity& row);

    LineCounter lines_;
    CsvReader reader_;
    Place place_;
    Intake* intake_;
    Progress* progress_;
    Complaints complaints_;
    Columns<Entity> known_{};
    std::vector<const Column<Entity>*> columns_{};  // of the file; nullptr: unknown, read over
    // Fields of the row that have a cell with text, and those that have one for their currency.
    std::bitset<field_count<Entity>> given_{};
    std::bitset<field_count<Entity>> has_currency_{};
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
void CsvFile<Entity>::read_rows() {
    std::size_t rows = 0;
    [[maybe_unused]] std::optional<UsualCells<Entity>> usual;
    if constexpr (has_usual_rows<Entity>) {
        usual.emplace(intake_->builder().data(), columns_);
    }
    while (!intake_->is_full() && reader_.next()) {
        bool is_taken = false;
        if constexpr (has_usual_rows<Entity>) {
            if (reader_.cells().size() == columns_.size()) {
                usual->begin(reader_.cells());
                is_taken =
                    take_usual<Entity>(*usual, intake_->builder(), place_at(reader_.offset()));
            }
        }
        if (!is_taken) {
            read_row();
        }
        if (++rows % rows_between_progress == 0 && intake_->options().progress) {
            intake_->options().progress(progress_->done + reader_.offset(), progress_->total);
        }
    }
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

template <class Entity>
bool read_if(std::string_view list, std::string_view text, const std::string& file, Intake& intake,
             Progress& progress) {
    if (list != Schema<Entity>::list) {
        return false;
    }
    const std::string_view content = without_byte_order_mark(text);
    if (const std::optional<std::size_t> bad = first_byte_not_utf8(content)) {
        intake.fail(Error{.code = ErrorCode::file_is_not_utf8,
                          .place = {.file = file, .line = LineCounter{content}.at(*bad).line}});
    } else {
        CsvFile<Entity>{content, file, intake, progress}.read();
    }
    progress.done += text.size();
    return true;
}

bool read_text(std::string_view list, std::string_view text, const std::string& file,
               Intake& intake, Progress& progress) {
    return read_if<Order>(list, text, file, intake, progress) ||
           read_if<Block>(list, text, file, intake, progress) ||
           read_if<Placement>(list, text, file, intake, progress) ||
           read_if<Execution>(list, text, file, intake, progress) ||
           read_if<Allocation>(list, text, file, intake, progress) ||
           read_if<Instrument>(list, text, file, intake, progress) ||
           read_if<Portfolio>(list, text, file, intake, progress) ||
           read_if<NamedAlgorithm>(list, text, file, intake, progress) ||
           read_if<RunRecord>(list, text, file, intake, progress);
}

}  // namespace

bool read_csv_text(std::string_view list, std::string_view text, const std::string& file,
                   Intake& intake) {
    Progress progress{0, text.size()};
    return read_text(list, text, file, intake, progress);
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
        const Result<std::string> text = read_whole_file(file.path);
        if (!text) {
            intake.fail(text.error());
            continue;
        }
        read_text(file.list, *text, file.path.string(), intake, progress);
    }
}

}  // namespace allot::io
