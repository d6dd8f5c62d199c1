#include "room/expiry.h"

#include <algorithm>

#include "room/leave.h"
#include "room/messages.h"
#include "room/roles.h"

namespace conclave::room {
namespace {

constexpr std::chrono::seconds kLongestWait{24 * 60 * 60};
constexpr std::chrono::seconds kNotice{60};
constexpr std::string_view kEndsSoon = "Your access ends in a minute. Get a new link to stay what you are.";

void expired(Meeting& meeting, xmpp::SessionId session) {
  meeting.expiry[session].cancel();
  Occupant* who = meeting.find(session);
  if (!who) return;
  switch (meeting.policy().token_expiry) {
    case access::TokenExpiry::Keep:
      return;
    case access::TokenExpiry::Demote:
      // What he is without it; removed if guests may not be here.
      decide_anew(meeting, *who, guest_instead(*who));
      return;
    case access::TokenExpiry::Remove:
      remove_occupant(meeting, *who, Exit{.codes = {"307"}, .reason = "Your token has expired."});
      return;
  }
}

}  // namespace

void watch_expiry(Meeting& meeting, const Occupant& who) {
  meeting.expiry.erase(who.session);
  // An account has no end that TOKEN_EXPIRY could be about: until is its ticket's then, and nobody is put out for that.
  if (who.identity.kind != access::IdentityKind::Token) return;
  const std::optional<WallTime>& until = who.identity.scope.until;
  if (!until || meeting.policy().token_expiry == access::TokenExpiry::Keep) return;
  const auto left = std::max(*until - meeting.service().loop.wall_now(), std::chrono::seconds(0));
  if (left > kNotice) {
    // A token may be good for centuries, which no timer can count: look again after a day.
    const bool is_far = left > kLongestWait + kNotice;
    const auto pause = is_far ? kLongestWait : left - kNotice;
    meeting.expiry[who.session] = meeting.service().loop.after(pause, [&meeting, session = who.session, is_far] {
      const Occupant* still = meeting.find(session);
      if (!still) return;
      if (!is_far) tell_by_server(meeting, *still, kEndsSoon);
      watch_expiry(meeting, *still);
    });
    return;
  }
  meeting.expiry[who.session] =
      meeting.service().loop.after(left, [&meeting, session = who.session] { expired(meeting, session); });
}

}  // namespace conclave::room
