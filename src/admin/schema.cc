#include "admin/schema.h"

#include <algorithm>
#include <cstdint>

namespace conclave::admin {
namespace {

using Json = nlohmann::ordered_json;

bool has_type(const Json& value, const std::string& type) {
  if (type == "object") return value.is_object();
  if (type == "array") return value.is_array();
  if (type == "string") return value.is_string();
  if (type == "integer") return value.is_number_integer();
  if (type == "boolean") return value.is_boolean();
  return type == "null" && value.is_null();
}

std::optional<std::string> text_objection(const Json& schema, const std::string& text, const std::string& at) {
  const auto limit = [&](const char* name) { return schema.at(name).get<std::size_t>(); };
  if (schema.contains("minLength") && text.size() < limit("minLength")) return at + ": is empty";
  if (schema.contains("maxLength") && text.size() > limit("maxLength")) {
    return at + ": longer than " + std::to_string(limit("maxLength"));
  }
  return std::nullopt;
}

std::optional<std::string> number_objection(const Json& schema, const Json& value, const std::string& at) {
  const auto limit = [&](const char* name) { return schema.at(name).get<std::int64_t>(); };
  const bool huge = value.is_number_unsigned() && value.get<std::uint64_t>() > INT64_MAX;
  const std::int64_t number = huge ? INT64_MAX : value.get<std::int64_t>();
  if (schema.contains("minimum") && number < limit("minimum")) {
    return at + ": less than " + std::to_string(limit("minimum"));
  }
  if (schema.contains("maximum") && number > limit("maximum")) {
    return at + ": more than " + std::to_string(limit("maximum"));
  }
  return std::nullopt;
}

std::optional<std::string> object_objection(const Json& schema, const Json& value, const std::string& at) {
  if (schema.contains("required")) {
    for (const Json& name : schema["required"]) {
      if (!value.contains(name.get<std::string>())) return at + ": " + name.get<std::string>() + " is missing";
    }
  }
  const Json& properties = schema.at("properties");
  for (const auto& [name, member] : value.items()) {
    if (!properties.contains(name)) return at + ": has a member that is not known";
    if (auto wrong = objection(properties[name], member, at + "." + name)) return wrong;
  }
  return std::nullopt;
}

std::optional<std::string> array_objection(const Json& schema, const Json& value, const std::string& at) {
  if (schema.contains("maxItems") && value.size() > schema.at("maxItems").get<std::size_t>())
    return at + ": more than " + std::to_string(schema.at("maxItems").get<std::size_t>()) + " items";
  for (const Json& item : value) {
    if (auto wrong = objection(schema.at("items"), item, at + "[]")) return wrong;
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> objection(const Json& schema, const Json& value, const std::string& at) {
  const auto type = schema.at("type").get<std::string>();
  if (!has_type(value, type)) return at + ": not of type " + type;
  if (schema.contains("enum")) {
    const Json& choices = schema.at("enum");
    if (std::count(choices.begin(), choices.end(), value) == 0) return at + ": not one of the choices";
  }
  if (type == "string") return text_objection(schema, value.get<std::string>(), at);
  if (type == "integer") return number_objection(schema, value, at);
  if (type == "object") return object_objection(schema, value, at);
  if (type == "array") return array_objection(schema, value, at);
  return std::nullopt;
}

}  // namespace conclave::admin
