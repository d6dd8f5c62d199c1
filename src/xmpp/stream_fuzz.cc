// A whole stream: each line is a frame. Begin a line with one of these to have something else happen:
//   @ with the start of a stream up to bind    # with the socket's loss and a new connection    + with a pause    >
//   with a delivery
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/log.h"
#include "loop/manual_loop.h"
#include "xmpp/fake_peers.h"

using namespace conclave;
using namespace conclave::xmpp;

namespace {

constexpr std::string_view kHello[] = {
    R"(<open xmlns="urn:ietf:params:xml:ns:xmpp-framing" to="meet.example" version="1.0"/>)",
    R"(<auth xmlns="urn:ietf:params:xml:ns:xmpp-sasl" mechanism="ANONYMOUS"/>)",
    R"(<open xmlns="urn:ietf:params:xml:ns:xmpp-framing" to="meet.example" version="1.0"/>)",
    R"(<iq xmlns="jabber:client" type="set" id="b"><bind xmlns="urn:ietf:params:xml:ns:xmpp-bind"/></iq>)",
    R"(<enable xmlns="urn:xmpp:sm:3" resume="true"/>)",
};

struct Play {
  ManualLoop loop;
  fake::Doorkeeper doorkeeper;
  fake::House house;
  SeededRandom random{1};
  SessionsOptions options{.stream = {.domains = {"meet.example"}}};
  fake::FramedSessions sessions{loop, doorkeeper, house, random, options};
  fake::Client client;
  std::string secret;
  ConnectionId connection = sessions.connected(client, {});

  // Every frame that leaves is a document of its own, and the secret is the one that seeds cannot know.
  void check_frames() {
    for (const std::string& frame : client.take()) {
      const auto parsed = parse(frame);
      if (!parsed) {
        std::fprintf(stderr, "not a document: %s\n", frame.c_str());
        std::abort();
      }
      if (parsed->is("enabled", kSmNamespace)) secret = parsed->attribute("id");
    }
  }
  void line(std::string_view text) {
    if (text.starts_with('@')) {
      for (const std::string_view frame : kHello) sessions.received(connection, frame);
    } else if (text.starts_with('#')) {
      sessions.lost(connection);
      connection = sessions.connected(client, {.previd = secret});
    } else if (text.starts_with('+')) {
      loop.advance(std::chrono::seconds(10));
    } else if (text.starts_with('>')) {
      for (const auto& [session, jid] : house.bound) sessions.deliver(session, Element("message").set_text("<hello>"));
    } else {
      std::string frame(text);
      if (const std::size_t at = frame.find("SECRET"); at != std::string::npos) frame.replace(at, 6, secret);
      sessions.received(connection, frame);
    }
    loop.run_ready();
    check_frames();
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  log::set_level(log::Level::Off);
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  Play play;
  play.house.on_stanza = [&](const Sender& sender, Element stanza) {
    if (is_iq_request(stanza)) play.sessions.deliver(sender.session, error_of(stanza, errors::kServiceUnavailable));
  };
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    play.line(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  play.sessions.shutdown();
  play.loop.run_ready();
  // Each session that was bound has ended, once.
  if (play.house.bound.size() != play.house.ended.size() || play.sessions.hibernated() != 0) std::abort();
  return 0;
}
