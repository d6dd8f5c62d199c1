#include "xmpp/iq/disco_info.h"

#include "xmpp/stanza.h"

namespace conclave::xmpp {

Element disco_info_query(const DiscoInfo& info, std::string_view node) {
  Element query("query", kDiscoInfoNamespace);
  if (!node.empty()) query.set("node", node);
  for (const DiscoIdentity& identity : info.identities) {
    Element& written = query.add("identity", kDiscoInfoNamespace);
    written.set("category", identity.category).set("type", identity.type);
    if (!identity.name.empty()) written.set("name", identity.name);
  }
  for (const std::string& feature : info.features) query.add("feature", kDiscoInfoNamespace).set("var", feature);
  return query;
}

void add_disco_info(DomainServices& services, DiscoInfo info) {
  services.add(DomainServices::Type::Get, "query", kDiscoInfoNamespace,
               [info = std::move(info)](const Sender&, const Element& iq) {
                 if (!iq.children().front().attribute("node").empty()) return error_of(iq, errors::kItemNotFound);
                 Element answer = result_of(iq);
                 answer.add(disco_info_query(info));
                 return answer;
               });
}

}  // namespace conclave::xmpp
