// Properties and instrument identifiers: what clients hang on entities, kept and returned.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "allot/decimal.hpp"

namespace allot {

// The value of one property: a label, a set of labels, or a metric.
struct Property {
    struct Metric {
        Decimal value{};
        std::string unit{};
        friend bool operator==(const Metric&, const Metric&) = default;
    };

    std::string label{};
    std::vector<std::string> labels{};
    std::optional<Metric> metric{};

    friend bool operator==(const Property&, const Property&) = default;
};

// By key "{domain}/{scope}/{code}".
using Properties = std::map<std::string, Property, std::less<>>;

// Instrument identifiers by key, e.g. "Instrument/default/Figi" -> "BBG000BLNNH6". Two sets agree
// when no key that both have has different values.
using Identifiers = std::map<std::string, std::string, std::less<>>;

}  // namespace allot
