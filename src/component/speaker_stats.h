#pragma once
// How long each person has spoken (signalling.md 6.8), told to those who join later: a client reports when it becomes
// the dominant speaker, and adds up the rest for itself.
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "component/component.h"
#include "loop/loop.h"

namespace conclave::component {

// People of one meeting who are remembered, those who left included; further ones are not.
inline constexpr std::size_t kMaxSpeakers = 1'000;
// Expressions that are kept of one person. The oldest goes.
inline constexpr std::size_t kMaxFaceLandmarks = 100;
// Of all people of one meeting: beyond it each gives up his own oldest.
inline constexpr std::size_t kMaxFaceLandmarksOfMeeting = 5'000;
inline constexpr std::size_t kMaxExpressionBytes = 32;
// What a newcomer is told, as it is written. Whose line has no room is not told; of expressions the newest, as many as
// each one's share of the rest holds.
inline constexpr std::size_t kMaxStatsBytes = 128 * 1'024;

class SpeakerStats final : public Component {
 public:
  SpeakerStats(std::string address, xmpp::Outbox& outbox, Loop& loop)
      : Component(std::move(address), outbox), loop_(loop) {}

  void message(room::Room& room, const room::Occupant& from, const xmpp::Element& message) override;
  void occupant_joined(room::Room& room, const room::Occupant& who) override;
  void occupant_left(room::Room& room, const room::Occupant& who) override;
  void room_closed(room::Room& room) override;

 private:
  struct FaceLandmark {
    std::string expression;
    std::string timestamp;  // as the client wrote it: milliseconds since 1970
    std::string duration;   // seconds
  };
  struct Speaker {
    std::string name;  // known once he has left
    Duration spoken{};
    std::optional<TimePoint> since;  // speaks, and is not silent
    std::vector<FaceLandmark> faces;

    void stop(TimePoint now);
  };
  struct Talk {
    std::string dominant;                     // nick; empty: nobody yet
    std::map<std::string, Speaker> speakers;  // by nick
    std::size_t faces = 0;                    // of all of them
  };

  Speaker* speaker(room::Room& room, const std::string& nick);
  void seen(Talk& talk, Speaker& who, FaceLandmark landmark);
  void spoke(room::Room& room, const room::Occupant& who, bool silence);

  Loop& loop_;
  std::map<const room::Room*, Talk> rooms_;
};

}  // namespace conclave::component
