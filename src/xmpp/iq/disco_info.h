#pragma once
// XEP-0030 §3: what an entity is and can do, as data that the composition gives (signalling.md 3.2).
#include <string>
#include <vector>

#include "xmpp/iq/domain_services.h"

namespace conclave::xmpp {

inline constexpr std::string_view kDiscoInfoNamespace = "http://jabber.org/protocol/disco#info";

struct DiscoIdentity {
  std::string category;
  std::string type;
  std::string name;  // for component identities: the component's address
};

struct DiscoInfo {
  std::vector<DiscoIdentity> identities;
  std::vector<std::string> features;
};

// The <query/> of an answer; also what may be pushed to a client (signalling.md 2.6).
Element disco_info_query(const DiscoInfo& info, std::string_view node = {});

// Answers for the domain. A query with a node that is none of ours gets item-not-found.
void add_disco_info(DomainServices& services, DiscoInfo info);

}  // namespace conclave::xmpp
