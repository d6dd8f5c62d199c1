#include "xmpp/iq/domain_services.h"

#include "xmpp/stanza.h"

namespace conclave::xmpp {

void DomainServices::add(Type type, std::string_view payload, std::string_view xmlns, Answer answer) {
  (type == Type::Get ? gets_ : sets_)[{std::string(payload), std::string(xmlns)}] = std::move(answer);
}

std::optional<Element> DomainServices::handle(const Sender& sender, const Element& stanza) const {
  if (!is_iq_request(stanza)) return std::nullopt;
  if (stanza.children().empty()) return error_of(stanza, errors::kBadRequest);
  const Element& payload = stanza.children().front();
  const auto& table = stanza.attribute("type") == "get" ? gets_ : sets_;
  const auto found = table.find({payload.name(), payload.xmlns()});
  return found == table.end() ? error_of(stanza, errors::kServiceUnavailable) : found->second(sender, stanza);
}

}  // namespace conclave::xmpp
