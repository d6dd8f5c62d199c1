#include "xmpp/iq/version.h"

#include "xmpp/stanza.h"

namespace conclave::xmpp {

void add_version(DomainServices& services, std::string name, std::string version) {
  static constexpr std::string_view kNamespace = "jabber:iq:version";
  services.add(DomainServices::Type::Get, "query", kNamespace,
               [name = std::move(name), version = std::move(version)](const Sender&, const Element& iq) {
                 Element answer = result_of(iq);
                 Element& query = answer.add("query", kNamespace);
                 query.add("name", kNamespace).set_text(name);
                 query.add("version", kNamespace).set_text(version);
                 return answer;
               });
}

}  // namespace conclave::xmpp
