#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>

#include "ops/setting_table.h"
#include "ops/settings.h"

namespace conclave::ops {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kSecret = "0123456789abcdef0123456789abcdef";

Settings from_toml(const std::string& text, const Environment& environment = {}) {
  return load_settings({}, environment, std::nullopt, parse_toml_file(text, "conclave.toml"));
}
std::string error_of(const std::string& text) {
  try {
    (void)from_toml(text);
    return "none";
  } catch (const ConfigError& error) {
    return error.what();
  }
}
access::RoomName room(const std::string& name) {
  return *access::canonical_room(name);
}

TEST(TomlSettings, SectionsSayWhatVariablesSay) {
  const Settings settings = from_toml(
      "[server]\nhttp_port = 80\ndisable_https = true\nadvertise_ips = [\"192.0.2.1\", \"192.0.2.2\"]\n"
      "[policy]\nguests = \"create\"\nguest_rooms = [\"walk-in-*\"]\nhost_left_grace = 5\ncool_down = \"1 minute\"\n"
      "lobby = \"guests\"\nlobby_password = \"no\"\nwaiters = \"ask\"\n");
  EXPECT_EQ(settings.http_port, 80);
  EXPECT_FALSE(settings.https);
  EXPECT_THAT(settings.advertise_ips, testing::ElementsAre("192.0.2.1", "192.0.2.2"));
  EXPECT_EQ(settings.policies.base.guests, access::Guests::Create);
  EXPECT_EQ(settings.policies.base.guest_rooms.size(), 1U);
  EXPECT_EQ(settings.policies.base.host_left_grace, std::chrono::seconds(5));
  EXPECT_EQ(settings.policies.base.cool_down, std::chrono::minutes(1));
  EXPECT_EQ(settings.policies.base.lobby, access::Lobby::Guests);
  EXPECT_EQ(settings.policies.base.lobby_password, access::LobbyPassword::No);
  EXPECT_EQ(settings.policies.base.waiters, access::Waiters::Ask);
}

TEST(TomlSettings, TheEnvironmentWinsAndOurNameWinsOverDockers) {
  EXPECT_EQ(from_toml("[server]\nhttp_port = 80\n", {{"HTTP_PORT", "81"}}).http_port, 81);
  const Environment docker{{"ENABLE_AUTH", "1"},
                           {"AUTH_TYPE", "jwt"},
                           {"ENABLE_GUESTS", "1"},
                           {"JWT_APP_ID", "app"},
                           {"JWT_APP_SECRET", kSecret}};
  EXPECT_EQ(from_toml("[policy]\nguests = \"deny\"\n", docker).policies.base.guests, access::Guests::Deny);
}

TEST(TomlSettings, ADockerFileBesideItDoesNotOpenTheServer) {
  const auto file = parse_env_file("JVB_AUTH_PASSWORD=0123456789abcdef\n", ".env", {});
  const auto toml = parse_toml_file(
      "[policy]\nauth = [\"token\"]\n[token]\napp_id = \"app\"\napp_secret = \"0123456789abcdef0123456789abcdef\"\n",
      "conclave.toml");
  const Settings settings = load_settings({}, {}, file, toml);
  EXPECT_TRUE(settings.policies.base.auth.token);
  EXPECT_NE(settings.policies.base.guests, access::Guests::Create);
}

TEST(TomlSettings, TheFirstRoomsSectionThatMatchesHoldsWhole) {
  const Settings settings = from_toml(
      "[policy]\nguests = \"deny\"\nkicked = \"barred\"\n"
      "[[rooms]]\nmatch = \"lounge-*\"\nguests = \"create\"\nauto_promote = \"anyone\"\n"
      "[[rooms]]\nmatch = \"lounge-x\"\nguests = \"join\"\n"
      "[[rooms]]\nmatch = \"clinic/*\"\nlobby = \"all\"\n");
  const auto& book = settings.policies;
  EXPECT_EQ(book.for_room(room("board")).guests, access::Guests::Deny);
  EXPECT_EQ(book.for_room(room("lounge-x")).guests, access::Guests::Create);
  EXPECT_EQ(book.for_room(room("lounge-x")).kicked, access::Kicked::Barred);
  EXPECT_EQ(book.for_room(*access::canonical_room("a", "clinic")).lobby, access::Lobby::All);
}

TEST(TomlSettings, A54_WhatIsWrongIsNamedWithFileLineAndRemedy) {
  EXPECT_THAT(error_of("[policy]\n\nguests = \"yes\"\n"),
              AllOf(HasSubstr("CONCLAVE_GUESTS=yes"), HasSubstr("conclave.toml:3"), HasSubstr("join, deny, create")));
  EXPECT_THAT(error_of("[policy]\nguests = true\n"), AllOf(HasSubstr("conclave.toml:2"), HasSubstr("quotation marks")));
  EXPECT_THAT(error_of("[policy]\nguest = \"deny\"\n"), AllOf(HasSubstr("policy.guest"), HasSubstr("guests")));
  EXPECT_THAT(error_of("[server]\ndisable_https = \"true\"\n"), HasSubstr("without quotation marks"));
  EXPECT_THAT(error_of("[server]\nhttp_port = \"80\"\n"), HasSubstr("whole number"));
  EXPECT_THAT(error_of("[server]\nhttp_port = 80000\n"), HasSubstr("65535"));
  EXPECT_THAT(error_of("[policy]\nguest_rooms = \"a\"\n"), HasSubstr("list of texts"));
  EXPECT_THAT(error_of("[policy]\nguests = \"deny\"\nguests = \"join\"\n"),
              AllOf(HasSubstr("conclave.toml:3"), HasSubstr("TOML")));
  EXPECT_THAT(error_of("[policy]\nguests = deny\n"), AllOf(HasSubstr("conclave.toml:2"), HasSubstr("TOML")));
  EXPECT_THAT(error_of("[policies]\nguests = \"deny\"\n"), AllOf(HasSubstr("[policies]"), HasSubstr("policy")));
  EXPECT_THAT(error_of("[docker]\nENABLE_AUTH = true\n"), HasSubstr("no such section"));
  EXPECT_THAT(error_of("guests = \"deny\"\n"), HasSubstr("sections"));
  EXPECT_THAT(error_of("[[rooms]]\nguests = \"deny\"\n"), HasSubstr("match"));
  EXPECT_THAT(error_of("[[rooms]]\nmatch = \"a\"\nauth = [\"token\"]\n"), HasSubstr("[policy]"));
  EXPECT_THAT(error_of("[[rooms]]\nmatch = \"a\"\nlobby = \"on\"\n"),
              AllOf(HasSubstr(":3"), HasSubstr("off, guests, all")));
  EXPECT_THAT(error_of("[rooms]\nmatch = \"a\"\n"), HasSubstr("[[rooms]]"));
  EXPECT_THAT(error_of("[[polices]]\nmatch = \"a\"\n"), HasSubstr("[[rooms]]"));
  EXPECT_THAT(error_of("[token]\napp_secret = \"short\"\n"), AllOf(HasSubstr("16 bytes"), Not(HasSubstr("short"))));
}

TEST(TomlSettings, A15_NoErrorShowsARoomsPassword) {
  const std::string canary = "canary" + std::string(300, 'x');
  EXPECT_THAT(error_of("[[room]]\nname = \"board\"\npassword = \"" + canary + "\"\n"),
              AllOf(HasSubstr("room.password"), HasSubstr(":3"), HasSubstr("256 bytes"), Not(HasSubstr("canary"))));
}

// What a reason says is what the operator is to change.
TEST(TomlSettings, S24_ASwitchIsNamedAsItWasWritten) {
  const auto guests = [](const Settings& settings, const std::string& name) {
    return settings.policies.for_room(room(name)).written.at(access::Switch::Guests);
  };
  EXPECT_EQ(guests(from_toml(""), "a"), "CONCLAVE_GUESTS=join (default)");
  EXPECT_EQ(guests(from_toml("", {{"CONCLAVE_GUESTS", "deny"}}), "a"), "CONCLAVE_GUESTS=deny");
  const Settings sections =
      from_toml("[policy]\nguests = \"deny\"\n[[rooms]]\nmatch = \"walk-*\"\nguests = \"create\"\n");
  EXPECT_EQ(guests(sections, "a"), "guests=deny");
  EXPECT_EQ(guests(sections, "walk-1"), "guests=create in [[rooms]] walk-*");
  const Environment docker{
      {"ENABLE_AUTH", "1"}, {"AUTH_TYPE", "jwt"}, {"JWT_APP_ID", "app"}, {"JWT_APP_SECRET", kSecret}};
  EXPECT_EQ(guests(from_toml("", docker), "a"), "ENABLE_GUESTS=0");
  EXPECT_EQ(guests(from_toml("", {{"ENABLE_AUTH", "0"}}), "a"), "ENABLE_AUTH=0");
  const Settings no_kick = from_toml("", {{"DISABLE_KICKOUT", "1"}});
  EXPECT_EQ(no_kick.policies.base.disabled_by.at(access::Capability::Kick), "DISABLE_KICKOUT=1");
}

TEST(TomlSettings, A54_LineEndsOfOtherSystemsAndBlanksChangeNothing) {
  const Settings settings = from_toml("[policy]\r\nguests = \" deny \"\r\nkicked = 'barred'  \r\n");
  EXPECT_EQ(settings.policies.base.guests, access::Guests::Deny);
  EXPECT_EQ(settings.policies.base.kicked, access::Kicked::Barred);
}

TEST(SettingTable, NamesEverySettingOnceAndSaysWhatItDoes) {
  std::set<std::string_view> names;
  for (const SettingSection& section : setting_sections()) {
    std::set<std::string_view> keys;
    for (const SettingRow& row : section.rows) {
      EXPECT_TRUE(names.insert(row.name).second) << row.name;
      EXPECT_TRUE(row.key.empty() || keys.insert(row.key).second) << row.key;
      EXPECT_TRUE(row.what.ends_with('.')) << row.name;
      EXPECT_EQ(row.kind == SettingKind::Word && !row.key.empty(), !row.words.empty()) << row.name;
      for (const std::string_view older : words_of(row.older)) EXPECT_TRUE(names.insert(older).second) << older;
    }
  }
}

// --- Each option by its own word in conclave.toml is really read.

// So much of each section that its other keys are looked at.
const std::map<std::string_view, std::map<std::string, std::string>> kInUse{
    {"server", {{"xmpp_tcp", "true"}}},
    {"policy", {{"auth", "[\"token\", \"password\", \"ldap\"]"}}},
    {"token", {{"app_id", "\"app\""}, {"key_server", "\"https://keys.example/\""}}},
    {"relays",
     {{"stun_host", "[\"s.example\"]"},
      {"turn_host", "[\"t.example\"]"},
      {"turns_host", "[\"t.example\"]"},
      {"turn_secret", "\"a secret\""}}},
    {"ldap", {{"url", "\"ldap://127.0.0.1\""}, {"base", "\"dc=example\""}}},
    {"oidc", {{"issuer", "\"https://id.example\""}, {"client_id", "\"meet\""}}},
    {"booking", {{"url", "\"https://booking.example\""}}},
};

std::string with_key(const SettingSection& of, const SettingRow& row, const std::string& value) {
  std::string text;
  for (const SettingSection& section : setting_sections()) {
    std::map<std::string, std::string> keys;
    for (const auto& [name, given] : kInUse) {
      if (name != section.name) continue;
      for (const auto& [key, said] : given) {
        if (setting_of_key(section, key) != nullptr) keys[key] = said;
      }
    }
    if (section.name == of.name) keys[std::string(row.key)] = value;
    if (keys.empty()) continue;
    text += "[" + std::string(section.name) + "]\n";
    for (const auto& [key, said] : keys) text += key + " = " + said + "\n";
  }
  return text;
}

// A value of the kind that TOML asks for, which no setting of that kind can have.
std::string impossible(SettingKind kind) {
  switch (kind) {
    case SettingKind::Number:
      return "99999999999";
    case SettingKind::Duration:
      return "\"soon\"";
    case SettingKind::Word:
      return "\"no such word\"";
    default:
      return "";
  }
}

TEST(OwnWords, ANumberDurationOrWordThatCannotBeIsNamedWithItsPlace) {
  for (const SettingSection& section : setting_sections()) {
    for (const SettingRow& row : section.rows) {
      if (row.key.empty() || impossible(row.kind).empty()) continue;
      const std::string error = error_of(with_key(section, row, impossible(row.kind)));
      EXPECT_THAT(error, AllOf(HasSubstr(std::string(row.name)), HasSubstr("conclave.toml:")))
          << section.name << "." << row.key << ": it is not read";
    }
  }
}

// What any text fits is asked for by its variable somewhere in this folder.
TEST(OwnWords, EveryOtherOneIsAskedFor) {
  std::string sources;
  for (const auto& file : std::filesystem::directory_iterator(CONCLAVE_SOURCE_DIR "/src/ops")) {
    const std::string name = file.path().filename().string();
    if (!name.ends_with(".cc") || name.ends_with("_test.cc") || name.starts_with("setting_rows")) continue;
    std::ifstream in(file.path());
    sources.append(std::istreambuf_iterator<char>(in), {});
  }
  for (const SettingSection& section : setting_sections()) {
    for (const SettingRow& row : section.rows) {
      if (row.key.empty()) continue;
      EXPECT_NE(sources.find('"' + std::string(row.name) + '"'), std::string::npos) << section.name << "." << row.key;
    }
  }
}

TEST(OwnWords, ASwitchIsReadFromTheFile) {
  for (const SettingSection& section : setting_sections()) {
    for (const SettingRow& row : section.rows) {
      if (row.key.empty() || row.kind != SettingKind::Switch) continue;
      for (const char* value : {"true", "false"}) {
        const std::string error = error_of(with_key(section, row, value));
        // It may contradict another setting, and says so by its name.
        EXPECT_THAT(error, testing::AnyOf("none", testing::StartsWith(std::string(row.name)))) << row.key;
      }
      EXPECT_THAT(error_of(with_key(section, row, "\"perhaps\"")), HasSubstr("conclave.toml:"));
    }
  }
}

}  // namespace
}  // namespace conclave::ops
