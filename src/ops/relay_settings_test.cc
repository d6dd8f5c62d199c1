#include "ops/relay_settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace conclave::ops {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

struct Read {
  xmpp::RelayOptions relays;
  std::vector<Notice> notices;
};
Read read(const Environment& environment) {
  const CommandLine command_line;
  const std::optional<EnvFile> file;
  Read read;
  read.relays = read_relays(SettingReader(command_line, environment, file), read.notices);
  return read;
}
std::string name_of_error(const Environment& environment) {
  try {
    (void)read(environment);
    return "";
  } catch (const ConfigError& error) {
    return error.name();
  }
}
std::vector<std::string> servers(const Environment& environment) {
  std::vector<std::string> all;
  for (const xmpp::ExternalService& one : read(environment).relays.servers)
    all.push_back(one.type + " " + one.host + " " + std::to_string(one.port) + " " + one.transport);
  return all;
}

TEST(RelaySettings, EachHostAndTransportIsAServer) {
  EXPECT_THAT(servers({{"STUN_HOST", "s.example"},
                       {"TURN_HOST", "t.example,[2001:db8::7]"},
                       {"TURN_PORT", "3478"},
                       {"TURN_TRANSPORT", "UDP,tcp"},
                       {"TURNS_HOST", "t.example"},
                       {"TURN_CREDENTIALS", "shared"}}),
              ElementsAre("stun s.example 443 udp", "turn t.example 3478 udp", "turn t.example 3478 tcp",
                          "turn [2001:db8::7] 3478 udp", "turn [2001:db8::7] 3478 tcp", "turns t.example 443 tcp"));
  EXPECT_THAT(servers({}), IsEmpty());
}

TEST(RelaySettings, A54_WhatIsWrongIsNamed) {
  EXPECT_EQ(name_of_error({{"STUN_HOST", "s.example:3478"}}), "STUN_HOST");
  EXPECT_EQ(name_of_error({{"TURN_HOST", "t.example"}, {"TURN_TRANSPORT", "sctp"}}), "TURN_TRANSPORT");
  EXPECT_EQ(name_of_error({{"TURN_TTL", "59"}}), "TURN_TTL");
  EXPECT_EQ(name_of_error({{"STUN_HOST", "s.example"}, {"STUN_PORT", "0"}}), "STUN_PORT");
  std::string many = "t0.example";
  for (int i = 1; i < 33; ++i) many += ",t" + std::to_string(i) + ".example";
  EXPECT_EQ(name_of_error({{"TURN_HOST", many}, {"TURN_CREDENTIALS", "shared"}}), "TURN_HOST");
}

TEST(RelaySettings, APairCountsBeforeTheSecretAndIsWarnedOf) {
  const Read both = read({{"TURN_HOST", "t.example"},
                          {"TURN_CREDENTIALS", "shared"},
                          {"TURN_USERNAME", "all"},
                          {"TURN_PASSWORD", "of us"}});
  EXPECT_EQ(both.relays.secret, "");
  EXPECT_EQ(both.relays.username, "all");
  ASSERT_EQ(both.notices.size(), 1U);
  EXPECT_EQ(both.notices[0].name, "TURN_PASSWORD");
}

TEST(RelaySettings, WithoutCredentialsNobodyIsToldOfTurn) {
  const Read none = read({{"STUN_HOST", "s.example"}, {"TURN_HOST", "t.example"}});
  ASSERT_EQ(none.relays.servers.size(), 1U);
  EXPECT_EQ(none.relays.servers[0].type, "stun");
}

}  // namespace
}  // namespace conclave::ops
