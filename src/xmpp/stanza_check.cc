#include "xmpp/stanza_check.h"

#include "xmpp/framing.h"
#include "xmpp/jid.h"
#include "xmpp/stanza.h"

namespace conclave::xmpp {
namespace {

StanzaCheck settled(const Element& stanza, const StanzaError& error) {
  // RFC 6120 §8.3.1: no error answers an error, and none a result.
  const std::string_view type = stanza.attribute("type");
  if (type == "error" || (stanza.name() == "iq" && type == "result")) return {StanzaVerdict::Settled};
  return {StanzaVerdict::Settled, error_of(stanza, error)};
}

}  // namespace

StanzaCheck check_stanza(const Element& stanza) {
  if (stanza.has_attribute("to") && !Jid::parse(stanza.attribute("to"))) {
    // The address cannot be echoed: the answer would be malformed as well.
    Element without_to = stanza;
    return settled(without_to.remove_attribute("to"), errors::kJidMalformed);
  }
  if (stanza.name() != "iq") return {};
  const std::string_view type = stanza.attribute("type");
  const bool request = type == "get" || type == "set";
  if (!stanza.has_attribute("id") || (!request && type != "result" && type != "error")) {
    return settled(stanza, errors::kBadRequest);
  }
  if (!request) return {};
  if (stanza.children().size() != 1) return settled(stanza, errors::kBadRequest);
  if (type == "set" && stanza.child("bind", kBindNamespace) != nullptr) return settled(stanza, errors::kNotAllowed);
  // RFC 3921 §3: means nothing any more, but clients wait for the answer.
  if (type == "set" && stanza.child("session", kSessionNamespace) != nullptr) {
    return {StanzaVerdict::Settled, result_of(stanza)};
  }
  return {};
}

}  // namespace conclave::xmpp
