#include "service/jibri.h"

#include <algorithm>
#include <cctype>

namespace conclave::service {
namespace {

using xmpp::Element;

// COMPAT: start, START and Start are taken by the stock server.
std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

const Element* jibri_of(const Element& iq) {
  return iq.child("jibri", kJibri);
}

xmpp::StanzaError bad(std::string_view text) {
  return {"modify", "bad-request", text};
}

void set_if(Element& element, std::string_view name, const std::string& value) {
  if (!value.empty()) element.set(name, value);
}

}  // namespace

std::string_view mode_text(Mode mode) {
  return mode == Mode::File ? "file" : "stream";
}

bool is_jibri(const Element& iq) {
  return xmpp::is_iq_request(iq) && jibri_of(iq) != nullptr;
}

Result<RecordingWish, xmpp::StanzaError> read_wish(const Element& iq) {
  const Element& jibri = *jibri_of(iq);
  RecordingWish wish;
  const std::string act = lower(jibri.attribute("action"));
  if (iq.attribute("type") != "set" || (act != "start" && act != "stop")) return failure(bad("Start or stop what?"));
  wish.act = act == "start" ? RecordingWish::Act::Start : RecordingWish::Act::Stop;
  if (!jibri.attribute("sipaddress").empty()) {
    return failure(xmpp::StanzaError{"cancel", "service-unavailable", "No recorder here makes SIP calls."});
  }
  const std::string mode = lower(jibri.attribute("recording_mode"));
  if (mode != "file" && mode != "stream") return failure(bad("The recording mode is file or stream."));
  wish.mode = mode == "file" ? Mode::File : Mode::Stream;
  if (wish.act == RecordingWish::Act::Stop) return wish;
  wish.stream_id = jibri.attribute("streamid");
  wish.broadcast_id = jibri.attribute("you_tube_broadcast_id");
  wish.app_data = jibri.attribute("app_data");
  if ((wish.mode == Mode::Stream) == wish.stream_id.empty())
    return failure(bad("A stream has a stream id, a file has none."));
  if (wish.app_data.size() > kMaxAppDataBytes ||
      std::max(wish.stream_id.size(), wish.broadcast_id.size()) > kMaxStreamIdBytes) {
    return failure(bad("This is more than a recorder is told."));
  }
  return wish;
}

Element start_order(const RecorderOrder& order) {
  Element iq("iq");
  iq.set("type", "set");
  Element& jibri = iq.add("jibri", kJibri);
  jibri.set("action", "start").set("recording_mode", mode_text(order.wish.mode));
  jibri.set("room", order.room).set("session_id", order.session_id);
  set_if(jibri, "streamid", order.wish.stream_id);
  set_if(jibri, "you_tube_broadcast_id", order.wish.broadcast_id);
  set_if(jibri, "app_data", order.wish.app_data);
  return iq;
}

Element stop_order(const std::string& session_id) {
  Element iq("iq");
  iq.set("type", "set");
  iq.add("jibri", kJibri).set("action", "stop").set("session_id", session_id);
  return iq;
}

std::optional<RecorderWord> read_word(const Element& iq) {
  const Element* jibri = jibri_of(iq);
  if (jibri == nullptr) return std::nullopt;
  using Status = RecorderWord::Status;
  RecorderWord word;
  const std::string status = lower(jibri->attribute("status"));
  if (status == "pending") word.status = Status::Pending;
  if (status == "on") word.status = Status::On;
  if (status == "off") word.status = Status::Off;
  const std::string why = lower(jibri->attribute("failure_reason"));
  if (why == "busy" || why == "error") word.failure = why;
  word.may_retry = lower(jibri->attribute("should_retry")) != "false";
  word.session_id = jibri->attribute("session_id");
  return word;
}

std::optional<RecorderHealth> read_health(const Element& presence) {
  const Element* status = presence.child("jibri-status", kJibri);
  if (status == nullptr) return std::nullopt;
  const Element* busy = status->child("busy-status", kJibri);
  const Element* health = status->child("health-status", kHealth);
  return RecorderHealth{.idle = busy != nullptr && lower(busy->attribute("status")) == "idle",
                        .healthy = health != nullptr && lower(health->attribute("status")) == "healthy"};
}

Element status_element(const RecordingStatus& status) {
  using State = RecordingStatus::State;
  Element element("jibri-recording-status", kJibri);
  element.set("status", status.state == State::Pending ? "pending" : status.state == State::On ? "on" : "off");
  element.set("session_id", status.session_id).set("recording_mode", mode_text(status.mode));
  set_if(element, "failure_reason", status.failure);
  set_if(element, "initiator", status.initiator);
  return element;
}

}  // namespace conclave::service
