// Every variable that docker-jitsi-meet has or had is read, or has a reason of its own for having no effect
// (environment.md 2 to 4); each set to a plausible value starts the server.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>

#include "ops/ignored_names.h"
#include "ops/known_names.h"
#include "ops/setting_table.h"
#include "ops/settings.h"
#include "ops/startup.h"

namespace conclave::ops {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr std::string_view kBase =
    "ENABLE_AUTH=1\nENABLE_GUESTS=1\nAUTH_TYPE=jwt\nJWT_APP_ID=school\nLETSENCRYPT_EMAIL=operator@example.org\n"
    "JWT_APP_SECRET=0123456789abcdef0123456789abcdef\n";

std::string all_lines() {
  std::ifstream in(CONCLAVE_SOURCE_DIR "/tests/support/docker.env");
  std::ostringstream text;
  text << in.rdbuf();
  return std::move(text).str();
}

std::vector<std::pair<std::string, std::string>> names_and_values() {
  std::vector<std::pair<std::string, std::string>> all;
  std::istringstream lines(all_lines());
  for (std::string line; std::getline(lines, line);) {
    const std::size_t equals = line.find('=');
    if (!line.starts_with('#') && equals != std::string::npos)
      all.emplace_back(line.substr(0, equals), line.substr(equals + 1));
  }
  return all;
}

Settings from(const std::string& text) {
  const Environment home{{"HOME", "/home/op"}};
  return load_settings({}, home, parse_env_file(text, ".env", home));
}

// kBase with one more line, which stands for the line of the same name that is there.
std::string base_with(const std::string& name, const std::string& value) {
  std::string text;
  std::istringstream lines{std::string(kBase)};
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with(name + "=")) text += line + "\n";
  }
  return text + name + "=" + value + "\n";
}

// The row that says so; "" if none does.
std::string ignored_row(std::string_view name) {
  std::string family;
  for (const IgnoredGroup& group : ignored_groups()) {
    for (const std::string_view row : words_of(group.names)) {
      if (row == name) return std::string(row);
      if (row.ends_with('_') && name.starts_with(row)) family = row;
    }
  }
  return family;
}

// What the server would do, as far as words can say it.
std::string gist(const Settings& settings) {
  std::string text;
  for (const std::string& sentence : policy_sentences(settings)) text += sentence + "\n";
  for (const auto& [name, value] : settings.said) text += name + "=" + value + "\n";
  return text;
}

std::vector<std::string> notices_about(const Settings& settings, const std::string& name) {
  std::vector<std::string> found;
  for (const Notice& notice : settings.notices) {
    if (notice.name == name) found.push_back(notice.text);
  }
  return found;
}

TEST(DockerNames, EachIsReadOrHasAReasonOfItsOwn) {
  // Written so in docker's own documents: what they hold is nobody's to list.
  const std::set<std::string> families = {"JIBRI_CHROMEDRIVER_",
                                          "JIGASI_VISITORS_QUEUE_SERVICE_",
                                          "AUTOSCALER_",
                                          "SENTRY_",
                                          "GF_",
                                          "JVB_XMPP_",
                                          "JIBRI_HTTP_API_",
                                          "JIBRI_XORG_",
                                          "JIBRI_STATSD_",
                                          "JVB_OCTO_",
                                          "JIGASI_TRANSCRIBER_WHISPER_",
                                          "JIGASI_TRANSCRIBER_OCI_",
                                          "JAAS_",
                                          "JIGASI_TRANSCRIBER_REMOTE_CONFIG_URL_",
                                          "JICOFO_TRANSLATION_"};
  std::set<std::string> rows;
  std::size_t used = 0;
  for (const auto& [name, value] : names_and_values()) {
    const std::string row = ignored_row(name);
    if (is_used_name(name)) {
      ++used;
      EXPECT_EQ(row, "") << name << " is read, and is said to have no effect";
      continue;
    }
    EXPECT_NE(row, "") << name << " is not known";
    EXPECT_TRUE(row == name || families.contains(row)) << name << " rests on " << row;
    rows.insert(row);
  }
  for (const IgnoredGroup& group : ignored_groups()) {
    for (const std::string_view row : words_of(group.names))
      EXPECT_TRUE(rows.contains(std::string(row))) << row << " is not in docker.env";
    EXPECT_TRUE(group.reason.empty() || group.reason.ends_with('.')) << group.reason;
  }
  EXPECT_GT(used, 70U);
}

TEST(DockerNames, WhatHasNoEffectChangesNothingAndSaysWhy) {
  const std::string before = gist(from(std::string(kBase)));
  for (const auto& [name, value] : names_and_values()) {
    if (is_used_name(name)) continue;
    const Settings settings = from(base_with(name, value));
    EXPECT_EQ(gist(settings), before) << name;
    const std::vector<std::string> reasons = notices_about(settings, name);
    const std::string why(why_ignored(name).value_or(""));
    EXPECT_EQ(reasons, why.empty() ? std::vector<std::string>() : std::vector{why}) << name;
  }
}

TEST(DockerNames, WhatIsReadStartsTheServerByItself) {
  for (const auto& [name, value] : names_and_values()) {
    if (!is_used_name(name)) continue;
    SCOPED_TRACE(name);
    const Settings settings = from(base_with(name, value));
    for (const std::string& text : notices_about(settings, name)) EXPECT_THAT(text, Not(HasSubstr("not known")));
  }
}

TEST(DockerNames, AllTogetherStartTheServerWithoutASecretInANotice) {
  const Settings settings = from(all_lines());
  for (const std::string& line : notice_lines(settings)) EXPECT_THAT(line, Not(HasSubstr("canary")));
  for (const auto& [name, value] : names_and_values()) {
    const bool is_told = !is_used_name(name) && !why_ignored(name).value_or("").empty();
    EXPECT_TRUE(!is_told || !notices_about(settings, name).empty()) << name;
  }
}

TEST(DockerNames, NoNameOfOursIsTakenForADocker) {
  for (const char* name :
       {"ENABLE_SOMETHING_NEW", "DISABLE_ALL", "JVB_UNHEARD_OF", "XMPP_OTHER", "PROSODY_X", "HIDE_ALL"})
    EXPECT_FALSE(is_docker_name(name)) << name;
}

}  // namespace
}  // namespace conclave::ops
