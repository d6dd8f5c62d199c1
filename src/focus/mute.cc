#include "focus/mute.h"

#include <algorithm>
#include <array>

#include "access/decide.h"
#include "room/muc_domain.h"
#include "xmpp/stanza.h"

namespace conclave::focus {
namespace {

using xmpp::Element;

// By sfu::SourceClass.
constexpr std::array<std::string_view, sfu::kSourceClasses> kMuteNamespaces{
    "http://jitsi.org/jitmeet/audio", "http://jitsi.org/jitmeet/video", "http://jitsi.org/jitmeet/desktop"};

sfu::SourceClass class_of(const Element& mute) {
  const auto found = std::ranges::find(kMuteNamespaces, mute.xmlns());
  return static_cast<sfu::SourceClass>(found - kMuteNamespaces.begin());
}

const Element* mute_element(const Element& iq) {
  for (const std::string_view xmlns : kMuteNamespaces) {
    if (const Element* mute = iq.child("mute", xmlns)) return mute;
  }
  return nullptr;
}

MuteOutcome refuse(room::Room& room, const room::Occupant& from, const Element& iq, const xmpp::StanzaError& error) {
  room.send_from_focus(from, xmpp::error_of(iq, error));
  return MuteOutcome::Refused;
}

}  // namespace

bool is_mute(const Element& iq) {
  return mute_element(iq) != nullptr;
}

Element mute_order(const room::Occupant& who, sfu::SourceClass which, std::string_view actor, std::string_view id) {
  Element order("iq");
  order.set("type", "set").set("id", id);
  order.add("mute", kMuteNamespaces[static_cast<std::size_t>(which)])
      .set("actor", who.room_address.with_resource(actor).str())
      .set_text("true");
  return order;
}

MuteOutcome handle_mute(room::Room& room, const room::Occupant& from, const Element& iq, const MediaRules* rules,
                        std::string_view request_id) {
  const Element& mute = *mute_element(iq);
  const auto jid = xmpp::Jid::parse(mute.attribute("jid"));
  const bool mutes = mute.text() == "true";
  if (iq.attribute("type") != "set" || !jid || (!mutes && mute.text() != "false")) {
    return refuse(room, from, iq, xmpp::errors::kBadRequest);
  }
  const room::Occupant* target = room.find(jid->resource);
  // The same room has several spellings: of a tenant, in other letters.
  const room::MucDomain muc(room.jid().domain);
  const auto named = muc.serves(jid->domain) ? muc.room_at(*jid) : access::room_from_node("");
  if (target == nullptr || !named || *named != room.name()) return refuse(room, from, iq, xmpp::errors::kItemNotFound);
  const sfu::SourceClass which = class_of(mute);
  if (target == &from) {
    if (!mutes && rules != nullptr && !rules->may_send(room, from, which)) {
      return refuse(room, from, iq, {"cancel", "not-allowed", "A moderator has to allow it first."});
    }
    room.send_from_focus(from, xmpp::result_of(iq));
    return MuteOutcome::Accepted;
  }
  // Nobody switches on somebody else's microphone.
  if (!mutes) return refuse(room, from, iq, xmpp::errors::kNotAllowed);
  const access::Decision decision = room.may(from, access::Capability::Mute, access::Target{.role = target->role});
  if (!decision.admitted()) {
    return refuse(room, from, iq, {"cancel", "not-allowed", decision.reason.sentence});
  }
  room.send_from_focus(from, xmpp::result_of(iq));
  room.send_from_focus(*target, mute_order(*target, which, from.nick, request_id));
  return MuteOutcome::Accepted;
}

}  // namespace conclave::focus
