#pragma once
// One occupant as focus sees him: what his client can do, his Jingle session, his sources, and which sources he was
// told of.
#include <deque>
#include <string>

#include "base/time.h"
#include "focus/jingle/offer.h"
#include "focus/jingle/sources.h"
#include "loop/loop.h"

namespace conclave::focus {

//  Asking ── features ──► Ready ── session-initiate ──► Invited ── session-accept ──► Active
//                           ▲                              │                            │
//                           └───────── session-terminate, left alone, failed ───────────┘
enum class InvitationState : std::uint8_t { Asking, Ready, Invited, Active };

// Restarts that a client may ask for (media.md 2.15): not within 5 s of the last, not more than 5 in a minute.
class RestartBudget {
 public:
  static constexpr Duration kLeastDistance = 5s;
  static constexpr std::size_t kMostPerMinute = 5;
  bool take(TimePoint now);

 private:
  std::deque<TimePoint> taken_;  // at most kMostPerMinute
};

struct Participant {
  sfu::EndpointId id;
  InvitationState state = InvitationState::Asking;
  ClientFeatures features;
  std::string question;  // id of the disco#info request that is under way
  Timer question_timeout;
  std::string sid;
  std::string initiate_id;  // id of the session-initiate request
  std::string bridge_session;
  SourceSet sources;
  std::uint32_t source_adds = 0;  // in this session
  SourcesByOwner announced;  // what he was told, by session-initiate or since
  RestartBudget restarts;
};

// What has to be added to and removed from `announced` to make it `wanted`.
struct SourceChange {
  SourcesByOwner added;
  SourcesByOwner removed;
};
SourceChange difference(const SourcesByOwner& announced, const SourcesByOwner& wanted);

}  // namespace conclave::focus
