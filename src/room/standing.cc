#include "room/standing.h"

#include "room/invitation.h"
#include "room/wire.h"

namespace conclave::room {
namespace {

std::string rights_of(const Meeting& meeting, const Occupant& who) {
  const access::CapabilitySet rights = access::capabilities_now(actor(who), meeting.policy());
  std::string words;
  const auto add = [&](std::string_view word) {
    if (!words.empty()) words += ' ';
    words += word;
  };
  for (std::size_t i = 0; i < access::kCapabilities; ++i) {
    const auto one = static_cast<access::Capability>(i);
    if (rights.has(one)) add(access::capability_text(one));
  }
  if (may_invite(meeting, who)) add("invite");
  return words;
}

}  // namespace

xmpp::Element standing(const Meeting& meeting, const Occupant& who, About about) {
  xmpp::Element element("access", xmlns::kAccess);
  element.set("role", access::role_text(who.role));
  if (about == About::Other) return element;
  element.set("can", rights_of(meeting, who));
  element.set_text(who.reason.sentence);
  return element;
}

}  // namespace conclave::room
