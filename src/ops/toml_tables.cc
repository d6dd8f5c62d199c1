#include "ops/toml_tables.h"

#include <set>

#include "ops/issuer_settings.h"
#include "ops/settings.h"

namespace conclave::ops {
namespace {

// A text, or a bare number where a duration or a count is meant.
std::string written(const TomlTable& table, std::string_view key) {
  const auto found = table.values.find(key);
  if (found == table.values.end()) return {};
  return found->second.type == TomlValue::Type::Number ? found->second.text : table.text(key).value_or("");
}

std::optional<std::string> duration_written(const TomlTable& table, std::string_view key) {
  return table.has(key) ? std::optional(written(table, key)) : std::nullopt;
}

IssuerWish wish_of(const TomlTable& table) {
  table.only({"name", "secret", "secret_file", "public_key_file", "jwks_file", "jwks_url", "key_server", "ca_file",
              "key_lifetime", "algorithms", "issuers", "audiences", "moderator_issuers", "leeway", "require_exp",
              "require_room", "verify_domain", "allow_any_room", "jti_once"});
  IssuerWish wish;
  wish.name = table.text("name").value_or("");
  if (wish.name.empty()) table.wrong("name", "Give the issuer a name: what its tokens say as iss.");
  wish.secret = table.text("secret");
  wish.secret_file = table.text("secret_file");
  wish.public_key_file = table.text("public_key_file");
  wish.jwks_file = table.text("jwks_file");
  wish.jwks_url = table.text("jwks_url");
  wish.key_server = table.text("key_server");
  wish.ca_file = table.text("ca_file");
  wish.key_lifetime = duration_written(table, "key_lifetime");
  wish.algorithms = table.list("algorithms");
  wish.issuers = table.list("issuers");
  wish.audiences = table.list("audiences");
  wish.moderator_issuers = table.list("moderator_issuers");
  wish.leeway = duration_written(table, "leeway");
  wish.require_exp = table.boolean("require_exp");
  wish.require_room = table.boolean("require_room");
  wish.verify_domain = table.boolean("verify_domain");
  wish.allow_any_room = table.boolean("allow_any_room");
  wish.jti_once = table.boolean("jti_once");
  wish.place = table.place();
  for (const auto& [key, value] : table.values) wish.places.emplace(key, table.place(key));
  return wish;
}

access::RoomDefinition definition_of(const TomlTable& table) {
  table.only({"name", "owners", "password", "password_file", "lobby", "capacity", "not_before", "expires", "record"});
  const access::RoomDefinitionText text{.name = table.text("name").value_or(""),
                                        .owners = table.list("owners"),
                                        .password = table.secret("password").value_or(""),
                                        .lobby = table.text("lobby").value_or(""),
                                        .capacity = written(table, "capacity"),
                                        .not_before = table.text("not_before").value_or(""),
                                        .expires = table.text("expires").value_or(""),
                                        .record = table.text("record").value_or("")};
  auto definition = access::read_definition(text);
  if (!definition) table.wrong(definition.error().field, definition.error().remedy);
  return *std::move(definition);
}

}  // namespace

void add_issuers(const TomlFile& file, Settings& settings) {
  for (const TomlTable& table : file.array("issuer")) add_issuer(wish_of(table), settings);
}

std::vector<access::RoomDefinition> rooms_of(const TomlFile& file) {
  std::vector<access::RoomDefinition> rooms;
  std::set<access::RoomName> names;
  for (const TomlTable& table : file.array("room")) {
    access::RoomDefinition room = definition_of(table);
    if (!names.insert(room.name).second) table.wrong("name", "This room is defined above already.");
    rooms.push_back(std::move(room));
  }
  return rooms;
}

}  // namespace conclave::ops
