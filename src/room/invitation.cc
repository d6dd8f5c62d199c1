#include "room/invitation.h"

#include <algorithm>
#include <charconv>
#include <vector>

#include "base/log.h"
#include "base/rfc3339.h"
#include "room/breakout.h"
#include "room/roles.h"
#include "room/wire.h"

namespace conclave::room {
namespace {

std::optional<access::ClaimedRole> role_named(std::string_view text) {
  for (const auto role : {access::ClaimedRole::Participant, access::ClaimedRole::Moderator}) {
    if (text == access::claimed_role_text(role)) return role;
  }
  return std::nullopt;
}

std::optional<std::chrono::seconds> seconds_in(std::string_view text) {
  std::int32_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc{} || end != text.data() + text.size() || count <= 0) return std::nullopt;
  return std::chrono::seconds{count};
}

std::optional<access::InvitationWish> wish_in(const xmpp::Element& element) {
  const auto role = role_named(element.attribute("role"));
  const auto life = seconds_in(element.attribute("seconds"));
  const std::string_view name = element.attribute("name");
  if (!role || !life || !access::is_invited_name(name)) return std::nullopt;
  return access::InvitationWish{.name = std::string(name), .role = *role, .life = *life};
}

xmpp::Element answer_with(const xmpp::Element& iq, const access::TokenWish& made, const std::string& token) {
  xmpp::Element answer = xmpp::result_of(iq);
  answer.add("invitation", xmlns::kInvitation)
      .set("token", token)
      .set("name", made.user_name)
      .set("role", access::claimed_role_text(made.role))
      .set("expires", rfc3339(*made.expires));
  return answer;
}

}  // namespace

bool may_invite(const Meeting& meeting, const Occupant& who) {
  const Service& service = meeting.service();
  return service.options.invitations && access::decide_invitation(actor(who), access::ClaimedRole::Participant,
                                                                  meeting.policy(), service.loop.wall_now())
                                            .admitted();
}

void invite(Meeting& meeting, const Occupant& by, const xmpp::Element& iq) {
  Service& service = meeting.service();
  const auto refuse = [&](const xmpp::StanzaError& error) {
    service.counters.acts_refused.add();
    service.outbox.deliver(by.session, xmpp::error_of(iq, error));
  };
  if (!service.options.invitations) {
    return refuse({"cancel", "feature-not-implemented", "This server makes no personal links."});
  }
  const auto wish = wish_in(*iq.child("invitation", xmlns::kInvitation));
  // Who has no right learns that first, whatever he has written.
  const WallTime now = service.loop.wall_now();
  const auto role = wish ? wish->role : access::ClaimedRole::Participant;
  const access::Decision decision = access::decide_invitation(actor(by), role, meeting.policy(), now);
  service.log.decided({.act = "invite",
                       .identity = by.identity,
                       .nick = by.nick,
                       .room = meeting.name(),
                       .decision = decision,
                       .session = by.session.value});
  if (!decision.admitted()) return refuse(act_error(decision));
  if (!wish) return refuse({"modify", "bad-request", "A link needs a name, a role and a number of seconds."});
  if (meeting.main().invitations >= kMaxInvitations) {
    service.counters.limits_reached.add();
    return refuse({"wait", "resource-constraint", "This meeting has given out too many links."});
  }
  ++meeting.main().invitations;
  service.counters.invitations.add();
  const access::InvitationIssuer& issuer = *service.options.invitations;
  const access::TokenWish made =
      access::invitation(actor(by), meeting.main().name(), *wish, issuer, now, service.random);
  log::info("invitation", {{"room", meeting.name().key()},
                           {"by", by.nick},
                           {"role", access::claimed_role_text(made.role)},
                           {"jti", made.token_id},
                           {"until", rfc3339(*made.expires)}});
  service.outbox.deliver(by.session, answer_with(iq, made, access::mint_token(made, issuer.secret)));
}

void withdraw_links(Meeting& meeting, std::string_view subject) {
  const std::string name = access::giver_name(subject);
  auto& givers = meeting.withdrawn_givers;
  if (std::ranges::count(givers, name) == 0) {
    if (givers.size() >= kMaxWithdrawnGivers) {
      meeting.service().counters.limits_reached.add();
      givers.pop_front();
    }
    givers.push_back(name);
  }
  std::vector<std::pair<Meeting*, xmpp::SessionId>> invited;
  for (Meeting* room : rooms_of(meeting)) {
    for (const auto& who : room->occupants()) {
      const auto& giver = who->identity.proof.giver;
      if (giver && giver->subject_hash == name) invited.emplace_back(room, who->session);
    }
  }
  for (const auto& [room, session] : invited) {
    Occupant* who = meeting.over() || room->over() ? nullptr : room->find(session);
    if (who) decide_anew(*room, *who, guest_instead(*who));
  }
}

void restore_links(Meeting& meeting, std::string_view subject) {
  if (!meeting.withdrawn_givers.empty()) std::erase(meeting.withdrawn_givers, access::giver_name(subject));
}

bool is_withdrawn(const Meeting& meeting, const access::Identity& identity) {
  const auto& giver = identity.proof.giver;
  return giver && std::ranges::count(meeting.withdrawn_givers, giver->subject_hash) > 0;
}

}  // namespace conclave::room
