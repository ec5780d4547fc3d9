// `allot amend` and `allot remove`: an order is another from now on, or something leaves the book.
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "apps/cli/commands.hpp"
#include "apps/cli/errors.hpp"
#include "apps/cli/run_on_book.hpp"

namespace allot::cli {
namespace {

struct AmendArguments {
    RunArguments run;
    std::string order;
    std::optional<std::string> quantity;
    bool cancel{false};
};

struct RemoveArguments {
    RunArguments run;
    std::string id;
    std::string entity;  // empty: whatever has the id
};

Amendment amendment_of(const AmendArguments& arguments, Errors& errors) {
    Amendment amendment;
    amendment.order = take(OrderId::parse(arguments.order), "ORDER", errors);
    if (arguments.quantity) {
        amendment.quantity = take(Quantity::parse(*arguments.quantity), "--quantity", errors);
    }
    if (arguments.cancel) {
        amendment.state = "Cancelled";
    }
    if (!arguments.quantity && !arguments.cancel) {
        errors.push_back(
            option_error("--quantity, --cancel", "neither", "the new quantity, --cancel, or both"));
    }
    if (arguments.run.reason.empty()) {
        errors.push_back(no_reason("why the order is not what it was"));
    }
    return amendment;
}

using AnyId = std::variant<OrderId, BlockId, PlacementId, ExecutionId>;

// What the book has under the id, of the kind that is asked for.
std::vector<std::pair<std::string, AnyId>> find_all(const Book& book, const ResourceId& id,
                                                    const std::string& entity) {
    std::vector<std::pair<std::string, AnyId>> found;
    const auto look = [&](const char* name, const auto& typed) {
        if ((entity.empty() || entity == name) && book.find(typed)) {
            found.emplace_back(name, typed);
        }
    };
    look("order", OrderId{id});
    look("block", BlockId{id});
    look("placement", PlacementId{id});
    look("execution", ExecutionId{id});
    return found;
}

Result<RunResult> remove(const Engine& engine, Book& book, const RemoveArguments& arguments,
                         const ResourceId& id, const Written& written) {
    const auto found = find_all(book, id, arguments.entity);
    if (found.empty()) {
        const bool is_vowel = arguments.entity == "order" || arguments.entity == "execution";
        const std::string kind = arguments.entity.empty()
                                     ? "an order, a block, a placement or an execution"
                                     : (is_vowel ? "an " : "a ") + arguments.entity;
        return Unexpected{Error{ErrorCode::reference_is_missing,
                                arguments.entity,
                                id.to_string(),
                                "id",
                                id.to_string(),
                                kind + " in the book",
                                {}}};
    }
    if (found.size() > 1) {
        return Unexpected{option_error("--entity",
                                       "none, while " + found[0].first + " and " + found[1].first +
                                           " have the id " + id.to_string(),
                                       "the one that is meant")};
    }
    return std::visit([&](const auto& typed) { return engine.remove(book, typed, written); },
                      found.front().second);
}

constexpr const char* what_stays =
    "Allocations in state Booked or Closed stay: what they do not allow is refused, and the\n"
    "message says what has to be reversed first. What is freed is unallocated until the next\n"
    "run. --reason is required.\n"
    "\n";

}  // namespace

void add_amend(CLI::App& program, ExitStatus& status) {
    const auto arguments = std::make_shared<AmendArguments>();
    CLI::App* command = program.add_subcommand(
        "amend", "Change the quantity of an order, or cancel it, and its allocations with it");
    add_book(*command, arguments->run);
    command->add_option("ORDER", arguments->order, "The order, SCOPE/CODE")->required();
    command
        ->add_option("--quantity", arguments->quantity,
                     "What is ordered from now on, with what is allocated already. Where more is "
                     "allocated, the latest executions give it back")
        ->type_name("DECIMAL");
    command->add_flag("--cancel", arguments->cancel,
                      "The order makes no claim any more; what it has stays, but for what a "
                      "--quantity takes back");
    add_what_to_write(*command, arguments->run);
    command->footer(std::string{what_stays} +
                    "Examples:\n"
                    "  allot amend book.json desk/A --quantity 20 --reason 'client, 14:02' \\\n"
                    "      --save book.json\n"
                    "  allot amend book.json desk/A --cancel --reason 'client, 14:02' --preview\n"
                    "\n" +
                    exit_status_of_changes);
    command->callback([arguments, &status] {
        Amendment amendment;
        status = run_on_book(arguments->run,
                             {[&](const RunArguments&, Errors& errors) {
                                  amendment = amendment_of(*arguments, errors);
                              },
                              [&](const Engine& engine, Book& book, const RunRequest& request) {
                                  return engine.amend(book, amendment, request.options.written);
                              }});
    });
}

void add_remove(CLI::App& program, ExitStatus& status) {
    const auto arguments = std::make_shared<RemoveArguments>();
    CLI::App* command = program.add_subcommand(
        "remove", "Take an order, an execution, a block or a placement out of the book");
    add_book(*command, arguments->run);
    command->add_option("ID", arguments->id, "What to take out, SCOPE/CODE")->required();
    command
        ->add_option("--entity", arguments->entity,
                     "order, block, placement or execution, where several have the id")
        ->check(CLI::IsMember({"order", "block", "placement", "execution"}).description(""))
        ->type_name("KIND");
    add_what_to_write(*command, arguments->run);
    command->footer(std::string{"Orders and executions go with their allocations, orders leave "
                                "their blocks; blocks and\n"
                                "placements go when nothing refers to them any more.\n"} +
                    what_stays +
                    "Example:\n"
                    "  allot remove book.json desk/A --reason 'entered twice' --save book.json\n"
                    "\n" +
                    exit_status_of_changes);
    command->callback([arguments, &status] {
        ResourceId id;
        status =
            run_on_book(arguments->run,
                        {[&](const RunArguments& run, Errors& errors) {
                             id = take(ResourceId::parse(arguments->id), "ID", errors);
                             if (run.reason.empty()) {
                                 errors.push_back(no_reason("why it leaves the book"));
                             }
                         },
                         [&](const Engine& engine, Book& book, const RunRequest& request) {
                             return remove(engine, book, *arguments, id, request.options.written);
                         }});
    });
}

}  // namespace allot::cli
