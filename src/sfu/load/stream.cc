#include "sfu/load/stream.h"

#include <array>

#include "sfu/rtp/packet.h"

namespace conclave::load {
namespace {

constexpr std::size_t kTimeBytes = 8;
constexpr std::byte kLevel{0x9e};  // voice, -30 dBov

// RFC 7741 §4.2, §4.3: a picture id of 15 bits, tl0picidx, and on the first packet of a frame the frame tag.
void write_vp8(ByteWriter& writer, std::uint32_t frame, bool first, bool key) {
  writer.u8(first ? 0x90 : 0x80);
  writer.u8(0xc0);
  writer.u16(static_cast<std::uint16_t>(0x8000 | (frame & 0x7fff)));
  writer.u8(static_cast<std::uint8_t>(frame));
  if (!first) return;
  writer.u24(key ? 0x100000 : 0x110000);
  if (key) {
    writer.u24(0x9d012a);    // RFC 6386 §9.1: the start code,
    writer.u32(0x0005d002);  // and 1280 by 720
  }
}

}  // namespace

const std::vector<std::vector<std::byte>>& Stream::next_frame(TimePoint now) {
  packets_.resize(options_.packets_per_frame);
  for (std::size_t i = 0; i < packets_.size(); ++i) write_packet(packets_[i], i, now);
  ++frame_;
  return packets_;
}

TimePoint Stream::made_at(Bytes packet) {
  if (packet.size() < kTimeBytes) return {};
  return TimePoint(Duration(static_cast<Duration::rep>(ByteReader(packet.last(kTimeBytes)).u64())));
}

void Stream::write_packet(std::vector<std::byte>& packet, std::size_t index, TimePoint now) {
  packet.assign(options_.packet_bytes, std::byte{0x5a});
  ByteWriter(MutableBytes(packet).last(kTimeBytes)).u64(static_cast<std::uint64_t>(now.time_since_epoch().count()));
  ByteWriter writer{MutableBytes(packet)};
  const bool video = options_.kind == Kind::Video;
  const std::uint32_t clock = video ? 90'000 : 48'000;
  const std::array level{kLevel};
  const rtp::Extension extensions[] = {{options_.audio_level_id, level}};
  rtp::write_header(writer,
                    {.marker = video && index + 1 == options_.packets_per_frame,
                     .payload_type = options_.payload_type,
                     .sequence = sequence_++,
                     .timestamp = frame_ * (clock / static_cast<std::uint32_t>(options_.frames_per_second)),
                     .ssrc = options_.ssrc},
                    extensions);
  if (video) write_vp8(writer, frame_, index == 0, frame_ % options_.frames_per_second == 0);
}

}  // namespace conclave::load
