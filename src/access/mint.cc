#include "access/mint.h"

#include <nlohmann/json.hpp>

#include "base/base64.h"

namespace conclave::access {
namespace {

using Json = nlohmann::json;

void put(Json& object, const char* name, const std::string& value) {
  if (!value.empty()) object[name] = value;
}
void put(Json& object, const char* name, const std::optional<WallTime>& time) {
  if (time) object[name] = time->time_since_epoch().count();
}

Json user_of(const TokenWish& wish) {
  Json user = Json::object();
  put(user, "id", wish.user_id);
  put(user, "name", wish.user_name);
  put(user, "email", wish.email);
  put(user, "avatar", wish.avatar);
  switch (wish.role) {
    case ClaimedRole::Moderator:
      user["moderator"] = true;
      break;
    case ClaimedRole::Participant:
      user["moderator"] = false;
      break;
    case ClaimedRole::Visitor:
      user["role"] = "visitor";
      break;
    case ClaimedRole::Unsaid:
      break;
  }
  return user;
}

Json giver_of(const Giver& giver) {
  Json object = Json::object();
  put(object, "subject", giver.subject_hash);
  put(object, "iss", giver.issuer);
  put(object, "jti", giver.jti);
  put(object, "hash", giver.token_hash);
  put(object, "kid", giver.key_id);
  put(object, "ticket", giver.wallet);
  return object;
}

}  // namespace

std::string sign_token(std::string_view header_json, std::string_view body_json, std::string_view secret,
                       Algorithm algorithm) {
  std::string token = base64url_encode(as_bytes(header_json)) + "." + base64url_encode(as_bytes(body_json));
  const std::string signature = hmac(algorithm, secret, token);
  return token + "." + base64url_encode(as_bytes(signature));
}

std::string mint_token(const TokenWish& wish, std::string_view secret, Algorithm algorithm) {
  Json header{{"alg", algorithm_text(algorithm)}, {"typ", "JWT"}};
  put(header, "kid", wish.key_id);

  Json context = Json::object();
  if (Json user = user_of(wish); !user.empty()) context["user"] = std::move(user);
  put(context, "tenant", wish.tenant);
  if (wish.giver) context["giver"] = giver_of(*wish.giver);
  if (wish.features) {
    context["features"] = Json::object();
    for (const std::string& feature : *wish.features) context["features"][feature] = true;
  }

  Json body{{"iss", wish.issuer}, {"aud", wish.audience}, {"sub", wish.subject}, {"room", wish.room}};
  put(body, "jti", wish.token_id);
  put(body, "nbf", wish.not_before);
  put(body, "iat", wish.issued_at);
  put(body, "exp", wish.expires);
  if (!context.empty()) body["context"] = std::move(context);

  // Names come from a command line: what is no UTF-8 is replaced, not thrown at.
  const auto dump = [](const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); };
  return sign_token(dump(header), dump(body), secret, algorithm);
}

}  // namespace conclave::access
