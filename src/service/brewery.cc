#include "service/brewery.h"

#include <algorithm>
#include <utility>

namespace conclave::service {
namespace {

using xmpp::Element;

constexpr std::string_view kMuc = "http://jabber.org/protocol/muc";
constexpr std::string_view kMucUser = "http://jabber.org/protocol/muc#user";
constexpr std::string_view kFocus = "focus";

}  // namespace

Element Brewery::presence_of(std::string_view nick, const Element& said, const std::string& real_jid,
                             std::string_view affiliation, std::string_view role) const {
  Element presence("presence");
  if (const auto type = said.attribute("type"); !type.empty()) presence.set("type", type);
  presence.set("from", address_.with_resource(nick).str());
  for (const Element& child : said.children()) {
    if (child.xmlns() != kMuc && child.xmlns() != kMucUser) presence.add(child);
  }
  Element& x = presence.add("x", kMucUser);
  x.add("item", kMucUser).set("affiliation", affiliation).set("role", role).set("jid", real_jid);
  return presence;
}

void Brewery::tell_own(const xmpp::Sender& sender, Element presence) const {
  presence.child("x", kMucUser)->add("status", kMucUser).set("code", "110");
  outbox_.deliver(sender.session, std::move(presence));
}

Brewery::Change Brewery::presence(const xmpp::Sender& sender, const xmpp::Jid& to, const Element& presence) {
  const auto found = nicks_.find(sender.session);
  const std::string_view type = presence.attribute("type");
  if (type == "unavailable") {
    if (found == nicks_.end()) return Change::Nothing;
    const std::string nick = found->second;
    nicks_.erase(found);
    tell_own(sender, presence_of(nick, presence, sender.jid.str(), "none", "none"));
    return Change::Out;
  }
  if (!type.empty()) return Change::Nothing;
  if (found == nicks_.end()) return enter(sender, to.resource, presence);
  tell_own(sender, presence_of(found->second, presence, sender.jid.str(), "none", "participant"));
  return Change::Said;
}

Brewery::Change Brewery::enter(const xmpp::Sender& sender, const std::string& nick, const Element& presence) {
  const auto refuse = [&](const xmpp::StanzaError& error) {
    Element answer("presence");
    answer.set("type", "error").set("from", address_.with_resource(nick).str());
    if (const auto id = presence.attribute("id"); !id.empty()) answer.set("id", id);
    answer.add(xmpp::error_element(error));
    outbox_.deliver(sender.session, std::move(answer));
    return Change::Nothing;
  };
  if (nick.empty()) return refuse(xmpp::errors::kJidMalformed);
  const bool taken = nick == kFocus || std::ranges::any_of(nicks_, [&](const auto& one) { return one.second == nick; });
  if (taken) return refuse(xmpp::errors::kConflict);
  if (nicks_.size() >= kMaxBreweryMembers) return refuse(xmpp::errors::kResourceConstraint);
  nicks_.emplace(sender.session, nick);
  outbox_.deliver(sender.session, presence_of(kFocus, Element("presence"), focus_jid_, "owner", "moderator"));
  tell_own(sender, presence_of(nick, presence, sender.jid.str(), "none", "participant"));
  Element subject("message");  // XEP-0045 §7.2.15: the last of a join
  subject.set("type", "groupchat").set("from", address_.str()).add("subject", xmpp::kClientNamespace);
  outbox_.deliver(sender.session, std::move(subject));
  return Change::In;
}

void Brewery::send(xmpp::SessionId to, Element stanza) const {
  stanza.set("from", address_.with_resource(kFocus).str());
  outbox_.deliver(to, std::move(stanza));
}

}  // namespace conclave::service
