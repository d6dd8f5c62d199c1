#include "room/expiry.h"

#include <algorithm>

#include "room/leave.h"
#include "room/roles.h"

namespace conclave::room {
namespace {

constexpr std::chrono::seconds kLongestWait{24 * 60 * 60};

void expired(Meeting& meeting, xmpp::SessionId session) {
  meeting.expiry[session].cancel();
  Occupant* who = meeting.find(session);
  if (!who) return;
  switch (meeting.policy().token_expiry) {
    case access::TokenExpiry::Keep:
      return;
    case access::TokenExpiry::Demote:
      // What he is without it; removed if guests may not be here.
      decide_anew(meeting, *who, access::guest(who->real_jid.str()));
      return;
    case access::TokenExpiry::Remove:
      remove_occupant(meeting, *who, Exit{.codes = {"307"}, .reason = "Your token has expired."});
      return;
  }
}

}  // namespace

void watch_expiry(Meeting& meeting, const Occupant& who) {
  meeting.expiry.erase(who.session);
  const std::optional<WallTime>& until = who.identity.scope.until;
  if (!until || meeting.policy().token_expiry == access::TokenExpiry::Keep) return;
  const auto left = std::max(*until - meeting.service().loop.wall_now(), std::chrono::seconds(0));
  // A token may be good for centuries, which no timer can count: look again after a day.
  if (left > kLongestWait) {
    meeting.expiry[who.session] = meeting.service().loop.after(kLongestWait, [&meeting, session = who.session] {
      if (const Occupant* still = meeting.find(session)) watch_expiry(meeting, *still);
    });
    return;
  }
  meeting.expiry[who.session] =
      meeting.service().loop.after(left, [&meeting, session = who.session] { expired(meeting, session); });
}

}  // namespace conclave::room
