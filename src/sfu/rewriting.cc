// SSRC rewriting (media.md 7.3, 7.4): the part of SendPath that gives sources the SSRCs of slots.
#include <algorithm>
#include <array>

#include "sfu/bridge_channel.h"
#include "sfu/context.h"
#include "sfu/endpoint.h"
#include "sfu/rtp/extensions.h"
#include "sfu/send_path.h"

namespace conclave::sfu {
namespace {

constexpr std::uint8_t kAudibleLevel = 100;  // -dBov (RFC 6464 §3): quieter is taken for silence, as who is unmuted and listens

bool sounds(const IncomingPacket& packet) {
  const auto level = rtp::parse_audio_level(packet.audio_level);
  return !level || level->level < kAudibleLevel;
}

}  // namespace

void SendPath::rewrite_ssrcs() { slots_ = std::make_unique<Slots>(); }

const SsrcSlots* SendPath::slots(MediaKind kind) const {
  if (slots_ == nullptr) return nullptr;
  return kind == MediaKind::Audio ? &slots_->audio : &slots_->video;
}

std::uint32_t SendPath::draw_ssrc() const {
  for (;;) {
    const auto ssrc = static_cast<std::uint32_t>(context_.random.number());
    if (ssrc != 0 && !outbound_.contains(ssrc) && receiver_.find_stream(ssrc) == nullptr) return ssrc;
  }
}

bool SendPath::take_slot(TimePoint now, SendStream& stream, TimePoint idle_since) {
  if (slots_ == nullptr || stream.slot != nullptr) return stream.primary != nullptr;
  const PublishedSource& source = stream.source;
  SsrcSlot* slot = (source.is_video() ? slots_->video : slots_->audio).take(source.description.name, idle_since);
  if (slot == nullptr) return false;
  if (slot->ssrc == 0) {
    slot->ssrc = draw_ssrc();
    if (source.is_video()) slot->rtx = draw_ssrc();
  }
  OutboundSsrc* primary = outbound(slot->ssrc);
  OutboundSsrc* rtx = slot->rtx == 0 ? nullptr : outbound(slot->rtx);
  if (primary == nullptr || (slot->rtx != 0 && rtx == nullptr)) return false;
  if (slot->stream != nullptr) release(*slot->stream);
  slot->source = source.description.name;
  slot->owner = source.owner.id();
  slot->video_type = source.video_type();
  slot->stream = &stream;
  slot->used = now;
  stream.slot = slot;
  // What was sent under another slot's numbers is not asked for under these.
  stream.projection.begin_anew();
  stream.history.reset();
  use(stream, {.primary = primary, .rtx = rtx, .ssrc = slot->ssrc, .rtx_ssrc = slot->rtx});
  context_.counters.slots_taken.add();
  return true;
}

bool SendPath::take_audio_slot(const IncomingPacket& packet, SendStream& stream) {
  const bool heard = sounds(packet);
  if (stream.slot == nullptr) {
    if (!heard && slots_->audio.all_in_use()) return false;
    if (!take_slot(packet.arrival, stream, packet.arrival - kSlotSilence)) {
      context_.counters.slots_busy.add();
      return false;
    }
    // Before the packet itself, as far as two ways to the receiver can be kept in order.
    receiver_.channel().send(sources_map_message(MediaKind::Audio, std::array<const SsrcSlot*, 1>{stream.slot}));
  }
  if (heard) stream.slot->used = packet.arrival;
  return true;
}

}  // namespace conclave::sfu
