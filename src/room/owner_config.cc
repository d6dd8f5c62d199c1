#include "room/owner_config.h"

#include <charconv>

#include "access/circle.h"
#include "room/admission.h"
#include "room/wire.h"

namespace conclave::room {
namespace {

constexpr std::string_view kFormType = "http://jabber.org/protocol/muc#roomconfig";
constexpr std::string_view kSecret = "muc#roomconfig_roomsecret";
constexpr std::string_view kProtected = "muc#roomconfig_passwordprotectedroom";
constexpr std::string_view kMembersOnly = "muc#roomconfig_membersonly";
// Jitsi's name for it; the opposite of "accounts only" (access.md 4.5).
constexpr std::string_view kGuestsToo = "allowUnauthenticatedAccess";
constexpr std::string_view kCapacity = "muc#roomconfig_maxusers";  // XEP-0045 §10.2
// To be read only; unregistered names begin so (XEP-0068).
constexpr std::string_view kSharers = "x-conclave_may_share_screen";
constexpr std::string_view kRecorders = "x-conclave_may_record";
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
  // Without the field clients say that there are no lobbies.
  if (meeting.policy().lobby_exists) {
    form.add(form_field(kMembersOnly, "boolean", meeting.lobby != access::Lobby::Off ? "1" : "0"));
  }
  form.add(form_field(kGuestsToo, "boolean", meeting.accounts_only ? "0" : "1"));
  form.add(form_field(kCapacity, "text-single", meeting.capacity ? std::to_string(*meeting.capacity) : "none"));
  const auto who_may = [&](access::Capability act) {
    return access::text(access::circle_of(act, meeting.policy(), meeting.definition ? &*meeting.definition : nullptr));
  };
  form.add(form_field(kSharers, "fixed", who_may(access::Capability::ShareScreen)));
  form.add(form_field(kRecorders, "fixed", who_may(access::Capability::Record)));
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

// What a form asks for; absent: as it is.
struct Wanted {
  std::optional<std::string> password;  // empty: none
  std::optional<access::Lobby> lobby;
  std::optional<bool> accounts_only;
  std::optional<std::size_t> capacity;  // 0: the server's
};

std::optional<bool> flag(const xmpp::Element& form, std::string_view var) {
  const Field found = field(form, var);
  return found.present ? std::optional(is_true(found.value)) : std::nullopt;
}

// A secret without the switch sets one, the switch off takes it away.
std::optional<xmpp::StanzaError> read_password(const Meeting& meeting, const xmpp::Element& form, Wanted& wanted) {
  const Field secret = field(form, kSecret);
  const std::optional<bool> locked = flag(form, kProtected);
  std::string password = meeting.password;
  if (secret.present) password = secret.value;
  if (locked && !*locked) password.clear();
  if (password.size() > kMaxPasswordBytes) return xmpp::errors::kNotAcceptable;
  if (locked && *locked && password.empty()) return xmpp::errors::kNotAcceptable;
  if (password != meeting.password) wanted.password = std::move(password);
  return std::nullopt;
}

std::optional<xmpp::StanzaError> read_lobby(const Meeting& meeting, const xmpp::Element& form, Wanted& wanted) {
  const std::optional<bool> on = flag(form, kMembersOnly);
  if (!on || *on == (meeting.lobby != access::Lobby::Off)) return std::nullopt;
  if (!meeting.policy().lobby_exists) {
    return xmpp::StanzaError{"cancel", "feature-not-implemented", "This server has no lobbies."};
  }
  wanted.lobby = *on ? access::Lobby::All : access::Lobby::Off;
  return std::nullopt;
}

std::optional<xmpp::StanzaError> read_others(const Meeting& meeting, const xmpp::Element& form, Wanted& wanted) {
  const std::optional<bool> guests = flag(form, kGuestsToo);
  if (guests && *guests == meeting.accounts_only) wanted.accounts_only = !*guests;
  const Field capacity = field(form, kCapacity);
  if (!capacity.present || capacity.value.empty()) return std::nullopt;
  std::size_t number = 0;
  const char* end = capacity.value.data() + capacity.value.size();
  const auto read = std::from_chars(capacity.value.data(), end, number);
  if (capacity.value != "none" && (read.ec != std::errc() || read.ptr != end)) return xmpp::errors::kNotAcceptable;
  if (number != meeting.capacity.value_or(0)) wanted.capacity = number;
  return std::nullopt;
}

// Everything that he wants, or nothing.
std::optional<xmpp::StanzaError> may_all(const Meeting& meeting, const Occupant& by, const Wanted& wanted) {
  if (wanted.password) {
    const access::Decision decision = meeting.may(by, access::Capability::SetPassword);
    if (!decision.admitted()) return xmpp::errors::kForbidden;
  }
  if (wanted.lobby) {
    const access::Decision decision = meeting.may(by, access::Capability::SetLobby);
    if (!decision.admitted()) return xmpp::errors::kForbidden;
  }
  return std::nullopt;
}

void apply(Meeting& meeting, const Occupant& by, Wanted wanted) {
  if (wanted.password) meeting.set_password(*std::move(wanted.password));
  if (wanted.accounts_only) meeting.accounts_only = *wanted.accounts_only;
  if (wanted.capacity) meeting.capacity = *wanted.capacity == 0 ? std::nullopt : wanted.capacity;
  if (wanted.password || wanted.accounts_only || wanted.capacity) tell_changed(meeting);
  if (wanted.lobby) set_lobby(meeting, *wanted.lobby, &by);
  // Who knocks, or has waited, is now perhaps in another case.
  review_lobby(meeting, kLobbyClosed);
}

std::optional<xmpp::StanzaError> set(Meeting& meeting, const Occupant& by, const xmpp::Element& iq) {
  // Its door is the meeting's: there is nothing to set.
  if (meeting.name().is_breakout()) return xmpp::errors::kNotAllowed;
  const xmpp::Element* form = iq.child("query", xmlns::kMucOwner)->child("x", xmlns::kDataForms);
  if (!form) return xmpp::errors::kBadRequest;
  if (form->attribute("type") == "cancel") return std::nullopt;
  if (form->attribute("type") != "submit") return xmpp::errors::kBadRequest;
  Wanted wanted;
  if (auto error = read_password(meeting, *form, wanted)) return error;
  if (auto error = read_lobby(meeting, *form, wanted)) return error;
  if (auto error = read_others(meeting, *form, wanted)) return error;
  if (auto error = may_all(meeting, by, wanted)) return error;
  apply(meeting, by, std::move(wanted));
  return std::nullopt;
}

}  // namespace

void tell_changed(Meeting& meeting) {
  xmpp::Element message("message");
  message.set("type", "groupchat");
  add_status(message.add("x", xmlns::kMucUser), "104");
  meeting.send_to_all({}, message);
  meeting.service().listener.settings_changed(meeting);
}

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
