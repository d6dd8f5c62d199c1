#include "component/speaker_stats.h"

#include <algorithm>

#include "component/json.h"

namespace conclave::component {
namespace {

bool is_number(std::string_view text) {
  return !text.empty() && text.size() <= 15 && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

std::int64_t milliseconds(Duration duration) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(duration).count();
}

// The last ones that fit into so many bytes of a stanza, in their order.
Json newest(const auto& faces, std::size_t bytes) {
  Json list = Json::array();
  for (auto face = faces.rbegin(); face != faces.rend(); ++face) {
    Json one = {{"faceExpression", face->expression},
                {"timestamp", std::stoull(face->timestamp)},
                {"duration", std::stoull(face->duration)}};
    const std::size_t its_bytes = written_size(one) + 1;  // a comma
    if (its_bytes > bytes) break;
    bytes -= its_bytes;
    list.push_back(std::move(one));
  }
  std::ranges::reverse(list);
  return list;
}

}  // namespace

void SpeakerStats::Speaker::stop(TimePoint now) {
  if (since) spoken += now - *since;
  since.reset();
}

SpeakerStats::Speaker* SpeakerStats::speaker(room::Room& room, const std::string& nick) {
  std::map<std::string, Speaker>& speakers = rooms_[&room].speakers;
  const auto found = speakers.find(nick);
  if (found != speakers.end()) return &found->second;
  return speakers.size() < kMaxSpeakers ? &speakers[nick] : nullptr;
}

void SpeakerStats::message(room::Room& room, const room::Occupant& from, const xmpp::Element& message) {
  if (const xmpp::Element* stats = message.child("speakerstats", kJitmeet)) {
    return spoke(room, from, stats->attribute("silence") == "true");
  }
  const xmpp::Element* face = message.child("faceLandmarks", kJitmeet);
  if (face == nullptr) return;
  FaceLandmark landmark{.expression = std::string(face->attribute("faceExpression")),
                        .timestamp = std::string(face->attribute("timestamp")),
                        .duration = std::string(face->attribute("duration"))};
  const bool well_formed = !landmark.expression.empty() && landmark.expression.size() <= kMaxExpressionBytes &&
                           is_number(landmark.timestamp) && is_number(landmark.duration);
  Speaker* who = well_formed ? speaker(room, from.nick) : nullptr;
  if (who != nullptr) seen(rooms_[&room], *who, std::move(landmark));
}

void SpeakerStats::seen(Talk& talk, Speaker& who, FaceLandmark landmark) {
  if (who.faces.size() >= kMaxFaceLandmarks || talk.faces >= kMaxFaceLandmarksOfMeeting) {
    if (who.faces.empty()) return;
    who.faces.erase(who.faces.begin());
    --talk.faces;
  }
  who.faces.push_back(std::move(landmark));
  ++talk.faces;
}

void SpeakerStats::spoke(room::Room& room, const room::Occupant& who, bool silence) {
  // A visitor sends nothing that could be heard.
  if (who.role == access::Role::Visitor) return;
  Speaker* now = speaker(room, who.nick);
  Talk& talk = rooms_[&room];
  if (talk.dominant != who.nick) {
    if (const auto before = talk.speakers.find(talk.dominant); before != talk.speakers.end()) {
      before->second.stop(loop_.now());
    }
    talk.dominant = who.nick;
  }
  if (now == nullptr) return;
  if (silence) {
    now->stop(loop_.now());
  } else if (!now->since) {
    now->since = loop_.now();
  }
}

void SpeakerStats::occupant_joined(room::Room& room, const room::Occupant& who) {
  const auto found = rooms_.find(&room);
  if (found == rooms_.end() || who.identity.kind == access::IdentityKind::Service) return;
  Json users = Json::object();
  std::size_t bytes = 0;
  for (const auto& [nick, speaker] : found->second.speakers) {
    const Duration spoken = speaker.spoken + (speaker.since ? loop_.now() - *speaker.since : Duration{});
    Json line = {{"displayName", speaker.name},
                 {"totalDominantSpeakerTime", milliseconds(spoken)},
                 {"faceLandmarks", Json::array()}};
    const std::size_t its_bytes = written_size({{nick, line}});
    if (bytes + its_bytes > kMaxStatsBytes) continue;
    bytes += its_bytes;
    users[nick] = std::move(line);
  }
  for (auto& [nick, line] : users.items()) {
    line["faceLandmarks"] = newest(found->second.speakers.at(nick).faces, (kMaxStatsBytes - bytes) / users.size());
  }
  if (!users.empty()) tell(who, text_of({{"type", "speakerstats"}, {"users", std::move(users)}}));
}

void SpeakerStats::occupant_left(room::Room& room, const room::Occupant& who) {
  Speaker* speaker = this->speaker(room, who.nick);
  if (speaker == nullptr) return;
  speaker->stop(loop_.now());
  speaker->name = std::string(who.presence.child_text("nick"));
  Talk& talk = rooms_[&room];
  if (talk.dominant == who.nick) talk.dominant.clear();
}

void SpeakerStats::room_closed(room::Room& room) {
  rooms_.erase(&room);
}

}  // namespace conclave::component
