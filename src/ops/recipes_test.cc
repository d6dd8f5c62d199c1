#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "ops/settings.h"
#include "ops/settings_print.h"
#include "ops/startup.h"
#include "ops/toml_settings.h"

namespace conclave::ops {
namespace {

using testing::HasSubstr;

std::string content(const std::string& path) {
  std::ifstream in(std::string(CONCLAVE_SOURCE_DIR) + "/" + path);
  std::ostringstream text;
  text << in.rdbuf();
  return std::move(text).str();
}
std::string sentences(const std::string& recipe) {
  const Settings settings =
      load_settings({}, {}, std::nullopt, parse_toml_file(content("conf/recipes/" + recipe), recipe));
  std::string all;
  for (const std::string& sentence : policy_sentences(settings)) all += sentence + "\n";
  return all;
}

TEST(Recipes, StartUnchangedAndSayWhatTheyAreFor) {
  EXPECT_THAT(sentences("school.toml"), HasSubstr("the meeting ends for all"));
  EXPECT_THAT(sentences("company-ldap.toml"), HasSubstr("a directory account"));
  EXPECT_THAT(sentences("clinic-portal.toml"), HasSubstr("Guests are not let in"));
  EXPECT_THAT(sentences("public.toml"), HasSubstr("Everybody who reaches this server may start any room"));
  EXPECT_THAT(sentences("webinar.toml"), HasSubstr("Nobody becomes moderator for coming first"));
  const auto file = parse_env_file(content("conf/recipes/like-docker-jitsi-meet.env"), ".env", {});
  EXPECT_EQ(load_settings({}, {}, file).policies.base.guests, access::Guests::Join);
}

TEST(SettingsDocuments, AreTheTableAsItIs) {
  EXPECT_EQ(content("docs/settings.md"), settings_as_markdown())
      << "run: conclave settings --markdown > docs/settings.md";
  EXPECT_EQ(content("conf/conclave.example.toml"), settings_as_toml())
      << "run: conclave settings --toml > conf/conclave.example.toml";
}

TEST(SettingsDocuments, TheExampleFileIsTheDefaults) {
  const Settings example = load_settings({}, {}, std::nullopt, parse_toml_file(settings_as_toml(), "conclave.toml"));
  EXPECT_TRUE(example.said.empty());
}

// Every option of the example is one that may be uncommented as it stands.
TEST(SettingsDocuments, EveryLineOfTheExampleMayBeUncommented) {
  std::istringstream lines(settings_as_toml());
  std::string section;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("[")) section = line;
    if (line.starts_with("#[[")) section.clear();  // an example of a table, read by others
    if (!line.starts_with("#") || line.size() < 2 || line[1] == ' ' || line[1] == '[' ||
        line.find(" = ") == std::string::npos)
      continue;
    if (section.empty() || line.starts_with("#match") || line.find("\"\"") != std::string::npos) continue;
    EXPECT_NO_THROW((void)settings_of(parse_toml_file(section + "\n" + line.substr(1) + "\n", "f"))) << line;
  }
}

}  // namespace
}  // namespace conclave::ops
