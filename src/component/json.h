#pragma once
// JSON as clients and components exchange it. For the .cc files of this folder: the header is heavy.
#include <nlohmann/json.hpp>

#include <optional>
#include <string>
#include <string_view>

#include "access/json_check.h"
#include "base/markup.h"
#include "component/component.h"

namespace conclave::component {

using Json = nlohmann::json;

// Invalid UTF-8 cannot have come through the XML parser; replaced all the same rather than thrown at.
inline std::string text_of(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// Of what clients send. Values of this depth may be copied, compared and dumped: all of that recurses.
inline constexpr std::size_t kMaxJsonDepth = 32;
inline constexpr std::size_t kMaxJsonMembers = 4'096;

// The object that a client wrote; nothing if it is none of at most `max_bytes`, or is nested or filled beyond measure.
// The one way from a client's text to a value in this folder.
inline std::optional<Json> read_object(std::string_view text, std::size_t max_bytes) {
  if (text.size() > max_bytes || !access::strict_json(text, kMaxJsonDepth, kMaxJsonMembers)) return std::nullopt;
  Json json = Json::parse(text, nullptr, false);
  if (!json.is_object()) return std::nullopt;
  return json;
}

// The same of a message's <json-message/>.
inline std::optional<Json> json_of(const xmpp::Element& message, std::size_t max_bytes) {
  const xmpp::Element* element = message.child("json-message", kJitmeet);
  return element == nullptr ? std::nullopt : read_object(element->text(), max_bytes);
}

// Bytes that it takes inside a stanza: a quotation mark is six.
inline std::size_t written_size(const Json& json) {
  return escaped_size(text_of(json));
}

// A member of that name; "" if it is absent or no string.
inline std::string text_in(const Json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

}  // namespace conclave::component
