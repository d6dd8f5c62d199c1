#pragma once
// SSRC rewriting (media.md 7): the few SSRCs under which one receiver gets all sources of one kind, however many there are. Which source has
// which slot, and whose slot a new one is given. Pure; owned by the send path of the receiver.
//
// A slot is never taken out of use: its client keeps an m-line for it. The label of a source that is gone stays, and the source gets its
// slot back if it returns before another has taken it: a client does not expect one name on two SSRCs.
#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

#include "base/time.h"
#include "sfu/limits.h"
#include "sfu/media.h"

namespace conclave::sfu {

class SendStream;

struct SsrcSlot {
  std::uint32_t ssrc = 0;  // 0: new, the caller draws one
  std::uint32_t rtx = 0;   // video
  std::string source;      // what the receiver was told last
  EndpointId owner;
  VideoType video_type = VideoType::None;
  SendStream* stream = nullptr;  // null: the source is gone
  TimePoint used{};
};

class SsrcSlots {
 public:
  // For a source that has none: its own of before; else the one longest free; else a new one while there are fewer than
  // kMaxSlotsPerKind; else the one in use that was used longest ago, and not after `idle_since`. Null: all are busy.
  SsrcSlot* take(std::string_view source, TimePoint idle_since);
  // Whether `take` would have to take it from another source.
  bool all_in_use() const;
  const std::deque<SsrcSlot>& all() const { return slots_; }

 private:
  std::deque<SsrcSlot> slots_;  // references stay good
};

}  // namespace conclave::sfu
