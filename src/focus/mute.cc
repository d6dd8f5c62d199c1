#include "focus/mute.h"

#include <array>

#include "access/decide.h"
#include "room/muc_domain.h"
#include "xmpp/stanza.h"

namespace conclave::focus {
namespace {

using xmpp::Element;

constexpr std::array<std::string_view, 3> kMuteNamespaces{
    "http://jitsi.org/jitmeet/audio", "http://jitsi.org/jitmeet/video", "http://jitsi.org/jitmeet/desktop"};

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

MuteOutcome handle_mute(room::Room& room, const room::Occupant& from, const Element& iq, std::string_view request_id) {
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
  if (target == &from) {
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
  Element order("iq");
  order.set("type", "set").set("id", request_id);
  order.add("mute", mute.xmlns()).set("actor", target->room_address.with_resource(from.nick).str()).set_text("true");
  room.send_from_focus(*target, std::move(order));
  return MuteOutcome::Accepted;
}

}  // namespace conclave::focus
