// What each Prosody module of an operator's list becomes (environment.md 6).
#include "ops/module_names.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ops/startup.h"

namespace conclave::ops {
namespace {

using access::AutoPromote;
using access::Capability;
using access::Guests;
using access::HostLeft;
using access::Lobby;
using access::Moderators;
using testing::HasSubstr;
using testing::Not;

const std::string kJwt =
    "ENABLE_AUTH=1\nENABLE_GUESTS=1\nAUTH_TYPE=jwt\nJWT_APP_ID=school\nJWT_APP_SECRET="
    "0123456789abcdef0123456789abcdef\n";

Settings with(const std::string& modules) {
  return load_settings({}, {}, parse_env_file(kJwt + "XMPP_MUC_MODULES=" + modules + "\n", ".env", {}));
}
const access::Policy& policy_of(const Settings& settings) {
  return settings.policies.base;
}
std::string notices(const std::string& modules) {
  std::string text;
  for (const std::string& line : notice_lines(with(modules))) text += line + "\n";
  return text;
}

TEST(ModuleNames, EachOfTheReferenceIsKnown) {
  for (const char* name : {"muc_wait_for_host",
                           "persistent_lobby",
                           "muc_lobby_rooms",
                           "lobby_autostart",
                           "lobby_autostart_on_owner",
                           "token_lobby_autostart",
                           "lobby_deactivate",
                           "token_affiliation",
                           "token_moderation",
                           "token_owner_party",
                           "token_lobby_bypass",
                           "token_lobby_bypass_for_initiator",
                           "token_lobby_ondemand",
                           "token_security_ondemand",
                           "secure_domain_lobby_bypass",
                           "token_no_wildcard",
                           "token_verification",
                           "auth_token",
                           "jitsi_session",
                           "muc_allowners",
                           "owner_restricted",
                           "frozen_nick",
                           "presence_identity",
                           "muc_max_occupants",
                           "per_room_max_occupants",
                           "time_restricted",
                           "per_room_time_restricted",
                           "jibri_autostart",
                           "force_async_transcription",
                           "event_sync",
                           "conference_statistics",
                           "muc_access_whitelist",
                           "muc_password_whitelist",
                           "muc_auth_ban",
                           "reservations",
                           "muc_rate_limit",
                           "rate_limit",
                           "filter_messages",
                           "muc_flip",
                           "muc_census",
                           "muc_size",
                           "muc_password_check",
                           "muc_end_meeting",
                           "muc_kick_participant",
                           "muc_jigasi_invite",
                           "system_chat_message",
                           "visitors",
                           "muc_breakout_rooms",
                           "av_moderation",
                           "polls",
                           "speakerstats",
                           "conference_duration",
                           "end_conference",
                           "room_metadata",
                           "muc_hide_all",
                           "muc_meeting_id",
                           "muc_domain_mapper",
                           "bosh",
                           "websocket",
                           "smacks",
                           "ping"}) {
    EXPECT_THAT(notices(name), Not(HasSubstr("not known"))) << name;
  }
  EXPECT_THAT(notices("my_own"), HasSubstr("my_own: is not known here; no Lua is run."));
}

TEST(ModuleNames, WhatCarriesPolicyIsASwitch) {
  EXPECT_EQ(policy_of(with("lobby_autostart")).lobby, Lobby::Guests);
  EXPECT_EQ(policy_of(with("token_moderation")).moderators, Moderators::Claimed);
  EXPECT_EQ(policy_of(with("token_owner_party")).host_left, HostLeft::End);
  EXPECT_EQ(policy_of(with("muc_allowners")).auto_promote, AutoPromote::Anyone);
  EXPECT_THAT(notices("muc_allowners"), HasSubstr("warning: "));
  EXPECT_FALSE(with("token_no_wildcard").issuers.front().allow_any_room);
  EXPECT_TRUE(policy_of(with("owner_restricted")).disabled.has(Capability::Grant));
  const Settings open = load_settings(
      {}, {}, parse_env_file(kJwt + "CONCLAVE_GUESTS=join\nXMPP_MUC_MODULES=muc_wait_for_host\n", ".env", {}));
  EXPECT_EQ(policy_of(open).guests, Guests::Join);
}

// A name that a credential says is never the client's to change, with the module or without.
TEST(ModuleNames, FrozenNickIsHowItAlwaysIs) {
  EXPECT_EQ(notices("frozen_nick"), "");
  EXPECT_FALSE(policy_of(with("frozen_nick")).disabled.has(Capability::Grant));
}

// The claim context.room.lobby_autostart of a host's token opens the lobby of his room; the server's switch stays off.
TEST(ModuleNames, TokenLobbyAutostartIsAClaim) {
  EXPECT_EQ(notices("token_lobby_autostart"), "");
  EXPECT_EQ(policy_of(with("token_lobby_autostart")).lobby, Lobby::Off);
}

TEST(ModuleNames, TokenLobbyOndemandSaysWhatIsNotRead) {
  EXPECT_THAT(notices("token_lobby_ondemand"), HasSubstr("ignored: XMPP_MUC_MODULES: Module token_lobby_ondemand"));
  EXPECT_EQ(policy_of(with("token_lobby_ondemand")).lobby, Lobby::Off);
}

TEST(ModuleNames, MatrixIsAnError) {
  EXPECT_THROW((void)with("auth_hybrid_matrix_token"), ConfigError);
}

}  // namespace
}  // namespace conclave::ops
