#include "sfu/receive_path.h"

#include <algorithm>

#include "sfu/conference_state.h"
#include "sfu/context.h"
#include "sfu/distribution.h"
#include "sfu/endpoint.h"
#include "sfu/fan_out.h"
#include "sfu/feedback.h"
#include "sfu/rtp/av1.h"
#include "sfu/packet_sink.h"

namespace conclave::sfu {
namespace {

constexpr std::size_t kOriginalSequenceBytes = 2;  // RFC 4588 §4

struct Elements {
  Bytes audio_level;
  Bytes dependency_descriptor;
  std::optional<std::uint16_t> transport_sequence;
};

Elements elements_of(const rtp::Header& header, const ExtensionIds& ids) {
  Elements result;
  rtp::ExtensionReader reader(header.extensions);
  while (const auto extension = reader.next()) {
    if (extension->id == ids.audio_level) result.audio_level = extension->data;
    if (extension->id == ids.dependency_descriptor) result.dependency_descriptor = extension->data;
    if (extension->id == ids.transport_cc && extension->data.size() == 2) result.transport_sequence = ByteReader(extension->data).u16();
  }
  return result;
}

// Takes note of how loud it is. False: nobody is to hear it. Without a level it is taken for sound.
bool is_heard(Endpoint& sender, Encoding& encoding, const IncomingPacket& packet) {
  const auto level = rtp::parse_audio_level(packet.audio_level);
  if (!level) return true;
  const auto loudness = static_cast<std::uint8_t>(127 - level->level);
  sender.speech().heard(packet.arrival, loudness);
  encoding.silent = loudness > 0 ? std::uint8_t{0} : static_cast<std::uint8_t>(std::min(encoding.silent + 1, kSilentPackets + 1));
  Conference::State& conference = sender.conference();
  const bool dominant = conference.speaker.any() && conference.speaker.recent().front() == sender.key();
  if (encoding.silent > kSilentPackets) {
    sender.context().counters.silence.add();
    return false;
  }
  if (conference.loudest.heard(packet.arrival, sender.key(), loudness) || dominant) return true;
  sender.context().counters.not_loudest.add();
  return false;
}

// Duplicates end here. `packet` is given the number under which it is forwarded.
bool put_in_order(Endpoint& sender, Encoding& encoding, IncomingPacket& packet, bool is_rtx) {
  SfuCounters& counters = sender.context().counters;
  const ReceiveOrder::Result order =
      is_rtx ? encoding.order.received_again(packet.sequence) : encoding.order.received(packet.sequence);
  if (order.arrival == ReceiveOrder::Arrival::Duplicate) {
    counters.duplicates.add();
    return false;
  }
  if (order.arrival == ReceiveOrder::Arrival::TooLate) {
    counters.too_late.add();
    return false;
  }
  if (packet.source.is_video() && encoding.nack.received(packet.arrival, order.sequence)) {
    send_nacks(sender, encoding, packet.arrival);
    sender.wake_by(packet.arrival + kNackInterval);
  }
  if (packet.payload.empty()) {
    counters.padding_only.add();
    encoding.order.drop(order.sequence);
    return false;
  }
  if (!packet.source.is_video() && !is_heard(sender, encoding, packet)) {
    encoding.order.drop(order.sequence);
    return false;
  }
  const auto number = encoding.order.number(order.sequence);
  if (!number) {
    counters.too_late.add();
    return false;
  }
  packet.sequence = static_cast<std::uint16_t>(*number);
  return true;
}

void read_dependencies(Encoding& encoding, IncomingPacket& packet) {
  packet.frame_number = rtp::frame_number(packet.dependency_descriptor);
  packet.dependencies = rtp::FrameDependencies::parse(packet.dependency_descriptor, encoding.structure);
  if (!packet.dependencies || packet.codec == rtp::Codec::Vp8 || packet.codec == rtp::Codec::Vp9) return;
  packet.frame.spatial = packet.dependencies->spatial;
  packet.frame.temporal = packet.dependencies->temporal;
  if (!packet.dependencies->carries_structure) return;
  std::ranges::copy(encoding.structure->heights, packet.frame.heights.begin());
  packet.frame.height = *std::ranges::max_element(packet.frame.heights);
}

void read_payload(Encoding& encoding, IncomingPacket& packet) {
  packet.frame = rtp::inspect(packet.codec, packet.payload, packet.dependency_descriptor);
  if (!packet.dependency_descriptor.empty()) read_dependencies(encoding, packet);
  if (packet.codec == rtp::Codec::Vp8) packet.vp8 = rtp::Vp8Descriptor::parse(packet.payload);
  if (packet.codec == rtp::Codec::Vp9) packet.vp9 = rtp::Vp9Descriptor::parse(packet.payload);
}

}  // namespace

void receive_rtp(Endpoint& sender, MutableBytes datagram) {
  Context& context = sender.context();
  SfuCounters& counters = context.counters;
  const TimePoint now = context.now();
  counters.rtp_in.add();

  const auto header = rtp::Header::parse(datagram);
  if (!header) return counters.malformed_rtp.add();
  const Endpoint::Stream* stream = sender.find_stream(header->ssrc);
  if (stream == nullptr) return counters.unknown_ssrc.add();  // before SRTP, which would remember it
  const NegotiatedPayload* type = &sender.negotiated().payload(header->payload_type);
  if (!type->known || type->kind != stream->source->kind() || (type->codec == rtp::Codec::Rtx) != stream->is_rtx) {
    return counters.unknown_payload_type.add();
  }
  if (sender.transport().srtp() == nullptr) return counters.before_keys.add();
  const auto length = sender.transport().srtp()->unprotect_rtp(datagram);
  if (!length) return counters.srtp_refused.add();
  sender.heard(now);
  sender.received().add(datagram.size());

  // The header is in clear and stays where it was, so what was parsed above holds.
  const Elements elements = elements_of(*header, sender.negotiated().extensions);
  if (elements.transport_sequence) {
    sender.feedback().received(now, *elements.transport_sequence, header->marker);
    if (const auto due = sender.feedback().deadline()) {
      if (*due <= now) {
        send_transport_feedback(sender, now);
      } else {
        sender.wake_by(*due);
      }
    }
  }
  PublishedSource& source = *stream->source;
  Encoding& encoding = source.encodings[stream->encoding];
  rtp::ReceptionStatistics& statistics = stream->is_rtx ? encoding.rtx_statistics : encoding.statistics;
  statistics.received(now, header->sequence, header->timestamp, encoding.clock_rate);

  auto payload = rtp::payload_of(datagram.first(*length), *header);
  if (!payload) return counters.malformed_rtp.add();
  if (sender.force_muted(source.source_class())) return counters.muted.add();

  IncomingPacket packet{.arrival = now,
                        .source = source,
                        .encoding = stream->encoding,
                        .payload_type = header->payload_type,
                        .marker = header->marker,
                        .sequence = header->sequence,
                        .timestamp = header->timestamp,
                        .payload = *payload,
                        .audio_level = elements.audio_level,
                        .dependency_descriptor = elements.dependency_descriptor,
                        .frame_number = std::nullopt,
                        .frame = {},
                        .primary = std::nullopt,
                        .vp8 = std::nullopt,
                        .vp9 = std::nullopt,
                        .dependencies = std::nullopt};
  if (stream->is_rtx) {
    if (payload->size() <= kOriginalSequenceBytes) return counters.padding_only.add();
    packet.sequence = ByteReader(*payload).u16();
    packet.payload = payload->subspan(kOriginalSequenceBytes);
    packet.payload_type = type->original;
    type = &sender.negotiated().payload(type->original);
    if (!type->known || type->kind != MediaKind::Video || type->codec == rtp::Codec::Rtx) return counters.unknown_payload_type.add();
  }
  packet.codec = type->codec;
  if (!put_in_order(sender, encoding, packet, stream->is_rtx)) return;

  if (source.is_video()) {
    read_payload(encoding, packet);
    if (packet.frame.begins_key_frame) counters.key_frames_in.add();
    if (!encoding.history) encoding.history = std::make_unique<PacketHistory>();
    encoding.history->store(packet);
    if (source.layers.received(now, static_cast<std::size_t>(stream->encoding), packet.frame, datagram.size())) {
      counters.layer_changes.add();
      choose_again(source, now);
    }
  } else if (packet.codec == rtp::Codec::Red) {
    packet.primary = rtp::red_primary(packet.payload);
  }
  fan_out(sender.conference(), packet);
}

}  // namespace conclave::sfu
