#include "admin/definition_json.h"

#include "base/rfc3339.h"

namespace conclave::admin {
namespace {

using Json = nlohmann::ordered_json;

Json seconds(const std::optional<WallTime>& time) {
  return time ? Json(time->time_since_epoch().count()) : Json(nullptr);
}

std::string time_in(const Json& json, const char* name) {
  if (!json.contains(name) || json.at(name).is_null()) return {};
  return rfc3339(WallTime(std::chrono::seconds(json.at(name).get<std::int64_t>())));
}

std::string word_in(const Json& json, const char* name) {
  return json.contains(name) && json.at(name).is_string() ? json.at(name).get<std::string>() : std::string();
}

}  // namespace

Json as_json(const access::RoomDefinition& definition) {
  return {{"name", definition.name.key()},
          {"owners", definition.owners},
          {"has_password", !definition.password.empty()},
          {"lobby", definition.lobby ? Json(access::text(*definition.lobby)) : Json(nullptr)},
          {"capacity", definition.capacity ? Json(*definition.capacity) : Json(nullptr)},
          {"not_before", seconds(definition.not_before)},
          {"expires", seconds(definition.expires)},
          {"record", access::text(definition.recorders)}};
}

Result<access::RoomDefinition, access::DefinitionError> definition_in(const std::string& name, const Json& json) {
  access::RoomDefinitionText said{.name = name,
                                  .password = word_in(json, "password"),
                                  .lobby = word_in(json, "lobby"),
                                  .not_before = time_in(json, "not_before"),
                                  .expires = time_in(json, "expires"),
                                  .record = word_in(json, "record")};
  if (json.contains("owners")) said.owners = json.at("owners").get<std::vector<std::string>>();
  if (json.contains("capacity") && !json.at("capacity").is_null())
    said.capacity = std::to_string(json.at("capacity").get<std::int64_t>());
  return access::read_definition(said);
}

}  // namespace conclave::admin
