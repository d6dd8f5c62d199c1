#include "ops/client_settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "ops/client_table.h"

namespace conclave::ops {
namespace {

using nlohmann::json;
using testing::HasSubstr;

web::ClientOptions read(const Environment& environment, const std::filesystem::path& custom = "/nowhere") {
  const CommandLine command_line;
  const std::optional<EnvFile> file;
  return read_client(SettingReader(command_line, environment, file), custom);
}

json config(const Environment& environment) {
  return json::parse(read(environment).json);
}

std::string error_of(const Environment& environment) {
  try {
    (void)read(environment);
    return "none";
  } catch (const ConfigError& error) {
    return error.what();
  }
}

TEST(ClientSettings, HaveDockersDefaults) {
  const json none = config({});
  EXPECT_EQ(none["resolution"], 720);
  EXPECT_EQ(none["constraints"]["video"]["height"], json::parse(R"({"ideal":720,"max":720,"min":180})"));
  EXPECT_EQ(none["prejoinConfig"]["enabled"], true);
  EXPECT_EQ(none["welcomePage"]["disabled"], false);
  EXPECT_EQ(none["videoQuality"]["codecPreferenceOrder"], json::parse(R"(["AV1","VP9","VP8","H264"])"));
  EXPECT_EQ(none["roomPasswordNumberOfDigits"], false);
  EXPECT_EQ(none["transcription"]["enabled"], false);
  EXPECT_EQ(none["transcription"]["disableClosedCaptions"], true);
  EXPECT_EQ(none["whiteboard"]["enabled"], false);
  for (const char* absent : {"recordingService", "liveStreaming", "desktopSharingFrameRate", "analytics",
                             "defaultLanguage", "toolbarButtons", "tokenAuthUrl"})
    EXPECT_FALSE(none.contains(absent)) << absent;
}

TEST(ClientSettings, AreWrittenInTheirOwnTypes) {
  const json set = config({{"ENABLE_PREJOIN_PAGE", "no"},
                           {"ENABLE_WELCOME_PAGE", "0"},
                           {"RESOLUTION", "1080"},
                           {"VIDEOQUALITY_BITRATE_AV1_SS_HIGH", "2500000"},
                           {"DEFAULT_LANGUAGE", "de"},
                           {"ENABLE_REQUIRE_DISPLAY_NAME", "1"},
                           {"DISABLE_KICKOUT", "true"},
                           {"ROOM_PASSWORD_DIGITS", "10"},
                           {"CHROME_EXTENSION_BANNER_JSON", R"({"url":"https://x.example"})"},
                           {"P2P_STUN_SERVERS", "stun.example:443,other.example:3478"}});
  EXPECT_EQ(set["prejoinConfig"]["enabled"], false);
  EXPECT_EQ(set["welcomePage"]["disabled"], true);
  EXPECT_EQ(set["resolution"], 1080);
  EXPECT_EQ(set["constraints"]["video"]["height"]["max"], 1080);
  EXPECT_EQ(set["videoQuality"]["av1"]["ssHigh"], 2500000);
  EXPECT_EQ(set["defaultLanguage"], "de");
  EXPECT_EQ(set["requireDisplayName"], true);
  EXPECT_EQ(set["remoteVideoMenu"]["disableKick"], true);
  EXPECT_EQ(set["roomPasswordNumberOfDigits"], 10);
  EXPECT_EQ(set["chromeExtensionBanner"]["url"], "https://x.example");
  EXPECT_EQ(set["p2p"]["stunServers"][1]["urls"], "stun:other.example:3478");
}

TEST(ClientSettings, TakeListsInEachOfDockersSpellings) {
  const json wanted = json::parse(R"(["VP9","AV1"])");
  for (const char* text : {"VP9,AV1", "VP9, AV1", R"(["VP9", "AV1"])", "['VP9','AV1']"})
    EXPECT_EQ(config({{"CODEC_ORDER_JVB", text}})["videoQuality"]["codecPreferenceOrder"], wanted) << text;
  for (const char* text : {R"(["VP9"; alert(1)])", "VP9]", "['a', 'b'", "a\"b"})
    EXPECT_THAT(error_of({{"TOOLBAR_BUTTONS", text}}), HasSubstr("TOOLBAR_BUTTONS")) << text;
}

TEST(ClientSettings, AreLeftOutWithTheSwitchThatTheyBelongTo) {
  const Environment livestreaming{{"ENABLE_LIVESTREAMING", "1"}, {"DROPBOX_APPKEY", "k"}};
  EXPECT_FALSE(config(livestreaming).contains("liveStreaming"));
  Environment recording = livestreaming;
  recording["ENABLE_RECORDING"] = "1";
  EXPECT_EQ(config(recording)["liveStreaming"]["enabled"], true);
  EXPECT_EQ(config(recording)["recordingService"]["enabled"], true) << "unset, it follows ENABLE_RECORDING";
  EXPECT_EQ(config(recording)["dropbox"]["appKey"], "k");
  recording["ENABLE_SERVICE_RECORDING"] = "0";
  EXPECT_EQ(config(recording)["recordingService"]["enabled"], false);
  EXPECT_EQ(config({{"DESKTOP_SHARING_FRAMERATE_AUTO", "0"},
                    {"DESKTOP_SHARING_FRAMERATE_MAX", "30"}})["desktopSharingFrameRate"],
            json::parse(R"({"min":5,"max":30})"));
  EXPECT_EQ(config({{"RTCSTATS_ENABLED", "1"}})["analytics"]["rtcstatsPollInterval"], 10000);
  EXPECT_FALSE(
      config({{"DYNAMIC_BRANDING_URL", "https://a"}, {"BRANDING_DATA_URL", "https://b"}}).contains("brandingDataUrl"));
}

TEST(ClientSettings, SayWhatIsWrong) {
  EXPECT_THAT(error_of({{"RESOLUTION", "720p"}}), HasSubstr("RESOLUTION"));
  EXPECT_THAT(error_of({{"ENABLE_PREJOIN_PAGE", "perhaps"}}), HasSubstr("ENABLE_PREJOIN_PAGE"));
  EXPECT_THAT(error_of({{"ROOM_PASSWORD_DIGITS", "-1"}}), HasSubstr("ROOM_PASSWORD_DIGITS"));
  EXPECT_THAT(error_of({{"CHROME_EXTENSION_BANNER_JSON", "alert(1)"}}), HasSubstr("CHROME_EXTENSION_BANNER_JSON"));
}

TEST(ClientSettings, StandOnceEachInConfigAndTable) {
  std::set<std::string_view> targets;
  for (const auto settings : {client_pages(), client_media(), client_services(), client_shared()}) {
    for (const ClientSetting& setting : settings) {
      for (const std::string_view target : words_of(setting.targets))
        EXPECT_TRUE(targets.insert(target).second) << target;
      ASSERT_NE(setting_named(setting.row.name), nullptr) << setting.row.name;
    }
  }
  EXPECT_GT(targets.size(), 120u);
}

TEST(ClientSettings, TakeTheOperatorsOwnScripts) {
  const std::filesystem::path folder = std::filesystem::path(testing::TempDir()) / "conclave-custom";
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "custom-config.js") << "config.x = 1;";
  std::ofstream(folder / "custom-interface_config.js") << "interfaceConfig.y = 2;";
  const web::ClientOptions options = read({{"WEB_CONFIG_PREFIX", "// ours\\nlet a;"}}, folder);
  EXPECT_EQ(options.prefix, "// ours\nlet a;");
  EXPECT_EQ(options.custom_config, "config.x = 1;");
  EXPECT_EQ(options.custom_interface_config, "interfaceConfig.y = 2;");
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace conclave::ops
