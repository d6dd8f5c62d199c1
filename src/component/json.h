#pragma once
// JSON as clients and components exchange it. For the .cc files of this folder: the header is heavy.
#include <nlohmann/json.hpp>

#include <optional>
#include <string>

#include "component/component.h"

namespace conclave::component {

using Json = nlohmann::json;

// Invalid UTF-8 cannot have come through the XML parser; replaced all the same rather than thrown at.
inline std::string text_of(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// The object in a message's <json-message/>; nothing if there is none of at most `max_bytes`.
inline std::optional<Json> json_of(const xmpp::Element& message, std::size_t max_bytes) {
  const xmpp::Element* element = message.child("json-message", kJitmeet);
  if (element == nullptr || element->text().size() > max_bytes) return std::nullopt;
  Json json = Json::parse(element->text(), nullptr, false);
  if (!json.is_object()) return std::nullopt;
  return json;
}

// A member of that name; "" if it is absent or no string.
inline std::string text_in(const Json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

}  // namespace conclave::component
