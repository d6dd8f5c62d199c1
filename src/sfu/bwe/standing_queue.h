#pragma once
// How long packets stand in a queue on the way now: their one-way delay above the least that was seen lately. The
// clocks' difference falls out. Pure.
#include <array>
#include <optional>
#include <vector>

#include "base/time.h"
#include "sfu/bwe/sent_packets.h"

namespace conclave::bwe {

class StandingQueue {
 public:
  void update(TimePoint now, const std::vector<PacketFate>& fates);
  Duration delay() const { return delay_; }  // zero while nothing is known

 private:
  // The least of each second, of the last ten: a new way through the network becomes the measure after that.
  static constexpr std::size_t kSeconds = 10;
  struct Second {
    std::int64_t second = -1;
    Duration least{};
  };
  std::array<Second, kSeconds> seconds_{};
  Duration delay_{};
};

}  // namespace conclave::bwe
