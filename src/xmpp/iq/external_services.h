#pragma once
// XEP-0215: STUN and TURN servers, for a browser that does not reach us directly (signalling.md 3.5). Values and pure
// functions; any thread.
#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "xmpp/element.h"

namespace conclave::xmpp {

struct ExternalService {
  std::string type;  // stun, turn, turns
  std::string host;
  int port = 3478;
  std::string transport = {};  // udp, tcp; empty: unsaid
  std::string username = {};   // with a password: what the server wants to see
  std::string password = {};
  std::string expires = {};  // XEP-0082; empty: never
};

// The servers that an operator names, and how they know our people.
struct RelayOptions {
  std::vector<ExternalService> servers;  // without credentials
  // Shared with the TURN server, which takes passwords made from it (draft-uberti-behave-turn-rest-00 §2.2).
  std::string secret = {};
  std::chrono::seconds lifetime{86'400};
  // Without a secret: one pair for everybody, which everybody can read.
  std::string username = {};
  std::string password = {};
};

// All of them, with credentials for `who`: letters and digits by which the TURN server tells its users apart.
std::vector<ExternalService> with_credentials(const RelayOptions& options, std::string_view who, WallTime now);
// What somebody is told who has not been let in: servers that ask for no credentials.
std::vector<ExternalService> without_credentials(const RelayOptions& options);

// Whether an iq asks for them, by urn:xmpp:extdisco:2 or :1 (clients retry with 1 when 2 is refused), and the answer.
bool asks_for_external_services(const Element& iq);
Element external_services_answer(const Element& iq, const std::vector<ExternalService>& services);

}  // namespace conclave::xmpp
