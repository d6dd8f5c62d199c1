#include "sfu/projection.h"

#include <algorithm>

namespace conclave::sfu {
namespace {

constexpr std::uint32_t kFrameTicks = 3000;          // 33 ms of 90 kHz
constexpr std::int64_t kMaxLateness = 1000;          // within libsrtp's replay window, which also guards what we send
constexpr std::int32_t kMaxTimestampStep = 90000 * 600;

// Within 15 bits.
std::uint16_t picture(int value) { return static_cast<std::uint16_t>(value & 0x7fff); }

}  // namespace

void Projection::set_target(LayerIndex layer) {
  target_ = layer;
  if (layer.none()) {
    current_ = kNoEncoding;
    waits_for_codec_ = false;
  } else if (!starts_at_key_frame_ && current_ != kNoEncoding) {
    current_ = layer.encoding;
  }
}

void Projection::begin_anew() {
  current_ = kNoEncoding;
  last_ = kNoEncoding;
  waits_for_codec_ = false;
}

bool Projection::may_start(const Input& in) const {
  if (!starts_at_key_frame_) return in.encoding == target_;
  if (!in.begins_key_frame) return false;
  if (in.encoding == target_.encoding) return true;
  // Nearer to the target is better than where we are: start low, then jump up.
  if (current_ == kNoEncoding) return in.encoding < target_.encoding;
  return (current_ < in.encoding && in.encoding < target_.encoding) || (target_.encoding < in.encoding && in.encoding < current_);
}

void Projection::start(TimePoint now, const Input& in, const OutboundSsrc& out) {
  const bool same_clock = in.encoding == last_;
  current_ = in.encoding;
  last_ = in.encoding;
  codec_ = in.codec;
  waits_for_codec_ = false;
  unwrapper_ = rtp::SequenceUnwrapper();
  begin_ = unwrapper_.unwrap(in.sequence);
  if (!out.used) {
    sequence_offset_ = 0;
    timestamp_offset_ = 0;
    picture_offset_ = 0;
    tl0_offset_ = 0;
    frame_offset_ = 0;
    return;
  }
  // One number is left out after an unfinished frame, so that the receiver notices that it is incomplete.
  const int step = out.marker || !starts_at_key_frame_ ? 1 : 2;
  sequence_offset_ = static_cast<std::uint16_t>(out.sequence + step - in.sequence);
  const std::int32_t kept = rtp::ahead(in.timestamp + timestamp_offset_, out.timestamp);
  if (!same_clock || kept <= 0 || kept > kMaxTimestampStep) {
    const auto elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(now - out.sent).count() * 90;
    const auto ticks = static_cast<std::uint32_t>(std::clamp<std::int64_t>(elapsed, kFrameTicks, kMaxTimestampStep));
    timestamp_offset_ = out.timestamp + ticks - in.timestamp;
  }
  picture_offset_ = picture(out.picture_id + 1 - in.picture_id.value_or(0));
  tl0_offset_ = static_cast<std::uint8_t>(out.tl0 + 1 - in.tl0.value_or(0));
  // A receiver drops a key frame whose number is behind that of the last structure of templates.
  frame_offset_ = static_cast<std::uint16_t>(out.frame_number + 1 - in.frame_number.value_or(0));
}

std::optional<Projection::Numbers> Projection::project(TimePoint now, const Input& in, OutboundSsrc& out) {
  if (target_.none()) return std::nullopt;
  if (current_ == kNoEncoding || in.encoding != current_) {
    if (!may_start(in)) return std::nullopt;
    start(now, in, out);
  } else if (starts_at_key_frame_ && in.codec != codec_) {
    // The sender has changed the codec on the same SSRC (media.md 3.1): nothing tells receivers but the payload type.
    waits_for_codec_ = true;
    if (!in.begins_key_frame) return std::nullopt;
    start(now, in, out);
  }
  const std::int64_t unwrapped = unwrapper_.unwrap(in.sequence);
  if (unwrapped < begin_ || unwrapper_.highest() - unwrapped > kMaxLateness) return std::nullopt;

  const Numbers numbers = map(in);
  if (!out.used || rtp::ahead(numbers.sequence, out.sequence) > 0) {
    out.used = true;
    out.sequence = numbers.sequence;
    out.timestamp = numbers.timestamp;
    if (in.picture_id) out.picture_id = numbers.picture_id;
    if (in.tl0) out.tl0 = numbers.tl0;
    if (in.frame_number) out.frame_number = numbers.frame_number;
    out.marker = in.marker;
    out.sent = now;
  }
  return numbers;
}

Projection::Numbers Projection::map(const Input& in) const {
  return {.sequence = static_cast<std::uint16_t>(in.sequence + sequence_offset_),
          .timestamp = in.timestamp + timestamp_offset_,
          .picture_id = picture(in.picture_id.value_or(0) + picture_offset_),
          .tl0 = static_cast<std::uint8_t>(in.tl0.value_or(0) + tl0_offset_),
          .frame_number = static_cast<std::uint16_t>(in.frame_number.value_or(0) + frame_offset_)};
}

std::optional<std::uint16_t> Projection::input_of(std::uint16_t sent_sequence) const {
  if (current_ == kNoEncoding) return std::nullopt;
  const auto sequence = static_cast<std::uint16_t>(sent_sequence - sequence_offset_);
  const std::int64_t unwrapped = unwrapper_.peek(sequence);
  if (unwrapped < begin_ || unwrapped > unwrapper_.highest()) return std::nullopt;
  return sequence;
}

}  // namespace conclave::sfu
