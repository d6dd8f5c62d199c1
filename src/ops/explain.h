#pragma once
// A decision in words, rule by rule: `conclave explain` and the admin API print exactly what the server decided, with
// the slugs of the wire. Never a secret: a token is judged, not shown.
#include <optional>
#include <string>
#include <string_view>

#include "access/decide.h"
#include "ops/settings.h"

namespace conclave::ops {

struct ExplainWish {
  std::string room;  // as in a link: name, or tenant/name
  std::optional<std::string> token;
  access::RoomState state = access::RoomState::Absent;
};

struct Explanation {
  std::string room;  // canonical key, or the text as given
  access::RoomState state = access::RoomState::Absent;
  std::string identity;  // "token", "guest", …; "none" if the credential was refused
  std::string subject;   // of token holders; hashes and ids, no secret
  access::Decision decision;
  std::string sasl_condition;  // "" unless the credential was refused
  std::string sasl_text;
};

Explanation explain(const ExplainWish& wish, const Settings& settings, WallTime now);
Explanation explain(const access::Identity& identity, const access::RoomFacts& room, const access::Policy& policy,
                    WallTime now);

// A credential that was refused at SASL, before any room.
Explanation refused_credential(const access::RoomName& room, access::RoomState state,
                               const access::TokenFailure& refused);

std::string as_text(const Explanation& explanation);
std::string as_json(const Explanation& explanation);

// A decision alone, as the admin API shows it.
std::string as_json(const access::Decision& decision);

std::optional<access::RoomState> room_state_named(std::string_view text);

}  // namespace conclave::ops
