#pragma once
// What xmpp asks of the layer that knows credentials, and what a client showed.
#include <any>
#include <functional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/address.h"
#include "base/unique_function.h"
#include "xmpp/session.h"

namespace conclave::xmpp {

// What came with the connection (signalling.md 1.1), unverified. A resumed stream brings a new one that replaces the
// old.
struct StreamRequest {
  std::string room = {};    // as in the query: decoded, not percent-encoded
  std::string prefix = {};  // tenant; empty if there is none
  std::string token = {};   // from the query, else from "Authorization: Bearer"
  std::string previd = {};  // resumption id of an earlier stream
  Address peer = {};
  // Nobody on the way can read along: TLS, or a hop that does not leave the machine. Else no clear password is taken.
  bool confidential = false;
  std::string to = {};  // the domain that the client opened, lower case; one of StreamOptions::domains
};

struct SaslStart {
  std::string mechanism;
  std::string initial_response;  // base64 removed; empty if there was none
};

struct Authenticated {
  std::string username;  // local part of the address; a UUID for anonymous (signalling.md 2.3)
  // What the authenticator learnt (an identity). xmpp carries it to the StanzaHandler and never looks inside.
  std::any proof = {};
  std::string additional_data = {};  // for the client, with <success/> (RFC 6120 §6.3.10); not yet base64
};

struct SaslFailure {
  std::string condition = "not-authorized";  // RFC 6120 §6.5
  std::string text = {};
  // Why, for whoever watches log-ins; never sent. Static, of a fixed set; empty: the condition says it all.
  std::string_view slug = {};
};

struct SaslChallenge;
using SaslOutcome = std::variant<Authenticated, SaslFailure, SaslChallenge>;
// Called at most once, on the loop of the stream, at once or in any later turn; afterwards the stream may be long gone,
// which is allowed. Never called: the handshake timeout ends the stream.
using AuthReply = UniqueFunction<void(SaslOutcome)>;

// For mechanisms of several steps (SCRAM): `data` goes out, and `next` gets what the client responds.
struct SaslChallenge {
  std::string data;
  UniqueFunction<void(std::string response, AuthReply reply)> next;
};

// Called on the loop of the stream; may come from several loops.
class Authenticator {
 public:
  virtual ~Authenticator() = default;
  // Offered on the domain `request.to`, in order of preference.
  virtual std::vector<std::string> mechanisms(const StreamRequest& request) = 0;
  // `start.mechanism` is one of those.
  virtual void authenticate(const StreamRequest& request, const SaslStart& start, AuthReply reply) = 0;
  // `shown` was authenticated from `request`: may it go on with `old`, a live or hibernated session whose resumption id
  // it also knows? Asked when an anonymous login names `old` in previd (yes: it gets the user name of `old`) and again
  // when it resumes.
  virtual bool may_resume(SessionId old, const StreamRequest& request, const Authenticated& shown) = 0;
};

}  // namespace conclave::xmpp
