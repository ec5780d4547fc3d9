// The service, without a socket: whatever is asked, it answers with a status and JSON of the wire,
// never with a failure of its own; what it refuses has changed nothing; and whatever has been
// stored can be listed. An input is requests in a row, each a line `METHOD TARGET` and its body up
// to a line `---`.
#include <array>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "apps/service/service.hpp"
#include "fuzz/fuzz.hpp"

namespace {

using allot::service::Request;
using allot::service::Response;
using allot::service::Service;

constexpr std::string_view separator = "\n---\n";

// Takes the text up to `end`, and `end`, from the front of `rest`.
std::string_view cut(std::string_view& rest, std::string_view end) {
    const std::size_t at = rest.find(end);
    const std::string_view front = rest.substr(0, at);
    rest.remove_prefix(at == std::string_view::npos ? rest.size() : at + end.size());
    return front;
}

Request request_of(std::string_view text, const std::string& id) {
    std::string_view line = cut(text, "\n");
    Request request;
    request.method = cut(line, " ");
    request.target = line;
    request.content_type = "application/json";
    request.id = id;
    request.body = text;
    return request;
}

void check_json(const Response& response) {
    if (response.content_type.find("json") == std::string::npos || response.body.empty()) {
        return;
    }
    const nlohmann::json body = nlohmann::json::parse(response.body, nullptr, false);
    allot_test::require(!body.is_discarded(), "an answer of JSON is JSON");
    if (response.status >= 400) {
        const nlohmann::json why = body.is_object() ? body.value("detail", nlohmann::json{}) : body;
        allot_test::require(why.is_string() && !why.get_ref<const std::string&>().empty(),
                            "a refusal says why");
    }
}

// As the server does: the head first, then the whole.
Response answer(Service& service, Request request) {
    if (std::optional<Response> refusal = service.refuse(request)) {
        return *std::move(refusal);
    }
    return service.answer(request);
}

void check_answer(Service& service, const Request& request) {
    const allot::Instant before = service.state().store.last_write();
    const Response response = answer(service, request);
    allot_test::require(response.status >= 200 && response.status < 500,
                        "no request makes the service fail");
    allot_test::require(response.status < 400 || service.state().store.last_write() == before,
                        "what is refused changes nothing");
    check_json(response);
}

void check_lists(Service& service) {
    constexpr std::array<std::string_view, 7> lists{"/api/orders",
                                                    "/api/blocks",
                                                    "/api/placements",
                                                    "/api/executions",
                                                    "/api/allocations",
                                                    "/api/ordergraph/blocks",
                                                    "/api/ordergraph/placements"};
    for (const std::string_view list : lists) {
        Request request;
        request.method = "GET";
        request.target = list;
        const Response response = answer(service, request);
        allot_test::require(response.status == 200, "what is stored can be listed");
        check_json(response);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view rest{reinterpret_cast<const char*>(data), size};
    Service service{{.access_log = false}};
    while (!rest.empty()) {
        check_answer(service, request_of(cut(rest, separator), service.next_request_id()));
    }
    check_lists(service);
    return 0;
}
