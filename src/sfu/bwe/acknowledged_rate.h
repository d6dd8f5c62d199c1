#pragma once
// How much arrives: bits per second that feedback has confirmed, on the receiver's clock. Pure; no allocation.
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/time.h"
#include "sfu/bwe/sent_packets.h"

namespace conclave::bwe {

class AcknowledgedRate {
 public:
  void update(TimePoint now, const std::vector<PacketFate>& fates);
  // Over the last half second that anything arrived in; nothing until there is enough of it.
  std::optional<std::int64_t> bps() const { return bps_; }
  // The most of late: what the network carries, while less is sent so that a queue runs empty.
  std::optional<std::int64_t> peak(TimePoint now) const;

 private:
  // Packets that arrived within 5 ms stand together.
  struct Batch {
    Duration first{};
    Duration last{};
    std::uint32_t bytes = 0;
    std::uint32_t first_bytes = 0;
  };
  static constexpr std::size_t kBatches = 128;
  // The most of each 100 ms.
  struct Peak {
    std::int64_t period = -1;
    std::int64_t bps = 0;
  };
  static constexpr std::size_t kPeaks = 8;

  void add(Duration arrived, std::uint32_t bytes);
  std::optional<std::int64_t> measure() const;
  Batch& newest() { return batches_[(begin_ + count_ - 1) % kBatches]; }
  void drop_oldest();

  std::array<Batch, kBatches> batches_{};
  std::size_t begin_ = 0;
  std::size_t count_ = 0;
  std::uint64_t bytes_ = 0;
  std::optional<std::int64_t> bps_;
  std::array<Peak, kPeaks> peaks_{};
};

}  // namespace conclave::bwe
