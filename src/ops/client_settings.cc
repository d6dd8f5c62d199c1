#include "ops/client_settings.h"

#include <array>
#include <charconv>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "ops/client_table.h"

namespace conclave::ops {
namespace {

using Json = nlohmann::json;

constexpr std::uint64_t kMostNumber = 1'000'000'000;
constexpr std::uint64_t kMostDigits = 30;
constexpr std::uintmax_t kMaxCustomBytes = 256 * 1024;

constexpr ClientSetting kShared[] = {
    {{"ENABLE_REQUIRE_DISPLAY_NAME", "", SettingKind::Switch, "0", ""}, "requireDisplayName"},
    {{"DISABLE_KICKOUT", "", SettingKind::Switch, "0", ""}, "remoteVideoMenu.disableKick"},
    {{"DISABLE_GRANT_MODERATOR", "", SettingKind::Switch, "0", ""}, "remoteVideoMenu.disableGrantModerator"},
    {{"DISABLE_POLLS", "", SettingKind::Switch, "0", ""}, "disablePolls"},
};

// ["AV1", "VP9"], ['en'] and AV1,VP9 are the same list: docker's file has all three.
Json list_of(const SettingReader& read, const std::string& name, std::string_view fallback) {
  const auto found = read.find(name);
  std::string text = found ? found->value : std::string(fallback);
  if (found && !found->items.empty()) return found->items;
  const bool bracketed = text.starts_with('[') && text.ends_with(']');
  if (bracketed) text = text.substr(1, text.size() - 2);
  Json list = Json::array();
  std::istringstream items(text);
  for (std::string item; std::getline(items, item, ',');) {
    std::string_view word = without_blanks(item);
    if (word.size() >= 2 && (word.front() == '"' || word.front() == '\'') && word.back() == word.front())
      word = word.substr(1, word.size() - 2);
    if (word.empty()) continue;
    if (word.find_first_of("[]\"'") != std::string_view::npos)
      read.wrong(name, "Write a list, as one,two or [\"one\", \"two\"].");
    list.push_back(std::string(word));
  }
  return list;
}

Json object_of(const SettingReader& read, const std::string& name) {
  const auto text = read.text(name);
  if (!text) return nullptr;
  Json object = Json::parse(*text, nullptr, false);
  if (!object.is_object()) read.wrong(name, "Write a JSON object, as {\"url\": \"https://example.org\"}.");
  return object;
}

Json digits_of(const SettingReader& read, const std::string& name) {
  const auto text = read.text(name);
  if (!text || lower_ascii(*text) == "false" || *text == "0") return false;
  return *read.number(name, 1, kMostDigits);
}

Json stun_of(const SettingReader& read, const std::string& name, std::string_view fallback) {
  Json servers = Json::array();
  for (const Json& one : list_of(read, name, fallback)) servers.push_back({{"urls", "stun:" + one.get<std::string>()}});
  return servers.empty() ? Json(nullptr) : servers;
}

// Null: it is not said, and has no default.
Json value_of(const SettingReader& read, const ClientSetting& setting) {
  const std::string name(setting.row.name);
  switch (setting.form) {
    case ClientForm::Object:
      return object_of(read, name);
    case ClientForm::Digits:
      return digits_of(read, name);
    case ClientForm::Stun:
      return stun_of(read, name, setting.row.fallback);
    default:
      break;
  }
  switch (setting.row.kind) {
    case SettingKind::Switch: {
      if (!read.has(name) && setting.row.fallback.empty()) return nullptr;
      const bool on = read.boolean(name).value_or(setting.row.fallback == "1");
      return setting.form == ClientForm::Negated ? !on : on;
    }
    case SettingKind::Number: {
      if (const auto number = read.number(name, 0, kMostNumber)) return *number;
      if (setting.row.fallback.empty()) return nullptr;
      return *whole_number_of(setting.row.fallback);
    }
    case SettingKind::List: {
      Json list = list_of(read, name, setting.row.fallback);
      return list.empty() ? Json(nullptr) : list;
    }
    default: {
      const std::string text = read.text(name).value_or(std::string(setting.row.fallback));
      return text.empty() ? Json(nullptr) : Json(text);
    }
  }
}

void put(Json& config, std::string_view target, const Json& value) {
  Json* place = &config;
  while (true) {
    const std::size_t dot = target.find('.');
    place = &(*place)[std::string(target.substr(0, dot))];
    if (dot == std::string_view::npos) break;
    target.remove_prefix(dot + 1);
  }
  *place = value;
}

class ClientConfig {
 public:
  explicit ClientConfig(const SettingReader& read) : read_(read) {
    for (const auto settings : {client_pages(), client_media(), client_services(), client_shared()}) {
      for (const ClientSetting& setting : settings) add(setting);
    }
    add_what_follows();
  }
  Json take() { return std::move(config_); }

 private:
  bool is_left_out(ClientForm form) const {
    return (form == ClientForm::WithFramerate && framerate_is_free_) ||
           (form == ClientForm::WithRecording && !recording_) || (form == ClientForm::WithRtcstats && !rtcstats_);
  }

  void add(const ClientSetting& setting) {
    const Json value = value_of(read_, setting);  // looked at in any case: what is wrong is an error
    if (setting.form == ClientForm::Framerate) framerate_is_free_ = value.get<bool>();
    if (setting.form == ClientForm::Recording) recording_ = value.get<bool>();
    if (setting.form == ClientForm::Rtcstats) rtcstats_ = value.get<bool>();
    if (value.is_null() || is_left_out(setting.form)) return;
    for (const std::string_view target : words_of(setting.targets)) put(config_, target, value);
  }

  // Keys that no variable stands for alone.
  void add_what_follows() {
    const bool transcription = config_["transcription"]["enabled"].get<bool>();
    put(config_, "transcription.disableClosedCaptions", !transcription);
    if (recording_ && !config_["recordingService"].contains("enabled")) put(config_, "recordingService.enabled", true);
    put(config_, "whiteboard.enabled", config_.contains("whiteboard"));
    if (rtcstats_) put(config_, "analytics.rtcstatsEnabled", true);
    if (read_.has("PEOPLE_SEARCH_URL")) put(config_, "peopleSearchQueryTypes", {"user", "conferenceRooms"});
    if (config_.contains("dynamicBrandingUrl")) config_.erase("brandingDataUrl");
  }

  const SettingReader& read_;
  Json config_ = Json::object();
  bool framerate_is_free_ = true;
  bool recording_ = false;
  bool rtcstats_ = false;
};

std::string custom_script(const std::filesystem::path& file) {
  std::error_code none;
  const auto size = std::filesystem::file_size(file, none);
  if (none) return {};
  std::ifstream in(file, std::ios::binary);
  if (!in || size > kMaxCustomBytes)
    throw ConfigError("CONFIG", file.string(),
                      "The script that is to follow the settings must be readable, and no larger than 256 KiB.");
  std::ostringstream text;
  text << in.rdbuf();
  return std::move(text).str();
}

// In an .env file a line break is written \n.
std::string with_line_breaks(std::string text) {
  for (std::size_t at = 0; (at = text.find("\\n", at)) != std::string::npos; ++at) text.replace(at, 2, "\n");
  return text;
}

}  // namespace

std::span<const ClientSetting> client_shared() {
  return kShared;
}

web::ClientOptions read_client(const SettingReader& read, const std::filesystem::path& custom) {
  return {.json = ClientConfig(read).take().dump(),
          .prefix = with_line_breaks(read.text("WEB_CONFIG_PREFIX").value_or("")),
          .custom_config = custom_script(custom / "custom-config.js"),
          .custom_interface_config = custom_script(custom / "custom-interface_config.js")};
}

}  // namespace conclave::ops
