#include "xmpp/iq/external_services.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>

#include "base/base64.h"
#include "base/check.h"
#include "base/rfc3339.h"
#include "xmpp/stanza.h"

namespace conclave::xmpp {
namespace {

// SHA-1, because that is what TURN servers check.
std::string password_for(const std::string& secret, const std::string& username) {
  std::array<std::byte, EVP_MAX_MD_SIZE> mac{};
  unsigned length = 0;
  const bool made = HMAC(EVP_sha1(), secret.data(), static_cast<int>(secret.size()),
                         reinterpret_cast<const unsigned char*>(username.data()), username.size(),
                         reinterpret_cast<unsigned char*>(mac.data()), &length) != nullptr;
  CONCLAVE_CHECK(made);
  return base64_encode(Bytes(mac).first(length));
}

bool wants_credentials(const ExternalService& service) {
  return service.type != "stun";
}

bool is_extdisco(std::string_view xmlns) {
  return xmlns == "urn:xmpp:extdisco:2" || xmlns == "urn:xmpp:extdisco:1";
}

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

std::vector<ExternalService> with_credentials(const RelayOptions& options, std::string_view who, WallTime now) {
  std::vector<ExternalService> services = options.servers;
  const WallTime end = now + options.lifetime;
  const std::string username = std::to_string(end.time_since_epoch().count()) + ":" + std::string(who);
  for (ExternalService& service : services) {
    if (!wants_credentials(service)) continue;
    if (options.secret.empty()) {
      service.username = options.username;
      service.password = options.password;
      continue;
    }
    service.username = username;
    service.password = password_for(options.secret, username);
    service.expires = rfc3339(end);
  }
  return services;
}

std::vector<ExternalService> without_credentials(const RelayOptions& options) {
  std::vector<ExternalService> services = options.servers;
  std::erase_if(services, wants_credentials);
  return services;
}

bool asks_for_external_services(const Element& iq) {
  return is_iq_request(iq) && iq.attribute("type") == "get" && !iq.children().empty() &&
         iq.children().front().name() == "services" && is_extdisco(iq.children().front().xmlns());
}

Element external_services_answer(const Element& iq, const std::vector<ExternalService>& services) {
  const Element& asked = iq.children().front();
  const std::string_view wanted = asked.attribute("type");
  Element answer = result_of(iq);
  Element& out = answer.add("services", asked.xmlns());
  for (const ExternalService& service : services) {
    if (wanted.empty() || wanted == service.type) out.add(written(service, asked.xmlns()));
  }
  return answer;
}

}  // namespace conclave::xmpp
