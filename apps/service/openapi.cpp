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

// Those of the commands that move, book and sweep, of the history and of the order graph.
constexpr std::string_view command_schemas = R"json(
"BlockAndOrderIdRequest":{"type":"object","required":["destinationBlockId","orderId"],"properties":{
"destinationBlockId":{"$ref":"#/components/schemas/ResourceId"},
"orderId":{"$ref":"#/components/schemas/ResourceId"}}},
"MoveOrdersToDifferentBlocksRequest":{"type":"object","required":["requests"],"properties":{
"requests":{"type":"array","items":{"$ref":"#/components/schemas/BlockAndOrderIdRequest"}}}},
"MovedOrderToDifferentBlockResponse":{"type":"object","properties":{
"destinationBlock":{"$ref":"#/components/schemas/Block"},
"order":{"$ref":"#/components/schemas/Order"},
"sourceBlockId":{"$ref":"#/components/schemas/ResourceId"}}},
"ResourceListOfMovedOrderToDifferentBlockResponse":{"type":"object","required":["values"],
"properties":{"values":{"type":"array",
"items":{"$ref":"#/components/schemas/MovedOrderToDifferentBlockResponse"}},
"links":{"type":"array","items":{"$ref":"#/components/schemas/Link"}}}},
"CancelOrdersAndMoveRemainingRequest":{"type":"object",
"required":["cancelOrderId","moveRemainingToOrderId","moveRemainingToBlockId"],"properties":{
"cancelOrderId":{"$ref":"#/components/schemas/ResourceId"},
"moveRemainingToOrderId":{"$ref":"#/components/schemas/ResourceId"},
"moveRemainingToBlockId":{"$ref":"#/components/schemas/ResourceId"}}},
"RemaindersByKey":{"type":"object","additionalProperties":{
"$ref":"#/components/schemas/CancelOrdersAndMoveRemainingRequest"}},
"CancelOrderAndMoveRemainingResult":{"type":"object","properties":{
"cancelledOrder":{"$ref":"#/components/schemas/Order"},
"newOrder":{"$ref":"#/components/schemas/Order"},
"newBlockId":{"$ref":"#/components/schemas/ResourceId"}}},
"BookTransactionsRequest":{"type":"object","required":["allocationIds"],"properties":{
"allocationIds":{"type":"array","minItems":1,"maxItems":5000,
"items":{"$ref":"#/components/schemas/ResourceId"}},
"transactionProperties":{"type":"object","nullable":true,
"additionalProperties":{"$ref":"#/components/schemas/PerpetualProperty"}},
"fxInstrumentType":{"type":"string","nullable":true,"enum":["None"]}}},
"TransactionPrice":{"type":"object","properties":{
"price":{"type":"number"},"type":{"type":"string","enum":["Price","Yield","Spread"]}}},
"Transaction":{"type":"object","required":["transactionId","type","instrumentUid",
"transactionDate","settlementDate","units","totalConsideration"],"properties":{
"transactionId":{"type":"string","minLength":1},"type":{"type":"string","minLength":1},
"instrumentIdentifiers":{"type":"object","additionalProperties":{"type":"string"}},
"instrumentScope":{"type":"string"},"instrumentUid":{"type":"string","minLength":1},
"transactionDate":{"type":"string","format":"date-time"},
"settlementDate":{"type":"string","format":"date-time"},"units":{"type":"number"},
"transactionPrice":{"$ref":"#/components/schemas/TransactionPrice"},
"totalConsideration":{"$ref":"#/components/schemas/CurrencyAndAmount"},
"exchangeRate":{"type":"number"},"transactionCurrency":{"type":"string"},
"properties":{"type":"object",
"additionalProperties":{"$ref":"#/components/schemas/PerpetualProperty"}},
"counterpartyId":{"type":"string"},"source":{"type":"string"},
"entryDateTime":{"type":"string","format":"date-time"},
"transactionStatus":{"type":"string","enum":["Active","Amended","Cancelled"]},
"orderId":{"$ref":"#/components/schemas/ResourceId"},
"allocationId":{"$ref":"#/components/schemas/ResourceId"}}},
"BookTransactionsResponse":{"type":"object","properties":{
"values":{"type":"object","additionalProperties":{"$ref":"#/components/schemas/Transaction"}},
"failed":{"type":"object","additionalProperties":{"$ref":"#/components/schemas/ErrorDetail"}}}},
"SweepBlocksRequest":{"type":"object","required":["blockIds","latestAllowableModificationTime"],
"properties":{"blockIds":{"$ref":"#/components/schemas/ResourceIdsByKey"},
"latestAllowableModificationTime":{"type":"string"}}},
"SweepBlocksResponse":{"type":"object","properties":{
"values":{"$ref":"#/components/schemas/ResourceIdsByKey"},
"failed":{"type":"object","additionalProperties":{"$ref":"#/components/schemas/ErrorDetail"}}}},
"ChangeIntervalWithOrderManagementDetail":{"type":"object","properties":{
"detail":{"type":"object","additionalProperties":{"type":"string"}},
"actionDescription":{"type":"string"},
"asAtModified":{"type":"string","format":"date-time"},"requestIdModified":{"type":"string"},
"asAtVersionNumber":{"type":"integer"},"action":{"type":"string"},
"attributeName":{"type":"string"},
"previousValue":{"$ref":"#/components/schemas/PropertyValue"},
"newValue":{"$ref":"#/components/schemas/PropertyValue"}}},
"ResourceListOfChangeIntervalWithOrderManagementDetail":{"type":"object","required":["values"],
"properties":{"values":{"type":"array",
"items":{"$ref":"#/components/schemas/ChangeIntervalWithOrderManagementDetail"}},
"links":{"type":"array","items":{"$ref":"#/components/schemas/Link"}}}},
"TotalsByState":{"type":"object","additionalProperties":{"type":"number"}},
"OrderGraphDetails":{"type":"array","items":{"type":"object","required":["id"],
"properties":{"id":{"$ref":"#/components/schemas/ResourceId"}}}},
"OrderGraphSynopsis":{"type":"object","required":["details"],"properties":{
"quantity":{"type":"number"},"amount":{"type":"number"},
"details":{"$ref":"#/components/schemas/OrderGraphDetails"}}},
"OrderGraphBlockPlacementSynopsis":{"type":"object","required":["details"],"properties":{
"quantity":{"type":"number"},"amount":{"type":"number"},
"quantityByState":{"$ref":"#/components/schemas/TotalsByState"},
"amountByState":{"$ref":"#/components/schemas/TotalsByState"},
"details":{"$ref":"#/components/schemas/OrderGraphDetails"}}},
"OrderGraphBlockOrderSynopsis":{"type":"object","required":["details"],"properties":{
"quantity":{"type":"number"},"amount":{"type":"number"},
"quantityByState":{"$ref":"#/components/schemas/TotalsByState"},
"amountByState":{"$ref":"#/components/schemas/TotalsByState"},
"details":{"type":"array","items":{"type":"object",
"required":["id","complianceState","approvalState"],"properties":{
"id":{"$ref":"#/components/schemas/ResourceId"},
"complianceState":{"type":"string"},"approvalState":{"type":"string"},
"portfolioId":{"$ref":"#/components/schemas/ResourceId"}}}}}},
"OrderGraphBlockAllocationSynopsis":{"type":"object","required":["details"],"properties":{
"quantity":{"type":"number"},"amount":{"type":"number"},
"details":{"type":"array","items":{"type":"object","required":["id","quantity"],"properties":{
"id":{"$ref":"#/components/schemas/ResourceId"},
"allocatedOrderId":{"$ref":"#/components/schemas/ResourceId"},
"quantity":{"type":"number"},"amount":{"type":"number"}}}}}},
"OrderGraphBlockTransactionSynopsis":{"type":"object","required":["details"],"properties":{
"quantity":{"type":"number"},"amount":{"type":"number"},
"details":{"type":"array","items":{"type":"object","required":["id"],"properties":{
"id":{"type":"string"}}}}}},
"OrderGraphBlock":{"type":"object","required":["block","ordered","placed","executed","allocated",
"booked","derivedState","derivedComplianceState","derivedApprovalState"],"properties":{
"block":{"$ref":"#/components/schemas/Block"},
"ordered":{"$ref":"#/components/schemas/OrderGraphBlockOrderSynopsis"},
"placed":{"$ref":"#/components/schemas/OrderGraphBlockPlacementSynopsis"},
"executed":{"$ref":"#/components/schemas/OrderGraphSynopsis"},
"allocated":{"$ref":"#/components/schemas/OrderGraphBlockAllocationSynopsis"},
"booked":{"$ref":"#/components/schemas/OrderGraphBlockTransactionSynopsis"},
"derivedState":{"type":"string"},"derivedComplianceState":{"type":"string"},
"derivedApprovalState":{"type":"string"},"derivedDirection":{"type":"integer"},
"latestActivityDate":{"type":"string","format":"date-time"}}},
"OrderGraphPlacement":{"type":"object","required":["placement","blockId","ordered","placed",
"executed","allocated","derivedState"],"properties":{
"placement":{"$ref":"#/components/schemas/Placement"},
"blockId":{"$ref":"#/components/schemas/ResourceId"},
"ordered":{"$ref":"#/components/schemas/OrderGraphSynopsis"},
"placed":{"$ref":"#/components/schemas/OrderGraphSynopsis"},
"executed":{"$ref":"#/components/schemas/OrderGraphSynopsis"},
"allocated":{"$ref":"#/components/schemas/OrderGraphSynopsis"},
"derivedState":{"type":"string"},"calculatedAveragePrice":{"type":"number"}}})json";

std::string reference(std::string_view name) {
    return fmt::format("{{\"$ref\":\"#/components/schemas/{}\"}}", name);
}

std::string one_line(std::string_view text) {
    std::string out;
    for (const char c : text) {
        out += c == '\n' ? "" : std::string{c};
    }
    return out;
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

// A list of what has the name `type`.
std::string list_schema(std::string_view prefix, std::string_view type) {
    return fmt::format(R"(,"{0}ResourceListOf{1}":{{"type":"object","required":["values"],)"
                       R"("properties":{{"nextPage":{{"type":"string"}},)"
                       R"("values":{{"type":"array","items":{2}}},)"
                       R"("links":{{"type":"array","items":{3}}}}}}})",
                       prefix, type, reference(type), reference("Link"));
}

template <class Entity>
std::string schemas_of() {
    const Entity nothing;
    Members response{true};
    visit_fields(nothing, response);
    Members request{false};
    visit_fields(nothing, request);
    const KindInfo& kind = kind_info<Entity>;
    const std::string type{kind.type};
    return fmt::format(",\"{0}\":{1},\"{0}Request\":{2}", type, response.text(), request.text()) +
           list_schema("", type) + list_schema("Paged", type) +
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

// What the operations take and give whose names do not say it.
const std::map<std::string_view, Shape>& special_shapes() {
    static const std::map<std::string_view, Shape> shapes = {
        {"CreateOrders", {"BlockAndOrdersCreateRequest", "ResourceListOfBlockAndOrders", 201, {}}},
        {"PlaceBlocks", {"PlaceBlocksRequest", "ResourceListOfPlacement", 200, {}}},
        {"CancelOrders", {"ResourceIdsByKey", "CancelOrdersResponse", 200, {}}},
        {"UpdateOrders", {"UpdatesByKey", "UpdateOrdersResponse", 200, {}}},
        {"CancelPlacements", {"ResourceIdsByKey", "CancelPlacementsResponse", 200, {}}},
        {"UpdatePlacements", {"UpdatesByKey", "UpdatePlacementsResponse", 200, {}}},
        {"MoveOrders",
         {"MoveOrdersToDifferentBlocksRequest",
          "ResourceListOfMovedOrderToDifferentBlockResponse",
          200,
          {}}},
        {"CancelOrdersAndMoveRemaining",
         {"RemaindersByKey", "CancelOrdersAndMoveRemainingResponse", 200, {}}},
        {"BookTransactions",
         {"BookTransactionsRequest",
          "BookTransactionsResponse",
          200,
          {"applyFeesAndCommission", "markOrdersAndAllocationsAsBooked"}}},
        {"SweepBlocks", {"SweepBlocksRequest", "SweepBlocksResponse", 200, {}}},
        {"GetOrderHistory",
         {"", "ResourceListOfChangeIntervalWithOrderManagementDetail", 200, {"asAt"}}},
        {"ListOrderGraphBlocks",
         {"",
          "PagedResourceListOfOrderGraphBlock",
          200,
          {"asAt", "paginationToken", "sortBy", "limit", "filter", "propertyKeys",
           "useComplianceV2", "includeSwept"}}},
        {"ListOrderGraphPlacements",
         {"",
          "PagedResourceListOfOrderGraphPlacement",
          200,
          {"asAt", "paginationToken", "sortBy", "limit", "filter", "propertyKeys"}}},
        {"ListOrderGraphPlacementChildren",
         {"",
          "PagedResourceListOfOrderGraphPlacement",
          200,
          {"asAt", "paginationToken", "sortBy", "limit", "propertyKeys"}}},
    };
    return shapes;
}

// What an operation takes and gives.
Shape shape_of(const Route& route) {
    const std::map<std::string_view, Shape>& commands = special_shapes();
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
        } else if (name == "page" || name == "paginationToken") {
            add(parameter(name, "query", R"({"type":"string","minLength":1,"maxLength":500})"));
        } else if (name == "filter") {
            add(parameter(name, "query", R"({"type":"string","maxLength":16384})"));
        } else if (name != "allocationAlgorithm") {
            add(parameter(name, "query", R"({"type":"boolean"})"));
        } else {
            add(parameter(name, "query", name_like));
        }
    }
    return out;
}

std::string content_of(std::string_view schema) {
    return fmt::format(R"("content":{{"application/json":{{"schema":{}}}}})", reference(schema));
}

// Described by the original, as no other 404 is.
constexpr std::string_view history_not_found =
    R"("404":{"description":"Order not found.","content":)"
    R"({"application/json":{"schema":{"type":"string"}}}},)";

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
                       R"({}"default":{{"description":"refused",{}}}}}}})",
                       route.method == "GET"    ? "get"
                       : route.method == "POST" ? "post"
                                                : "delete",
                       route.operation, parameters_of(route, shape), body, shape.status, good,
                       content_of("LusidValidationProblemDetails"),
                       route.operation == "GetOrderHistory" ? history_not_found : "",
                       content_of("LusidProblemDetails"));
}

std::string description() {
    std::string out = fmt::format(
        R"({{"openapi":"3.0.1","info":{{"title":"allot","version":"{}"}},"paths":{{)", version);
    std::string_view path;
    for (const Route& route : routes()) {
        if (route.pattern == path) {
            out += ',';
        } else {
            out += fmt::format("{}\"{}\":{{", path.empty() ? "" : "},", route.pattern);
        }
        path = route.pattern;
        out += operation_of(route);
    }
    out += "}},\"components\":{\"schemas\":{";
    out += one_line(common_schemas) + ',' + one_line(command_schemas);
    out +=
        schemas_of<Order>() + schemas_of<Block>() + schemas_of<Placement>() +
        schemas_of<Execution>() + schemas_of<Allocation>() +
        keyed_schema("CancelOrdersResponse", "CancelledOrderResult") +
        keyed_schema("UpdateOrdersResponse", "Order") +
        keyed_schema("CancelPlacementsResponse", "CancelledPlacementResult") +
        keyed_schema("UpdatePlacementsResponse", "Placement") +
        keyed_schema("CancelOrdersAndMoveRemainingResponse", "CancelOrderAndMoveRemainingResult") +
        list_schema("Paged", "OrderGraphBlock") + list_schema("Paged", "OrderGraphPlacement");
    return out + "}}}";
}

}  // namespace

Answer<Response> openapi(State& /*state*/, const Call& /*call*/) {
    static const std::string text = description();
    return json_response(text);
}

}  // namespace allot::service
