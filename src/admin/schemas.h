#pragma once
// The shapes of everything that the API takes and gives, as JSON Schema 2020-12: components/schemas of its document.
#include <nlohmann/json.hpp>

namespace conclave::admin {

const nlohmann::ordered_json& schemas();

}  // namespace conclave::admin
