#pragma once
// What happens now, and why, as data (access.md 4.4 to 4.6). Log, metrics, admin API, error texts and `conclave
// explain` print this and nothing of their own. Values; any thread.
#include <string>
#include <string_view>
#include <vector>

#include "access/capability.h"

namespace conclave::access {

enum class Outcome { Admit, Wait, Knock, AskName, AskPassword, Login, Refuse, Full };
std::string_view outcome_text(Outcome outcome);

enum class Role { None, Visitor, Guest, Participant, Moderator, Host, Service };
std::string_view role_text(Role role);
inline bool moderates(Role role) {
  return role == Role::Moderator || role == Role::Host;
}

// What a role may do before features and switches narrow it (the table of access.md 4.4).
const CapabilitySet& capabilities_of(Role role);

// The slugs of access.md 4.6. The last group is ours: acts inside a room, services, visitors, nicks, and what comes
// before the start have no slug there.
enum class Slug {
  NoCredential,
  TokenExpired,
  TokenNotYet,
  TokenSignature,
  TokenAlgorithm,
  TokenKeyUnknown,
  TokenIssuer,
  TokenAudience,
  TokenMalformed,
  TokenRevoked,
  RoomClaimMismatch,
  TenantMismatch,
  RoleClaimParticipant,
  HostByClaim,
  HostByDefault,
  HostByAccount,
  HostByLdap,
  GrantedBy,
  Elected,
  TicketInScope,
  TicketOutOfScope,
  GuestMayJoin,
  GuestMayStart,
  GuestsDenied,
  WaitsForHost,
  HostLeftRoom,
  Barred,
  Ended,
  PasswordMissing,
  PasswordWrong,
  LobbyOn,
  BookingDenied,
  BookingUnreachable,
  Full,
  NameMissing,
  NameReserved,
  VisitorClaim,
  ServiceCalled,
  ServiceNotCalled,
  RoleAllows,
  RoleForbids,
  TargetIsHost,
  FeatureMissing,
  SettingForbids,
  LinkWithdrawn,
  NotYetTime,
  BookingPending,
  NickTaken,
  BreakoutFromOutside
};
std::string_view slug_text(Slug slug);

struct Reason {
  Slug slug = Slug::NoCredential;
  std::string_view rule;  // the rule's name in decide.cc; static storage
  std::string claim;      // "room=a"; "" if no claim decided
  std::string setting;    // as the operator wrote it, "CONCLAVE_GUESTS=join"; "" if no setting decided
  std::string sentence;   // for a person; holds no secret and nothing about a room that he may not enter
};

struct RuleStep {
  enum class Verdict { Passed, Decided };
  std::string_view rule;
  Verdict verdict = Verdict::Passed;
  std::string note;
};

struct Decision {
  Outcome outcome = Outcome::Refuse;
  Role role = Role::None;    // None unless admitted
  bool starts_room = false;  // admitted, and by that an absent, waiting, held or just ended room opens
  CapabilitySet capabilities;
  Reason reason;
  std::vector<RuleStep> trace;  // rule by rule, for `explain`

  bool admitted() const { return outcome == Outcome::Admit; }
};

}  // namespace conclave::access
