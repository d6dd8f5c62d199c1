// The decision table of access.md 4.7, each cell, then the gates that it does not show.
#include "access/decide.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace conclave::access {
namespace {

const WallTime kNow{std::chrono::seconds(1'800'000'000)};
const RoomName kRoom = *canonical_room("walk-in-7");

Identity token(ClaimedRole role) {
  Identity identity;
  identity.kind = IdentityKind::Token;
  identity.subject = "token:app/app/t/" + std::string(claimed_role_text(role));
  identity.claimed_role = role;
  identity.proof.via = Proof::Via::Bearer;
  return identity;
}
Identity account(IdentityKind kind, ClaimedRole role) {
  Identity identity = token(role);
  identity.kind = kind;
  identity.subject = "account";
  return identity;
}
Identity for_other_room() {
  Identity identity = token(ClaimedRole::Moderator);
  identity.scope = Scope::only(*canonical_room("elsewhere"));
  return identity;
}
Identity with_ticket(Identity identity) {
  identity.proof.via = Proof::Via::Ticket;
  identity.proof.ticket = Proof::Ticket::InScope;
  return identity;
}
Identity service() {
  Identity identity;
  identity.kind = IdentityKind::Service;
  identity.subject = "service:recorder";
  return identity;
}

Policy policy(Guests guests) {
  Policy policy;
  policy.guests = guests;
  return policy;
}
Policy walk_in_policy() {
  Policy result = policy(Guests::Create);
  result.guest_rooms = {*RoomPattern::parse("walk-in-*")};
  return result;
}
Policy create_elsewhere() {
  Policy result = policy(Guests::Create);
  result.guest_rooms = {*RoomPattern::parse("lounge-*")};
  return result;
}
Policy claimed() {
  Policy result;
  result.moderators = Moderators::Claimed;
  return result;
}
Policy starters_authenticated() {
  Policy result;
  result.starters = Starters::Authenticated;
  return result;
}

// The columns.
RoomFacts absent() {
  return {.name = kRoom};
}
RoomFacts waiting() {
  return {.name = kRoom, .state = RoomState::Waiting};
}
RoomFacts open() {
  return {.name = kRoom, .state = RoomState::Open, .moderator_present = true};
}
RoomFacts with_password() {
  RoomFacts facts = open();
  facts.has_password = true;
  return facts;
}
RoomFacts with_lobby() {
  RoomFacts facts = open();
  facts.lobby = Lobby::All;
  return facts;
}
RoomFacts accounts_only() {
  RoomFacts facts = open();
  facts.accounts_only = true;
  return facts;
}
RoomFacts held() {
  return {.name = kRoom, .state = RoomState::Held};
}
RoomFacts ended() {
  return {.name = kRoom, .state = RoomState::Ended};
}
RoomFacts called(RoomFacts facts) {
  facts.service_called = true;
  return facts;
}

// "admit host start: host-by-claim", "wait: waits-for-host".
std::string cell(const Identity& identity, const RoomFacts& facts, const Policy& policy) {
  const Decision decision = decide_entry(identity, facts, policy, kNow);
  std::string text(outcome_text(decision.outcome));
  if (decision.admitted()) text += " " + std::string(role_text(decision.role));
  if (decision.starts_room) text += " start";
  return text + ": " + std::string(slug_text(decision.reason.slug));
}

struct Row {
  const char* name;
  Identity identity;
  Policy policy;
  std::vector<std::string> cells;  // absent, waiting, open, password, lobby, accounts only, held, ended
};

std::vector<Row> table() {
  using enum ClaimedRole;
  const std::string wait = "wait: waits-for-host";
  const std::string left = "wait: host-left";
  const std::string over = "refuse: ended";
  const std::string ask = "password: password-missing";
  const std::string knock = "knock: lobby";
  const std::string log_in = "login: no-credential";
  const std::string denied = "login: guests-denied";
  const std::string guest_in = "admit guest: guest-may-join";
  const std::string other = "refuse: room-claim-mismatch";
  const std::string part = "admit participant: role-claim-participant";
  const std::string visitor = "admit visitor: visitor-by-claim";
  const auto host = [](const std::string& slug) {
    const std::string in = "admit host: " + slug;
    const std::string starts = "admit host start: " + slug;
    return std::vector<std::string>{starts, starts, in, in, in, in, starts, starts};
  };
  const std::vector<std::string> as_participant = {wait, wait, part, ask, knock, part, part, over};
  const std::vector<std::string> as_guest = {wait, wait, guest_in, ask, knock, log_in, left, over};
  const std::string elected_in = "admit moderator start: elected";

  Policy no_election = walk_in_policy();
  no_election.auto_promote = AutoPromote::Never;
  const std::string guest_starts = "admit guest start: guest-may-start";

  Identity lobby_claim = token(Participant);
  lobby_claim.lobby_bypass = true;
  Identity knocks_always = token(Participant);
  knocks_always.user_lobby = true;
  Identity knocks_never = token(Participant);
  knocks_never.user_lobby = false;
  Identity knocking_host = token(Moderator);
  knocking_host.user_lobby = true;
  const std::string by_ticket = "admit participant: ticket-in-scope";
  Identity strayed = guest("g", Proof::Ticket::OutOfScope);
  const std::string strayed_wait = "wait: ticket-out-of-scope";
  const std::string part_starts = "admit participant start: role-claim-participant";

  return {
      {"guest, deny", guest("g"), policy(Guests::Deny), std::vector<std::string>(8, denied)},
      {"guest, join", guest("g"), policy(Guests::Join), as_guest},
      {"guest, create, guest room",
       guest("g"),
       walk_in_policy(),
       {elected_in, elected_in, guest_in, ask, knock, log_in, elected_in, over}},
      {"guest, create, nobody elected",
       guest("g"),
       no_election,
       {guest_starts, guest_starts, guest_in, ask, knock, log_in, guest_starts, over}},
      {"guest, create, other room",
       guest("g"),
       create_elsewhere(),
       {wait, wait, guest_in, ask, knock, log_in, left, over}},
      {"token, moderator said", token(Moderator), Policy{}, host("host-by-claim")},
      {"token, moderator said, claimed", token(Moderator), claimed(), host("host-by-claim")},
      {"token, unsaid, all", token(Unsaid), Policy{}, host("host-by-default")},
      {"token, participant", token(Participant), Policy{}, as_participant},
      {"token, unsaid, claimed", token(Unsaid), claimed(), as_participant},
      {"token, participant, may start",
       token(Participant),
       starters_authenticated(),
       {part_starts, part_starts, part, ask, knock, part, part_starts, over}},
      {"token, participant, lobby claim", lobby_claim, Policy{}, {wait, wait, part, ask, part, part, part, over}},
      {"token, visitor", token(Visitor), Policy{}, {wait, wait, visitor, ask, "refuse: lobby", visitor, left, over}},
      {"token, other room", for_other_room(), Policy{}, std::vector<std::string>(8, other)},
      {"account, host", account(IdentityKind::Password, Unsaid), Policy{}, host("host-by-account")},
      {"directory, host", account(IdentityKind::Ldap, Unsaid), Policy{}, host("host-by-ldap")},
      {"account, not host", account(IdentityKind::Password, Participant), Policy{}, as_participant},
      {"directory, not host", account(IdentityKind::Ldap, Unsaid), claimed(), as_participant},
      {"ticket in scope", with_ticket(token(Moderator)), Policy{}, host("ticket-in-scope")},
      {"ticket out of scope",
       strayed,
       policy(Guests::Join),
       {strayed_wait, strayed_wait, "admit guest: ticket-out-of-scope", ask, knock, log_in, strayed_wait, over}},
      {"account, moderator said, claimed", account(IdentityKind::Password, Moderator), claimed(),
       host("host-by-account")},
      {"account, unsaid, claimed", account(IdentityKind::Password, Unsaid), claimed(), as_participant},
      {"directory, participant said", account(IdentityKind::Ldap, Participant), Policy{}, as_participant},
      {"account, visitor",
       account(IdentityKind::Password, Visitor),
       Policy{},
       {wait, wait, visitor, ask, "refuse: lobby", visitor, left, over}},
      {"ticket of a participant",
       with_ticket(token(Participant)),
       Policy{},
       {wait, wait, by_ticket, ask, knock, by_ticket, by_ticket, over}},
      {"ticket of an account", with_ticket(account(IdentityKind::Ldap, Unsaid)), Policy{}, host("ticket-in-scope")},
      {"ticket of a guest who was inside",
       with_ticket(guest("g")),
       Policy{},
       {"wait: ticket-in-scope", "wait: ticket-in-scope", "admit guest: ticket-in-scope", ask,
        "admit guest: ticket-in-scope", log_in, "admit guest: ticket-in-scope", over}},
      {"ticket in scope, guests denied", with_ticket(guest("g")), policy(Guests::Deny),
       std::vector<std::string>(8, denied)},
      {"token, participant, context.user.lobby=true",
       knocks_always,
       Policy{},
       {wait, wait, knock, ask, knock, knock, knock, over}},
      {"token, participant, context.user.lobby=false",
       knocks_never,
       Policy{},
       {wait, wait, part, ask, part, part, part, over}},
      {"token, moderator, context.user.lobby=true", knocking_host, Policy{}, host("host-by-claim")},
      {"service, not called", service(), Policy{}, std::vector<std::string>(8, "refuse: service-not-called")},
  };
}

TEST(DecideEntry, TheDecisionTable) {
  const RoomFacts columns[] = {absent(),     waiting(),       open(), with_password(),
                               with_lobby(), accounts_only(), held(), ended()};
  for (const Row& row : table()) {
    std::vector<std::string> cells;
    for (const RoomFacts& column : columns) cells.push_back(cell(row.identity, column, row.policy));
    EXPECT_EQ(cells, row.cells) << row.name;
  }
}

TEST(DecideEntry, ServiceThatWasCalledSkipsEveryGateButTheMeetingItself) {
  for (const RoomFacts& facts : {open(), with_password(), with_lobby(), accounts_only(), held()}) {
    EXPECT_EQ(cell(service(), called(facts), Policy{}), "admit service: service-called");
  }
  for (const RoomFacts& facts : {absent(), waiting(), ended()}) {
    EXPECT_EQ(cell(service(), called(facts), Policy{}), "refuse: service-not-called");
  }
}

TEST(DecideEntry, WrongScopeTellsNothingAboutTheRoom) {
  const Decision in_absent = decide_entry(for_other_room(), absent(), Policy{}, kNow);
  const Decision in_locked = decide_entry(for_other_room(), with_password(), Policy{}, kNow);
  EXPECT_EQ(in_absent.reason.sentence, in_locked.reason.sentence);
  EXPECT_EQ(in_absent.reason.claim, "room=elsewhere");
}

TEST(DecideEntry, AnotherTenantIsAMismatchOfItsOwn) {
  Identity identity = token(ClaimedRole::Moderator);
  identity.scope = Scope::only(*canonical_room("walk-in-7", "acme"));
  EXPECT_EQ(cell(identity, open(), Policy{}), "refuse: tenant-mismatch");
}

TEST(DecideEntry, CredentialIsLookedAtAgainAtEachEntry) {
  Identity late = token(ClaimedRole::Moderator);
  late.scope.until = kNow;
  EXPECT_EQ(cell(late, open(), Policy{}), "refuse: token-expired");
  late.scope.until = kNow + 1s;
  EXPECT_EQ(cell(late, open(), Policy{}), "admit host: host-by-claim");
  Identity early = token(ClaimedRole::Moderator);
  early.scope.from = kNow + 1s;
  EXPECT_EQ(cell(early, open(), Policy{}), "refuse: token-not-yet");
}

TEST(DecideEntry, RightPasswordOpensAndWrongOneIsSaid) {
  RoomFacts facts = with_password();
  facts.password = PasswordGiven::Right;
  EXPECT_EQ(cell(guest("g"), facts, Policy{}), "admit guest: guest-may-join");
  facts.password = PasswordGiven::Wrong;
  EXPECT_EQ(cell(guest("g"), facts, Policy{}), "password: password-wrong");
}

TEST(DecideEntry, RightPasswordPassesTheLobbyIfThePolicySaysSo) {
  RoomFacts facts = with_lobby();
  facts.has_password = true;
  facts.password = PasswordGiven::Right;
  Policy policy;
  EXPECT_EQ(cell(guest("g"), facts, policy), "admit guest: guest-may-join");
  policy.lobby_password = LobbyPassword::No;
  EXPECT_EQ(cell(guest("g"), facts, policy), "knock: lobby");
}

TEST(DecideEntry, AdmissionFromTheLobbyLastsForTheMeeting) {
  RoomFacts facts = with_lobby();
  facts.admitted_from_lobby = true;
  EXPECT_EQ(cell(guest("g"), facts, Policy{}), "admit guest: guest-may-join");
  EXPECT_EQ(cell(with_ticket(guest("g")), with_lobby(), Policy{}), "admit guest: ticket-in-scope");
}

TEST(DecideEntry, GuestsTicketPassesHeldButNotThePassword) {
  EXPECT_EQ(cell(with_ticket(guest("g")), held(), Policy{}), "admit guest: ticket-in-scope");
  EXPECT_EQ(cell(with_ticket(guest("g")), with_password(), Policy{}), "password: password-missing");
}

TEST(DecideEntry, LobbyForGuestsLetsCredentialsThrough) {
  RoomFacts facts = open();
  facts.lobby = Lobby::Guests;
  EXPECT_EQ(cell(token(ClaimedRole::Participant), facts, Policy{}), "admit participant: role-claim-participant");
  EXPECT_EQ(cell(guest("g"), facts, Policy{}), "knock: lobby");
}

TEST(DecideEntry, VisitorsPassThePasswordByKnowingIt) {
  RoomFacts facts = with_password();
  facts.password = PasswordGiven::Right;
  EXPECT_EQ(cell(token(ClaimedRole::Visitor), facts, Policy{}), "admit visitor: visitor-by-claim");
}

TEST(DecideEntry, WhoIsToKnockByHisTokenIsInOnceAdmittedAndNeedsNoLobbyOfTheRoom) {
  Identity identity = token(ClaimedRole::Participant);
  identity.user_lobby = true;
  EXPECT_EQ(decide_entry(identity, open(), Policy{}, kNow).reason.claim, "context.user.lobby=true");
  RoomFacts facts = open();
  facts.admitted_from_lobby = true;
  EXPECT_EQ(cell(identity, facts, Policy{}), "admit participant: role-claim-participant");
  Policy without;
  without.lobby_exists = false;
  EXPECT_EQ(cell(identity, open(), without), "admit participant: role-claim-participant");
}

TEST(DecideEntry, ALinkWhoseGiverLostHisRightIsRefused) {
  Identity identity = token(ClaimedRole::Participant);
  RoomFacts facts = open();
  facts.link_withdrawn = true;
  EXPECT_EQ(cell(identity, facts, Policy{}), "admit participant: role-claim-participant") << "it is no link";
  identity.proof.giver = Giver{.subject_hash = "x"};
  EXPECT_EQ(cell(identity, facts, Policy{}), "refuse: link-withdrawn");
  facts.link_withdrawn = false;
  EXPECT_EQ(cell(identity, facts, Policy{}), "admit participant: role-claim-participant");
}

TEST(DecideEntry, KickedPeopleComeBackAsThePolicySays) {
  RoomFacts facts = open();
  facts.removed = Removed::Kicked;
  Policy policy;
  EXPECT_EQ(cell(guest("g"), facts, policy), "knock: lobby");
  facts.admitted_from_lobby = true;
  EXPECT_EQ(cell(guest("g"), facts, policy), "admit guest: guest-may-join");
  policy.kicked = Kicked::Barred;
  EXPECT_EQ(cell(guest("g"), facts, policy), "refuse: barred");
  policy.kicked = Kicked::Return;
  EXPECT_EQ(cell(guest("g"), facts, policy), "admit guest: guest-may-join");
}

TEST(DecideEntry, ABreakoutRoomIsEnteredFromItsMeetingAndAsksNothingAgain_A29) {
  RoomFacts facts{.name = kRoom.breakout("0c6e2a4e"), .state = RoomState::Open};
  EXPECT_EQ(cell(token(ClaimedRole::Moderator), facts, Policy{}), "refuse: breakout-from-outside");
  facts.moves_within = true;
  facts.has_password = true;
  facts.lobby = Lobby::All;
  facts.occupants = facts.capacity = 5;
  EXPECT_TRUE(decide_entry(token(ClaimedRole::Participant), facts, Policy{}, kNow).admitted());
  EXPECT_TRUE(decide_entry(guest("g"), facts, Policy{}, kNow).admitted());
  facts.name = canonical_room("other")->breakout("0c6e2a4e");
  Identity elsewhere = token(ClaimedRole::Moderator);
  elsewhere.scope = Scope::only(kRoom);
  EXPECT_EQ(cell(elsewhere, facts, Policy{}), "refuse: room-claim-mismatch") << "it is covered as its meeting is";
}

TEST(DecideEntry, WhoMovesWithinAMeetingStaysOutWhenHeWasBarred) {
  RoomFacts facts{.name = kRoom, .state = RoomState::Open};
  facts.removed = Removed::Barred;
  facts.moves_within = true;
  Policy barring;
  barring.kicked = Kicked::Barred;
  EXPECT_EQ(decide_entry(guest("g"), facts, barring, kNow).reason.slug, Slug::Barred);
}

TEST(DecideEntry, AVisitorWhoWasAskedInTakesPart_A38) {
  RoomFacts facts{.name = kRoom, .state = RoomState::Open};
  EXPECT_EQ(decide_entry(token(ClaimedRole::Visitor), facts, Policy{}, kNow).role, Role::Visitor);
  facts.promoted = true;
  const Decision decision = decide_entry(token(ClaimedRole::Visitor), facts, Policy{}, kNow);
  EXPECT_EQ(decision.role, Role::Participant);
  EXPECT_EQ(decision.reason.slug, Slug::GrantedBy);
}

// A bar is a moderator's word: it names no setting, and none softens it.
TEST(DecideEntry, BarredPeopleStayOutWhateverKickedSays) {
  RoomFacts facts = open();
  facts.removed = Removed::Barred;
  facts.admitted_from_lobby = true;
  for (const Kicked kicked : {Kicked::Knock, Kicked::Return, Kicked::Barred}) {
    Policy policy;
    policy.kicked = kicked;
    const Decision decision = decide_entry(guest("g"), facts, policy, kNow);
    EXPECT_EQ(slug_text(decision.reason.slug), "barred");
    EXPECT_EQ(decision.reason.rule, "not_barred");
    EXPECT_EQ(decision.reason.setting, "");
  }
}

TEST(DecideEntry, ATakenNickIsToldOnlyToWhoMayComeIn) {
  RoomFacts facts = open();
  facts.nick_taken = true;
  EXPECT_EQ(cell(guest("g"), facts, Policy{}), "refuse: nick-taken");
  facts.has_password = true;
  EXPECT_EQ(cell(guest("g"), facts, Policy{}), "password: password-missing");
}

TEST(DecideEntry, CapabilitiesAreWhatHeMayReallyDo) {
  RoomFacts facts = open();
  const Identity participant = token(ClaimedRole::Participant);
  facts.granted = true;
  EXPECT_TRUE(decide_entry(participant, facts, Policy{}, kNow).capabilities.has(Capability::Record));
  facts.makers_features = FeatureSet{"transcription"};
  const CapabilitySet narrowed = decide_entry(participant, facts, Policy{}, kNow).capabilities;
  EXPECT_FALSE(narrowed.has(Capability::Record)) << "his maker may not";
  EXPECT_TRUE(narrowed.has(Capability::Transcribe));
  EXPECT_TRUE(decide_entry(token(ClaimedRole::Moderator), facts, Policy{}, kNow).capabilities.has(Capability::Record))
      << "a host needs no maker";
  facts.makers_features.reset();
  facts.withheld.add(Capability::Transcribe);
  EXPECT_FALSE(decide_entry(participant, facts, Policy{}, kNow).capabilities.has(Capability::Transcribe))
      << "the room's definition keeps it to others";
}

TEST(DecideEntry, ReasonsNameTheSettingInTheOperatorsWords) {
  Policy policy;
  policy.guests = Guests::Deny;
  policy.written[Switch::Guests] = "ENABLE_GUESTS=0";
  EXPECT_EQ(decide_entry(guest("g"), open(), policy, kNow).reason.setting, "ENABLE_GUESTS=0");
  policy.disabled.add(Capability::Kick);
  policy.disabled_by[Capability::Kick] = "DISABLE_KICKOUT=1";
  const Identity host = token(ClaimedRole::Moderator);
  const Decision kick = decide_act({.identity = host, .role = Role::Host}, Capability::Kick, std::nullopt, policy);
  EXPECT_EQ(kick.reason.setting, "DISABLE_KICKOUT=1");
}

TEST(DecideEntry, BookingIsAskedOnlyWhereSomethingWouldStart) {
  RoomFacts facts = absent();
  facts.booking = Booking::Denied;
  EXPECT_EQ(cell(token(ClaimedRole::Moderator), facts, Policy{}), "refuse: booking-denied");
  EXPECT_EQ(cell(guest("g"), facts, Policy{}), "wait: waits-for-host");
  facts.booking = Booking::Pending;
  EXPECT_EQ(cell(token(ClaimedRole::Moderator), facts, Policy{}), "wait: booking-pending");
  facts.booking = Booking::Unreachable;
  EXPECT_EQ(cell(token(ClaimedRole::Moderator), facts, Policy{}), "refuse: booking-unreachable");
  facts.state = RoomState::Open;
  EXPECT_EQ(cell(token(ClaimedRole::Moderator), facts, Policy{}), "admit host: host-by-claim");
}

TEST(DecideEntry, NameIsAskedForBeforePasswordAndLobby) {
  RoomFacts facts = with_password();
  facts.display_name_given = false;
  Policy policy;
  policy.require_display_name = true;
  EXPECT_EQ(cell(guest("g"), facts, policy), "name: name-missing");
  Identity named = token(ClaimedRole::Participant);
  named.display.name = "Ada";
  EXPECT_EQ(cell(named, facts, policy), "password: password-missing");
}

TEST(DecideEntry, FullRoomTurnsAwayAllButServices) {
  RoomFacts facts = open();
  facts.capacity = 2;
  facts.occupants = 2;
  EXPECT_EQ(cell(guest("g"), facts, Policy{}), "full: full");
  EXPECT_EQ(cell(service(), called(facts), Policy{}), "admit service: service-called");
  facts.occupants = 1;
  EXPECT_EQ(cell(guest("g"), facts, Policy{}), "admit guest: guest-may-join");
}

TEST(DecideEntry, GrantedModeratorIsOneAgainWhenHeComesBack) {
  RoomFacts facts = with_lobby();
  const Identity participant = token(ClaimedRole::Participant);
  facts.granted = true;
  EXPECT_EQ(cell(participant, facts, Policy{}), "admit moderator: granted-by");
  facts.state = RoomState::Held;
  EXPECT_EQ(cell(participant, facts, Policy{}), "admit moderator start: granted-by");
}

// S1: with GUESTS=create everywhere only an explicit AUTO_PROMOTE elects, unless nobody can be authenticated at all.
TEST(DecideEntry, S1_ElectionNeedsAPolicyThatSaysSo) {
  Policy policy;
  policy.guests = Guests::Create;
  EXPECT_EQ(cell(guest("g"), absent(), policy), "admit guest start: guest-may-start");
  policy.auto_promote = AutoPromote::Anyone;
  EXPECT_EQ(cell(guest("g"), absent(), policy), "admit moderator start: elected");
  EXPECT_EQ(cell(guest("g"), open(), policy), "admit guest: guest-may-join");
  policy.auto_promote = AutoPromote::Authenticated;
  EXPECT_EQ(cell(guest("g"), absent(), policy), "admit guest start: guest-may-start");
  policy.auto_promote.reset();
  policy.auth = {};
  EXPECT_EQ(cell(guest("g"), absent(), policy), "admit moderator start: elected");
}

TEST(DecideEntry, TraceNamesEachRuleUpToTheOneThatDecided) {
  const Decision waits = decide_entry(guest("g"), absent(), Policy{}, kNow);
  ASSERT_FALSE(waits.trace.empty());
  EXPECT_EQ(waits.trace.back().rule, "room_open_or_may_start");
  EXPECT_EQ(waits.trace.back().verdict, RuleStep::Verdict::Decided);
  EXPECT_EQ(waits.reason.rule, "room_open_or_may_start");
  EXPECT_EQ(waits.reason.setting, "GUESTS=join");
  EXPECT_TRUE(waits.capabilities.empty());
  EXPECT_EQ(waits.role, Role::None);
  const Decision enters = decide_entry(token(ClaimedRole::Unsaid), absent(), Policy{}, kNow);
  EXPECT_EQ(enters.trace.back().rule, "role");
  EXPECT_EQ(enters.reason.setting, "MODERATORS=all");
}

TEST(DecideEntry, TextThatIsNoRoomIsRefused) {
  const Decision decision = refuse_name(NameError::Reserved);
  EXPECT_EQ(decision.outcome, Outcome::Refuse);
  EXPECT_EQ(slug_text(decision.reason.slug), "name-reserved");
}

}  // namespace
}  // namespace conclave::access
