#include "xmpp/stanza.h"

namespace conclave::xmpp {
namespace {

Element answer_to(const Element& request, std::string_view type) {
  Element answer(request.name(), request.xmlns());
  answer.set("type", type);
  if (request.has_attribute("id")) answer.set("id", request.attribute("id"));
  if (request.has_attribute("to")) answer.set("from", request.attribute("to"));
  if (request.has_attribute("from")) answer.set("to", request.attribute("from"));
  return answer;
}

}  // namespace

Element result_of(const Element& request) {
  return answer_to(request, "result");
}

Element error_of(const Element& request, const StanzaError& error) {
  Element answer = answer_to(request, "error");
  answer.add(error_element(error));
  return answer;
}

Element error_element(const StanzaError& error) {
  Element element("error");
  element.set("type", error.type);
  element.add(error.condition, kStanzasNamespace);
  if (!error.text.empty()) element.add("text", kStanzasNamespace).set_text(error.text);
  return element;
}

bool is_iq_request(const Element& stanza) {
  const std::string_view type = stanza.attribute("type");
  return stanza.is("iq", kClientNamespace) && (type == "get" || type == "set") && stanza.has_attribute("id");
}

bool is_iq_response(const Element& stanza) {
  const std::string_view type = stanza.attribute("type");
  return stanza.is("iq", kClientNamespace) && (type == "result" || type == "error");
}

}  // namespace conclave::xmpp
