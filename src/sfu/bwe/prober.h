#pragma once
// When the network is tried with more than is sent, how hard, and for how long (media.md 13): short runs of padding
// beside the media. What they showed is the estimator's to say. Pure; owned by the receiver's downlink.
//
//   idle ──wanted more, nothing congested──► run (50 ms or more) ──► waiting for the answer ──got through──► run at
//   twice as much
//    ▲                                         │ congested              │
//    └───────────────5 s later─────────────────┴────────────────────────┘
#include <cstddef>
#include <cstdint>

#include "base/time.h"

namespace conclave::bwe {

class Prober {
 public:
  struct Situation {
    std::int64_t estimate = 0;     // bits per second
    std::int64_t wanted = 0;       // what would be sent if the network carried it
    std::int64_t arrives = 0;      // what feedback has confirmed of late
    bool congested = false;        // a queue stands, or grows, or much is lost
    std::uint64_t sent_bytes = 0;  // all that went out with a transport-wide number, ever
    Duration round_trip{};
  };
  // How many bytes of padding are due now. To be called every `kProbeTick` or so.
  std::size_t due(TimePoint now, const Situation& situation);
  bool running() const { return state_ == State::Run; }

 private:
  enum class State : std::uint8_t { Idle, Run, Answer };
  bool is_worth_it(const Situation& situation) const;
  void begin(TimePoint now, const Situation& situation);

  State state_ = State::Idle;
  bool tried_ = false;
  std::int64_t before_ = 0;  // the estimate before it fell
  TimePoint next_{};         // Idle: not before. Run: when it ends. Answer: when it is judged.
  TimePoint congested_{};    // when it was last
  TimePoint begun_{};
  std::int64_t rate_ = 0;
  std::uint64_t sent_before_ = 0;
};

inline constexpr Duration kProbeTick = 10ms;

}  // namespace conclave::bwe
