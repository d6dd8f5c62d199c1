#pragma once
// Which packets of one encoding are missing, and when to ask the sender for them (media.md 9): at once, then every 150 ms, ten times.
// Pure; owned by the encoding; no allocation.
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "base/time.h"
#include "sfu/limits.h"

namespace conclave::sfu {

class NackTracker {
 public:
  // `sequence` does not wrap (ReceiveOrder). True if a gap has opened, so that due() has something at once.
  bool received(TimePoint now, std::int64_t sequence);
  // Fills `out` with what is to be asked for now, ascending, and counts it as asked. Returns how many.
  std::size_t due(TimePoint now, std::span<std::uint16_t> out);
  std::optional<TimePoint> deadline() const;

 private:
  struct Missing {
    std::int64_t sequence;
    TimePoint next;
    int tries;
  };
  void erase(std::size_t index);

  std::array<Missing, kMaxMissing> missing_;
  std::size_t count_ = 0;
  std::optional<std::int64_t> highest_;
};

}  // namespace conclave::sfu
