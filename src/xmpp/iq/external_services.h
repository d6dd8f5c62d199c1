#pragma once
// XEP-0215: STUN and TURN servers, given as data (signalling.md 3.5).
#include <functional>
#include <string>
#include <vector>

#include "xmpp/iq/domain_services.h"

namespace conclave::xmpp {

struct ExternalService {
  std::string type;  // stun, turn, turns
  std::string host;
  int port = 3478;
  std::string transport = {};  // udp, tcp; empty: unsaid
  std::string username = {};
  std::string password = {};
  std::string expires = {};  // XEP-0082
};

// Answers urn:xmpp:extdisco:2 and :1. `list` is called for each request, because credentials are short-lived.
void add_external_services(DomainServices& services, std::function<std::vector<ExternalService>(const Sender&)> list);

}  // namespace conclave::xmpp
