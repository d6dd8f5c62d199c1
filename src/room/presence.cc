#include "room/presence.h"

#include <algorithm>
#include <array>

#include "room/display_name.h"
#include "room/standing.h"
#include "room/wire.h"

namespace conclave::room {
namespace {

// Names that only the server, or only focus, may use: a copy sent by a client is a forgery (access.md A34).
constexpr std::array<std::string_view, 12> kServersNames = {"x",
                                                            "identity",
                                                            "permissions",
                                                            "error",
                                                            "delay",
                                                            "flip_device",
                                                            "conference-properties",
                                                            "versions",
                                                            "etherpad",
                                                            "bridgeNotAvailable",
                                                            "jibri-recording-status",
                                                            "jibri-sip-call-state"};
// What a moderator says for all: from others it would be taken for the moderator's word by some clients.
constexpr std::array<std::string_view, 2> kModeratorsNames = {"startmuted", "mute-reactions"};

template <class Names>
bool is_one_of(const Names& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// The credential says his name, or keeps him from choosing one.
bool name_is_fixed(const access::Identity& identity) {
  const bool may_not_choose = identity.features && identity.features->contains("name-readonly");
  return may_not_choose || (identity.display.verified && !identity.display.name.empty());
}

bool may_be_shown(const xmpp::Element& child, const access::Identity& identity, access::Role role) {
  if (is_one_of(kServersNames, child.name())) return false;
  if (child.xmlns() == xmlns::kAccess) return false;
  if (child.xmlns().starts_with(xmlns::kMuc)) return false;  // muc, muc#user, muc#admin, muc#owner
  if (is_one_of(kModeratorsNames, child.name()) && !access::moderates(role)) return false;
  // Where the credential says who he is, what he says himself does not count.
  if (child.name() == "nick") return !name_is_fixed(identity);
  return !identity.display.verified || (child.name() != "email" && child.name() != "avatar-url");
}

void add_text(xmpp::Element& parent, std::string_view name, const std::string& text) {
  if (!text.empty()) parent.add(name, xmpp::kClientNamespace).set_text(text);
}

void add_identity(xmpp::Element& presence, const access::Identity& who) {
  const access::Display& display = who.display;
  if (!display.verified) return;
  const bool nameless = display.user_id.empty() && display.name.empty() && display.avatar.empty();
  if (nameless && display.group.empty() && !who.hidden_from_recorder) return;
  xmpp::Element& identity = presence.add("identity", xmpp::kClientNamespace);
  xmpp::Element& user = identity.add("user", xmpp::kClientNamespace);
  add_text(user, "id", display.user_id);
  add_text(user, "name", clean_display_name(display.name));
  add_text(user, "avatar", display.avatar);
  // Recorders leave him out by it (access.md 1.3).
  if (who.hidden_from_recorder) add_text(user, "hidden-from-recorder", "true");
  add_text(identity, "group", display.group);
}

struct Permission {
  std::string_view name;
  access::Capability capability;
};
constexpr std::array<Permission, 6> kPermissions = {{
    {"livestreaming", access::Capability::Stream},
    {"recording", access::Capability::Record},
    {"transcription", access::Capability::Transcribe},
    {"outbound-call", access::Capability::DialOut},
    {"create-polls", access::Capability::CreatePoll},
    {"send-groupchat", access::Capability::Chat},
}};

}  // namespace

xmpp::Element published(const xmpp::Element& stanza, const access::Identity& identity, access::Role role) {
  xmpp::Element presence("presence");
  for (const xmpp::Element& child : stanza.children()) {
    if (!may_be_shown(child, identity, role)) continue;
    if (child.name() != "nick") {
      presence.add(child);
    } else if (const std::string name = clean_display_name(child.text()); !name.empty()) {
      presence.add("nick", child.xmlns()).set_text(name);
    }
  }
  // Who signs credentials need not have looked at what stands in them (access.md A43).
  if (const std::string name = clean_display_name(identity.display.name); identity.display.verified && !name.empty()) {
    presence.add("nick", xmlns::kNick).set_text(name);
  }
  add_identity(presence, identity);
  return presence;
}

xmpp::Element permissions(const Meeting& meeting, const Occupant& moderator) {
  const access::CapabilitySet rights = access::capabilities_now(actor(moderator), meeting.policy());
  xmpp::Element element("permissions", xmlns::kJitmeet);
  for (const Permission& permission : kPermissions) {
    if (!rights.has(permission.capability)) continue;
    element.add("p", xmlns::kJitmeet).set("name", permission.name).set("val", "true");
  }
  const auto& features = moderator.identity.features;
  if (moderator.identity.authenticated() && (!features || features->contains("flip")))
    element.add("p", xmlns::kJitmeet).set("name", "flip").set("val", "true");
  return element;
}

xmpp::Element presence_of(const Meeting& meeting, const Occupant& who, About about) {
  xmpp::Element presence = who.presence;
  if (about == About::SelfWithPermissions) presence.add(permissions(meeting, who));
  presence.add(standing(meeting, who, about));
  xmpp::Element x = user_x(affiliation_text(who.role), muc_role_text(who.role), who.real_jid);
  if (about != About::Other) add_status(x, "110");
  presence.add(std::move(x));
  return presence;
}

void tell_everybody(const Meeting& meeting, const Occupant& who, About to_himself) {
  const xmpp::Element to_others = presence_of(meeting, who, About::Other);
  for (const auto& receiver : meeting.occupants()) {
    meeting.send(*receiver, who.nick, receiver.get() == &who ? presence_of(meeting, who, to_himself) : to_others);
  }
}

void update_presence(Meeting& meeting, Occupant& who, const xmpp::Element& stanza) {
  Service& service = meeting.service();
  if (stanza.size_estimate() > kMaxPresenceBytes) {
    service.counters.too_large.add();
    xmpp::StanzaError error = xmpp::errors::kNotAcceptable;
    error.text = "This presence is too large.";
    service.outbox.deliver(who.session, bounce(stanza, error));
    return;
  }
  service.counters.presences.add();
  who.presence = published(stanza, who.identity, who.role);
  tell_everybody(meeting, who, About::Self);
  service.listener.presence_changed(meeting, who);
}

}  // namespace conclave::room
