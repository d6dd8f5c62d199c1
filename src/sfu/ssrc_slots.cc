#include "sfu/ssrc_slots.h"

#include <algorithm>

namespace conclave::sfu {

SsrcSlot* SsrcSlots::take(std::string_view source, TimePoint idle_since) {
  SsrcSlot* free = nullptr;
  SsrcSlot* idle = nullptr;
  for (SsrcSlot& slot : slots_) {
    if (slot.source == source) return &slot;
    SsrcSlot*& oldest = slot.stream == nullptr ? free : idle;
    if (oldest == nullptr || slot.used < oldest->used) oldest = &slot;
  }
  if (free != nullptr) return free;
  if (slots_.size() < kMaxSlotsPerKind) return &slots_.emplace_back();
  return idle != nullptr && idle->used <= idle_since ? idle : nullptr;
}

bool SsrcSlots::all_in_use() const {
  return slots_.size() == kMaxSlotsPerKind && std::ranges::none_of(slots_, [](const SsrcSlot& slot) { return slot.stream == nullptr; });
}

}  // namespace conclave::sfu
