#pragma once
// Personal links: who inside a room may give another person a token of his own, and what that token says. It opens this
// room only, says one name and one role, ends with the inviter's own credential at the latest, and carries no feature
// that the inviter lacks. It names its giver (Giver): what takes his credential back takes his links back, and a
// meeting that removed him, or took moderation from him, takes none of his. Pure; any thread.
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "access/decide.h"
#include "access/mint.h"
#include "access/room_name.h"
#include "base/random.h"
#include "base/time.h"

namespace conclave::access {

// The issuer that signs personal links. It has a secret of its own, so that it can be withdrawn without touching any
// other issuer, and so that no other service takes its tokens.
struct InvitationIssuer {
  std::string name;    // iss and aud
  std::string domain;  // sub of rooms outside tenants
  std::string secret;  // HS256
};

struct InvitationWish {
  std::string name;  // of the person; 1 to kMaxInvitedNameBytes bytes without control characters
  ClaimedRole role = ClaimedRole::Participant;  // or Moderator
  std::chrono::seconds life{0};                 // wished; the token may end sooner
};

inline constexpr std::size_t kMaxInvitedNameBytes = 256;
inline constexpr std::chrono::seconds kLongestInvitation{7 * 24 * 60 * 60};
// By somebody who moderates this meeting only: about as long as that.
inline constexpr std::chrono::seconds kLongestByModerator{2 * 60 * 60};

// A moderator's link makes a host of the room, which is more than a moderator of one meeting has to give: it takes a
// host who may grant. A participant's link takes the right to admit. Guests give none, whatever they were made: there
// is nothing by which their links could be taken back. Nor does who came by a link himself.
Decision decide_invitation(const Actor& inviter, ClaimedRole role, const Policy& policy, WallTime now);

// After decide_invitation() admitted it.
TokenWish invitation(const Actor& inviter, const RoomName& room, const InvitationWish& wish,
                     const InvitationIssuer& issuer, WallTime now, Random& random);

// Whether a name may stand in a link.
bool is_invited_name(std::string_view name);

}  // namespace conclave::access
