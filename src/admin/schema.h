#pragma once
// Holds a JSON value against the schema that the API's own document publishes. Understands of JSON Schema 2020-12 what
// our schemas use: type, enum, required, properties, additionalProperties (false), minLength, maxLength (of bytes),
// minimum, maximum, items, maxItems. Others are refused by a test.
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

namespace conclave::admin {

// What is wrong, as "body.room: longer than 1024"; nothing if it fits. Never repeats a value.
std::optional<std::string> objection(const nlohmann::ordered_json& schema, const nlohmann::ordered_json& value,
                                     const std::string& at);

}  // namespace conclave::admin
