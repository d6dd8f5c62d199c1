#include "room/wire.h"

namespace conclave::room {

std::string_view affiliation_text(access::Role role) {
  switch (role) {
    case access::Role::Host:
    case access::Role::Moderator:
      return "owner";
    case access::Role::Participant:
      return "member";
    case access::Role::None:
    case access::Role::Visitor:
    case access::Role::Guest:
    case access::Role::Service:
      return "none";
  }
  return "none";
}

std::string_view muc_role_text(access::Role role) {
  switch (role) {
    case access::Role::Host:
    case access::Role::Moderator:
      return "moderator";
    case access::Role::Participant:
    case access::Role::Guest:
    case access::Role::Service:
      return "participant";
    case access::Role::Visitor:
      return "visitor";
    case access::Role::None:
      return "none";
  }
  return "none";
}

xmpp::Element user_x(std::string_view affiliation, std::string_view role, const xmpp::Jid& real_jid) {
  xmpp::Element x("x", xmlns::kMucUser);
  x.add("item", xmlns::kMucUser).set("affiliation", affiliation).set("role", role).set("jid", real_jid.str());
  return x;
}

void add_status(xmpp::Element& x, std::string_view code) {
  x.add("status", xmlns::kMucUser).set("code", code);
}

xmpp::Element form_field(std::string_view var, std::string_view type, std::string_view value) {
  xmpp::Element field("field", xmlns::kDataForms);
  field.set("var", var);
  if (!type.empty()) field.set("type", type);
  field.add("value", xmlns::kDataForms).set_text(value);
  return field;
}

bool is_true(std::string_view value) {
  return value == "true" || value == "1";
}

xmpp::StanzaError act_error(const access::Decision& decision) {
  using enum access::Slug;
  const bool about_the_person = decision.reason.slug == TargetIsHost;
  xmpp::StanzaError error = about_the_person ? xmpp::errors::kNotAllowed : xmpp::errors::kForbidden;
  error.text = decision.reason.sentence;
  return error;
}

xmpp::Element bounce(const xmpp::Element& stanza, const xmpp::StanzaError& error) {
  xmpp::Element answer(stanza.name());
  answer.set("type", "error").set("from", stanza.attribute("to"));
  if (stanza.has_attribute("id")) answer.set("id", stanza.attribute("id"));
  answer.add(xmpp::error_element(error));
  return answer;
}

}  // namespace conclave::room
