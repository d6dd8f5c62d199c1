#pragma once
// A room of the internal domain where services say how they are (XEP-0045 as far as they speak it). Focus is in it;
// they see focus and themselves, not each other. Who may come in is its owner's business, and so is what is said.
//
// Lives on loop 0, whichever loop the services' streams are on.
#include <cstddef>
#include <map>
#include <string>

#include "xmpp/jid.h"
#include "xmpp/session.h"
#include "xmpp/stanza.h"

namespace conclave::service {

inline constexpr std::size_t kMaxBreweryMembers = 200;

class Brewery {
 public:
  // `address` is bare. `focus_jid` is focus' own, full.
  Brewery(xmpp::Jid address, std::string focus_jid, xmpp::Outbox& outbox)
      : address_(std::move(address)), focus_jid_(std::move(focus_jid)), outbox_(outbox) {}

  const xmpp::Jid& address() const { return address_; }
  std::size_t size() const { return nicks_.size(); }
  bool has(xmpp::SessionId session) const { return nicks_.contains(session); }
  const std::string& nick(xmpp::SessionId session) const { return nicks_.at(session); }

  // In, Said: its presence says how it is. Out: it is not here any more. Nothing: it did not get in.
  enum class Change { Nothing, In, Said, Out };
  // A presence to the room or to an occupant of it.
  Change presence(const xmpp::Sender& sender, const xmpp::Jid& to, const xmpp::Element& presence);
  void gone(xmpp::SessionId session) { nicks_.erase(session); }

  // From focus.
  void send(xmpp::SessionId to, xmpp::Element stanza) const;

 private:
  Change enter(const xmpp::Sender& sender, const std::string& nick, const xmpp::Element& presence);
  xmpp::Element presence_of(std::string_view nick, const xmpp::Element& said, const std::string& real_jid,
                            std::string_view affiliation, std::string_view role) const;
  void tell_own(const xmpp::Sender& sender, xmpp::Element presence) const;

  xmpp::Jid address_;
  std::string focus_jid_;
  xmpp::Outbox& outbox_;
  std::map<xmpp::SessionId, std::string> nicks_;
};

}  // namespace conclave::service
