// Writes allocations field by field, and what all allocations of one execution have in common only
// once: a day has far more allocations than executions. Gives the bytes that the plain
// Output::write_fields gives.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

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

    // The fields of one of many that are written in turn: what comes soon is called for.
    void write_fields(const AllocationViews& all, std::size_t at) {
        call_for_rows_behind(all.rows(), at);
        write_fields(all[at]);
    }

    // The fields of one allocation.
    void write_fields(const AllocationView& allocation) {
        bool is_first = true;
        if (allocation.row().details != store::none) {
            output_.write_fields(allocation, is_first);
            return;
        }
        if (const Key key = key_of(allocation.row()); key != key_) {
            share(allocation);
            key_ = key;
        }
        std::size_t piece = 0;
        each_field([&](const auto& field) {
            if constexpr (!std::remove_cvref_t<decltype(field)>::is_shared) {
                text_->append(shared_piece(piece++));
                write_own(field, allocation, is_first);
            }
        });
        text_->append(shared_piece(piece));
    }

  private:
    // What the shared fields follow from: two allocations with the same have the same text there.
    struct Key {
        std::uint32_t execution{store::none};
        std::uint32_t placement{store::none};
        std::uint32_t run{store::none};
        // The order may give these where execution and placement are silent.
        std::uint32_t side{0};
        std::uint32_t type{0};
        std::uint32_t identifiers{0};
        std::uint32_t lusid_instrument_id{0};

        friend bool operator==(const Key&, const Key&) = default;
    };

    template <class Use>
    static void each_field(Use&& use) {
        for_each_field<Allocation>([&](const auto& field, std::size_t) { use(field); });
    }

    // The orders of neighbouring rows lie far apart: called for step by step.
    void call_for_rows_behind(std::span<const detail::AllocationRow> rows, std::size_t at) const {
        constexpr std::size_t step = 8;
        const auto& orders = book_->orders;
        if (at + 3 * step < rows.size()) {
            store::prefetch(orders.rows[rows[at + 3 * step].order]);
        }
        if (at + 2 * step < rows.size()) {
            orders.ids.prefetch_place(orders.rows[rows[at + 2 * step].order].head.id);
        }
        if (at + step < rows.size()) {
            orders.ids.prefetch_text(orders.rows[rows[at + step].order].head.id);
        }
    }

    [[nodiscard]] Key key_of(const detail::AllocationRow& row) const noexcept {
        const store::ExecutionRow& execution = book_->executions.rows[row.execution];
        const store::PlacementRow& placement = book_->placements.rows[row.placement];
        const store::OrderRow& order = book_->orders.rows[row.order];
        const store::OrderKind& kind = book_->kind_of(order);
        const auto given_by_order = [](std::uint32_t a, std::uint32_t b, std::uint32_t c) {
            return a == 0 && b == 0 ? c : 0;
        };
        return {row.execution,
                row.placement,
                row.run,
                given_by_order(execution.side, placement.side, kind.side),
                given_by_order(execution.type, 0, kind.type),
                given_by_order(execution.identifiers, placement.identifiers, order.identifiers),
                given_by_order(execution.lusid_instrument_id, placement.lusid_instrument_id,
                               kind.lusid_instrument_id)};
    }

    // Makes the text of the shared fields anew, in pieces between the allocation's own fields.
    void share(const AllocationView& allocation) {
        shared_.cut(0);
        share_id(allocation.row());
        std::size_t piece = 0;
        piece_begins_[0] = shared_.size();
        each_field([&](const auto& field) {
            if constexpr (std::remove_cvref_t<decltype(field)>::is_shared) {
                bool is_first = false;
                shared_output_.write_field(field, std::invoke(field.view, allocation), is_first);
            } else {
                piece_begins_[++piece] = shared_.size();
            }
        });
        piece_begins_[piece + 1] = shared_.size();
    }

    [[nodiscard]] std::string_view shared_piece(std::size_t piece) const noexcept {
        return shared_.view().substr(piece_begins_[piece],
                                     piece_begins_[piece + 1] - piece_begins_[piece]);
    }

    // The id up to the order's code, when it is one of two joined codes and nothing is quoted.
    void share_id(const detail::AllocationRow& row) {
        const IdView<Execution> execution = book_->executions.ids.template view<Execution>(
            book_->executions.rows[row.execution].head.id);
        scope_ = book_->placements.ids.scope(book_->placements.rows[row.placement].head.id);
        code_size_ = execution.code.size() + 1;
        bool is_first = true;
        shared_output_.write_field(
            std::get<0>(Schema<Allocation>::fields),
            AllocationId{std::string{scope_}, std::string{execution.code}.append("-")}, is_first);
        const std::string_view text = shared_.view();
        const std::size_t kept = text.size() - std::min(text.size(), Output::end_of_id.size());
        id_size_ = kept;
        id_is_joined_ = execution.scope == scope_ && store::is_word(execution.code) &&
                        text.substr(kept) == Output::end_of_id &&
                        text.substr(0, kept).ends_with('-');
    }

    template <class FieldType>
    void write_own(const FieldType& field, const AllocationView& allocation, bool& is_first) {
        using Value = std::remove_cvref_t<decltype(std::invoke(field.view, allocation))>;
        if constexpr (std::is_same_v<Value, AllocationId>) {
            if (write_joined_id(allocation)) {
                is_first = false;
                return;
            }
        }
        output_.write_field(field, std::invoke(field.view, allocation), is_first);
    }

    bool write_joined_id(const AllocationView& allocation) {
        const IdView<Order> order = allocation.order_id();
        if (!id_is_joined_ || allocation.row().ordinal != 1 || order.scope != scope_ ||
            code_size_ + order.code.size() > store::longest_derived_code ||
            !store::is_word(order.code)) {
            return false;
        }
        char* to = text_->room(id_size_ + order.code.size() + Output::end_of_id.size());
        to = put_text(to, shared_.view().substr(0, id_size_));
        to = put_text(to, order.code);
        text_->extend_to(put_text(to, Output::end_of_id));
        return true;
    }

    const BookData* book_;
    TextBuffer* text_;
    TextBuffer shared_{};
    Output output_;
    Output shared_output_;
    Key key_{};
    // Where the pieces of shared_ begin: piece i stands before the i-th field of the row's own.
    std::array<std::size_t, field_count<Allocation> + 2> piece_begins_{};
    std::string_view scope_{};  // of the ids
    std::size_t code_size_{0};  // of an id's code up to the dash
    std::size_t id_size_{0};    // of the id's text up to the dash
    bool id_is_joined_{false};
};

}  // namespace allot::io
