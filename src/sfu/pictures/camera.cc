#include <algorithm>

#include "sfu/pictures/meeting.h"

namespace conclave::sfu::pictures {
namespace {

constexpr std::size_t kRemembered = 400;
constexpr std::uint32_t kTicks = 2700;  // 30 ms
constexpr std::uint32_t kRtxOffset = 100;
constexpr std::uint8_t kDependencies = 11;  // id of the header extension

}  // namespace

Numbers numbers_of(rtp::Codec codec) {
  switch (codec) {
    case rtp::Codec::Vp9: return {.payload_type = 101, .rtx_type = 97};
    case rtp::Codec::H264: return {.payload_type = 107, .rtx_type = 99};
    case rtp::Codec::Av1: return {.payload_type = 41, .rtx_type = 42};
    default: return {.payload_type = 100, .rtx_type = 96};
  }
}

// Without feedback of its own the viewer has no estimate, so that nothing but its wishes decides.
MediaDescription media(rtp::Codec codec) {
  constexpr const char* kNames[] = {"vp8", "vp9", "h264", "av1"};
  constexpr rtp::Codec kCodecs[] = {rtp::Codec::Vp8, rtp::Codec::Vp9, rtp::Codec::H264, rtp::Codec::Av1};
  const auto place = std::find(std::begin(kCodecs), std::end(kCodecs), codec) - std::begin(kCodecs);
  const Numbers numbers = numbers_of(codec);
  return {.payload_types = {{.id = numbers.payload_type, .codec = kNames[place], .clock_rate = 90000, .associated = {}},
                            {.id = numbers.rtx_type, .codec = "rtx", .clock_rate = 90000, .associated = numbers.payload_type}},
          .extensions = {.dependency_descriptor = 11}};
}

Camera::Camera(Options options, std::unique_ptr<Encoder> encoder, Send send)
    : codec_(options.codec), encoder_(std::move(encoder)), send_(std::move(send)), encodings_(options.encodings), loss_(options.loss) {
  for (std::size_t i = 0; i < options.encodings; ++i) {
    // Beginnings that soon wrap, and differ.
    encodings_[i].sequence = static_cast<std::uint16_t>(65000 + i * 100);
    encodings_[i].timestamp = static_cast<std::uint32_t>(0xffff0000u + i * 0x10000000u);
    packetisers_.emplace_back(codec_, static_cast<std::uint16_t>(0x7ff0 - i * 300), options.flexible);
  }
}

Source Camera::source() const {
  Source result{.name = "camera-v0", .kind = MediaKind::Video, .video_type = VideoType::Camera, .ssrcs = {}, .rtx = {}};
  for (std::uint32_t i = 0; i < encodings_.size(); ++i) {
    result.ssrcs.push_back(numbers_of(codec_).ssrc + i);
    result.rtx.push_back(numbers_of(codec_).ssrc + kRtxOffset + i);
  }
  return result;
}

void Camera::film(int number, bool key) {
  const bool now = key || std::exchange(key_wanted_, false);
  key_frames_ += now ? 1 : 0;
  for (const EncodedFrame& frame : encoder_->encode(number, now)) {
    const auto payloads = packetisers_[frame.encoding].packetise(frame);
    for (std::size_t i = 0; i < payloads.size(); ++i) {
      const bool last = i + 1 == payloads.size();
      const auto dependencies = codec_ == rtp::Codec::Av1 ? packetisers_[frame.encoding].dependencies(frame, i == 0, last) : Payload();
      send(frame.encoding, payloads[i], dependencies, frame.top && last, number);
    }
  }
}

void Camera::send(std::size_t index, const Payload& payload, const Payload& dependencies, bool marker, int number) {
  Encoding& encoding = encodings_[index];
  testing::Datagram packet(payload.size() + 200);
  ByteWriter writer{MutableBytes(packet)};
  const Numbers numbers = numbers_of(codec_);
  rtp::write_header(writer,
                    {.marker = marker,
                     .payload_type = numbers.payload_type,
                     .sequence = encoding.sequence,
                     .timestamp = encoding.timestamp + static_cast<std::uint32_t>(number) * kTicks,
                     .ssrc = numbers.ssrc + static_cast<std::uint32_t>(index)},
                    std::array<rtp::Extension, 1>{{{dependencies.empty() ? std::uint8_t{0} : kDependencies, dependencies}}});
  writer.bytes(payload);
  packet.resize(writer.position());
  if (!loss_.takes()) send_(packet);
  encoding.sent.insert_or_assign(encoding.sequence, std::move(packet));
  encoding.sent.erase(static_cast<std::uint16_t>(encoding.sequence - kRemembered));
  ++encoding.sequence;
}

void Camera::resend(std::size_t index, std::uint16_t sequence) {
  Encoding& encoding = encodings_[index];
  const auto found = encoding.sent.find(sequence);
  if (found == encoding.sent.end() || loss_.takes()) return;
  const auto header = *rtp::Header::parse(found->second);
  testing::Datagram packet(found->second.size() + 2);
  ByteWriter writer{MutableBytes(packet)};
  const Numbers numbers = numbers_of(codec_);
  rtp::write_header(writer,
                    {.marker = header.marker,
                     .payload_type = numbers.rtx_type,
                     .sequence = encoding.rtx_sequence++,
                     .timestamp = header.timestamp,
                     .ssrc = header.ssrc + kRtxOffset},
                    {});
  writer.u16(sequence);
  writer.bytes(Bytes(found->second).subspan(header.size));
  packet.resize(writer.position());
  send_(std::move(packet));
}

void Camera::hear(const std::vector<testing::Datagram>& rtcp) {
  for (const testing::Datagram& datagram : rtcp) {
    rtp::RtcpReader reader(datagram);
    while (const auto block = reader.next()) {
      const auto feedback = rtp::parse_feedback(*block);
      if (!feedback) continue;
      if (block->type == rtp::rtcp::kPayloadFeedback && block->count == rtp::rtcp::kPli) key_wanted_ = true;
      if (block->type != rtp::rtcp::kTransportFeedback || block->count != rtp::rtcp::kNack) continue;
      const std::size_t index = feedback->media - numbers_of(codec_).ssrc;
      rtp::for_each_nack(feedback->control, [&](std::uint16_t sequence) { resend(index, sequence); });
    }
  }
}

}  // namespace conclave::sfu::pictures
