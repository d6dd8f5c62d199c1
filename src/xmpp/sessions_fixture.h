#pragma once
// For sessions*_test.cc: a Sessions among fakes, and the way in.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "loop/manual_loop.h"
#include "xmpp/fake_peers.h"

namespace conclave::xmpp {

inline constexpr std::string_view kOpen =
    R"(<open xmlns="urn:ietf:params:xml:ns:xmpp-framing" to="meet.example" version="1.0"/>)";
inline constexpr std::string_view kAnonymous =
    R"(<auth xmlns="urn:ietf:params:xml:ns:xmpp-sasl" mechanism="ANONYMOUS"/>)";
inline constexpr std::string_view kBind =
    R"(<iq xmlns="jabber:client" type="set" id="_bind_auth_2"><bind xmlns="urn:ietf:params:xml:ns:xmpp-bind"/></iq>)";
inline constexpr std::string_view kEnable = R"(<enable xmlns="urn:xmpp:sm:3" resume="true"/>)";

class SessionsTest : public testing::Test {
 protected:
  ConnectionId login(fake::Client& to, StreamRequest request = {}) {
    const ConnectionId id = sessions.connected(to, std::move(request));
    for (const std::string_view frame : {kOpen, kAnonymous, kOpen}) sessions.received(id, frame);
    return id;
  }
  ConnectionId bind(fake::Client& to, StreamRequest request = {}) {
    const ConnectionId id = login(to, std::move(request));
    sessions.received(id, kBind);
    to.take();
    return id;
  }
  // The resumption id.
  std::string enable(ConnectionId id, fake::Client& to) {
    sessions.received(id, kEnable);
    const auto enabled = parse(to.take().at(0));
    return std::string(enabled->attribute("id"));
  }
  SessionId last_session() const { return house.bound.back().first; }
  static Element message(std::string_view text) {
    Element stanza("message");
    stanza.set("from", "stand-up@conference.meet.example").add("body", kClientNamespace).set_text(text);
    return stanza;
  }
  void turn() { loop.run_ready(); }

  ManualLoop loop{LoopId{3}};
  fake::Doorkeeper doorkeeper;
  fake::House house;
  SeededRandom random{1};
  SessionsOptions options{.stream = {.domains = {"meet.example", "guest.meet.example"}}};
  fake::FramedSessions sessions{loop, doorkeeper, house, random, options};
  fake::Client client;
};

}  // namespace conclave::xmpp
