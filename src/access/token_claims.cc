#include "access/token_claims.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "access/json_check.h"
#include "access/token.h"

namespace conclave::access {
namespace {

using Json = nlohmann::json;

// The last second of the year 9999. RFC 7519 §2 has no limit; a larger number is a mistake or an attack.
constexpr double kLastSecond = 253402300799.0;

// Reads members of one object and remembers the first that has a wrong type.
class Members {
 public:
  Members(const Json& object, std::string path, std::optional<ClaimError>& error)
      : object_(object), path_(std::move(path)), error_(error) {}

  const Json* find(const char* name) const {
    const auto found = object_.find(name);
    return found == object_.end() || found->is_null() ? nullptr : &*found;
  }

  std::optional<std::string> text(const char* name) const {
    const Json* value = find(name);
    if (value == nullptr) return std::nullopt;
    if (!value->is_string()) return wrong<std::string>(name);
    return value->get<std::string>();
  }

  // Ids are numbers at some issuers.
  std::optional<std::string> text_or_number(const char* name) const {
    const Json* value = find(name);
    if (value != nullptr && value->is_number_integer()) return value->dump();
    return text(name);
  }

  std::optional<std::int64_t> seconds(const char* name) const {
    // Not find(): null is no time, and must not stand for "never".
    const auto value = object_.find(name);
    if (value == object_.end()) return std::nullopt;
    if (!value->is_number()) return wrong<std::int64_t>(name);
    const auto number = value->get<double>();
    if (!(number >= 0.0 && number <= kLastSecond)) return wrong<std::int64_t>(name);
    return static_cast<std::int64_t>(std::floor(number));
  }

  // true and "true" are true, everything else is not: a switch of the wrong type never opens anything.
  bool flag(const char* name) const {
    const Json* value = find(name);
    return value != nullptr && is_true(*value);
  }

  // Absent for anything that is neither yes nor no.
  std::optional<bool> yes_or_no(const char* name) const {
    const Json* value = find(name);
    if (value == nullptr) return std::nullopt;
    if (is_true(*value)) return true;
    return *value == false || *value == "false" ? std::optional(false) : std::nullopt;
  }

  std::optional<std::string> short_text(const char* name, std::size_t most) const {
    auto value = text(name);
    if (value && value->size() > most) return wrong<std::string>(name);
    return value;
  }

  const Json* object(const char* name) const {
    const Json* value = find(name);
    if (value == nullptr || value->is_object()) return value;
    (void)wrong<int>(name);
    return nullptr;
  }

  static bool is_true(const Json& value) { return value == true || value == "true"; }

 private:
  template <class T>
  std::optional<T> wrong(const char* name) const {
    if (!error_) error_ = ClaimError{path_ + name};
    return std::nullopt;
  }

  const Json& object_;
  std::string path_;
  std::optional<ClaimError>& error_;
};

const Json& or_empty(const Json* object) {
  static const Json kNoMembers = Json::object();
  return object != nullptr ? *object : kNoMembers;
}

std::optional<Json> strict_object(std::string_view json) {
  if (!strict_json(json, kMaxTokenDepth, kMaxTokenMembers)) return std::nullopt;
  Json value = Json::parse(json, nullptr, false);
  if (!value.is_object()) return std::nullopt;
  return value;
}

std::optional<std::vector<std::string>> audiences(const Json& body, std::optional<ClaimError>& error) {
  const auto found = body.find("aud");
  if (found == body.end() || found->is_null()) return std::nullopt;
  std::vector<std::string> list;
  if (found->is_string()) list.push_back(found->get<std::string>());
  if (found->is_array()) {
    for (const Json& one : *found) {
      if (one.is_string()) list.push_back(one.get<std::string>());
    }
  }
  if (!found->is_string() && (!found->is_array() || list.size() != found->size()))
    error = error ? error : ClaimError{"aud"};
  return list;
}

std::string shown(const char* name, const Json& value) {
  return std::string(name) + "=" + (value.is_string() ? value.get<std::string>() : value.dump());
}

// The three ways in which issuers say a role. One that makes a moderator is enough, as with the stock plugin; any other
// value of any of them says participant (S10).
void read_role(const Members& body, const Members& user, TokenClaims& claims) {
  struct Said {
    const char* name;
    const Json* value;
    bool moderator;
  };
  const auto is_owner = [](const Json* value) {
    return value != nullptr && (*value == "owner" || *value == "moderator" || *value == "teacher");
  };
  const Json* affiliation = user.find("affiliation");
  const Said said[] = {
      {"context.user.moderator", user.find("moderator"), user.flag("moderator")},
      {"context.user.affiliation", affiliation, is_owner(affiliation)},
      {"moderator", body.find("moderator"), body.flag("moderator")},
  };
  for (const Said& one : said) {
    if (one.value == nullptr) continue;
    if (claims.role == ClaimedRole::Unsaid || one.moderator) claims.role_claim = shown(one.name, *one.value);
    claims.role = one.moderator ? ClaimedRole::Moderator : ClaimedRole::Participant;
    if (one.moderator) return;
  }
  const Json* role = user.find("role");
  if (role != nullptr && *role == "visitor") {
    claims.role = ClaimedRole::Visitor;
    claims.role_claim = "context.user.role=visitor";
  }
}

std::optional<FeatureSet> features(const Json* object) {
  if (object == nullptr) return std::nullopt;
  FeatureSet set;
  for (const auto& [name, value] : object->items()) {
    if (Members::is_true(value)) set.insert(name);
  }
  return set;
}

Display display(const Members& body, const Members& user, const Members& context) {
  // Firebase and its like keep them outside the context (access.md 1.3).
  const auto first_of = [](std::initializer_list<std::optional<std::string>> candidates) {
    for (const auto& one : candidates) {
      if (one) return *one;
    }
    return std::string();
  };
  Display shown_as;
  shown_as.name = first_of({user.text("name"), body.text("name")});
  shown_as.email = first_of({user.text("email"), body.text("email")});
  shown_as.avatar = first_of({user.text("avatar"), user.text("avatarUrl"), body.text("picture")});
  shown_as.user_id = first_of({user.text_or_number("id"), body.text_or_number("user_id")});
  shown_as.group = context.text_or_number("group").value_or("");
  shown_as.verified = true;
  return shown_as;
}

std::optional<RoomWishes> room_wishes(const Members& room) {
  RoomWishes wishes;
  wishes.lobby = room.yes_or_no("lobby");
  wishes.password = room.short_text("password", kMaxRoomPasswordBytes);
  wishes.lobby_autostart = room.flag("lobby_autostart");
  if (wishes.password && wishes.password->empty()) wishes.password.reset();
  const bool any = wishes.lobby || wishes.password || wishes.lobby_autostart;
  return any ? std::optional(std::move(wishes)) : std::nullopt;
}

// Whoever signs it, it only narrows: one more name under which the token can be taken back.
std::optional<Giver> giver(const Json* object, std::optional<ClaimError>& error) {
  if (object == nullptr) return std::nullopt;
  const Members members(*object, "context.giver.", error);
  const auto name = [&](const char* claim) { return members.short_text(claim, kMaxTokenIdBytes).value_or(""); };
  return Giver{.subject_hash = name("subject"),
               .issuer = name("iss"),
               .jti = name("jti"),
               .token_hash = name("hash"),
               .key_id = name("kid"),
               .wallet = name("ticket")};
}

}  // namespace

Result<TokenHeader, ClaimError> read_header(std::string_view json) {
  const auto object = strict_object(json);
  if (!object) return failure(ClaimError{});
  std::optional<ClaimError> error;
  const Members members(*object, "", error);
  TokenHeader header;
  header.algorithm = members.text("alg");
  header.type = members.text("typ");
  header.key_id = members.text("kid");
  header.critical = object->contains("crit");
  if (error) return failure(*error);
  return header;
}

Result<TokenClaims, ClaimError> read_claims(std::string_view json) {
  const auto object = strict_object(json);
  if (!object) return failure(ClaimError{});
  std::optional<ClaimError> error;
  const Members body(*object, "", error);
  const Members context(or_empty(body.object("context")), "context.", error);
  const Members user(or_empty(context.object("user")), "context.user.", error);
  const Members room(or_empty(context.object("room")), "context.room.", error);

  TokenClaims claims;
  claims.issuer = body.text("iss");
  claims.audience = audiences(*object, error);
  claims.subject = body.text("sub");
  claims.room = body.text("room");
  claims.room_is_pattern = room.flag("regex");
  claims.tenant = context.text("tenant").value_or("");
  claims.expires = body.seconds("exp");
  claims.not_before = body.seconds("nbf");
  claims.issued_at = body.seconds("iat");
  claims.token_id = body.short_text("jti", kMaxTokenIdBytes).value_or("");
  read_role(body, user, claims);
  claims.features = features(context.object("features"));
  claims.security_bypass = user.flag("security_bypass");
  claims.lobby_bypass = user.flag("lobby_bypass") || claims.security_bypass;
  claims.user_lobby = user.yes_or_no("lobby");
  claims.hidden_from_recorder = user.flag("hidden-from-recorder");
  claims.room_wishes = room_wishes(room);
  claims.giver = giver(context.object("giver"), error);
  claims.display = display(body, user, context);
  if (error) return failure(*error);
  return claims;
}

}  // namespace conclave::access
