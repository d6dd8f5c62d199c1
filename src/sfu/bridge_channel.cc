#include "sfu/bridge_channel.h"

#include <algorithm>
#include <cctype>
#include <nlohmann/json.hpp>

#include "sfu/limits.h"

namespace conclave::sfu {
namespace {

using Json = nlohmann::json;
using Parsed = Result<ChannelMessage, ChannelError>;

// Writing JSON recurses, so the depth is bounded before anything is built.
bool too_deep(std::string_view text) {
  std::size_t depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') {
        ++i;
      } else if (c == '"') {
        in_string = false;
      }
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      if (++depth > kMaxChannelDepth) return true;
    } else if ((c == '}' || c == ']') && depth > 0) {
      --depth;
    }
  }
  return false;
}

// In capitals, as bridges write it here.
std::string_view map_name(VideoType type) {
  switch (type) {
    case VideoType::None: return "NONE";
    case VideoType::Camera: return "CAMERA";
    case VideoType::Desktop: return "DESKTOP";
    case VideoType::DesktopHighFps: return "DESKTOP_HIGH_FPS";
  }
  return "";
}

std::string written(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

const Json* field(const Json& object, const char* name) {
  const auto found = object.find(name);
  return found == object.end() || found->is_null() ? nullptr : &*found;
}

const std::string* text_field(const Json& object, const char* name) {
  const Json* value = field(object, name);
  return value == nullptr ? nullptr : value->get_ptr<const std::string*>();
}

// Heights and counts: whole numbers, cut to what an int of ours means.
std::optional<int> whole(const Json& value) {
  if (value.is_number_integer()) return static_cast<int>(std::clamp<std::int64_t>(value.get<std::int64_t>(), -1, 1 << 20));
  if (value.is_number_float()) {
    const double number = value.get<double>();
    if (number >= -1 && number <= 1 << 20) return static_cast<int>(number);
  }
  return std::nullopt;
}

// False if a field is there and has the wrong type.
bool read_names(const Json& object, const char* name, std::optional<std::vector<std::string>>& out) {
  const Json* value = field(object, name);
  if (value == nullptr) return true;
  if (!value->is_array()) return false;
  std::vector<std::string> names;
  for (const Json& entry : *value) {
    const std::string* text = entry.get_ptr<const std::string*>();
    if (text == nullptr) return false;
    if (names.size() < kMaxSelectedNames) names.push_back(*text);
  }
  out = std::move(names);
  return true;
}

std::optional<int> max_height_of(const Json& constraint) {
  if (!constraint.is_object()) return std::nullopt;
  const Json* height = field(constraint, "maxHeight");
  return height == nullptr ? std::nullopt : whole(*height);
}

Parsed constraints_of(const Json& object) {
  ConstraintsChange change;
  if (const Json* last_n = field(object, "lastN")) {
    change.last_n = whole(*last_n);
    if (!change.last_n) return failure(ChannelError::Malformed);
  }
  if (!read_names(object, "selectedSources", change.selected) || !read_names(object, "onStageSources", change.on_stage)) {
    return failure(ChannelError::Malformed);
  }
  if (const Json* fallback = field(object, "defaultConstraints")) {
    change.default_max_height = max_height_of(*fallback);
    if (!change.default_max_height) return failure(ChannelError::Malformed);
  }
  if (const Json* constraints = field(object, "constraints")) {
    if (!constraints->is_object()) return failure(ChannelError::Malformed);
    change.constraints.emplace();
    for (const auto& [source, constraint] : constraints->items()) {
      const auto height = max_height_of(constraint);
      if (!height) return failure(ChannelError::Malformed);
      if (change.constraints->size() < kMaxConstraintNames) change.constraints->emplace_back(source, *height);
    }
  }
  return ChannelMessage(std::move(change));
}

std::optional<VideoType> video_type_of(const Json& object) {
  const std::string* text = text_field(object, "videoType");
  if (text == nullptr) return std::nullopt;
  std::string lower = *text;
  std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  if (lower == "none") return VideoType::None;
  if (lower == "camera") return VideoType::Camera;
  if (lower == "desktop") return VideoType::Desktop;
  if (lower == "desktop_high_fps") return VideoType::DesktopHighFps;
  return std::nullopt;
}

}  // namespace

std::string_view name(ChannelError error) {
  switch (error) {
    case ChannelError::Malformed: return "malformed";
    case ChannelError::TooDeep: return "too deep";
    case ChannelError::Unknown: return "unknown class";
  }
  return "";
}

Parsed parse_channel_message(std::string_view text, std::string_view from) {
  if (too_deep(text)) return failure(ChannelError::TooDeep);
  Json object = Json::parse(text, nullptr, false);
  if (!object.is_object()) return failure(ChannelError::Malformed);
  const std::string* kind = text_field(object, "colibriClass");
  if (kind == nullptr) return failure(ChannelError::Malformed);

  if (*kind == "ReceiverVideoConstraints") return constraints_of(object);
  if (*kind == "EndpointMessage") {
    // Clients drop a payload that is not an object, and so do we.
    const std::string* to = text_field(object, "to");
    const Json* payload = field(object, "msgPayload");
    if (to == nullptr || payload == nullptr || !payload->is_object()) return failure(ChannelError::Malformed);
    RelayedMessage message{.to = *to, .text = {}};
    object["from"] = from;
    message.text = written(object);
    return ChannelMessage(std::move(message));
  }
  if (*kind == "EndpointStats") {
    object["from"] = from;
    return ChannelMessage(RelayedStats{written(object)});
  }
  if (*kind == "SourceVideoTypeMessage" || *kind == "VideoTypeMessage") {
    const auto type = video_type_of(object);
    const std::string* source = text_field(object, "sourceName");
    if (!type || (source == nullptr && *kind == "SourceVideoTypeMessage")) return failure(ChannelError::Malformed);
    return ChannelMessage(VideoTypeChange{.source = source == nullptr ? "" : *source, .type = *type});
  }
  if (*kind == "LastNChangedEvent") {
    const Json* last_n = field(object, "lastN");
    const auto number = last_n == nullptr ? std::nullopt : whole(*last_n);
    if (!number) return failure(ChannelError::Malformed);
    return ChannelMessage(LastNChange{*number});
  }
  if (*kind == "ClientHello") return ChannelMessage(ClientHello{});
  return failure(ChannelError::Unknown);
}

std::string server_hello_message() { return R"({"colibriClass":"ServerHello"})"; }

std::string dominant_speaker_message(std::span<const std::string> recent) {
  Json message = {{"colibriClass", "DominantSpeakerEndpointChangeEvent"},
                  {"dominantSpeakerEndpoint", recent.empty() ? std::string() : recent.front()},
                  {"previousSpeakers", Json::array()},
                  {"silence", false}};
  for (std::size_t i = 1; i < recent.size(); ++i) message["previousSpeakers"].push_back(recent[i]);
  return written(message);
}

std::string forwarded_sources_message(std::span<const std::string> names) {
  Json message = {{"colibriClass", "ForwardedSources"}, {"forwardedSources", Json::array()}};
  for (const std::string& source : names) message["forwardedSources"].push_back(source);
  return written(message);
}

std::string sender_constraints_message(std::string_view source, int max_height) {
  return written({{"colibriClass", "SenderSourceConstraints"}, {"sourceName", source}, {"maxHeight", max_height}});
}

std::string sources_map_message(MediaKind kind, std::span<const SsrcSlot* const> slots) {
  const bool is_video = kind == MediaKind::Video;
  Json message = {{"colibriClass", is_video ? "VideoSourcesMap" : "AudioSourcesMap"}, {"mappedSources", Json::array()}};
  for (const SsrcSlot* slot : slots) {
    Json entry = {{"source", slot->source}, {"owner", slot->owner}, {"ssrc", slot->ssrc}};
    if (is_video) {
      entry["rtx"] = slot->rtx;
      entry["videoType"] = map_name(slot->video_type);
    }
    message["mappedSources"].push_back(std::move(entry));
  }
  return written(message);
}

std::string connection_stats_message(std::int64_t downlink_bps) {
  return written({{"colibriClass", "ConnectionStats"}, {"estimatedDownlinkBandwidth", downlink_bps}});
}

std::string connectivity_message(std::string_view endpoint, bool active) {
  // The flag is a string on this wire (media.md 25, trap 17).
  return written({{"colibriClass", "EndpointConnectivityStatusChangeEvent"}, {"endpoint", endpoint}, {"active", active ? "true" : "false"}});
}

}  // namespace conclave::sfu
