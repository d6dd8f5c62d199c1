// Padding, by which the network is tried (media.md 13): packets that were sent lately, again by RTX, and where there
// are none, packets of nothing but padding (RFC 3550 §5.1).
#include <algorithm>

#include "sfu/conference_state.h"
#include "sfu/context.h"
#include "sfu/endpoint.h"
#include "sfu/send_path.h"

namespace conclave::sfu {
namespace {

constexpr int kResentAtMost = 40;      // of the newest packets of a stream
constexpr std::size_t kPadding = 255;  // as much as its length can say

}  // namespace

void SendPath::send_padding(TimePoint now, std::size_t bytes) {
  if (!receiver_.transport().ready() || receiver_.negotiated().extensions.transport_cc == 0) return;
  const std::uint64_t goal = downlink_.sent_bytes() + bytes;
  for (const auto& stream : streams_) {
    if (!stream || !stream->history || stream->rtx == nullptr || stream->primary == nullptr || !stream->primary->used)
      continue;
    const std::uint16_t newest = stream->primary->sequence;
    for (int i = 0; i < kResentAtMost && downlink_.sent_bytes() + kPadding < goal; ++i) {
      if (stream->history->find(rtp::plus(newest, -i)) != nullptr)
        answer_nack(now, *stream, rtp::plus(newest, -i), Resend::Probe);
    }
  }
  while (downlink_.sent_bytes() < goal && send_empty(now)) {
  }
}

bool SendPath::send_empty(TimePoint now) {
  const Negotiated& negotiated = receiver_.negotiated();
  const std::uint32_t ssrc = receiver_.conference().video_ssrc;
  OutboundSsrc* to = outbound(ssrc);
  if (to == nullptr || negotiated.first_video == 0) return false;
  to->sequence = to->used ? rtp::plus(to->sequence, 1) : static_cast<std::uint16_t>(context_.random.number() & 0x7fff);
  to->used = true;
  ++transport_sequence_;

  ByteWriter writer(MutableBytes(context_.scratch).first(rtp::kMaxPacketBytes));
  std::array<std::byte, 2> number;
  ByteWriter(number).u16(transport_sequence_);
  const rtp::Extension extensions[] = {{negotiated.extensions.transport_cc, number}};
  rtp::write_header(
      writer,
      {.payload_type = negotiated.first_video, .sequence = to->sequence, .timestamp = to->timestamp, .ssrc = ssrc},
      extensions);
  writer.fill(kPadding - 1);
  writer.u8(static_cast<std::uint8_t>(kPadding));
  context_.scratch[0] |= std::byte{0x20};
  const auto length = receiver_.transport().srtp()->protect_rtp(context_.scratch, writer.position());
  if (!length) {
    context_.counters.protect_failed.add();
    return false;
  }
  downlink_.sent(now, transport_sequence_, *length, true);
  context_.counters.padding_out.add();
  context_.send(*receiver_.transport().selected(), Bytes(context_.scratch).first(*length));
  return true;
}

}  // namespace conclave::sfu
