#pragma once
// Who somebody proved to be (access.md 4.2). Made only from a credential that was verified: token.h, ticket.h, guest().
// Never from what a client says about itself. A value; any thread.
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "access/scope.h"

namespace conclave::access {

enum class IdentityKind { Guest, Token, Password, Ldap, Service };
std::string_view kind_text(IdentityKind kind);

enum class ClaimedRole { Unsaid, Moderator, Participant, Visitor };
std::string_view claimed_role_text(ClaimedRole role);

using FeatureSet = std::set<std::string>;  // the names that are true

struct Display {
  std::string name;
  std::string email;  // shown to nobody
  std::string avatar;
  std::string user_id;
  std::string group;
  bool verified = false;  // the credential says so; else a client may choose its own name
};

// What a token would have its room be, from context.room (access.md 1.3). A wish: it counts only if the holder enters
// as host, and is the business of whoever opens rooms.
struct RoomWishes {
  std::optional<bool> lobby;
  std::optional<std::string> password;  // a secret: in no log, reason or answer
  bool lobby_autostart = false;         // the lobby is there before the host is
};

// Who gave a personal link (invitation.h): the names by which his credential may be revoked, as the link's signature
// vouches for them. His subject stands as a hash, since whoever has the link can read it.
struct Giver {
  std::string subject_hash = {};  // giver_name()
  std::string issuer = {};
  std::string jti = {};
  std::string token_hash = {};
  std::string key_id = {};
  std::string wallet = {};
};
// How links name the giver of this subject.
std::string giver_name(std::string_view subject);

// How the identity came, for reasons; never the secret itself.
struct Proof {
  enum class Via { None, Bearer, Sasl, Ticket, Internal };
  enum class Ticket { None, InScope, OutOfScope };

  Via via = Via::None;
  Ticket ticket = Ticket::None;  // what became of a ticket that was shown
  std::string issuer = {};
  std::string key_id = {};
  std::string jti = {};
  std::string role_claim = {};             // the claim that said the role, as "context.user.moderator=true"
  std::string token_hash = {};             // SHA-256 of the token in hex: names it in revocations
  std::optional<WallTime> issued_at = {};  // iat
  std::string wallet = {};                 // public name of the ticket's wallet, the same after each rotation
  bool ends_with_meeting = false;          // a ticket that is for the meeting's length
  std::optional<Giver> giver = {};         // of a personal link
  // A token that is good once, shown again: it resumes the stream that it was counted for, and begins no other.
  bool resumes_only = false;
  std::string peer = {};  // address of the connection that showed it; for the audit log
};

struct Identity {
  IdentityKind kind = IdentityKind::Guest;
  std::string subject;  // stable key of the person; never equal across kinds or issuers
  Scope scope = Scope::everywhere();
  ClaimedRole claimed_role = ClaimedRole::Unsaid;
  std::optional<FeatureSet> features;  // absent: the credential does not speak of features
  bool lobby_bypass = false;           // context.user.lobby_bypass or .security_bypass
  bool password_bypass = false;        // context.user.security_bypass
  std::optional<bool> user_lobby;      // context.user.lobby: is to knock even where there is no lobby, or never
  bool hidden_from_recorder = false;   // context.user.hidden-from-recorder
  std::optional<RoomWishes> room_wishes;
  Display display;
  Proof proof;

  bool authenticated() const { return kind != IdentityKind::Guest; }
};

// `key` is the connection's own random text.
Identity guest(std::string_view key);

// A guest who showed a ticket.
Identity guest(std::string_view key, Proof::Ticket ticket);

// What is left of somebody whose credential counts no longer: a guest, who came from where he came from.
Identity guest_instead(const Identity& of, std::string_view key);

}  // namespace conclave::access
