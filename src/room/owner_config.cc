#include "room/owner_config.h"

#include "room/wire.h"

namespace conclave::room {
namespace {

constexpr std::string_view kFormType = "http://jabber.org/protocol/muc#roomconfig";
constexpr std::string_view kSecret = "muc#roomconfig_roomsecret";
constexpr std::string_view kProtected = "muc#roomconfig_passwordprotectedroom";
constexpr std::string_view kMembersOnly = "muc#roomconfig_membersonly";
constexpr std::string_view kWhois = "muc#roomconfig_whois";

xmpp::Element form_of(const Meeting& meeting) {
  xmpp::Element form("x", xmlns::kDataForms);
  form.set("type", "form");
  form.add(form_field("FORM_TYPE", "hidden", kFormType));
  form.add(form_field(kProtected, "boolean", meeting.password.empty() ? "0" : "1"));
  // The secret itself is not sent back (access.md A45); who may set it need not read it here.
  form.add(form_field(kSecret, "text-private", ""));
  form.add(form_field(kWhois, "list-single", "anyone"));
  form.add(form_field("muc#roominfo_meetingId", "text-single", meeting.meeting_id()));
  // No muc#roomconfig_membersonly: clients then say that there is no lobby, which is so.
  return form;
}

// Empty for fields that are not in the form; `present` tells the difference.
struct Field {
  bool present = false;
  std::string value;
};

Field field(const xmpp::Element& form, std::string_view var) {
  for (const xmpp::Element& one : form.children()) {
    if (one.is("field", xmlns::kDataForms) && one.attribute("var") == var)
      return {true, std::string(one.child_text("value"))};
  }
  return {};
}

void tell_changed(const Meeting& meeting) {
  xmpp::Element message("message");
  message.set("type", "groupchat");
  add_status(message.add("x", xmlns::kMucUser), "104");
  meeting.send_to_all({}, message);
}

// Fields not mentioned keep their value; a secret without the switch sets one, the switch off takes it away.
std::optional<xmpp::StanzaError> apply(Meeting& meeting, const Occupant& by, const xmpp::Element& form) {
  if (is_true(field(form, kMembersOnly).value)) {
    return xmpp::StanzaError{"cancel", "feature-not-implemented", "This server has no lobby yet."};
  }
  const Field secret = field(form, kSecret);
  const Field locked = field(form, kProtected);
  std::string password = meeting.password;
  if (secret.present) password = secret.value;
  if (locked.present && !is_true(locked.value)) password.clear();
  if (password.size() > kMaxPasswordBytes) return xmpp::errors::kNotAcceptable;
  if (locked.present && is_true(locked.value) && password.empty()) return xmpp::errors::kNotAcceptable;
  if (password == meeting.password) return std::nullopt;
  const access::Decision decision = meeting.may(by, access::Capability::SetPassword);
  if (!decision.admitted()) return xmpp::errors::kForbidden;
  meeting.password = std::move(password);
  tell_changed(meeting);
  return std::nullopt;
}

std::optional<xmpp::StanzaError> set(Meeting& meeting, const Occupant& by, const xmpp::Element& iq) {
  const xmpp::Element* form = iq.child("query", xmlns::kMucOwner)->child("x", xmlns::kDataForms);
  if (!form) return xmpp::errors::kBadRequest;
  if (form->attribute("type") == "cancel") return std::nullopt;
  if (form->attribute("type") != "submit") return xmpp::errors::kBadRequest;
  return apply(meeting, by, *form);
}

}  // namespace

void owner_config(Meeting& meeting, Occupant& by, const xmpp::Element& iq) {
  Service& service = meeting.service();
  const access::Decision decision = meeting.may(by, access::Capability::RoomSettings);
  if (!decision.admitted()) {
    service.counters.acts_refused.add();
    service.outbox.deliver(by.session, xmpp::error_of(iq, act_error(decision)));
    return;
  }
  if (iq.attribute("type") == "get") {
    xmpp::Element answer = xmpp::result_of(iq);
    answer.add("query", xmlns::kMucOwner).add(form_of(meeting));
    service.outbox.deliver(by.session, std::move(answer));
    return;
  }
  const std::optional<xmpp::StanzaError> error = set(meeting, by, iq);
  if (error) service.counters.acts_refused.add();
  service.outbox.deliver(by.session, error ? xmpp::error_of(iq, *error) : xmpp::result_of(iq));
}

}  // namespace conclave::room
