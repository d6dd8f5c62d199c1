#include "service/recording.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "room/wire.h"

namespace conclave::service {
namespace {

using State = RecordingStatus::State;
using Json = nlohmann::json;

constexpr const char* kPart = "recording";

access::Capability needed(Mode mode) {
  return mode == Mode::File ? access::Capability::Record : access::Capability::Stream;
}

// What a client says of who starts it counts for nothing: it is written here, from his credential.
std::optional<std::string> app_data_of(const room::Room& room, const room::Occupant& from, const RecordingWish& wish) {
  if (wish.mode != Mode::File) return wish.app_data;
  Json data = wish.app_data.empty() ? Json::object() : Json::parse(wish.app_data, nullptr, false);
  if (!data.is_object()) return std::nullopt;
  Json& file = data["file_recording_metadata"];
  if (!file.is_object()) file = Json::object();
  file["initiator"] = Json::object();
  const access::Display& display = from.identity.display;
  if (!display.user_id.empty()) file["initiator"]["id"] = display.user_id;
  if (!display.group.empty()) file["initiator"]["group"] = display.group;
  if (!file["conference_details"].is_object()) file["conference_details"] = Json::object();
  file["conference_details"]["session_id"] = room.meeting_id();
  return data.dump(-1, ' ', false, Json::error_handler_t::replace);
}

void answer(room::Room& room, const room::Occupant& to, const xmpp::Element& iq, const xmpp::StanzaError& error) {
  room.send_from_focus(to, xmpp::error_of(iq, error));
}

}  // namespace

struct Recording::Session {
  std::string id;
  Mode mode;
  std::string initiator;  // nick
  xmpp::SessionId asker;
  xmpp::Element iq;  // unanswered until started() comes
  bool taken = false;
};

Recording::Recording(Loop& loop, Random& random, const Options& options, RecorderDesk& desk)
    : Pinned(loop), random_(random), options_(options), desk_(desk) {}

Recording::~Recording() = default;

bool Recording::focus_iq(room::Room& room, const room::Occupant& from, const xmpp::Element& iq) {
  assert_here();
  if (!is_jibri(iq)) return false;
  auto wish = read_wish(iq);
  if (!wish) {
    answer(room, from, iq, wish.error());
    return true;
  }
  const access::Decision decision = room.may(from, needed(wish->mode));
  if (!decision.admitted()) {
    answer(room, from, iq, room::act_error(decision));
    return true;
  }
  if (wish->act == RecordingWish::Act::Start) {
    start(room, from, iq, std::move(*wish));
  } else {
    stop(room, from, iq);
  }
  return true;
}

void Recording::start(room::Room& room, const room::Occupant& from, const xmpp::Element& iq, RecordingWish wish) {
  if (sessions_.contains(&room)) return answer(room, from, iq, {"wait", "unexpected-request", "It is on already."});
  if (options_.recorder.empty()) return answer(room, from, iq, xmpp::errors::kServiceUnavailable);
  auto app_data = app_data_of(room, from, wish);
  if (!app_data) return answer(room, from, iq, xmpp::errors::kBadRequest);
  if (too_often(room)) return answer(room, from, iq, {"wait", "policy-violation", "Too many starts. Wait a minute."});
  wish.app_data = *std::move(app_data);
  auto session = std::make_unique<Session>(Session{.id = random_.uuid(),
                                                   .mode = wish.mode,
                                                   .initiator = from.nick,
                                                   .asker = from.session,
                                                   .iq = iq,
                                                   .taken = false});
  RecorderOrder order{.session_id = session->id, .room = room.jid().str(), .wish = std::move(wish)};
  sessions_.emplace(&room, std::move(session));
  room.call_service(options_.recorder);
  desk_.start(room.name(), std::move(order));
}

bool Recording::too_often(const room::Room& room) {
  auto& latest = starts_[&room];  // oldest first
  const TimePoint now = loop().now();
  if (latest.front() != TimePoint() && now - latest.front() < 1min) return true;
  std::ranges::rotate(latest, latest.begin() + 1);
  latest.back() = now;
  return false;
}

void Recording::started(room::Room* room, const std::string& session_id, Recorders::Outcome outcome) {
  assert_here();
  Session* session = find(room, session_id);
  if (session == nullptr) return desk_.stop(session_id);
  const room::Occupant* asker = std::as_const(*room).find(session->asker);
  if (outcome != Recorders::Outcome::Taken) {
    const bool busy = outcome == Recorders::Outcome::AllBusy;
    if (asker != nullptr) {
      answer(*room, *asker, session->iq, busy ? xmpp::errors::kResourceConstraint : xmpp::errors::kServiceUnavailable);
    }
    return end(*room);
  }
  session->taken = true;
  if (asker != nullptr) {
    xmpp::Element result = xmpp::result_of(session->iq);
    result.add("jibri", kJibri).set("session_id", session_id);
    room->send_from_focus(*asker, std::move(result));
  }
  show(*room, *session, State::Pending);
}

void Recording::reported(room::Room* room, const Recorders::Report& report) {
  assert_here();
  Session* session = find(room, report.session_id);
  if (session == nullptr) return;
  if (report.state == State::Off) session->initiator.clear();
  show(*room, *session, report.state, report.failure);
  if (report.state == State::Off) end(*room);
}

void Recording::stop(room::Room& room, const room::Occupant& from, const xmpp::Element& iq) {
  const auto found = sessions_.find(&room);
  if (found == sessions_.end() || !found->second->taken) return answer(room, from, iq, xmpp::errors::kItemNotFound);
  Session& session = *found->second;
  desk_.stop(session.id);
  room.send_from_focus(from, xmpp::result_of(iq));
  session.initiator = from.nick;
  show(room, session, State::Off);
  end(room);
}

void Recording::show(room::Room& room, const Session& session, State state, const std::string& failure) {
  const std::string by = session.initiator.empty() ? "" : room.jid().with_resource(session.initiator).str();
  const RecordingStatus status{
      .state = state, .session_id = session.id, .mode = session.mode, .failure = failure, .initiator = by};
  room.set_focus_presence({status_element(status)}, kPart);
}

Recording::Session* Recording::find(const room::Room* room, const std::string& session_id) {
  const auto found = sessions_.find(room);
  return found != sessions_.end() && found->second->id == session_id ? found->second.get() : nullptr;
}

void Recording::end(room::Room& room) {
  sessions_.erase(&room);
  room.dismiss_service(options_.recorder);
}

void Recording::room_closed(room::Room& room) {
  assert_here();
  starts_.erase(&room);
  const auto found = sessions_.find(&room);
  if (found == sessions_.end()) return;
  desk_.stop(found->second->id);
  sessions_.erase(found);
}

}  // namespace conclave::service
