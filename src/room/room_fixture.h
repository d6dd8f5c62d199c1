#pragma once
// For the tests of this folder: a service on a loop whose time stands still, clients with identities, and what each was
// sent.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "access/identity.h"
#include "base/log.h"
#include "loop/manual_loop.h"
#include "room/life.h"
#include "room/limits.h"
#include "room/room.h"
#include "room/rooms.h"
#include "room/wire.h"
#include "xmpp/parser.h"
#include "xmpp/stanza.h"

namespace conclave::room {

class RecordingOutbox final : public xmpp::Outbox {
 public:
  void deliver(xmpp::SessionId to, xmpp::Element stanza) override { sent[to].push_back(std::move(stanza)); }
  void disconnect(xmpp::SessionId, std::string_view) override {}

  std::map<xmpp::SessionId, std::vector<xmpp::Element>> sent;
};

class RecordingListener final : public RoomListener {
 public:
  void room_opened(Room& room) override { events.push_back("opened " + room.name().key()); }
  void occupant_joined(Room&, const Occupant& who) override { events.push_back("joined " + who.nick); }
  void occupant_left(Room& room, const Occupant& who) override {
    EXPECT_EQ(room.find(who.nick), nullptr);
    events.push_back("left " + who.nick);
  }
  void role_changed(Room&, const Occupant& who) override {
    events.push_back("role " + who.nick + ' ' + std::string(access::role_text(who.role)));
  }
  bool focus_iq(Room& room, const Occupant& from, const xmpp::Element& iq) override {
    events.push_back("iq " + from.nick + ' ' + std::string(iq.attribute("id")));
    room.send_from_focus(from, xmpp::result_of(iq));
    return true;
  }
  void room_closed(Room& room) override {
    EXPECT_TRUE(room.occupants().empty());
    events.push_back("closed " + room.name().key());
  }
  std::vector<std::string> take() { return std::exchange(events, {}); }

  std::vector<std::string> events;
};

// "act outcome slug", for each decision.
class RecordingLog final : public access::DecisionLog {
 public:
  void decided(const access::Decided& what) override {
    decisions.push_back(std::string(what.act) + ' ' + std::string(access::outcome_text(what.decision.outcome)) + ' ' +
                        std::string(access::slug_text(what.decision.reason.slug)));
  }
  std::vector<std::string> decisions;
};

inline access::RoomName room_name(std::string_view text) {
  return access::canonical_room(text).value();
}

// A client; the nick is also the local part of its address.
struct Client {
  std::string nick;
  Visitor visitor;
};

class RoomsTest : public ::testing::Test {
 protected:
  RoomsTest() {
    log::set_level(log::Level::Off);
    listeners.add(listener);
  }

  static RoomOptions options() {
    return {
        .muc_domain = "conference.example",
        .lobby_domain = "lobby.example",
        .breakout_domain = "breakout.example",
        .focus_jid = "focus@auth.example",
        .max_occupants = 50,
        .invitations = access::InvitationIssuer{.name = "links", .domain = "example", .secret = "a secret of links"}};
  }

  Client client(std::string nick, access::Identity identity) {
    const xmpp::SessionId session{++last_session_};
    xmpp::Jid jid{nick, "example", "r"};
    return {std::move(nick), {{session, std::move(jid)}, std::move(identity)}};
  }
  Client guest(const std::string& nick) { return client(nick, access::guest(nick)); }
  // A token: `room` empty is every room.
  Client token(const std::string& nick, access::ClaimedRole role, std::string_view room = {}) {
    access::Identity identity;
    identity.kind = access::IdentityKind::Token;
    identity.subject = "token:" + nick;
    identity.claimed_role = role;
    if (!room.empty()) identity.scope = access::Scope::only(room_name(room));
    return client(nick, std::move(identity));
  }
  Client host(const std::string& nick, std::string_view room = {}) {
    return token(nick, access::ClaimedRole::Moderator, room);
  }
  Client participant(const std::string& nick) { return token(nick, access::ClaimedRole::Participant); }

  access::Decision ask(const Client& who, std::string_view room, std::optional<access::Identity> ticket = {}) {
    return rooms.ask(who.visitor, room_name(room), std::move(ticket));
  }
  void send(const Client& who, std::string_view xml) {
    const auto stanza = xmpp::parse(xml);
    ASSERT_TRUE(stanza) << xml;
    rooms.stanza(who.visitor, *stanza);
    loop.run_ready();
  }
  static std::string address(std::string_view room, std::string_view nick = {}) {
    std::string text = std::string(room) + "@conference.example";
    return nick.empty() ? text : text + '/' + std::string(nick);
  }
  void join(const Client& who, std::string_view room, std::string_view children = {}) {
    send(who, "<presence to='" + address(room, who.nick) + "'><x xmlns='http://jabber.org/protocol/muc'/>" +
                  std::string(children) + "</presence>");
  }
  // Says "end for all"; whether that ended anything.
  bool ends(const Client& who) {
    const xmpp::SessionId session = who.visitor.sender.session;
    Room* room = rooms.room_of(session, std::nullopt);
    const Occupant* occupant = room ? std::as_const(*room).find(session) : nullptr;
    return occupant && end_for_all(*room, *occupant);
  }
  void leave(const Client& who, std::string_view room) {
    send(who, "<presence type='unavailable' to='" + address(room, who.nick) + "'/>");
  }
  void admin(const Client& who, std::string_view room, std::string_view items) {
    send(who, "<iq type='set' id='a1' to='" + address(room) + "'><query xmlns='http://jabber.org/protocol/muc#admin'>" +
                  std::string(items) + "</query></iq>");
  }

  // What he was sent since the last call; without the standing in presences, which has its own tests.
  std::vector<std::string> take(const Client& who) {
    std::vector<std::string> texts;
    for (xmpp::Element& stanza : take_stanzas(who)) {
      std::erase_if(stanza.children(), [](const xmpp::Element& child) { return child.is("access", xmlns::kAccess); });
      texts.push_back(stanza.str(xmpp::kClientNamespace));
    }
    return texts;
  }
  std::vector<xmpp::Element> take_stanzas(const Client& who) {
    return std::exchange(outbox.sent[who.visitor.sender.session], {});
  }
  void forget_sent() {
    outbox.sent.clear();
    listener.events.clear();
    log.decisions.clear();
  }
  // The one stanza that he was sent; a failure if it was not one.
  std::string only(const Client& who) {
    const auto texts = take(who);
    EXPECT_THAT(texts, ::testing::SizeIs(1));
    return texts.size() == 1 ? texts[0] : std::string();
  }
  access::Role role(std::string_view room, const Client& who) {
    const Room* found = rooms.find(room_name(room));
    const Occupant* occupant = found ? found->find(who.visitor.sender.session) : nullptr;
    return occupant ? occupant->role : access::Role::None;
  }
  bool inside(std::string_view room, const Client& who) { return role(room, who) != access::Role::None; }
  access::RoomState state(std::string_view room) { return rooms.state_of(room_name(room)); }

  ManualLoop loop;
  RecordingOutbox outbox;
  SeededRandom random{1};
  access::PolicyBook policies;
  access::Policy& policy = policies.base;
  RecordingListener listener;
  RoomListeners listeners;
  RecordingLog log;
  Rooms rooms{loop, outbox, random, policies, options(), listeners, log};

 private:
  std::uint64_t last_session_ = 0;
};

}  // namespace conclave::room
