#pragma once
// The operator's settings about who may do what: the switches of access.md 4.3, each default being its first value.
// ops/settings.h fills it. A value; any thread.
#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/capability.h"
#include "access/room_name.h"

namespace conclave::access {

enum class Guests { Join, Deny, Create };
enum class Starters { Moderators, Authenticated };
enum class Moderators { All, Claimed };
enum class AutoPromote { Never, Authenticated, Anyone };
enum class HostLeft { Hold, Open, End };
enum class Waiters { Admit, Ask };
enum class Lobby { Off, Guests, All };
enum class LobbyPassword { Yes, No };
enum class Reload { Room, Off };
enum class TokenExpiry { Keep, Demote, Remove };
enum class Kicked { Knock, Return, Barred };

// The switches that a reason may name.
enum class Switch { Guests, Starters, Moderators, AutoPromote, HostLeft, LobbyExists, Kicked, DisplayName };
std::string_view text(Switch value);  // "GUESTS": the model's word (access.md 4.3)

struct AuthMethods {
  bool token = false;
  bool password = false;
  bool ldap = false;
  bool any() const { return token || password || ldap; }
};

// "walk-in-*" for names outside tenants, "walk-in/*" for all rooms of a tenant. * stands for any run of characters.
class RoomPattern {
 public:
  static Result<RoomPattern, NameError> parse(std::string_view text);
  bool matches(const RoomName& room) const;
  const std::string& text() const { return text_; }

 private:
  std::string text_;
  std::string tenant_;  // both canonical, with * kept
  std::string name_;
};

struct Policy {
  AuthMethods auth{.token = true};
  Guests guests = Guests::Join;
  std::vector<RoomPattern> guest_rooms;  // empty: GUESTS=create holds everywhere
  Starters starters = Starters::Moderators;
  Moderators moderators = Moderators::All;
  std::optional<AutoPromote>
      auto_promote;  // unset: anyone where nobody is authenticated and in guest rooms, else never
  HostLeft host_left = HostLeft::Hold;
  std::chrono::seconds host_left_grace{60};
  Waiters waiters = Waiters::Admit;
  Lobby lobby = Lobby::Off;  // that a room begins with
  bool lobby_exists = true;  // ENABLE_LOBBY; without one nobody can knock, and waiting is W2
  LobbyPassword lobby_password = LobbyPassword::Yes;
  Reload reload = Reload::Room;
  std::chrono::seconds ticket_lifetime{24 * 60 * 60};
  bool auto_login = true;  // accounts only: the ticket outlives the meeting
  TokenExpiry token_expiry = TokenExpiry::Keep;
  Kicked kicked = Kicked::Knock;
  std::chrono::seconds cool_down{10};  // after "end for all"
  bool require_display_name = false;
  CapabilitySet disabled;  // rights that nobody has here

  // Where the values come from, in the operator's own words: "ENABLE_GUESTS=0". Only whoever reads settings knows; what
  // is not here is told in the model's words. Nothing is decided by it.
  std::map<Switch, std::string> written = {};
  std::map<Capability, std::string> disabled_by = {};
};

// For reasons: what the operator wrote of this switch, else "GUESTS=join".
std::string setting_text(const Policy& policy, Switch which, std::string_view value);
std::string setting_text(const Policy& policy, Capability disabled);

// What the switches come to in one room.
bool guests_may_start(const Policy& policy, const RoomName& room);
AutoPromote auto_promote_in(const Policy& policy, const RoomName& room);

std::string_view text(Guests value);
std::string_view text(Starters value);
std::string_view text(Moderators value);
std::string_view text(AutoPromote value);
std::string_view text(HostLeft value);
std::string_view text(Waiters value);
std::string_view text(Lobby value);
std::string_view text(LobbyPassword value);
std::string_view text(Reload value);
std::string_view text(TokenExpiry value);
std::string_view text(Kicked value);

}  // namespace conclave::access
