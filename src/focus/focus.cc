#include "focus/focus.h"

#include <utility>

#include "focus/jingle/namespaces.h"
#include "focus/meeting_media.h"
#include "focus/mute.h"
#include "room/room.h"
#include "xmpp/stanza.h"

namespace conclave::focus {
using xmpp::Element;

std::vector<Element> focus_presence(Bridge bridge) {
  std::vector<Element> children;
  if (bridge == Bridge::NotAvailable) children.emplace_back("bridgeNotAvailable", ns::kFocus);
  Element properties("conference-properties", ns::kFocus);
  properties.add("property", ns::kFocus).set("key", "support-terminate-restart").set("value", "true");
  properties.add("property", ns::kFocus).set("key", "bridge-count").set("value", "1");
  children.push_back(std::move(properties));
  Element versions("versions", ns::kJitmeet);
  versions.add("component", ns::kJitmeet).set("name", "focus").set_text("Conclave");
  children.push_back(std::move(versions));
  return children;
}

Focus::Focus(Loop& loop, sfu::Sfu& sfu, Random& random, FocusOptions options)
    : Pinned(loop), sfu_(sfu), random_(random), options_(std::move(options)) {}

Focus::~Focus() = default;

MeetingMedia* Focus::media_of(room::Room& room) {
  const auto it = meetings_.find(&room);
  return it == meetings_.end() ? nullptr : it->second.get();
}

void Focus::room_opened(room::Room& room) {
  assert_here();
  meetings_.emplace(&room, std::make_unique<MeetingMedia>(loop(), room, sfu_, random_, options_, rules_, counters_));
  room.set_focus_presence(focus_presence(Bridge::Available));
}

void Focus::occupant_joined(room::Room& room, const room::Occupant& occupant) {
  if (MeetingMedia* media = media_of(room)) media->joined(occupant);
}

void Focus::occupant_left(room::Room& room, const room::Occupant& occupant) {
  if (MeetingMedia* media = media_of(room)) media->left(occupant);
}

void Focus::rules_changed(room::Room& room) {
  assert_here();
  if (MeetingMedia* media = media_of(room)) media->apply_rules();
}

void Focus::order_mute(room::Room& room, const room::Occupant& who, sfu::SourceClass which, const std::string& actor) {
  assert_here();
  room.send_from_focus(who, mute_order(who, which, actor, "m" + random_.hex(12)));
  counters_.mutes.add();
}

bool Focus::focus_iq(room::Room& room, const room::Occupant& from, const Element& iq) {
  assert_here();
  MeetingMedia* media = media_of(room);
  if (xmpp::is_iq_response(iq)) {
    if (media != nullptr) media->response(from, iq);
    return true;
  }
  if (is_mute(iq)) {
    const MuteOutcome outcome = handle_mute(room, from, iq, rules_, "m" + random_.hex(12));
    if (outcome == MuteOutcome::Accepted) counters_.mutes.add();
    return true;
  }
  if (media == nullptr || iq.child("jingle", ns::kJingle) == nullptr) return false;
  media->jingle(from, iq);
  return true;
}

std::optional<std::string> Focus::media_state(std::string_view room) const {
  assert_here();
  for (const auto& [of, media] : meetings_) {
    if (of->name().key() == room) return media->state();
  }
  return std::nullopt;
}

void Focus::room_closed(room::Room& room) {
  assert_here();
  meetings_.erase(&room);
}

}  // namespace conclave::focus
