#pragma once
// Recording and live streaming in the rooms of one loop (signalling.md 6.13): who may start and stop it, and what
// everybody is told. One session a room; the recorders themselves are reached through a desk.
#include <array>
#include <map>
#include <memory>
#include <string>

#include "base/random.h"
#include "loop/pinned.h"
#include "room/room.h"
#include "room/room_listener.h"
#include "service/options.h"
#include "service/recorders.h"

namespace conclave::service {

// Of one room, in any minute (signalling.md 6.13); more is refused with policy-violation.
inline constexpr std::size_t kMaxStartsAMinute = 3;

// Where the recorders are: on another loop, so nothing is answered at once.
class RecorderDesk {
 public:
  virtual ~RecorderDesk() = default;
  // Recording::started() follows, then Recording::reported().
  virtual void start(const access::RoomName& room, RecorderOrder order) = 0;
  virtual void stop(const std::string& session_id) = 0;
};

// Lives on the loop of its rooms. The desk outlives it.
class Recording final : public Pinned, public room::RoomListener {
 public:
  Recording(Loop& loop, Random& random, const Options& options, RecorderDesk& desk);
  ~Recording() override;

  bool focus_iq(room::Room& room, const room::Occupant& from, const xmpp::Element& iq) override;
  void room_closed(room::Room& room) override;

  // From the desk. `room` is null if it is no more.
  void started(room::Room* room, const std::string& session_id, Recorders::Outcome outcome);
  void reported(room::Room* room, const Recorders::Report& report);

 private:
  struct Session;

  void start(room::Room& room, const room::Occupant& from, const xmpp::Element& iq, RecordingWish wish);
  void stop(room::Room& room, const room::Occupant& from, const xmpp::Element& iq);
  bool too_often(const room::Room& room);
  void show(room::Room& room, const Session& session, RecordingStatus::State state, const std::string& failure = {});
  Session* find(const room::Room* room, const std::string& session_id);
  void end(room::Room& room);

  Random& random_;
  const Options& options_;
  RecorderDesk& desk_;
  std::map<const room::Room*, std::unique_ptr<Session>> sessions_;
  std::map<const room::Room*, std::array<TimePoint, kMaxStartsAMinute>> starts_;
};

}  // namespace conclave::service
