#pragma once
// The lobby room as stock clients speak it (signalling.md 6.3): people knock or wait there, moderators of the main room
// look on, talk to those who knock and turn them away. Who knocks is seen by moderators and by nobody else; who waits
// is seen by nobody. Letting in is admission.h.
#include "room/meeting.h"
#include "room/rooms.h"

namespace conclave::room {

// A stanza to <room>@lobby.<d> or to somebody in it, looked up.
struct LobbyVisit {
  Service& service;
  const Visitor& visitor;
  xmpp::Jid address;  // as the client wrote it
  access::RoomName room;
  Meeting* meeting;  // null unless open or held
  access::RoomState state;
};

// A join is decided at this moment as one of the main room would be: those who wait or knock may stay, everybody else
// is told what he would be told there.
void lobby_presence(const LobbyVisit& visit, const xmpp::Element& presence);
void lobby_iq(const LobbyVisit& visit, const xmpp::Element& iq);

// Out of the lobby: he is told, and whoever saw him. Nothing if he is not there.
void leave_lobby(Service& service, const access::RoomName& room, xmpp::SessionId session);

// Moderators who are none any more, or have left the meeting, look on no longer.
void stop_watching(Service& service, const access::RoomName& room, xmpp::SessionId session);

// What moderators see of somebody who knocks, and the end of it.
xmpp::Element knocker_presence(const Knocker& knocker);
xmpp::Element knocker_gone(const Knocker& knocker);
void tell_watchers(Service& service, const LobbyRoom& lobby, std::string_view from_nick, const xmpp::Element& stanza);
void send_to(Service& service, const Knocker& to, std::string_view from_nick, xmpp::Element stanza);
void send_to(Service& service, const Watcher& to, std::string_view from_nick, xmpp::Element stanza);

// The lobby's disco#info for somebody who asks the component about it (signalling.md 3.3); `room` is the one that his
// stream is about, if it names one.
xmpp::Element lobby_info(const Service& service, const access::RoomName* room, const Meeting* meeting,
                         const xmpp::Element& iq);

}  // namespace conclave::room
