// /openapi.json: a description of what is served, made from the tables of routes and fields.
#include <fmt/format.h>

#include <map>
#include <string>

#include "allot/version.hpp"
#include "apps/service/endpoints.hpp"
#include "apps/service/routes.hpp"

namespace allot::service {
namespace {

// Schemas that no table gives.
constexpr std::string_view common_schemas = R"json(
"ResourceId":{"type":"object","required":["scope","code"],"properties":{
"scope":{"type":"string","minLength":1,"maxLength":512},
"code":{"type":"string","minLength":1,"maxLength":512}}},
"CurrencyAndAmount":{"type":"object","properties":{
"amount":{"type":"number"},"currency":{"type":"string"}}},
"MetricValue":{"type":"object","properties":{
"value":{"type":"number"},"unit":{"type":"string","nullable":true}}},
"LabelValueSet":{"type":"object","required":["values"],"properties":{
"values":{"type":"array","items":{"type":"string"}}}},
"PropertyValue":{"type":"object","properties":{
"labelValue":{"type":"string","nullable":true},
"metricValue":{"$ref":"#/components/schemas/MetricValue"},
"labelValueSet":{"$ref":"#/components/schemas/LabelValueSet"}}},
"PerpetualProperty":{"type":"object","required":["key"],"properties":{
"key":{"type":"string"},"value":{"$ref":"#/components/schemas/PropertyValue"}}},
"Version":{"type":"object","required":["effectiveFrom","asAtDate"],"properties":{
"effectiveFrom":{"type":"string","format":"date-time"},
"asAtDate":{"type":"string","format":"date-time"},
"asAtCreated":{"type":"string","format":"date-time"},
"requestIdCreated":{"type":"string"},
"asAtModified":{"type":"string","format":"date-time"},
"requestIdModified":{"type":"string"},
"asAtVersionNumber":{"type":"integer"}}},
"Link":{"type":"object","required":["relation","href","method"],"properties":{
"relation":{"type":"string"},"href":{"type":"string"},"method":{"type":"string"}}},
"DeletedEntityResponse":{"type":"object","required":["asAt"],"properties":{
"effectiveFrom":{"type":"string","format":"date-time"},
"asAt":{"type":"string","format":"date-time"},"entityType":{"type":"string"},
"links":{"type":"array","items":{"$ref":"#/components/schemas/Link"}}}},
"ErrorDetail":{"type":"object","properties":{
"id":{"type":"string"},"type":{"type":"string"},"detail":{"type":"string"},
"errorDetails":{"type":"array","items":{"type":"object"}}}},
"LusidProblemDetails":{"type":"object","required":["name","code"],"properties":{
"name":{"type":"string","minLength":1},"code":{"type":"integer"},
"errorDetails":{"type":"array","items":{"type":"object"}},
"type":{"type":"string"},"title":{"type":"string"},"status":{"type":"integer"},
"detail":{"type":"string"},"instance":{"type":"string"}}},
"LusidValidationProblemDetails":{"type":"object","required":["name","code"],"properties":{
"name":{"type":"string","minLength":1},"code":{"type":"integer"},
"errorDetails":{"type":"array","items":{"type":"object"}},
"errors":{"type":"object","additionalProperties":{"type":"array","items":{"type":"string"}}},
"type":{"type":"string"},"title":{"type":"string"},"status":{"type":"integer"},
"detail":{"type":"string"},"instance":{"type":"string"}}},
"ResourceIds":{"type":"array","items":{"$ref":"#/components/schemas/ResourceId"}},
"AllocationServiceRunResponse":{"type":"object","properties":{
"values":{"$ref":"#/components/schemas/ResourceIds"},
"failed":{"type":"object","additionalProperties":{"$ref":"#/components/schemas/ErrorDetail"}}}},
"PortfolioWeight":{"type":"object","required":["portfolioId","weight"],"properties":{
"portfolioId":{"$ref":"#/components/schemas/ResourceId"},"weight":{"type":"number"}}},
"WeightedAllocationServiceRunRequest":{"type":"object","required":["placementIds"],"properties":{
"placementIds":{"type":"array","minItems":1,"maxItems":100,
"items":{"$ref":"#/components/schemas/ResourceId"}},
"portfolioWeights":{"type":"array","nullable":true,
"items":{"$ref":"#/components/schemas/PortfolioWeight"}}}},
"BlockAndOrdersCreateRequest":{"type":"object","required":["requests"],"properties":{
"requests":{"type":"array","minItems":1,"maxItems":100,"items":{"type":"object",
"required":["blockId","orders","instrumentIdentifiers"],"properties":{
"blockId":{"$ref":"#/components/schemas/ResourceId"},
"orders":{"type":"array","items":{"type":"object","required":["id"],
"properties":{"id":{"$ref":"#/components/schemas/ResourceId"}},"additionalProperties":{}}}},
"additionalProperties":{}}}}},
"PlaceBlocksRequest":{"type":"object","required":["requests"],"properties":{
"requests":{"type":"array","minItems":1,"maxItems":100,
"items":{"$ref":"#/components/schemas/PlacementRequest"}}}},
"ResourceIdsByKey":{"type":"object",
"additionalProperties":{"$ref":"#/components/schemas/ResourceId"}},
"UpdatesByKey":{"type":"object","additionalProperties":{"type":"object","required":["id"],
"properties":{"id":{"$ref":"#/components/schemas/ResourceId"}},"additionalProperties":{}}},
"BlockAndOrders":{"type":"object","required":["block","orders"],"properties":{
"block":{"$ref":"#/components/schemas/Block"},
"orders":{"type":"array","items":{"$ref":"#/components/schemas/Order"}}}},
"ResourceListOfBlockAndOrders":{"type":"object","required":["values"],"properties":{
"values":{"type":"array","items":{"$ref":"#/components/schemas/BlockAndOrders"}},
"links":{"type":"array","items":{"$ref":"#/components/schemas/Link"}}}},
"CancelledOrderResult":{"type":"object","properties":{
"orderState":{"$ref":"#/components/schemas/Order"}}},
"CancelledPlacementResult":{"type":"object","required":["cancelledChildPlacements"],"properties":{
"placementState":{"$ref":"#/components/schemas/Placement"},
"cancelledChildPlacements":{"$ref":"#/components/schemas/ResourceIds"}}},
"Health":{"type":"object","required":["status"],"properties":{"status":{"type":"string"}}})json";

std::string reference(std::string_view name) {
    return fmt::format("{{\"$ref\":\"#/components/schemas/{}\"}}", name);
}

// The schemas of one kind of entity.
class Members {
  public:
    explicit Members(bool is_response) : is_response_{is_response} {}

    template <class Member>
    void operator()(const FieldInfo& field, const Member& member) {
        if (!is_response_ && field.presence == Presence::response_only) {
            return;
        }
        const std::string_view name = is_response_ ? field.response : field.request;
        if (field.presence == Presence::required || name == "lusidInstrumentId") {
            required_ += fmt::format("{}\"{}\"", required_.empty() ? "" : ",", name);
        }
        properties_ +=
            fmt::format("{}\"{}\":{}", properties_.empty() ? "" : ",", name, schema(member));
    }

    [[nodiscard]] std::string text() const {
        const std::string_view rest =
            is_response_ ? R"(,"version":{"$ref":"#/components/schemas/Version"},"links":)"
                           R"({"type":"array","items":{"$ref":"#/components/schemas/Link"}})"
                         : "";
        return fmt::format("{{\"type\":\"object\",\"required\":[{}],\"properties\":{{{}{}}}}}",
                           required_, properties_, rest);
    }

  private:
    static std::string schema(const std::string& /*member*/) { return R"({"type":"string"})"; }
    static std::string schema(bool /*member*/) { return R"({"type":"boolean"})"; }
    static std::string schema(const Decimal& /*member*/) { return R"({"type":"number"})"; }
    static std::string schema(const Quantity& /*member*/) {
        return R"({"type":"number","minimum":0})";
    }
    static std::string schema(const Time& /*member*/) {
        return R"({"type":"string","format":"date-time"})";
    }
    static std::string schema(const ResourceId& /*member*/) { return reference("ResourceId"); }
    static std::string schema(const CurrencyAndAmount& /*member*/) {
        return reference("CurrencyAndAmount");
    }
    static std::string schema(const Identifiers& /*member*/) {
        return R"({"type":"object","additionalProperties":{"type":"string"}})";
    }
    static std::string schema(const Properties& /*member*/) {
        return fmt::format(R"({{"type":"object","additionalProperties":{}}})",
                           reference("PerpetualProperty"));
    }
    template <class Kind>
    static std::string schema(const Id<Kind>& /*member*/) {
        return reference("ResourceId");
    }
    template <class Kind>
    static std::string schema(const std::vector<Id<Kind>>& /*member*/) {
        return reference("ResourceIds");
    }
    template <class Member>
    static std::string schema(const std::optional<Member>& /*member*/) {
        return schema(Member{});
    }

    bool is_response_;
    std::string required_;
    std::string properties_;
};

template <class Entity>
std::string schemas_of() {
    const Entity nothing;
    Members response{true};
    visit_fields(nothing, response);
    Members request{false};
    visit_fields(nothing, request);
    constexpr std::string_view list =
        R"("{0}ResourceListOf{1}":{{"type":"object","required":["values"],"properties":{{)"
        R"("nextPage":{{"type":"string"}},"values":{{"type":"array","items":{2}}},)"
        R"("links":{{"type":"array","items":{3}}}}}}})";
    const KindInfo& kind = kind_info<Entity>;
    const std::string type{kind.type};
    return fmt::format(",\"{0}\":{1},\"{0}Request\":{2},", type, response.text(), request.text()) +
           fmt::format(list, "", type, reference(type), reference("Link")) + ',' +
           fmt::format(list, "Paged", type, reference(type), reference("Link")) +
           fmt::format(R"(,"{0}SetRequest":{{"type":"object","properties":{{"{1}":)"
                       R"({{"type":"array","nullable":true,"items":{2}}}}}}})",
                       type, kind.set_member, reference(type + "Request"));
}

// The answer of a command with a result for each key.
std::string keyed_schema(std::string_view name, std::string_view value) {
    return fmt::format(
        R"(,"{}":{{"type":"object","properties":{{"values":{{"type":"object",)"
        R"("additionalProperties":{}}},"failed":{{"type":"object","additionalProperties":{}}},)"
        R"("links":{{"type":"array","items":{}}}}}}})",
        name, reference(value), reference("ErrorDetail"), reference("Link"));
}

struct Shape {
    std::string request{};
    std::string response{};
    int status{200};
    std::vector<std::string_view> parameters{};
};

// What an operation takes and gives.
Shape shape_of(const Route& route) {
    static const std::map<std::string_view, Shape> commands = {
        {"CreateOrders", {"BlockAndOrdersCreateRequest", "ResourceListOfBlockAndOrders", 201, {}}},
        {"PlaceBlocks", {"PlaceBlocksRequest", "ResourceListOfPlacement", 200, {}}},
        {"CancelOrders", {"ResourceIdsByKey", "CancelOrdersResponse", 200, {}}},
        {"UpdateOrders", {"UpdatesByKey", "UpdateOrdersResponse", 200, {}}},
        {"CancelPlacements", {"ResourceIdsByKey", "CancelPlacementsResponse", 200, {}}},
        {"UpdatePlacements", {"UpdatesByKey", "UpdatePlacementsResponse", 200, {}}},
    };
    const std::string_view name = route.operation;
    if (const auto found = commands.find(name); found != commands.end()) {
        return found->second;
    }
    if (name.starts_with("RunAllocationService")) {
        const bool is_weighted = name.ends_with("Weights");
        return {is_weighted ? "WeightedAllocationServiceRunRequest" : "ResourceIds",
                "AllocationServiceRunResponse",
                200,
                {"allocationAlgorithm"}};
    }
    const std::size_t verb_size = name.find_first_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ", 1);
    const std::string_view verb = name.substr(0, verb_size);
    std::string kind{verb_size == std::string_view::npos ? "" : name.substr(verb_size)};
    if (kind.ends_with('s')) {
        kind.pop_back();
    }
    if (verb == "List") {
        return {"",
                "PagedResourceListOf" + kind,
                200,
                {"asAt", "page", "start", "sortBy", "limit", "filter", "propertyKeys"}};
    }
    if (verb == "Upsert") {
        return {kind + "SetRequest", "ResourceListOf" + kind, kind == "Allocation" ? 200 : 201, {}};
    }
    if (verb == "Get") {
        return {"", kind, 200, {"asAt", "propertyKeys"}};
    }
    return {"",
            verb == "Delete"   ? "DeletedEntityResponse"
            : verb == "Health" ? "Health"
                               : "",
            200,
            {}};
}

std::string parameter(std::string_view name, std::string_view place, std::string_view schema) {
    return fmt::format(R"({{"name":"{}","in":"{}","required":{},"schema":{}}})", name, place,
                       place == "path", schema);
}

std::string parameters_of(const Route& route, const Shape& shape) {
    constexpr std::string_view texts = R"({"type":"array","items":{"type":"string"}})";
    constexpr std::string_view code = R"({"type":"string","minLength":1,"maxLength":64})";
    constexpr std::string_view name_like =
        R"({"type":"string","minLength":1,"maxLength":64,"pattern":"^[a-zA-Z0-9\\-_]+$"})";
    std::string out;
    const auto add = [&](const std::string& text) { out += (out.empty() ? "" : ",") + text; };
    if (route.pattern.find("{scope}") != std::string_view::npos) {
        add(parameter("scope", "path", name_like));
        add(parameter("code", "path", code));
    }
    for (const std::string_view name : shape.parameters) {
        if (name == "asAt") {
            add(parameter(name, "query", R"({"type":"string","format":"date-time"})"));
        } else if (name == "limit") {
            add(parameter(name, "query", R"({"type":"integer","minimum":1,"maximum":5000})"));
        } else if (name == "start") {
            add(parameter(name, "query", R"({"type":"integer","minimum":0})"));
        } else if (name == "sortBy" || name == "propertyKeys") {
            add(parameter(name, "query", texts));
        } else if (name == "page") {
            add(parameter(name, "query", R"({"type":"string","minLength":1,"maxLength":500})"));
        } else if (name == "filter") {
            add(parameter(name, "query", R"({"type":"string","maxLength":16384})"));
        } else {
            add(parameter(name, "query", name_like));
        }
    }
    return out;
}

std::string content_of(std::string_view schema) {
    return fmt::format(R"("content":{{"application/json":{{"schema":{}}}}})", reference(schema));
}

std::string operation_of(const Route& route) {
    const Shape shape = shape_of(route);
    const std::string body =
        shape.request.empty()
            ? ""
            : fmt::format(R"("requestBody":{{"required":true,{}}},)", content_of(shape.request));
    const std::string good = shape.response.empty()
                                 ? R"("content":{"text/plain":{"schema":{"type":"string"}}})"
                                 : content_of(shape.response);
    return fmt::format(R"("{}":{{"operationId":"{}","parameters":[{}],{}"responses":{{)"
                       R"("{}":{{"description":"done",{}}},"400":{{"description":"not valid",{}}},)"
                       R"("default":{{"description":"refused",{}}}}}}})",
                       route.method == "GET"    ? "get"
                       : route.method == "POST" ? "post"
                                                : "delete",
                       route.operation, parameters_of(route, shape), body, shape.status, good,
                       content_of("LusidValidationProblemDetails"),
                       content_of("LusidProblemDetails"));
}

std::string description() {
    std::string out = fmt::format(
        R"({{"openapi":"3.0.1","info":{{"title":"allot","version":"{}"}},"paths":{{)", version);
    std::string_view path;
    for (const Route& route : routes()) {
        if (route.endpoint == nullptr) {
            continue;
        }
        if (route.pattern == path) {
            out += ',';
        } else {
            out += fmt::format("{}\"{}\":{{", path.empty() ? "" : "},", route.pattern);
        }
        path = route.pattern;
        out += operation_of(route);
    }
    out += "}},\"components\":{\"schemas\":{";
    for (const char c : common_schemas) {
        out += c == '\n' ? "" : std::string{c};
    }
    out += schemas_of<Order>() + schemas_of<Block>() + schemas_of<Placement>() +
           schemas_of<Execution>() + schemas_of<Allocation>() +
           keyed_schema("CancelOrdersResponse", "CancelledOrderResult") +
           keyed_schema("UpdateOrdersResponse", "Order") +
           keyed_schema("CancelPlacementsResponse", "CancelledPlacementResult") +
           keyed_schema("UpdatePlacementsResponse", "Placement");
    return out + "}}}";
}

}  // namespace

Answer<Response> openapi(State& /*state*/, const Call& /*call*/) {
    static const std::string text = description();
    return json_response(text);
}

}  // namespace allot::service
