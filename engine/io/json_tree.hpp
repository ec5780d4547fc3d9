// JSON in two layers: a stream that walks the lists of a document, and a small tree of one list
// item at a time, so that a file of any size needs the memory of its largest item.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "allot/error.hpp"

namespace allot::io {

enum class JsonKind : std::uint8_t { null, boolean, number, text, object, list };

// What a kind is called in a message: "a number", "an object", ...
[[nodiscard]] std::string_view name(JsonKind kind) noexcept;

class JsonTree;

// One value of a tree. Valid until the tree is filled anew.
class JsonValue {
  public:
    JsonValue() = default;  // of no tree: only to be assigned to
    JsonValue(const JsonTree& tree, std::size_t index) noexcept : tree_{&tree}, index_{index} {}

    [[nodiscard]] JsonKind kind() const noexcept;
    // Name of the member that the value is of an object; empty in a list.
    [[nodiscard]] std::string_view key() const noexcept;
    // Content of a string without escapes, digits of a number as they stand in the file, or
    // true, false, null.
    [[nodiscard]] std::string_view text() const noexcept;
    // Where the value begins in the source.
    [[nodiscard]] std::size_t offset() const noexcept;
    // The value as a message shows it.
    [[nodiscard]] std::string shown() const;

    class iterator {
      public:
        iterator(const JsonTree* tree, std::size_t index) noexcept : tree_{tree}, index_{index} {}
        [[nodiscard]] JsonValue operator*() const noexcept { return {*tree_, index_}; }
        iterator& operator++() noexcept;
        friend bool operator==(const iterator&, const iterator&) = default;

      private:
        const JsonTree* tree_;
        std::size_t index_;
    };
    // The members of an object or items of a list, in order; nothing in a scalar.
    [[nodiscard]] iterator begin() const noexcept;
    [[nodiscard]] iterator end() const noexcept;

  private:
    const JsonTree* tree_{nullptr};
    std::size_t index_{0};
};

// A value with all that is in it, flat and in source order, to be filled again and again.
class JsonTree {
  public:
    explicit JsonTree(std::string_view source) noexcept : source_{source} {}

    [[nodiscard]] JsonValue root() const noexcept { return {*this, 0}; }
    // Members whose name an earlier member of the same object has.
    [[nodiscard]] std::vector<JsonValue> repeated_members() const;

  private:
    friend class JsonValue;
    friend class JsonStream;

    // A stretch of the source or, where something in it was escaped, of texts_.
    struct Text {
        std::size_t begin{0};
        std::size_t size{0};
        bool is_in_source{false};
    };
    struct Node {
        JsonKind kind{};
        Text key{};
        Text text{};           // of a scalar
        std::size_t begin{0};  // of the value in the source
        std::size_t next{0};   // number of the node behind all that is in this one
    };

    [[nodiscard]] std::string_view text_of(const Text& text) const noexcept {
        return (text.is_in_source ? source_ : std::string_view{texts_})
            .substr(text.begin, text.size);
    }

    std::string_view source_;
    std::string texts_;
    std::vector<Node> nodes_;
};

// What to do with a value that begins.
enum class JsonStep : std::uint8_t {
    enter,   // an object or list: go on with its members
    record,  // hand it over as a tree
    skip,    // read over it
};

// Names of the members on the way to a value; items of lists have empty names.
using JsonPath = std::vector<std::string>;

class JsonHandler {
  public:
    JsonHandler() = default;
    JsonHandler(const JsonHandler&) = delete;
    JsonHandler& operator=(const JsonHandler&) = delete;
    virtual ~JsonHandler() = default;

    // A value begins. `enter` counts only for objects and lists.
    [[nodiscard]] virtual JsonStep begin(const JsonPath& path, JsonKind kind,
                                         std::size_t offset) = 0;
    // The item of an entered list at `offset` is next. The handler may read it its own way, and
    // more items behind it: returns where the last one ends that it has read, or `offset`.
    [[nodiscard]] virtual std::size_t items(const JsonPath& /*path*/, std::size_t offset) {
        return offset;
    }
    // A recorded value is complete. Returns false to stop reading.
    [[nodiscard]] virtual bool value(const JsonPath& path, const JsonTree& tree) = 0;
    // A member of an entered object has a name that was there before; it is skipped.
    virtual void repeated(const JsonPath& path, std::size_t offset) = 0;
};

// Why a text is not JSON.
struct JsonFailure {
    ErrorCode code{ErrorCode::file_is_not_json};
    std::string found{};
    std::string expected{};
    std::size_t offset{0};
};

// Deeper nesting than this is refused.
inline constexpr std::size_t deepest_json = 64;

// Walks `source` and tells `handler`. Returns the first fault of grammar, if there is one; what was
// handed over before it stands. Precondition: `source` is UTF-8. Complexity: O(bytes).
[[nodiscard]] std::optional<JsonFailure> walk_json(std::string_view source, JsonHandler& handler);

}  // namespace allot::io
