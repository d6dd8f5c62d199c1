#include "service/recorders.h"

#include <algorithm>
#include <utility>

#include "base/log.h"

namespace conclave::service {

using State = RecordingStatus::State;

struct Recorders::Session {
  access::RoomName room;
  RecorderOrder order;
  xmpp::SessionId recorder;
  std::string request;  // id of the iq that it has not answered
  std::set<xmpp::SessionId> tried;
  bool recording = false;
  Timer silence;
};

Recorders::Recorders(Loop& loop, Brewery& brewery, Random& random, const Options& options, Tell tell)
    : Pinned(loop), brewery_(brewery), random_(random), options_(options), tell_(std::move(tell)) {}

Recorders::~Recorders() = default;

std::size_t Recorders::idle() const {
  return static_cast<std::size_t>(std::ranges::count_if(recorders_, [](const auto& one) {
    return one.second.health.idle && one.second.health.healthy && one.second.session_id.empty();
  }));
}

const std::pair<const xmpp::SessionId, Recorders::Recorder>* Recorders::pick(
    const std::set<xmpp::SessionId>& but) const {
  const auto found = std::ranges::find_if(recorders_, [&](const auto& one) {
    const Recorder& recorder = one.second;
    return recorder.health.idle && recorder.health.healthy && recorder.session_id.empty() && !but.contains(one.first);
  });
  return found == recorders_.end() ? nullptr : &*found;
}

Recorders::Session* Recorders::session_at(xmpp::SessionId recorder) {
  const auto found = recorders_.find(recorder);
  const auto session = found == recorders_.end() ? sessions_.end() : sessions_.find(found->second.session_id);
  return session == sessions_.end() ? nullptr : session->second.get();
}

Recorders::Outcome Recorders::start(const access::RoomName& room, RecorderOrder order) {
  assert_here();
  const auto* free = pick({});
  if (free == nullptr || sessions_.size() >= kMaxRecordings || sessions_.contains(order.session_id)) {
    const bool any = std::ranges::any_of(recorders_, [](const auto& one) { return one.second.health.healthy; });
    return any ? Outcome::AllBusy : Outcome::NoneThere;
  }
  const std::string id = order.session_id;
  auto made = std::make_unique<Session>(Session{.room = room,
                                                .order = std::move(order),
                                                .recorder = {},
                                                .request = {},
                                                .tried = {},
                                                .recording = false,
                                                .silence = {}});
  Session& session = *sessions_.emplace(id, std::move(made)).first->second;
  ask(session, free->first);
  return Outcome::Taken;
}

void Recorders::ask(Session& session, xmpp::SessionId recorder) {
  session.recorder = recorder;
  session.tried.insert(recorder);
  session.request = "jibri-" + random_.hex(12);
  recorders_.at(recorder).session_id = session.order.session_id;
  session.silence = loop().after(options_.pending_timeout, [this, &session] {
    log::info("a recorder did not start in time", {{"session", session.order.session_id}});
    brewery_.send(session.recorder, stop_order(session.order.session_id).set("id", "jibri-" + random_.hex(12)));
    next(session, "error");
  });
  brewery_.send(recorder, start_order(session.order).set("id", session.request));
}

void Recorders::said(xmpp::SessionId recorder, const xmpp::Element& presence) {
  assert_here();
  const auto health = read_health(presence);
  if (!health) return;
  Recorder& one = recorders_[recorder];
  one.health = *health;
}

void Recorders::iq(xmpp::SessionId recorder, const xmpp::Element& iq) {
  assert_here();
  const std::string_view type = iq.attribute("type");
  const auto said = read_word(iq);
  if (type == "set" || type == "get") {
    if (type == "get" || !said) return brewery_.send(recorder, xmpp::error_of(iq, xmpp::errors::kServiceUnavailable));
    brewery_.send(recorder, xmpp::result_of(iq));
    // Of what we asked it for, and of nothing that was before.
    Session* session = session_at(recorder);
    if (session != nullptr && said->session_id == session->order.session_id) word(*session, *said);
    return;
  }
  Session* session = session_at(recorder);
  if (session == nullptr || session->request.empty() || iq.attribute("id") != session->request) return;
  session->request.clear();
  if (type == "error") return next(*session, "error");
  if (said) word(*session, *said);
}

void Recorders::word(Session& session, const RecorderWord& word) {
  using Status = RecorderWord::Status;
  if (word.status == Status::On && !std::exchange(session.recording, true)) {
    session.silence.cancel();
    return report(session, State::On);
  }
  if (word.status != Status::Off) return;
  if (session.recording || !word.may_retry) return over(session, word.failure);
  next(session, word.failure.empty() ? "error" : word.failure);
}

// Another one, if there is one and it was not asked often enough.
void Recorders::next(Session& session, const std::string& failure) {
  if (const auto failed = recorders_.find(session.recorder); failed != recorders_.end())
    failed->second.session_id.clear();
  const auto* free = pick(session.tried);
  const bool enough = session.tried.size() > static_cast<std::size_t>(options_.retries);
  if (free == nullptr || enough) return over(session, failure);
  log::info("another recorder is asked", {{"session", session.order.session_id}});
  ask(session, free->first);
}

void Recorders::over(Session& session, const std::string& failure) {
  if (const auto was = recorders_.find(session.recorder); was != recorders_.end()) was->second.session_id.clear();
  const auto node = sessions_.extract(session.order.session_id);
  report(session, State::Off, failure);
}

void Recorders::report(const Session& session, State state, const std::string& failure) {
  tell_({.room = session.room, .session_id = session.order.session_id, .state = state, .failure = failure});
}

void Recorders::stop(const std::string& session_id) {
  assert_here();
  const auto found = sessions_.find(session_id);
  if (found == sessions_.end()) return;
  const Session& session = *found->second;
  brewery_.send(session.recorder, stop_order(session_id).set("id", "jibri-" + random_.hex(12)));
  if (const auto was = recorders_.find(session.recorder); was != recorders_.end()) {
    was->second.session_id.clear();
    was->second.health.idle = false;  // until it says so
  }
  sessions_.erase(found);
}

void Recorders::gone(xmpp::SessionId recorder) {
  assert_here();
  Session* session = session_at(recorder);
  recorders_.erase(recorder);
  if (session == nullptr) return;
  if (session->recording) return over(*session, "error");
  next(*session, "error");
}

}  // namespace conclave::service
