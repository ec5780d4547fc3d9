// Reading a folder of CSV files: each line an entity, each column a field.
#include "engine/io/read_csv.hpp"

#include <algorithm>
#include <array>
#include <bitset>
#include <functional>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <span>
#include <system_error>
#include <type_traits>
#include <utility>
#include <vector>

#include "engine/base/text.hpp"
#include "engine/io/ahead.hpp"
#include "engine/io/csv_cells.hpp"
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

    [[nodiscard]] std::vector<std::string_view> all_names() const {
        std::vector<std::string_view> result;
        for (const Column<Entity>& column : all) {
            result.push_back(column.name);
        }
        return result;
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

template <class Entity>
CellOrder<Entity> order_of(const std::vector<const Column<Entity>*>& columns) {
    CellOrder<Entity> order;
    order.columns = columns.size();
    for (std::size_t i = 0; i < columns.size(); ++i) {
        if (columns[i] != nullptr) {
            (columns[i]->is_currency ? order.currency_of : order.cell_of)[columns[i]->number] = i;
            order.head = changes_by_row(columns[i]->field) ? i + 1 : order.head;
        }
    }
    return order;
}

// What threads make of a stretch, and nothing for the entities that take the long way only.
template <class Entity, bool has_short_way = has_usual_rows<Entity>>
struct ShortWay {
    explicit ShortWay(BookData& data) : book{&data}, finisher{data, referred_mutex} {}

    void prepare(CsvStretch<Entity>& stretch) {
        prepare_csv(*book, order, stretch, referred_mutex);
    }

    BookData* book;
    std::shared_mutex referred_mutex{};  // of referred_ids()
    CellOrder<Entity> order{};
    CsvStretch<Entity> first{};  // the one with the header
    RowFinisher<Entity, CsvIdentifiers> finisher;
};
template <class Entity>
struct ShortWay<Entity, false> {
    explicit ShortWay(const BookData& /*data*/) {}
};

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
          complaints_{true},
          short_way_{intake.builder().data()} {}

    // Reads the next stretch of the file. Returns false when there is no sense in reading on.
    bool read(std::string_view text) {
        begin_stretch(is_at_begin_ ? without_byte_order_mark(text) : text);
        if (const std::optional<std::size_t> bad = first_byte_not_utf8(text_)) {
            return fail_at_byte(*bad);
        }
        return end_stretch(is_at_begin_ ? read_begin() : read_rows());
    }
    // Whether the header was read and what follows can be prepared ahead.
    [[nodiscard]] bool can_prepare() const noexcept {
        return has_usual_rows<Entity> && !is_at_begin_ && intake_->takes_short_way();
    }
    // Reads what follows, ahead on so many threads. `fill` gives the stretches.
    template <class Fill>
    void read_ahead(std::size_t threads, const Fill& fill);
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

    void begin_stretch(std::string_view text) {
        text_ = text;
        lines_ = LineCounter{text, next_line_};
        reader_ = CsvReader{text};
    }
    bool fail_at_byte(std::size_t offset) {
        intake_->fail(Error{.code = ErrorCode::file_is_not_utf8, .place = place_at(offset)});
        return false;
    }
    // What a stretch has shown, when its rows were read. Returns whether to read on.
    bool end_stretch(bool is_good) {
        if (const std::optional<CsvFailure>& failure = reader_.failure()) {
            fail(ErrorCode::file_is_not_csv, {}, failure->found, failure->expected,
                 failure->offset);
            return false;
        }
        next_line_ += reader_.lines();
        return is_good;
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
            short_way_.order = order_of(columns_);
            if (intake_->takes_short_way()) {
                CsvStretch<Entity>& first = short_way_.first;
                first.text = text_;
                first.begin = reader_.end();
                first.lines_before_begin = reader_.lines();
                short_way_.prepare(first);
                return take_rows(first);
            }
        }
        return read_rows();
    }
    bool read_header();
    bool check_required();
    // The rows from the reader's place on, the long way.
    bool read_rows();
    template <class Stretch>
    bool take_rows(Stretch& stretch);
    void count_row() {
        if (++rows_ % rows_between_progress == 0 && intake_->options().progress) {
            intake_->options().progress(progress_->done + reader_.offset(), progress_->total);
        }
    }
    void reserve();
    void read_row();
    void read_cells(Entity& row);
    void check_row();
    void take(Entity& row);

    std::size_t bytes_;
    std::string_view text_{};     // of the stretch
    std::size_t rows_{0};         // of the file so far
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
    ShortWay<Entity> short_way_;
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
            fail(ErrorCode::field_is_unknown, cell.text, {},
                 "a column of docs/formats.md" + such_as(cell.text, known_.all_names()),
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

// The rest of the file is taken to be like the rows so far.
template <class Entity>
void CsvFile<Entity>::reserve() {
    if (has_reserved_ || rows_ == 0) {
        return;
    }
    has_reserved_ = true;
    if constexpr (has_usual_rows<Entity>) {
        constexpr std::size_t most_rows = store::none;
        const std::size_t all = bytes_ / std::max<std::size_t>(text_.size() / rows_, 1) + rows_;
        if (bytes_ > text_.size()) {
            reserve_rows(table_of<Entity>(intake_->builder().data()), std::min(all, most_rows));
        }
    }
}

template <class Entity>
bool CsvFile<Entity>::read_rows() {
    while (!intake_->is_full() && reader_.next()) {
        read_row();
        count_row();
    }
    reserve();
    return !intake_->is_full();
}

// The short way for the rows that can go it, and the long one for the others, in their turn.
template <class Entity>
template <class Stretch>
bool CsvFile<Entity>::take_rows(Stretch& stretch) {
    short_way_.finisher.begin(stretch.rows);
    bool goes_on = !intake_->is_full();
    for (std::size_t i = 0; goes_on && i < stretch.rows.items.size(); ++i) {
        auto& item = stretch.rows.items[i];
        if (item.row.head.id != store::none && short_way_.finisher.finish(i)) {
            place_.line = next_line_ + item.lines_before;
            intake_->builder().add_row(item.row, place_);
        } else {
            const std::scoped_lock lock{short_way_.referred_mutex};
            reader_.go_to(item.offset, item.lines_before);
            if (!reader_.next()) {
                break;
            }
            read_row();
            goes_on = !intake_->is_full();
        }
        count_row();
    }
    reader_.go_to(text_.size(), stretch.lines);
    reserve();
    return goes_on;
}

template <class Entity>
template <class Fill>
void CsvFile<Entity>::read_ahead(std::size_t threads, const Fill& fill) {
    if constexpr (has_usual_rows<Entity>) {
        using Stretch = CsvStretch<Entity>;
        Ahead<Stretch> ahead{threads,
                             {.fill =
                                  [&](Stretch& stretch) {
                                      stretch.problem = fill(stretch.bytes, stretch.text);
                                      return stretch.problem || !stretch.text.empty();
                                  },
                              .prepare =
                                  [this](Stretch& stretch) {
                                      if (!stretch.problem) {
                                          short_way_.prepare(stretch);
                                      }
                                  }}};
        bool goes_on = true;
        while (goes_on) {
            Stretch* const stretch = ahead.next();
            if (stretch == nullptr) {
                return;
            }
            if (stretch->problem) {
                intake_->fail(*stretch->problem);
                return;
            }
            begin_stretch(stretch->text);
            goes_on = stretch->byte_not_utf8 ? fail_at_byte(*stretch->byte_not_utf8)
                                             : end_stretch(take_rows(*stretch));
            progress_->done += stretch->text.size();
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
    const std::size_t threads =
        threads_for(intake.options().threads, stretches.file_size(), stretches.bytes_at_once());
    while (!reader.can_prepare()) {
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
    reader.read_ahead(
        threads, [&](std::vector<char>& bytes, std::string_view& text) -> std::optional<Error> {
            const Result<std::string_view> next = stretches.next(bytes);
            if (!next) {
                return next.error();
            }
            text = *next;
            return std::nullopt;
        });
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

namespace {

// The list that a file of this name was probably meant for, or nothing. Case does not count.
std::string_view nearly_named(std::string name, std::span<const std::string_view> lists) {
    constexpr std::size_t long_name = 10;
    for (char& c : name) {
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    for (const std::string_view list : lists) {
        const std::size_t most_slips = list.size() < long_name ? 1 : 2;
        if (name.size() < 2 * long_name && detail::edit_distance(name, list) <= most_slips) {
            return list;
        }
    }
    return {};
}

// A file that nearly has the name of a list would be left out, with the orders or caps in it.
void check_names(const std::filesystem::path& folder, std::span<const std::string_view> lists,
                 Intake& intake) {
    namespace fs = std::filesystem;
    std::vector<fs::path> paths;
    std::error_code no_matter;
    for (const auto& entry : fs::directory_iterator{folder, no_matter}) {
        paths.push_back(entry.path());
    }
    std::sort(paths.begin(), paths.end());
    for (const fs::path& path : paths) {
        if (!store::equal_without_case(path.extension().string(), ".csv")) {
            continue;
        }
        const std::string_view list = nearly_named(path.stem().string(), lists);
        const std::string meant = std::string{list}.append(".csv");
        // Where case does not count for the file system either, it has been read.
        if (list.empty() || path.filename() == meant ||
            fs::equivalent(path, folder / meant, no_matter)) {
            continue;
        }
        Error error{.code = ErrorCode::file_name_is_unknown,
                    .expected = meant + ", or a name unlike those of a book",
                    .place = {.file = path.string()}};
        if (intake.options().lenient) {
            intake.warn(std::move(error));
        } else {
            intake.fail(std::move(error));
        }
    }
}

}  // namespace

void read_folder(const std::filesystem::path& folder, Intake& intake, std::size_t bytes_at_once) {
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
    check_names(folder, lists, intake);
    for (const File& file : files) {
        Result<FileStretches> stretches = FileStretches::open(file.path, bytes_at_once);
        if (!stretches) {
            intake.fail(stretches.error());
            continue;
        }
        with_file_of(file.list, file.path.string(), stretches->file_size(), intake, progress,
                     [&](auto& reader) { read_stretches(reader, *stretches, intake, progress); });
    }
}

}  // namespace allot::io
