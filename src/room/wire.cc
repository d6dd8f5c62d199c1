#include "room/wire.h"

#include <chrono>
#include <cstdio>

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

std::string timestamp(WallTime when) {
  const auto day = std::chrono::floor<std::chrono::days>(when);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(when - day);
  char text[32];
  std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02dZ", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                static_cast<int>(time.seconds().count()));
  return text;
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
