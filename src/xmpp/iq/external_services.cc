#include "xmpp/iq/external_services.h"

#include "xmpp/stanza.h"

namespace conclave::xmpp {
namespace {

Element written(const ExternalService& service, std::string_view xmlns) {
  Element element("service", xmlns);
  element.set("type", service.type).set("host", service.host).set("port", std::to_string(service.port));
  if (!service.transport.empty()) element.set("transport", service.transport);
  if (!service.username.empty()) element.set("username", service.username).set("password", service.password);
  if (!service.expires.empty()) element.set("expires", service.expires);
  if (!service.password.empty()) element.set("restricted", "1");
  return element;
}

}  // namespace

void add_external_services(DomainServices& services, std::function<std::vector<ExternalService>(const Sender&)> list) {
  // Clients retry with version 1 when version 2 is refused.
  for (const std::string_view xmlns : {"urn:xmpp:extdisco:2", "urn:xmpp:extdisco:1"}) {
    services.add(DomainServices::Type::Get, "services", xmlns, [list, xmlns](const Sender& sender, const Element& iq) {
      Element answer = result_of(iq);
      Element& out = answer.add("services", xmlns);
      const std::string_view wanted = iq.children().front().attribute("type");
      for (const ExternalService& service : list(sender)) {
        if (wanted.empty() || wanted == service.type) out.add(written(service, xmlns));
      }
      return answer;
    });
  }
}

}  // namespace conclave::xmpp
