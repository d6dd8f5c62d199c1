#include "oidc/person.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace conclave::oidc {
namespace {

using Json = nlohmann::json;

std::string text_of(const Json& object, const char* name) {
  const auto at = object.find(name);
  return at != object.end() && at->is_string() ? at->get<std::string>() : std::string();
}

// OpenID Connect Core 1.0 §5.1: true once the provider has made sure that the address is the person's. Some write it as
// a text.
bool is_verified(const Json& claims) {
  const auto at = claims.find("email_verified");
  return at != claims.end() && (*at == true || *at == "true");
}

std::string cut(std::string text) {
  if (text.size() <= kMaxNameBytes) return text;
  std::size_t end = kMaxNameBytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;  // not inside a character
  text.resize(end);
  return text;
}

const Json* find(const Json& object, std::string_view path) {
  if (path.empty() || !object.is_object()) return nullptr;
  if (const auto whole = object.find(path); whole != object.end()) return &*whole;
  const std::size_t dot = path.find('.');
  if (dot == std::string_view::npos) return nullptr;
  const auto step = object.find(path.substr(0, dot));
  return step == object.end() ? nullptr : find(*step, path.substr(dot + 1));
}

std::vector<std::string> values_of(const Json& claim) {
  if (claim.is_string()) return {claim.get<std::string>()};
  if (claim == true) return {"true"};
  std::vector<std::string> values;
  if (!claim.is_array()) return values;
  for (const Json& one : claim) {
    if (values.size() == kMaxValues) break;
    if (one.is_string()) values.push_back(one.get<std::string>());
  }
  return values;
}

}  // namespace

std::optional<Person> read_person(std::string_view claims_json, std::string_view host_claim) {
  const Json json = Json::parse(claims_json, nullptr, false);
  if (!json.is_object()) return std::nullopt;
  Person person;
  person.subject = text_of(json, "sub");
  if (person.subject.empty()) return std::nullopt;
  for (const char* name : {"name", "preferred_username", "nickname", "given_name"}) {
    if (person.name.empty()) person.name = cut(text_of(json, name));
  }
  if (std::string email = text_of(json, "email"); is_verified(json) && email.size() <= kMaxNameBytes)
    person.email = std::move(email);
  if (std::string picture = text_of(json, "picture");
      picture.starts_with("https://") && picture.size() <= kMaxPictureBytes)
    person.picture = std::move(picture);
  if (const Json* claim = find(json, host_claim)) person.values = values_of(*claim);
  return person;
}

bool complete(Person& person, const Person& more) {
  if (person.subject != more.subject) return false;
  const auto fill = [](auto& to, const auto& from) {
    if (to.empty()) to = from;
  };
  fill(person.name, more.name);
  fill(person.email, more.email);
  fill(person.picture, more.picture);
  if (!person.values) person.values = more.values;
  return true;
}

bool is_host(const Person& person, const std::vector<std::string>& host_values) {
  return person.values && std::ranges::any_of(*person.values, [&](const std::string& value) {
           return std::ranges::find(host_values, value) != host_values.end();
         });
}

}  // namespace conclave::oidc
