#include "component/room_metadata.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "component/json.h"
#include "component/media_type.h"

namespace conclave::component {
namespace {

// What only the server says of a room.
constexpr std::array<std::string_view, 12> kServersKeys{
    "allownersEnabled", "asyncTranscription", "conferencePresetsServiceEnabled", "dialinEnabled", "lobbyEnabled",
    "moderators",       "participants",       "participantsSoftLimit",           "services",      "transcriberType",
    "transcription",    "visitorsEnabled"};

// Clients copy members into objects of theirs, where this is none.
constexpr std::string_view kPrototype = "__proto__";

constexpr std::string_view kStartMutedNamespace = "http://jitsi.org/jitmeet/start-muted";

bool is_true(const Json& object, const char* name) {
  const auto found = object.is_object() ? object.find(name) : object.end();
  return object.is_object() && found != object.end() && found->is_boolean() && found->get<bool>();
}

Json& object_in(Json& parent, const char* name) {
  Json& object = parent[name];
  if (!object.is_object()) object = Json::object();
  return object;
}

access::CapabilitySet kept_to_some(const Json& metadata) {
  access::CapabilitySet kept;
  const auto permissions = metadata.find("permissions");
  if (permissions == metadata.end()) return kept;
  if (is_true(*permissions, "groupChatRestricted")) kept.add(access::Capability::Chat);
  if (is_true(*permissions, "pollCreationRestricted")) kept.add(access::Capability::CreatePoll);
  return kept;
}

// signalling.md 3.5: the port is a text.
Json as_json(const std::vector<xmpp::ExternalService>& services) {
  Json list = Json::array();
  for (const xmpp::ExternalService& service : services) {
    Json& said =
        list.emplace_back(Json{{"type", service.type}, {"host", service.host}, {"port", std::to_string(service.port)}});
    if (!service.transport.empty()) said["transport"] = service.transport;
    if (service.username.empty()) continue;
    said["username"] = service.username;
    said["password"] = service.password;
    said["restricted"] = true;
    if (!service.expires.empty()) said["expires"] = service.expires;
  }
  return list;
}

bool is_transcribing(const Json& metadata) {
  const auto recording = metadata.find("recording");
  return recording != metadata.end() && is_true(*recording, "isTranscribingEnabled");
}

// Of `recording` those who may transcribe, by a list of features, say two things and no others.
std::optional<Json> recording_by_feature(const Json& data) {
  Json said = Json::object();
  for (const char* name : {"isTranscribingEnabled", "isRecordingRequested"}) {
    if (data.is_object() && data.contains(name)) said[name] = data[name];
  }
  if (said.empty()) return std::nullopt;
  return said;
}

}  // namespace

struct RoomMetadata::State {
  Json metadata = Json::object();  // startMuted in it is what moderators chose
  std::array<bool, sfu::kSourceClasses> moderated = {};
  struct StartMuted {
    bool audio;
    bool video;
    friend bool operator==(const StartMuted&, const StartMuted&) = default;
  };
  std::map<std::string, StartMuted> said_in_presence = {};  // by nick, of those inside

  // What is told of it.
  Json told() const {
    Json all = metadata;
    for (std::size_t i = 0; i < moderated.size(); ++i) {
      if (moderated[i]) object_in(all, "startMuted")[kMediaTypes[i]] = true;
    }
    return all;
  }
};

RoomMetadata::RoomMetadata(std::string address, xmpp::Outbox& outbox, Relays relays)
    : Component(std::move(address), outbox), relays_(std::move(relays)) {}

RoomMetadata::~RoomMetadata() = default;

RoomMetadata::State& RoomMetadata::state_of(const room::Room& room) {
  std::unique_ptr<State>& state = rooms_[&room];
  if (!state) state = std::make_unique<State>();
  return *state;
}

void RoomMetadata::room_opened(room::Room& room) {
  if (room.lobby_is_on()) state_of(room).metadata["lobbyEnabled"] = true;
}

void RoomMetadata::tell_about(const room::Room& room, const room::Occupant& to, With with) {
  const std::string address = to.room_address.str();
  xmpp::Element message("message");
  xmpp::Element& json = message.add("json-message", kJitmeet).set("room", address);
  Json metadata = state_of(room).told();
  if (with == With::Relays) {
    if (Json relays = as_json(relays_(to)); !relays.empty()) metadata["services"] = std::move(relays);
  }
  json.set_text(text_of({{"type", "room_metadata"}, {"metadata", std::move(metadata)}}));
  deliver(to, std::move(message));
}

void RoomMetadata::changed(room::Room& room) {
  room.keep_to_some(kept_to_some(state_of(room).metadata));
  for (const auto& who : room.occupants()) tell_about(room, *who, With::Nothing);
}

void RoomMetadata::occupant_entering(room::Room& room, const room::Occupant& who) {
  tell_about(room, who, With::Relays);
}

void RoomMetadata::message(room::Room& room, const room::Occupant& from, const xmpp::Element& message) {
  const xmpp::Element* element = message.child("room_metadata", kJitmeet);
  if (element == nullptr) return;
  if (element->text().size() > kMaxMetadataBytes) {
    return refuse(from, message, {"cancel", "not-allowed", "This is more than a room may say of itself."});
  }
  const std::optional<Json> json = read_object(element->text(), kMaxMetadataBytes);
  if (!json) return;
  const std::string key = text_in(*json, "key");
  const auto data = json->find("data");
  if (key.empty() || data == json->end() || std::ranges::count(kServersKeys, key) > 0) return;
  const bool by_feature = key == "recording" && from.identity.features.has_value();
  const auto narrowed = by_feature ? recording_by_feature(*data) : std::nullopt;
  const auto needed = narrowed ? access::Capability::Transcribe : access::Capability::Metadata;
  if (!room.may(from, needed).admitted()) return;
  if (key == kPrototype) return refuse(from, message, {"cancel", "not-allowed", "No room may say that of itself."});
  Json value = *data;
  Json& metadata = state_of(room).metadata;
  if (narrowed) {
    value = metadata.contains(key) && metadata[key].is_object() ? metadata[key] : Json::object();
    value.update(*narrowed);
  }
  if (metadata.contains(key) && metadata[key] == value) return;
  Json wanted = metadata;
  wanted[key] = std::move(value);
  if (wanted.size() > kMaxMetadataKeys || text_of(wanted).size() > kMaxMetadataBytes) {
    return refuse(from, message, {"cancel", "not-allowed", "This is more than a room may say of itself."});
  }
  const bool before = is_transcribing(metadata);
  metadata = std::move(wanted);
  const bool now = is_transcribing(metadata);
  changed(room);
  if (now != before && transcribing_) transcribing_(room, now);
}

void RoomMetadata::set_start_muted(room::Room& room, const room::Occupant& who) {
  // COMPAT(lib-jitsi-meet): clients from before the metadata say it in their presence, in each.
  const xmpp::Element* said = who.presence.child("startmuted", kStartMutedNamespace);
  if (said == nullptr || !room.rights(who).has(access::Capability::Metadata)) return;
  State& state = state_of(room);
  const State::StartMuted now{said->attribute("audio") == "true", said->attribute("video") == "true"};
  const auto [before, is_new] = state.said_in_presence.try_emplace(who.nick, now);
  if (!is_new && std::exchange(before->second, now) == now) return;
  Json& start_muted = object_in(state.metadata, "startMuted");
  Json wanted = start_muted;
  wanted["audio"] = now.audio;
  wanted["video"] = now.video;
  if (std::exchange(start_muted, wanted) != wanted) changed(room);
}

void RoomMetadata::occupant_joined(room::Room& room, const room::Occupant& who) {
  set_start_muted(room, who);
}

void RoomMetadata::presence_changed(room::Room& room, const room::Occupant& who) {
  set_start_muted(room, who);
}

void RoomMetadata::occupant_left(room::Room& room, const room::Occupant& who) {
  if (const auto found = rooms_.find(&room); found != rooms_.end()) found->second->said_in_presence.erase(who.nick);
}

void RoomMetadata::settings_changed(room::Room& room) {
  Json& metadata = state_of(room).metadata;
  const bool on = room.lobby_is_on();
  if (is_true(metadata, "lobbyEnabled") == on) return;
  metadata["lobbyEnabled"] = on;
  changed(room);
}

void RoomMetadata::moderated(room::Room& room, sfu::SourceClass which, bool on) {
  State& state = state_of(room);
  state.moderated[static_cast<std::size_t>(which)] = on;
  // Clients keep what they were told last: it has to be taken back by name.
  object_in(state.metadata, "startMuted").emplace(media_type(which), false);
  changed(room);
}

void RoomMetadata::room_closed(room::Room& room) {
  rooms_.erase(&room);
}

}  // namespace conclave::component
