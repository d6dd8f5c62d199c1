#include "ops/startup.h"

namespace conclave::ops {
namespace {

using access::AutoPromote;
using access::Guests;
using access::HostLeft;
using access::Lobby;
using access::LobbyPassword;
using access::Moderators;
using access::Policy;
using access::Starters;
using access::TokenExpiry;

std::string listed(const std::vector<access::RoomPattern>& patterns) {
  std::string text;
  for (const auto& pattern : patterns) text += (text.empty() ? "" : ", ") + pattern.text();
  return text;
}

std::string holders(const access::AuthMethods& auth) {
  std::string text;
  if (auth.token) text += "a token";
  if (auth.password) text += std::string(text.empty() ? "" : " or ") + "an account";
  if (auth.ldap) text += std::string(text.empty() ? "" : " or ") + "a directory account";
  return text;
}

// Whose tokens are taken, where that is a question: personal links and log-ins at a provider are nobody's choice.
std::string issuers_named(const Settings& settings) {
  std::string text;
  std::size_t count = 0;
  for (const access::Issuer& issuer : settings.issuers) {
    const bool is_own = (settings.invitations && issuer.name == settings.invitations->name) ||
                        (settings.oidc && issuer.name == oidc::kTokenIssuer);
    if (is_own) continue;
    text += (count++ == 0 ? "" : ", ") + issuer.name;
  }
  return count < 2 ? "" : " Tokens of " + std::to_string(count) + " issuers are taken: " + text + ".";
}

std::string who_starts(const Policy& policy) {
  const bool guests_everywhere = policy.guests == Guests::Create && policy.guest_rooms.empty();
  if (guests_everywhere) {
    return std::string("Everybody who reaches this server may start any room") +
           (policy.auth.any() ? "." : "; nobody is authenticated.");
  }
  std::string text = "Rooms are started by people with " + holders(policy.auth);
  if (!policy.auth.any())
    text = "Rooms are started by nobody with credentials, as none can be checked";
  else if (policy.starters == Starters::Moderators)
    text += " that makes them moderator of the room";
  text += ".";
  if (policy.guests == Guests::Create) text += " Guests start rooms that match " + listed(policy.guest_rooms) + ".";
  return text;
}

std::string who_knocks(const Policy& policy) {
  if (!policy.lobby_exists)
    return policy.lobby == Lobby::Off ? "" : " There is no lobby (ENABLE_LOBBY), so nobody knocks.";
  if (policy.lobby == Lobby::Off) return "";
  return std::string(policy.lobby == Lobby::All ? " In the lobby everybody but hosts" : " In the lobby guests") +
         " knock from the first second, until a moderator lets them in" +
         (policy.lobby_password == LobbyPassword::Yes ? " or they know the room's password." : ".");
}

std::string who_waits_outside(const Policy& policy) {
  if (policy.guests == Guests::Deny) return "Guests are not let in; they are asked to log in.";
  const bool participants_wait = policy.auth.any() && policy.starters == Starters::Moderators;
  if (policy.guests == Guests::Create && policy.guest_rooms.empty()) {
    return participants_wait
               ? "Only people whose credential makes them a mere participant wait, until somebody starts the room."
               : "Nobody waits.";
  }
  return std::string("Guests") + (participants_wait ? " and mere participants" : "") +
         " wait until a host has started the room, then they come in by themselves.";
}

std::string who_moderates(const Policy& policy) {
  std::string text;
  if (policy.auth.any()) {
    text = policy.moderators == Moderators::All
               ? "Everybody with " + holders(policy.auth) + " is moderator unless it says otherwise"
               : "Only those are moderators whose credential (" + holders(policy.auth) + ") says so";
    text += ", and whom a moderator makes one.";
  }
  const AutoPromote promote =
      policy.auto_promote.value_or(policy.auth.any() ? AutoPromote::Never : AutoPromote::Anyone);
  if (promote == AutoPromote::Anyone)
    text += std::string(text.empty() ? "" : " ") + "When none is present, whoever came first becomes moderator.";
  if (promote == AutoPromote::Authenticated)
    text += " When none is present, the first person with a credential becomes moderator.";
  if (promote == AutoPromote::Never) text += " Nobody becomes moderator for coming first";
  if (promote == AutoPromote::Never)
    text += !policy.auto_promote && policy.guests == Guests::Create && !policy.guest_rooms.empty()
                ? ", but in guests' rooms."
                : ".";
  return text;
}

std::string when_host_leaves(const Policy& policy) {
  const std::string after =
      "When the last moderator has been gone for " + std::to_string(policy.host_left_grace.count()) + " seconds, ";
  switch (policy.host_left) {
    case HostLeft::Hold:
      return after + "those inside go on and new guests wait until a host is back.";
    case HostLeft::Open:
      return "When the last moderator leaves, the meeting stays open to newcomers.";
    case HostLeft::End:
      return after + "the meeting ends for all.";
  }
  return "";
}

std::string when_token_expires(const Policy& policy) {
  if (!policy.auth.token) return "Nobody comes in by a token: one that is shown is refused.";
  switch (policy.token_expiry) {
    case TokenExpiry::Keep:
      return "When a token expires, its holder stays until he leaves, but cannot come back on it.";
    case TokenExpiry::Demote:
      return "When a token expires, its holder goes on as what he would be without it.";
    case TokenExpiry::Remove:
      return "When a token expires, its holder is taken out of the meeting.";
  }
  return "";
}

}  // namespace

std::vector<std::string> policy_sentences(const Settings& settings) {
  const Policy& policy = settings.policies.base;
  return {who_starts(policy) + issuers_named(settings), who_waits_outside(policy) + who_knocks(policy),
          who_moderates(policy), when_host_leaves(policy), when_token_expires(policy)};
}

std::vector<std::string> notice_lines(const Settings& settings) {
  std::vector<std::string> lines;
  for (const Notice& notice : settings.notices) {
    if (notice.kind == Notice::Kind::Warning) lines.push_back("warning: " + notice.name + ": " + notice.text);
  }
  for (const Notice& notice : settings.notices) {
    if (notice.kind == Notice::Kind::Ignored) lines.push_back("ignored: " + notice.name + ": " + notice.text);
  }
  return lines;
}

std::string guest_link(const Settings& settings, std::string_view room) {
  const auto name = access::canonical_room(room);
  return settings.public_url + "/" + (name ? name->path() : std::string(room));
}

std::string host_link(const Settings& settings, std::string_view room, std::string_view token) {
  return guest_link(settings, room) + "#jwt=" + std::string(token);
}

}  // namespace conclave::ops
