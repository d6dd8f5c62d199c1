#include "ops/token_command.h"

#include <sstream>

#include "access/mint.h"
#include "ops/setting_reader.h"

namespace conclave::ops {
namespace {

access::ClaimedRole role_of(const TokenOrder& order) {
  const std::string role = lower_ascii(order.role);
  for (const auto one : {access::ClaimedRole::Moderator, access::ClaimedRole::Participant, access::ClaimedRole::Visitor,
                         access::ClaimedRole::Unsaid}) {
    if (role == access::claimed_role_text(one)) return one;
  }
  throw ConfigError("--role", order.role, "Use one of: moderator, participant, visitor, unsaid.");
}

std::chrono::seconds duration_in(const std::string& option, const std::string& text) {
  const auto duration = duration_of(text);
  if (!duration) throw ConfigError(option, text, "Use a number and a unit, such as 30m, 2h or 1 day.");
  return *duration;
}

access::FeatureSet features_of(const std::string& text) {
  access::FeatureSet features;
  std::istringstream words(text);
  for (std::string word; std::getline(words, word, ',');) {
    if (const auto name = without_blanks(word); !name.empty()) features.emplace(name);
  }
  return features;
}

// The room as it will be compared; a name that no room can have is said here rather than at the door.
std::string room_of(const TokenOrder& order) {
  if (order.room == "*") return order.room;
  const auto room = access::canonical_room(order.room, order.tenant);
  if (!room) throw ConfigError("--room", order.room, std::string(access::name_error_sentence(room.error())));
  return room->name();
}

}  // namespace

std::string token_for(const TokenOrder& order, const Settings& settings, WallTime now) {
  if (!settings.app_secret) {
    throw ConfigError("JWT_APP_SECRET", "",
                      "This server has no secret to sign tokens with; they come from the issuer that holds the private "
                      "key, or nobody is authenticated.");
  }
  access::TokenWish wish{.issuer = settings.app_id,
                         .audience = settings.app_audience,
                         .subject = settings.xmpp_domain,
                         .room = room_of(order),
                         .role = role_of(order),
                         .user_name = order.name,
                         .user_id = order.user_id,
                         .email = order.email};
  if (!order.tenant.empty()) {
    const auto room = access::canonical_room("any", order.tenant);
    if (!room) throw ConfigError("--tenant", order.tenant, std::string(access::name_error_sentence(room.error())));
    wish.tenant = wish.subject = room->tenant();
  }
  wish.issued_at = now;
  if (lower_ascii(order.expires) != "never") wish.expires = now + duration_in("--expires", order.expires);
  if (!order.not_before.empty()) wish.not_before = now + duration_in("--not-before", order.not_before);
  if (order.features) wish.features = features_of(*order.features);
  return access::mint_token(wish, *settings.app_secret, settings.app_algorithm);
}

}  // namespace conclave::ops
