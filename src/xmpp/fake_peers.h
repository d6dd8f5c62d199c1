#pragma once
// For tests and fuzzers: a client of RFC 7395 that writes frames down, an authenticator and a handler that note what
// they were asked.
#include <string>
#include <utility>
#include <vector>

#include "xmpp/framed.h"
#include "xmpp/framing.h"
#include "xmpp/sessions.h"
#include "xmpp/stanza.h"

namespace conclave::xmpp::fake {

struct Client final : Transport {
  void open(const StreamHeader& header) override { frames.push_back(open_frame(header)); }
  void send(std::string_view element) override { frames.emplace_back(element); }
  void fail(const StreamError& error) override { frames.push_back(stream_error_frame(error)); }
  void close() override {
    frames.emplace_back(kCloseFrame);
    closed = true;
  }
  std::vector<std::string> take() { return std::exchange(frames, {}); }

  std::vector<std::string> frames;
  bool closed = false;
};

// Takes frames as a WebSocket brings them.
struct FramedSessions : Sessions {
  using Sessions::received;
  using Sessions::Sessions;
  void received(ConnectionId connection, std::string_view frame) { receive_frame(*this, connection, parser, frame); }
  Parser parser;
};

// Lets everybody in under a new name, except those whose token is "bad". A token's text is also the person.
struct Doorkeeper final : Authenticator {
  std::vector<std::string> mechanisms(const StreamRequest&) override { return {"ANONYMOUS", "X-NAME", "X-STEPS"}; }
  void authenticate(const StreamRequest& request, const SaslStart& start, AuthReply reply) override {
    if (slow) {
      waiting.push_back(std::move(reply));
    } else if (request.token == "bad") {
      reply(SaslFailure{"not-allowed", "Invalid token"});
    } else if (start.mechanism == "X-STEPS") {
      reply(
          SaslChallenge{"who", [](std::string response, AuthReply next) { next(Authenticated{std::move(response)}); }});
    } else if (start.mechanism == "X-NAME") {
      reply(Authenticated{start.initial_response, request.token});
    } else {
      reply(Authenticated{"user" + std::to_string(++users), request.token});
    }
  }
  bool may_resume(SessionId old, const StreamRequest& request, const Authenticated& shown) override {
    asked_about = old;
    return request.token == resumable_token && std::any_cast<std::string>(&shown.proof) != nullptr;
  }

  int users = 0;
  bool slow = false;
  std::vector<AuthReply> waiting;
  std::string resumable_token;  // who shows another one may not resume
  SessionId asked_about;
};

struct House final : StanzaHandler {
  void session_bound(SessionId session, const Jid& jid, const StreamRequest& request, const std::any&) override {
    bound.emplace_back(session, jid);
    last_request = request;
    if (on_bound) on_bound(session);
  }
  void stanza(const Sender& sender, Element stanza) override {
    stanzas.push_back(stanza);
    if (on_stanza) on_stanza(sender, std::move(stanza));
  }
  void session_resumed(SessionId session, const StreamRequest& request, const std::any&) override {
    resumed.push_back(session);
    last_request = request;
  }
  void session_ended(SessionId session, SessionEnd end) override { ended.emplace_back(session, end); }

  UniqueFunction<void(SessionId)> on_bound;
  UniqueFunction<void(const Sender&, Element)> on_stanza;
  std::vector<std::pair<SessionId, Jid>> bound;
  std::vector<Element> stanzas;
  std::vector<SessionId> resumed;
  std::vector<std::pair<SessionId, SessionEnd>> ended;
  StreamRequest last_request;
};

}  // namespace conclave::xmpp::fake
