// Writes allocations by putting kept texts together. What all allocations of one execution have in
// common is made only once: a day has far more allocations than executions. The same goes for what
// ids begin with, and for what many orders name. Gives the bytes that the plain
// Output::write_fields gives.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "engine/base/put_bytes.hpp"
#include "engine/io/fields.hpp"
#include "engine/io/text_output.hpp"
#include "engine/store/book_data.hpp"

namespace allot::io {

// `Output` is CsvOutput or JsonOutput. Precondition: all allocations are of one book, which does
// not change, and those whose run the book does not know are of one run.
template <class Output>
class AllocationOutput {
  public:
    // Rows go to `text`. `make` gives the Output that appends to a text.
    template <class Make>
    AllocationOutput(const BookData& book, TextBuffer& text, Make make)
        : book_{&book}, text_{&text}, output_{make(text)}, shared_output_{make(shared_)} {}
    AllocationOutput(const AllocationOutput&) = delete;
    AllocationOutput& operator=(const AllocationOutput&) = delete;

    // The fields of one of many that are written in turn: what comes soon is called for.
    void write_fields(const AllocationViews& all, std::size_t at) {
        call_for_rows_behind(all.rows(), at);
        write_fields(all[at]);
    }

    // The fields of one allocation.
    void write_fields(const AllocationView& allocation) {
        const detail::AllocationRow& row = allocation.row();
        if (row.details != store::none) {
            bool is_first = true;
            output_.write_fields(allocation, is_first);
            return;
        }
        const store::OrderRow& order = book_->orders.rows[row.order];
        if (!key_.fits(row, order)) {
            share(allocation);
        }
        write_row({allocation, order, book_->kind_of(order), joined_code(row, order)});
    }

  private:
    static constexpr const auto& fields = Schema<Allocation>::fields;
    static constexpr std::size_t count = field_count<Allocation>;
    static constexpr auto indices = std::make_index_sequence<count>{};
    // Text is copied in blocks of so many bytes, the last one too: there is room behind all ends.
    static constexpr std::size_t block = 32;

    template <std::size_t I>
    static constexpr bool is_shared =
        std::tuple_element_t<I,
                             std::remove_cvref_t<decltype(Schema<Allocation>::fields)>>::is_shared;
    // The first of the shared fields that stand in a row before field I; I if there are none.
    template <std::size_t I>
    static constexpr std::size_t first_before() {
        if constexpr (I > 0) {
            if constexpr (is_shared<I - 1>) {
                return first_before<I - 1>();
            }
        }
        return I;
    }

    // What the shared fields follow from: two allocations with the same have the same text there.
    struct Key {
        // The order may give these where execution and placement are silent.
        struct OfOrder {
            std::uint32_t kind{0};
            std::uint32_t identifiers{0};
        };

        std::uint32_t execution{store::none};
        std::uint32_t placement{store::none};
        std::uint32_t run{store::none};
        OfOrder given{};
        OfOrder asked{};  // all bits where the order is asked, else none

        [[nodiscard]] bool fits(const detail::AllocationRow& row,
                                const store::OrderRow& order) const noexcept {
            const std::uint32_t differs =
                ((order.kind ^ given.kind) & asked.kind) |
                ((order.identifiers ^ given.identifiers) & asked.identifiers);
            return row.execution == execution && row.placement == placement && row.run == run &&
                   differs == 0;
        }
    };

    // Texts of one field by the number that they follow from; each has one place, that of the
    // newest. Longer texts than there is room for are not kept.
    template <std::size_t places>
    struct KeptTexts {
        static constexpr std::uint64_t nothing = ~std::uint64_t{0};
        struct Text {
            std::uint64_t number{nothing};
            std::array<char, Output::usual_id_bytes> bytes{};
            std::size_t size{0};
        };
        static_assert(Output::usual_id_bytes >= block);

        [[nodiscard]] Text& of(std::uint32_t number) noexcept { return texts[number % places]; }

        std::array<Text, places> texts{};
    };

    // One allocation on its way out.
    struct Row {
        const AllocationView& allocation;
        const store::OrderRow& order;
        const store::OrderKind& kind;
        std::string_view joined_code;  // see joined_code()
    };

    // The orders of neighbouring rows lie far apart: called for step by step.
    void call_for_rows_behind(std::span<const detail::AllocationRow> rows, std::size_t at) const {
        constexpr std::size_t step = 8;
        const auto& orders = book_->orders;
        if (at + 3 * step < rows.size()) {
            store::prefetch(orders.rows[rows[at + 3 * step].order]);
        }
        if (at + 2 * step < rows.size()) {
            orders.ids.prefetch_slot(orders.rows[rows[at + 2 * step].order].head.id);
        }
        if (at + step < rows.size()) {
            orders.ids.prefetch_code(orders.rows[rows[at + step].order].head.id);
        }
    }

    [[nodiscard]] Key key_of(const detail::AllocationRow& row) const noexcept {
        const store::ExecutionRow& execution = book_->executions.rows[row.execution];
        const store::PlacementRow& placement = book_->placements.rows[row.placement];
        const store::OrderRow& order = book_->orders.rows[row.order];
        const auto asked = [](bool is_asked) {
            return is_asked ? ~std::uint32_t{0} : std::uint32_t{0};
        };
        const bool asks_for_kind =
            (execution.side == 0 && placement.side == 0) || execution.type == 0 ||
            (execution.lusid_instrument_id == 0 && placement.lusid_instrument_id == 0);
        return {row.execution,
                row.placement,
                row.run,
                {order.kind, order.identifiers},
                {asked(asks_for_kind),
                 asked(execution.identifiers == 0 && placement.identifiers == 0)}};
    }

    // Makes the text of the shared fields anew.
    void share(const AllocationView& allocation) {
        shared_.cut(0);
        share_ids(allocation.row());
        [&]<std::size_t... I>(std::index_sequence<I...>) {
            (share_field<I>(allocation), ...);
        }
        (indices);
        begins_[count] = shared_.size();
        (void)shared_.room(block);
        row_room_ = shared_.size() + before_order_code_.size() + room_of_own_fields;
        key_ = key_of(allocation.row());
    }

    template <std::size_t I>
    void share_field(const AllocationView& allocation) {
        constexpr const auto& field = std::get<I>(fields);
        begins_[I] = shared_.size();
        if constexpr (is_shared<I>) {
            using Value = std::remove_cvref_t<decltype(std::invoke(field.view, allocation))>;
            const detail::AllocationRow& row = allocation.row();
            if constexpr (std::is_same_v<Value, std::vector<IdView<Placement>>>) {
                write_shared(field, std::array{placement_id(row)});
            } else if constexpr (std::is_same_v<Value, std::vector<IdView<Execution>>>) {
                write_shared(field, std::array{execution_id(row)});
            } else if constexpr (std::is_same_v<Value, Properties>) {
                share_properties(field, allocation);
            } else {
                write_shared(field, std::invoke(field.view, allocation));
            }
        }
    }

    template <class FieldType, class T>
    void write_shared(const FieldType& field, const T& value) {
        bool is_first = false;
        shared_output_.write_field(field, value, is_first);
    }

    // Of an allocation without details they follow from its run.
    template <class FieldType>
    void share_properties(const FieldType& field, const AllocationView& allocation) {
        if (run_of_properties_ != allocation.row().run) {
            const std::size_t begin = shared_.size();
            write_shared(field, std::invoke(field.view, allocation));
            properties_ = shared_.view().substr(begin);
            run_of_properties_ = allocation.row().run;
        } else {
            shared_.append(properties_);
        }
    }

    // The text of ids up to the order's code: of the allocation's, when it is one of two joined
    // codes, and of the order's. They can be used when nothing in them is quoted.
    void share_ids(const detail::AllocationRow& row) {
        const IdView<Execution> execution = execution_id(row);
        const std::string_view scope = placement_id(row).scope;
        const auto before_code = [](std::string_view text) {
            const std::size_t end = text.size() - std::min(text.size(), Output::end_of_id.size());
            const bool is_plain =
                text.substr(end) == Output::end_of_id && text.substr(0, end).ends_with('-');
            return is_plain ? text.substr(0, end) : std::string_view{};
        };
        if (scope.data() != scope_.data()) {
            scope_ = scope;
            scope_of_orders_ = {};
            write_shared(std::get<1>(fields), IdView<Order>{scope, "-"});
            before_order_code_ = before_code(shared_.view());
            if (!before_order_code_.empty()) {
                before_order_code_.pop_back();
            }
            shared_.cut(0);
        }
        code_.assign(execution.code).push_back('-');
        bool is_first = true;
        shared_output_.write_field(std::get<0>(fields), IdView<Allocation>{scope, code_}, is_first);
        id_size_ = before_code(shared_.view()).size();
        id_is_joined_ = id_size_ > 0 && !before_order_code_.empty() && execution.scope == scope &&
                        store::is_word(execution.code);
    }

    [[nodiscard]] IdView<Execution> execution_id(const detail::AllocationRow& row) const {
        return book_->executions.ids.template view<Execution>(
            book_->executions.rows[row.execution].head.id);
    }
    [[nodiscard]] IdView<Placement> placement_id(const detail::AllocationRow& row) const {
        return book_->placements.ids.template view<Placement>(
            book_->placements.rows[row.placement].head.id);
    }

    // The order's code where the allocation's id is the execution's code joined to it in the same
    // scope, so that both ids begin as share_ids() has made them; else empty.
    [[nodiscard]] std::string_view joined_code(const detail::AllocationRow& row,
                                               const store::OrderRow& order) {
        const IdView<Order> id = book_->orders.ids.template view<Order>(order.head.id);
        if (!id_is_joined_ || row.ordinal != 1 ||
            code_.size() + id.code.size() > store::longest_derived_code ||
            !store::is_word(id.code)) {
            return {};
        }
        // Each scope of a pool has one place.
        if (id.scope.data() != scope_of_orders_.data()) {
            if (id.scope != scope_) {
                return {};
            }
            scope_of_orders_ = id.scope;
        }
        return id.code;
    }

    void write_row(const Row& row) {
        char* to = text_->room(row_room_);
        [&]<std::size_t... I>(std::index_sequence<I...>) {
            ((to = put_field<I>(to, row)), ...);
        }
        (indices);
        text_->extend_to(put_shared_before<count>(to));
    }

    // Writes the shared fields before field I and, if it is the allocation's own, field I.
    template <std::size_t I>
    [[nodiscard]] char* put_field(char* to, const Row& row) {
        constexpr const auto& field = std::get<I>(fields);
        if constexpr (is_shared<I>) {
            return to;
        } else {
            to = put_shared_before<I>(to);
            using View = AllocationView;
            if constexpr (is_of(field, &View::id)) {
                return row.joined_code.empty()
                           ? write_own<I>(to, row)
                           : put_id(to, shared_.view().substr(0, id_size_), row.joined_code);
            } else if constexpr (is_of(field, &View::order_id)) {
                return row.joined_code.empty() ? write_own<I>(to, row)
                                               : put_id(to, before_order_code_, row.joined_code);
            } else if constexpr (is_of(field, &View::quantity)) {
                return output_.put(Output::put_before(to, field),
                                   row.allocation.quantity().units());
            } else if constexpr (is_of(field, &View::portfolio_id)) {
                return put_kept<I>(to, row, portfolios_.of(row.order.portfolio),
                                   row.order.portfolio);
            } else if constexpr (is_of(field, &View::custodian_account_id)) {
                return put_kept<I>(to, row, custodians_.of(row.kind.custodian), row.kind.custodian);
            } else if constexpr (is_of(field, &View::instrument_scope)) {
                return put_kept<I>(to, row, instrument_scopes_.of(row.kind.instrument_scope),
                                   row.kind.instrument_scope);
            } else {
                return write_own<I>(to, row);
            }
        }
    }

    template <class FieldType, class View>
    static constexpr bool is_of(const FieldType& field, View view) {
        if constexpr (std::is_same_v<std::remove_cvref_t<decltype(field.view)>, View>) {
            return field.view == view;
        }
        return false;
    }

    // The room for all that the put_ functions write beside shared text.
    static constexpr std::size_t room_of_own_fields = [] {
        std::size_t room = 0;
        for_each_field<Allocation>(
            [&](const auto& field, std::size_t) { room += Output::size_before(field); });
        return room + 2 * (store::longest_derived_code + Output::end_of_id.size()) +
               Output::longest_number + 3 * Output::usual_id_bytes + block;
    }();

    template <std::size_t I>
    [[nodiscard]] char* put_shared_before(char* to) const noexcept {
        constexpr std::size_t first = first_before<I>();
        if constexpr (first < I) {
            const char* const from = shared_.view().data() + begins_[first];
            const std::size_t size = begins_[I] - begins_[first];
            for (std::size_t at = 0; at < size; at += block) {
                std::memcpy(to + at, from + at, block);
            }
            return to + size;
        }
        return to;
    }

    [[nodiscard]] static char* put_id(char* to, std::string_view before_code,
                                      std::string_view code) noexcept {
        return detail::put_bytes(detail::put_bytes(detail::put_bytes(to, before_code), code),
                                 Output::end_of_id);
    }

    // By the plain way.
    template <std::size_t I>
    [[nodiscard]] char* write_own(char* to, const Row& row) {
        constexpr const auto& field = std::get<I>(fields);
        bool is_first = I == 0;
        text_->extend_to(to);
        output_.write_field(field, std::invoke(field.view, row.allocation), is_first);
        return text_->room(row_room_);
    }

    template <std::size_t I, class Text>
    [[nodiscard]] char* put_kept(char* to, const Row& row, Text& kept, std::uint32_t number) {
        if (kept.number != number) {
            text_->extend_to(to);
            const std::size_t begin = text_->size();
            to = write_own<I>(to, row);
            const std::string_view text = text_->view().substr(begin);
            if (text.size() <= kept.bytes.size()) {
                std::copy(text.begin(), text.end(), kept.bytes.begin());
                kept.size = text.size();
                kept.number = number;
            }
            return to;
        }
        std::memcpy(to, kept.bytes.data(), block);
        if (kept.size > block) {
            std::memcpy(to, kept.bytes.data(), kept.bytes.size());
        }
        return to + kept.size;
    }

    const BookData* book_;
    TextBuffer* text_;
    TextBuffer shared_{};
    Output output_;
    Output shared_output_;
    Key key_{};
    // Where shared field i begins in shared_; in front stands the id's text up to the dash.
    std::array<std::size_t, count + 1> begins_{};
    std::size_t row_room_{0};
    std::size_t id_size_{0};
    bool id_is_joined_{false};
    std::string_view scope_{};            // of the placement
    std::string_view scope_of_orders_{};  // the same in the pool of orders, once it was seen
    std::string before_order_code_{};
    std::string code_{};  // of an id up to the dash
    std::string properties_{};
    std::uint64_t run_of_properties_{~std::uint64_t{0}};
    KeptTexts<256> portfolios_{};
    KeptTexts<32> custodians_{};
    KeptTexts<8> instrument_scopes_{};
};

}  // namespace allot::io
