// Reading the canonical day from CSV and JSON, and writing what a run of it gives.
#include <unistd.h>

#include <filesystem>
#include <string>

#include "allot/book_file.hpp"
#include "allot/engine.hpp"
#include "allot/result_file.hpp"
#include "bench/bench.hpp"

namespace allot::bench {
namespace {

// A folder of its own that goes when the benchmark ends.
class TemporaryFolder {
  public:
    TemporaryFolder()
        : path_{std::filesystem::temp_directory_path() /
                ("allot_bench_" + std::to_string(getpid()))} {}
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    ~TemporaryFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

  private:
    std::filesystem::path path_;
};

std::size_t bytes_in(const std::filesystem::path& folder) {
    std::size_t bytes = 0;
    for (const auto& entry : std::filesystem::directory_iterator{folder}) {
        bytes += entry.file_size();
    }
    return bytes;
}

void finish(benchmark::State& state, std::size_t entities, std::size_t bytes) {
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(entities));
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(bytes));
    state.counters["entities"] = static_cast<double>(entities);
}

void read_csv(benchmark::State& state, const Sizes& sizes) {
    const TemporaryFolder folder;
    write_day_csv(make_day(sizes), folder.path()).value();
    std::size_t entities = 0;
    for (auto _ : state) {
        entities = read_book(folder.path()).value().book.size();
    }
    finish(state, entities, bytes_in(folder.path()));
}

void read_json(benchmark::State& state, const Sizes& sizes) {
    std::string json;
    write_book_json(make_book(make_day(sizes)), [&json](std::string_view piece) {
        json += piece;
        return true;
    }).value();
    std::size_t entities = 0;
    for (auto _ : state) {
        entities = read_book_json(json, "day.json").value().book.size();
    }
    finish(state, entities, json.size());
}

template <class Write>
void write_result(benchmark::State& state, const Sizes& sizes, Write write) {
    Book book = make_book(make_day(sizes));
    const RunResult result = Engine{}.run(book, {}).value();
    std::size_t bytes = 0;
    for (auto _ : state) {
        bytes = 0;
        write(result, [&bytes](std::string_view piece) {
            bytes += piece.size();
            return true;
        }).value();
    }
    std::string text;
    write(result, [&text](std::string_view piece) {
        text += piece;
        return true;
    }).value();
    Checksum checksum;
    checksum.add(text);
    finish(state, result.allocations().size(), bytes);
    state.SetLabel(checksum.to_string());
}

}  // namespace

void register_files(const Sizes& sizes) {
    const auto add_benchmark = [&sizes](const char* name, auto function) {
        auto* bench = benchmark::RegisterBenchmark(name, function);
        bench->Unit(benchmark::kMillisecond);
        configure(bench, sizes);
    };
    add_benchmark("files/read_csv", [&](benchmark::State& state) { read_csv(state, sizes); });
    add_benchmark("files/read_json", [&](benchmark::State& state) { read_json(state, sizes); });
    add_benchmark("files/write_json", [&](benchmark::State& state) {
        write_result(state, sizes, [](const RunResult& result, const Sink& sink) {
            return write_result_json(result, sink);
        });
    });
    add_benchmark("files/write_csv", [&](benchmark::State& state) {
        write_result(state, sizes, [](const RunResult& result, const Sink& sink) {
            return write_result_csv(result, sink);
        });
    });
}

}  // namespace allot::bench
