#pragma once
// The words of XEP-0045 and of the Jitsi dialect that several features write.
#include <string>
#include <string_view>

#include "access/decision.h"
#include "base/time.h"
#include "room/occupant.h"
#include "xmpp/element.h"
#include "xmpp/stanza.h"

namespace conclave::room {

namespace xmlns {
inline constexpr std::string_view kMuc = "http://jabber.org/protocol/muc";
inline constexpr std::string_view kMucUser = "http://jabber.org/protocol/muc#user";
inline constexpr std::string_view kMucAdmin = "http://jabber.org/protocol/muc#admin";
inline constexpr std::string_view kMucOwner = "http://jabber.org/protocol/muc#owner";
inline constexpr std::string_view kDiscoInfo = "http://jabber.org/protocol/disco#info";
inline constexpr std::string_view kDiscoItems = "http://jabber.org/protocol/disco#items";
inline constexpr std::string_view kDataForms = "jabber:x:data";
inline constexpr std::string_view kNick = "http://jabber.org/protocol/nick";
inline constexpr std::string_view kDelay = "urn:xmpp:delay";
inline constexpr std::string_view kPing = "urn:xmpp:ping";
inline constexpr std::string_view kReply = "urn:xmpp:reply:0";
inline constexpr std::string_view kDisplayName = "http://jitsi.org/protocol/display-name";
inline constexpr std::string_view kJitmeet = "http://jitsi.org/jitmeet";
inline constexpr std::string_view kVisitors = "jitsi:visitors";
// Ours (standing.h, invitation.h): under a name that belongs to nobody (RFC 2606 §2).
inline constexpr std::string_view kAccess = "https://conclave.invalid/protocol/access";
inline constexpr std::string_view kInvitation = "https://conclave.invalid/protocol/invitation";
}  // namespace xmlns

// access.md 4.4, third column.
std::string_view affiliation_text(access::Role role);
std::string_view muc_role_text(access::Role role);

// <x xmlns='…muc#user'><item affiliation= role= jid=/></x>
xmpp::Element user_x(std::string_view affiliation, std::string_view role, const xmpp::Jid& real_jid);
void add_status(xmpp::Element& x, std::string_view code);

// A <field/> of XEP-0004 with one value.
xmpp::Element form_field(std::string_view var, std::string_view type, std::string_view value);
// XEP-0004 §3.3: true, false, 1, 0.
bool is_true(std::string_view value);

// forbidden for who may never do that, not-allowed for who may not do it to this person; the text is the decision's
// sentence.
xmpp::StanzaError act_error(const access::Decision& decision);

// A stanza error for any kind of stanza: type, addresses swapped, id kept.
xmpp::Element bounce(const xmpp::Element& stanza, const xmpp::StanzaError& error);

}  // namespace conclave::room
