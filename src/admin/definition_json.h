#pragma once
// A room definition as JSON: in the API's bodies and answers, and in the file where the server keeps them.
#include <nlohmann/json.hpp>
#include <string>

#include "access/room_definition.h"
#include "base/result.h"

namespace conclave::admin {

// Without the password; `has_password` says whether there is one.
nlohmann::ordered_json as_json(const access::RoomDefinition& definition);

// The members of `json`, each of the type that schema RoomDefinition gives it: owners, password, lobby, capacity,
// not_before, expires, record. What is missing is unset.
Result<access::RoomDefinition, access::DefinitionError> definition_in(const std::string& name,
                                                                      const nlohmann::ordered_json& json);

}  // namespace conclave::admin
