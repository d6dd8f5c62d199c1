#include "access/decision.h"

namespace conclave::access {

std::string_view outcome_text(Outcome outcome) {
  switch (outcome) {
    case Outcome::Admit:
      return "admit";
    case Outcome::Wait:
      return "wait";
    case Outcome::Knock:
      return "knock";
    case Outcome::AskName:
      return "name";
    case Outcome::AskPassword:
      return "password";
    case Outcome::Login:
      return "login";
    case Outcome::Refuse:
      return "refuse";
    case Outcome::Full:
      return "full";
  }
  return "refuse";
}

std::string_view role_text(Role role) {
  switch (role) {
    case Role::None:
      return "none";
    case Role::Visitor:
      return "visitor";
    case Role::Guest:
      return "guest";
    case Role::Participant:
      return "participant";
    case Role::Moderator:
      return "moderator";
    case Role::Host:
      return "host";
    case Role::Service:
      return "service";
  }
  return "none";
}

const CapabilitySet& capabilities_of(Role role) {
  using enum Capability;
  static const CapabilitySet kNothing{};
  // Visitors are "limited" in the table: they may speak up, not vote on what they only watch.
  static const CapabilitySet kVisitor{Join, Chat, React, RaiseHand};
  static const CapabilitySet kTalk{Join, Chat, React, RaiseHand, VotePoll, ShareScreen, CreatePoll, ShareFiles};
  static const CapabilitySet kModerator{Join,      SkipPassword, SkipLobby,    Admit,          Deny,      Kick,
                                        Bar,       Mute,         AvModeration, Grant,          Revoke,    SetPassword,
                                        SetLobby,  RoomSettings, Metadata,     Record,         Stream,    Transcribe,
                                        DialOut,   End,          Breakout,     PromoteVisitor, Chat,      React,
                                        RaiseHand, VotePoll,     ShareScreen,  CreatePoll,     ShareFiles};
  static const CapabilitySet kHost = [] {
    CapabilitySet set = kModerator;
    set.add(Start);
    return set;
  }();
  // React: a transcriber says what it heard in messages without a body.
  static const CapabilitySet kService{Join, SkipPassword, SkipLobby, React};
  switch (role) {
    case Role::None:
      return kNothing;
    case Role::Visitor:
      return kVisitor;
    case Role::Guest:
    case Role::Participant:
      return kTalk;
    case Role::Moderator:
      return kModerator;
    case Role::Host:
      return kHost;
    case Role::Service:
      return kService;
  }
  return kNothing;
}

std::string_view slug_text(Slug slug) {
  switch (slug) {
    case Slug::NoCredential:
      return "no-credential";
    case Slug::TokenExpired:
      return "token-expired";
    case Slug::TokenNotYet:
      return "token-not-yet";
    case Slug::TokenSignature:
      return "token-signature";
    case Slug::TokenAlgorithm:
      return "token-algorithm";
    case Slug::TokenKeyUnknown:
      return "token-key-unknown";
    case Slug::TokenIssuer:
      return "token-issuer";
    case Slug::TokenAudience:
      return "token-audience";
    case Slug::TokenMalformed:
      return "token-malformed";
    case Slug::TokenRevoked:
      return "token-revoked";
    case Slug::RoomClaimMismatch:
      return "room-claim-mismatch";
    case Slug::TenantMismatch:
      return "tenant-mismatch";
    case Slug::RoleClaimParticipant:
      return "role-claim-participant";
    case Slug::HostByClaim:
      return "host-by-claim";
    case Slug::HostByDefault:
      return "host-by-default";
    case Slug::HostByAccount:
      return "host-by-account";
    case Slug::HostByLdap:
      return "host-by-ldap";
    case Slug::GrantedBy:
      return "granted-by";
    case Slug::Elected:
      return "elected";
    case Slug::TicketInScope:
      return "ticket-in-scope";
    case Slug::TicketOutOfScope:
      return "ticket-out-of-scope";
    case Slug::GuestMayJoin:
      return "guest-may-join";
    case Slug::GuestMayStart:
      return "guest-may-start";
    case Slug::GuestsDenied:
      return "guests-denied";
    case Slug::WaitsForHost:
      return "waits-for-host";
    case Slug::HostLeftRoom:
      return "host-left";
    case Slug::Barred:
      return "barred";
    case Slug::Ended:
      return "ended";
    case Slug::PasswordMissing:
      return "password-missing";
    case Slug::PasswordWrong:
      return "password-wrong";
    case Slug::LobbyOn:
      return "lobby";
    case Slug::BookingDenied:
      return "booking-denied";
    case Slug::BookingUnreachable:
      return "booking-unreachable";
    case Slug::Full:
      return "full";
    case Slug::NameMissing:
      return "name-missing";
    case Slug::NameReserved:
      return "name-reserved";
    case Slug::VisitorClaim:
      return "visitor-by-claim";
    case Slug::ServiceCalled:
      return "service-called";
    case Slug::ServiceNotCalled:
      return "service-not-called";
    case Slug::RoleAllows:
      return "role-allows";
    case Slug::RoleForbids:
      return "role-forbids";
    case Slug::TargetIsHost:
      return "target-is-host";
    case Slug::FeatureMissing:
      return "feature-missing";
    case Slug::SettingForbids:
      return "setting-forbids";
    case Slug::LinkWithdrawn:
      return "link-withdrawn";
    case Slug::NotYetTime:
      return "not-yet-time";
    case Slug::BookingPending:
      return "booking-pending";
    case Slug::NickTaken:
      return "nick-taken";
    case Slug::BreakoutFromOutside:
      return "breakout-from-outside";
  }
  return "";
}

}  // namespace conclave::access
