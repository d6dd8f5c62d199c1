#include "sfu/send_path.h"

#include <algorithm>
#include <optional>

#include "sfu/context.h"
#include "sfu/endpoint.h"
#include "sfu/feedback.h"
#include "sfu/outgoing.h"
#include "sfu/rtp/av1.h"

namespace conclave::sfu {
namespace {

constexpr Duration kMinRoundTrip = 10ms;
constexpr Duration kMaxRoundTrip = 1s;

Projection::Input input_of(const IncomingPacket& packet) {
  Projection::Input in{.encoding = packet.encoding,
                       .codec = packet.codec,
                       .begins_key_frame = packet.frame.begins_key_frame,
                       .marker = packet.marker,
                       .sequence = packet.sequence,
                       .timestamp = packet.timestamp};
  if (packet.vp8) in.vp8 = &*packet.vp8;
  if (packet.vp9) in.vp9 = &*packet.vp9;
  in.frame_number = packet.frame_number;
  if (packet.dependencies) {
    in.dependencies = &*packet.dependencies;
    in.structure = &*packet.source.encodings[static_cast<std::size_t>(packet.encoding)].structure;
  }
  return in;
}

}  // namespace

struct SendPath::Outgoing {
  rtp::HeaderFields header;
  MediaKind kind = MediaKind::Audio;
  Bytes audio_level;
  Bytes dependency_descriptor;
  Bytes payload;
  const rtp::Vp8Descriptor* vp8 = nullptr;
  const rtp::Vp9Descriptor* vp9 = nullptr;
  Projection::Numbers numbers;
  std::optional<std::uint16_t> original_sequence;  // makes it an RTX packet
  std::uint16_t transport_sequence = 0;
  bool probe = false;
};

bool SendPath::wants(const IncomingPacket& packet) const {
  if (&packet.source.owner == &receiver_ || !receiver_.transport().ready()) return false;
  const SendStream* to = stream(packet.source);
  if (to == nullptr || to->projection.target() == kNoEncoding) return false;
  const Negotiated& negotiated = receiver_.negotiated();
  return negotiated.payload(packet.payload_type).known || (packet.primary && negotiated.payload(packet.primary->payload_type).known);
}

void SendPath::send(const IncomingPacket& packet) {
  SendStream& to = *streams_[packet.source.slot];
  if (slots_ != nullptr && !packet.source.is_video() && !take_audio_slot(packet, to)) return;
  if (to.primary == nullptr) return;
  const auto numbers = to.projection.project(packet.arrival, input_of(packet), *to.primary);
  if (to.projection.needs_key_frame() && to.switch_gap.allow(packet.arrival)) {
    request_key_frame(packet.arrival, packet.source, to.projection.target());
  }
  if (!numbers) return;

  to.last_payload_type = packet.payload_type;
  const bool stripped = packet.primary && !receiver_.negotiated().payload(packet.payload_type).known;
  const Outgoing out{.header = {.marker = numbers->marker,
                                .payload_type = stripped ? packet.primary->payload_type : packet.payload_type,
                                .sequence = numbers->sequence,
                                .timestamp = numbers->timestamp,
                                .ssrc = to.ssrc},
                     .kind = packet.source.kind(),
                     .audio_level = packet.audio_level,
                     .dependency_descriptor = packet.dependency_descriptor,
                     .payload = stripped ? packet.primary->payload : packet.payload,
                     .vp8 = packet.vp8 ? &*packet.vp8 : nullptr,
                     .vp9 = packet.vp9 ? &*packet.vp9 : nullptr,
                     .numbers = *numbers,
                     .original_sequence = std::nullopt,
                     // Audio goes without: a gap in the numbers would be loss, and a long one another turn of the counter.
                     .transport_sequence = packet.source.is_video() ? ++transport_sequence_ : std::uint16_t{0}};
  if (to.history) {
    to.history->store({.used = true,
                       .encoding = static_cast<std::uint8_t>(packet.encoding),
                       .numbers = *numbers,
                       .input_sequence = packet.sequence,
                       .transport_sequence = transport_sequence_,
                       .last_sent = packet.arrival});
  }
  if (!transmit(packet.arrival, out)) return;
  ++to.primary->packets;
  to.primary->octets += static_cast<std::uint32_t>(packet.payload.size());
  context_.counters.forwarded.add();
}

bool SendPath::transmit(TimePoint now, const Outgoing& packet) {
  const ExtensionIds& ids = receiver_.negotiated().extensions;
  const MutableBytes scratch = context_.scratch;
  ByteWriter writer(scratch.first(rtp::kMaxPacketBytes));

  // media.md 10: the audio level and the dependency descriptor stay, all else was between the sender and us. Transport numbers go on
  // video alone, as receivers of this dialect know it; abs-send-time only where there are none.
  std::array<std::byte, 2> number;
  std::array<std::byte, 3> send_time;
  std::array<rtp::Extension, 4> extensions;
  std::size_t count = 0;
  // A video packet that is sent again would be without it, and differ under one number.
  if (packet.kind == MediaKind::Audio && !packet.audio_level.empty()) extensions[count++] = {ids.audio_level, packet.audio_level};
  std::array<std::byte, 256> descriptor;
  if (!packet.dependency_descriptor.empty()) {
    const Bytes written = rtp::rewrite_descriptor(packet.dependency_descriptor, packet.numbers.descriptor, descriptor);
    extensions[count++] = {ids.dependency_descriptor, written};
  }
  if (packet.kind == MediaKind::Video) {
    if (ids.transport_cc != 0) {
      ByteWriter(number).u16(packet.transport_sequence);
      extensions[count++] = {ids.transport_cc, number};
    } else if (ids.abs_send_time != 0) {
      // Seconds with 18 bits of fraction, in 24 bits.
      const auto us = std::chrono::duration_cast<std::chrono::microseconds>(now.time_since_epoch()).count();
      ByteWriter(send_time).u24(static_cast<std::uint32_t>(us * 4096 / 15625) & 0xffffff);
      extensions[count++] = {ids.abs_send_time, send_time};
    }
  }
  rtp::write_header(writer, packet.header, std::span(extensions).first(count));
  if (packet.original_sequence) writer.u16(*packet.original_sequence);
  write_payload(writer, packet.payload, packet.vp8, packet.vp9, packet.numbers);
  if (!writer.ok()) {
    context_.counters.too_large.add();
    return false;
  }
  const auto length = receiver_.transport().srtp()->protect_rtp(scratch, writer.position());
  if (!length) {
    context_.counters.protect_failed.add();
    return false;
  }
  if (packet.kind == MediaKind::Audio) {
    downlink_.sent_audio(now, *length);
  } else if (ids.transport_cc != 0) {
    downlink_.sent(now, packet.transport_sequence, *length, packet.probe);
  }
  sent_.add(*length);
  context_.send(*receiver_.transport().selected(), scratch.first(*length));
  return true;
}

std::uint16_t SendPath::next_rtx(OutboundSsrc& rtx) {
  rtx.sequence = rtx.used ? rtp::plus(rtx.sequence, 1) : static_cast<std::uint16_t>(context_.random.number() & 0x7fff);
  rtx.used = true;
  return rtx.sequence;
}

// A packet of a layer that this receiver does not get came so late that its number had been passed over already. Without a word the
// receiver would ask for it again and again; an RTX packet that retransmits nothing (RFC 4588 §4 has no rule against it) is padding to it.
void SendPath::fill_hole(TimePoint now, SendStream& stream, std::uint16_t sequence) {
  const std::uint8_t rtx_type = receiver_.negotiated().payload(stream.last_payload_type).rtx;
  if (stream.rtx == nullptr || rtx_type == 0) return context_.counters.nacks_unanswered.add();
  stream.history->store(
      {.used = true, .encoding = SentPacket::kHole, .numbers = {.sequence = sequence}, .last_sent = now});
  const Outgoing out{.header = {.payload_type = rtx_type,
                                .sequence = next_rtx(*stream.rtx),
                                .timestamp = stream.primary->timestamp,
                                .ssrc = stream.rtx_ssrc},
                     .kind = MediaKind::Video,
                     .audio_level = {},
                     .dependency_descriptor = {},
                     .payload = {},
                     .numbers = {},
                     .original_sequence = sequence,
                     .transport_sequence = ++transport_sequence_};
  if (transmit(now, out)) context_.counters.retransmitted.add();
}

void SendPath::answer_nack(TimePoint now, SendStream& stream, std::uint16_t sequence, Resend why) {
  if (!receiver_.transport().ready() || !stream.history || stream.primary == nullptr) return;
  SentPacket* sent = stream.history->find(sequence);
  std::optional<SentPacket> unsent;
  if (sent == nullptr) {
    const int behind = rtp::ahead(stream.primary->sequence, sequence);
    if (behind < 0 || behind >= static_cast<int>(kHistoryPackets)) return context_.counters.nacks_unanswered.add();
    if (stream.projection.left_hole(sequence)) return fill_hole(now, stream, sequence);
    // Perhaps it was not sent because it came before the key frame's first packet, which was lost and made the switch only later.
    const auto input = stream.projection.input_of(sequence);
    if (!input) return context_.counters.nacks_unanswered.add();
    unsent = SentPacket{.encoding = static_cast<std::uint8_t>(stream.projection.current()), .input_sequence = *input};
    sent = &*unsent;
  } else if (why == Resend::Asked && !may_resend(now, sent->last_sent, round_trip_)) {
    return context_.counters.nacks_too_soon.add();
  }
  if (sent->encoding == SentPacket::kHole) return fill_hole(now, stream, sequence);
  const PacketHistory::Stored* stored = nullptr;
  if (sent->encoding < stream.source.encodings.size() && stream.source.encodings[sent->encoding].history) {
    stored = stream.source.encodings[sent->encoding].history->find(sent->input_sequence);
  }
  if (stored == nullptr) return context_.counters.nacks_unanswered.add();

  std::optional<rtp::Vp8Descriptor> vp8;
  std::optional<rtp::Vp9Descriptor> vp9;
  if (stored->codec == rtp::Codec::Vp8) vp8 = rtp::Vp8Descriptor::parse(stored->payload());
  if (stored->codec == rtp::Codec::Vp9) vp9 = rtp::Vp9Descriptor::parse(stored->payload());
  if (unsent) {
    Projection::Input in{.marker = stored->marker,
                         .sequence = stored->sequence,
                         .timestamp = stored->timestamp,
                         .vp8 = vp8 ? &*vp8 : nullptr,
                         .vp9 = vp9 ? &*vp9 : nullptr,
                         .frame_number = rtp::frame_number(stored->dependency_descriptor())};
    auto structure = stream.source.encodings[sent->encoding].structure;  // a copy, since this packet may be older
    const auto dependencies = rtp::FrameDependencies::parse(stored->dependency_descriptor(), structure);
    if (dependencies) in.dependencies = &*dependencies, in.structure = &*structure;
    sent->numbers = stream.projection.map(in);
  }
  Outgoing out{.header = {.marker = sent->numbers.marker,
                          .payload_type = stored->payload_type,
                          .sequence = sequence,
                          .timestamp = sent->numbers.timestamp,
                          .ssrc = stream.ssrc},
               .kind = MediaKind::Video,
               .audio_level = {},
               .dependency_descriptor = stored->dependency_descriptor(),
               .payload = stored->payload(),
               .vp8 = vp8 ? &*vp8 : nullptr,
               .vp9 = vp9 ? &*vp9 : nullptr,
               .numbers = sent->numbers,
               .original_sequence = std::nullopt,
               .transport_sequence = sent->transport_sequence};
  const Negotiated& negotiated = receiver_.negotiated();
  const std::uint8_t rtx_type = negotiated.payload(stored->payload_type).rtx;
  if (stream.rtx != nullptr && rtx_type != 0) {
    out.original_sequence = sequence;
    out.header.payload_type = rtx_type;
    out.header.ssrc = stream.rtx_ssrc;
    out.header.sequence = next_rtx(*stream.rtx);
    out.transport_sequence = ++transport_sequence_;
    out.probe = why == Resend::Probe;
  } else if (unsent || why == Resend::Probe || (negotiated.extensions.transport_cc == 0 && negotiated.extensions.abs_send_time != 0)) {
    // Without RTX the very same bytes have to go out again: one sequence number, one packet, since the keystream depends on nothing
    // else. A new send time would make it another packet; for one without a record nobody can tell.
    return context_.counters.nacks_unanswered.add();
  }
  if (why == Resend::Asked) sent->last_sent = now;
  if (unsent) {
    unsent->used = true;  // so that it is not asked for in vain, nor answered without end
    stream.history->store(*unsent);
  }
  if (transmit(now, out)) (why == Resend::Probe ? context_.counters.padding_out : context_.counters.retransmitted).add();
}

void SendPath::attach(PublishedSource& source) {
  if (streams_.size() <= source.slot) streams_.resize(source.slot + 1);
  auto& place = streams_[source.slot];
  if (slots_ == nullptr) {
    OutboundSsrc* primary = outbound(source.primary_ssrc());
    OutboundSsrc* rtx = source.primary_rtx() == 0 ? nullptr : outbound(source.primary_rtx());
    if (primary == nullptr) return;
    // Two live sources with one SSRC would share its sequence numbers. Focus keeps them apart; if it did not, the second is not sent.
    if (primary->stream != nullptr || (rtx != nullptr && rtx->stream != nullptr)) return context_.counters.ssrcs_refused.add();
    place = std::make_unique<SendStream>(source);
    use(*place, {.primary = primary, .rtx = rtx, .ssrc = source.primary_ssrc(), .rtx_ssrc = source.primary_rtx()});
  } else {
    place = std::make_unique<SendStream>(source);
  }
  if (!source.is_video()) place->projection.set_target(0);
}

void SendPath::detach(const PublishedSource& source) {
  if (source.slot >= streams_.size() || streams_[source.slot] == nullptr) return;
  release(*streams_[source.slot]);
  streams_[source.slot].reset();
}

void SendPath::use(SendStream& stream, const Ssrcs& ssrcs) {
  stream.primary = ssrcs.primary;
  stream.rtx = ssrcs.rtx;
  stream.ssrc = ssrcs.ssrc;
  stream.rtx_ssrc = ssrcs.rtx_ssrc;
  if (ssrcs.primary != nullptr) ssrcs.primary->stream = &stream;
  if (ssrcs.rtx != nullptr) ssrcs.rtx->stream = &stream;
}

void SendPath::release(SendStream& stream) {
  if (stream.primary != nullptr && stream.primary->stream == &stream) stream.primary->stream = nullptr;
  if (stream.rtx != nullptr && stream.rtx->stream == &stream) stream.rtx->stream = nullptr;
  if (stream.slot != nullptr) std::exchange(stream.slot, nullptr)->stream = nullptr;
  use(stream, {});
}

SendStream* SendPath::stream(std::uint32_t ssrc) const {
  const auto found = outbound_.find(ssrc);
  return found == outbound_.end() ? nullptr : found->second.stream;
}

OutboundSsrc* SendPath::outbound(std::uint32_t ssrc) {
  const auto found = outbound_.find(ssrc);
  if (found != outbound_.end()) return &found->second;
  if (outbound_.size() >= kMaxRememberedSsrcs) {
    context_.counters.ssrcs_refused.add();
    return nullptr;
  }
  return &outbound_[ssrc];
}

void SendPath::set_target(TimePoint now, SendStream& stream, LayerIndex layer) {
  if (!layer.none()) {
    if (!stream.history) stream.history = std::make_unique<SentHistory>();
    downlink_.begin(receiver_.negotiated().extensions.transport_cc != 0);
  }
  if (stream.projection.target_layer() == layer) return;
  stream.projection.set_target(layer);
  if (receiver_.transport().ready() && stream.projection.needs_key_frame() && stream.switch_gap.allow(now)) {
    request_key_frame(now, stream.source, layer.encoding);
  }
}

void SendPath::forward_report(TimePoint now, const PublishedSource& source, int encoding, const rtp::SenderReport& report) {
  SendStream* to = stream(source);
  if (to == nullptr || to->primary == nullptr || to->primary->packets == 0 || to->projection.current() != encoding || !receiver_.transport().ready()) return;
  // NTP stays as it is: it carries the sender's lip-sync.
  ByteWriter writer(context_.scratch);
  rtp::write_sender_report(writer, {.ssrc = to->ssrc,
                                    .ntp = report.ntp,
                                    .rtp_timestamp = to->projection.map_timestamp(report.rtp_timestamp),
                                    .packets = to->primary->packets,
                                    .octets = to->primary->octets});
  to->reports_sent[to->next_report] = {.ntp = static_cast<std::uint32_t>(report.ntp >> 16), .at = now};
  to->next_report = (to->next_report + 1) % to->reports_sent.size();
  send_rtcp(writer.position());
  context_.counters.reports_forwarded.add();
}

void SendPath::round_trip_from(TimePoint now, const rtp::ReportBlock& block) {
  const SendStream* to = stream(block.ssrc);
  if (to == nullptr || block.last_sr == 0) return;
  for (const SendStream::ReportSent& sent : to->reports_sent) {
    if (sent.ntp != block.last_sr || sent.at == TimePoint{}) continue;
    const Duration held = std::chrono::microseconds(std::int64_t{block.delay_since_last_sr} * 1'000'000 / 65536);
    const Duration measured = std::clamp<Duration>(now - sent.at - held, kMinRoundTrip, kMaxRoundTrip);
    round_trip_ = (round_trip_ * 7 + measured) / 8;
    round_trip_known_ = true;
    return;
  }
}

void SendPath::send_rtcp(std::size_t length) {
  if (!receiver_.transport().ready()) return;
  const auto size = receiver_.transport().srtp()->protect_rtcp(context_.scratch, length);
  if (!size) return context_.counters.protect_failed.add();
  context_.send(*receiver_.transport().selected(), Bytes(context_.scratch).first(*size));
}

}  // namespace conclave::sfu
