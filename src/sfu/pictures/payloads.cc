#include "sfu/pictures/payloads.h"

#include <algorithm>
#include <utility>

#include "sfu/rtp/descriptor_writer.h"
#include "sfu/rtp/vp8.h"
#include "sfu/rtp/vp9.h"

namespace conclave::sfu::pictures {
namespace {

constexpr std::byte kStartCode[] = {std::byte{0}, std::byte{0}, std::byte{0}, std::byte{1}};
constexpr std::size_t kUnitHeader = 1;

void append(std::vector<std::byte>& to, Bytes bytes) { to.insert(to.end(), bytes.begin(), bytes.end()); }

std::vector<Bytes> pieces(Bytes bytes, std::size_t size) {
  std::vector<Bytes> result;
  for (std::size_t at = 0; at < bytes.size(); at += size) result.push_back(bytes.subspan(at, std::min(size, bytes.size() - at)));
  return result;
}

// The units of an Annex B stream, without their start codes.
std::vector<Bytes> units(Bytes stream) {
  std::vector<std::size_t> starts;
  for (std::size_t i = 0; i + 3 <= stream.size(); ++i) {
    if (std::to_integer<int>(stream[i]) == 0 && std::to_integer<int>(stream[i + 1]) == 0 && std::to_integer<int>(stream[i + 2]) == 1) {
      starts.push_back(i + 3);
      i += 2;
    }
  }
  std::vector<Bytes> result;
  for (std::size_t i = 0; i < starts.size(); ++i) {
    std::size_t end = i + 1 < starts.size() ? starts[i + 1] - 3 : stream.size();
    while (end > starts[i] && std::to_integer<int>(stream[end - 1]) == 0) --end;
    result.push_back(stream.subspan(starts[i], end - starts[i]));
  }
  return result;
}

std::vector<Payload> h264(Bytes stream) {
  std::vector<Payload> result;
  Payload aggregate{std::byte{0x78}};  // STAP-A
  for (const Bytes unit : units(stream)) {
    const auto type = std::to_integer<int>(unit[0]) & 0x1f;
    if (type >= 6 && type <= 9) {  // parameter sets and the like, together
      aggregate.push_back(static_cast<std::byte>(unit.size() >> 8));
      aggregate.push_back(static_cast<std::byte>(unit.size() & 0xff));
      append(aggregate, unit);
      continue;
    }
    if (aggregate.size() > 1) result.push_back(std::exchange(aggregate, Payload{std::byte{0x78}}));
    if (unit.size() <= kPayloadBytes) {
      result.emplace_back(unit.begin(), unit.end());
      continue;
    }
    const auto parts = pieces(unit.subspan(kUnitHeader), kPayloadBytes);
    for (std::size_t i = 0; i < parts.size(); ++i) {
      const int fragment = type | (i == 0 ? 0x80 : 0) | (i + 1 == parts.size() ? 0x40 : 0);
      Payload payload{(unit[0] & std::byte{0x60}) | std::byte{28}, static_cast<std::byte>(fragment)};
      append(payload, parts[i]);
      result.push_back(std::move(payload));
    }
  }
  return result;
}

bool from_h264(Bytes payload, std::vector<std::byte>& frame) {
  const auto type = std::to_integer<int>(payload[0]) & 0x1f;
  if (type == 24) {
    ByteReader reader(payload.subspan(1));
    while (reader.left() > 2) {
      append(frame, kStartCode);
      append(frame, reader.bytes(reader.u16()));
    }
    return reader.ok();
  }
  if (type == 28) {
    if (payload.size() < 2) return false;
    if ((payload[1] & std::byte{0x80}) != std::byte{}) {
      append(frame, kStartCode);
      frame.push_back((payload[0] & std::byte{0xe0}) | (payload[1] & std::byte{0x1f}));
    }
    append(frame, payload.subspan(2));
    return true;
  }
  append(frame, kStartCode);
  append(frame, payload);
  return true;
}

}  // namespace

std::vector<Payload> Packetiser::vp8(const EncodedFrame& frame) {
  if (frame.temporal == 0) ++tl0_;
  const auto parts = pieces(frame.bytes, kPayloadBytes);
  std::vector<Payload> result;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const int last = frame.temporal << 6 | (frame.layer_sync ? 0x20 : 0);
    Payload payload{static_cast<std::byte>(i == 0 ? 0x90 : 0x80), std::byte{0xe0}, static_cast<std::byte>(0x80 | picture_ >> 8),
                    static_cast<std::byte>(picture_ & 0xff), std::byte{tl0_}, static_cast<std::byte>(last)};
    append(payload, parts[i]);
    result.push_back(std::move(payload));
  }
  picture_ = (picture_ + 1) & 0x7fff;
  return result;
}

// With the layers of the pattern 0 2 1 2: the lowest refers to the lowest, as does the middle one, the highest to the picture before it.
Payload Packetiser::vp9_descriptor(const EncodedFrame& frame, bool first, bool last) const {
  const bool structure = frame.key && first;
  const int flags = 0xa0 | (frame.predicted ? 0x40 : 0) | (flexible_ ? 0x10 : 0) | (first ? 8 : 0) | (last ? 4 : 0) | (structure ? 2 : 0) |
                    (frame.not_for_upper ? 1 : 0);
  const int layer = frame.temporal << 5 | (frame.temporal == 0 ? 0x10 : 0) | frame.spatial << 1 | (frame.depends_on_lower ? 1 : 0);
  Payload payload{static_cast<std::byte>(flags), static_cast<std::byte>(0x80 | picture_ >> 8), static_cast<std::byte>(picture_ & 0xff),
                  static_cast<std::byte>(layer)};
  if (!flexible_) {
    payload.push_back(std::byte{tl0_});
  } else if (frame.predicted) {
    const int back = frame.temporal == 2 ? 1 : (picture_ - last_lowest_) & 0x7fff;
    payload.push_back(static_cast<std::byte>(back << 1));
  }
  if (structure) payload.push_back(std::byte{2 << 5});  // three layers
  return payload;
}

std::vector<Payload> Packetiser::vp9(const EncodedFrame& frame) {
  if (frame.temporal == 0 && frame.spatial == 0) ++tl0_;
  const auto parts = pieces(frame.bytes, kPayloadBytes);
  std::vector<Payload> result;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    Payload payload = vp9_descriptor(frame, i == 0, i + 1 == parts.size());
    append(payload, parts[i]);
    result.push_back(std::move(payload));
  }
  if (frame.top) {
    if (frame.temporal == 0) last_lowest_ = picture_;
    picture_ = (picture_ + 1) & 0x7fff;
  }
  return result;
}

// Templates in the order of spatial layers: of a key picture, of the lower and of the higher temporal layer. A frame refers to the last one of
// the lower temporal layer, three frames back or six, and to the frame below. Decode targets: 00, 01, 10, 11, 20, 21.
Payload Packetiser::dependencies(const EncodedFrame& frame, bool first, bool last) {
  static const rtp::DescriptorWriter writer({{0, 0, "SSSSSS", {}}, {0, 0, "SSRRRR", {6}}, {0, 1, "-D-R-R", {3}},
                                             {1, 0, "--SSRR", {1}}, {1, 0, "--SSRR", {6, 1}}, {1, 1, "---D-R", {3, 1}},
                                             {2, 0, "----SS", {1}}, {2, 0, "----SS", {6, 1}}, {2, 1, "-----D", {3, 1}}},
                                            6, {{64, 48}, {128, 96}, {256, 192}});
  const unsigned place = frame.temporal == 1 ? 2u : frame.predicted ? 1u : 0u;
  return writer.write({.template_index = frame.spatial * 3u + place,
                       .number = last ? frame_++ : frame_,
                       .begins = first,
                       .ends = last,
                       .structure = first && frame.key});
}

// What an AV1 payload holds is nothing to a server that reads the descriptor, so the frame is cut anywhere, behind an aggregation header.
static std::vector<Payload> av1(const EncodedFrame& frame) {
  std::vector<Payload> result;
  for (const Bytes part : pieces(frame.bytes, kPayloadBytes)) {
    Payload payload{static_cast<std::byte>(frame.key && result.empty() ? 0x18 : 0x10)};
    append(payload, part);
    result.push_back(std::move(payload));
  }
  return result;
}

std::vector<Payload> Packetiser::packetise(const EncodedFrame& frame) {
  switch (codec_) {
    case rtp::Codec::Vp8: return vp8(frame);
    case rtp::Codec::Vp9: return vp9(frame);
    case rtp::Codec::Av1: return av1(frame);
    case rtp::Codec::H264: return h264(frame.bytes);
    default: return {};
  }
}

bool depacketise(rtp::Codec codec, Bytes payload, std::vector<std::byte>& frame) {
  if (payload.empty()) return false;
  switch (codec) {
    case rtp::Codec::Vp8: {
      const auto descriptor = rtp::Vp8Descriptor::parse(payload);
      if (!descriptor) return false;
      append(frame, payload.subspan(descriptor->size));
      return true;
    }
    case rtp::Codec::Vp9: {
      const auto descriptor = rtp::Vp9Descriptor::parse(payload);
      if (!descriptor) return false;
      append(frame, payload.subspan(descriptor->size));
      return true;
    }
    case rtp::Codec::Av1: append(frame, payload.subspan(1)); return true;
    case rtp::Codec::H264: return from_h264(payload, frame);
    default: return false;
  }
}

}  // namespace conclave::sfu::pictures
