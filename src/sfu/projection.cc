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

std::optional<std::uint16_t> Projection::Input::picture_id() const {
  if (vp8 != nullptr) return vp8->picture_id;
  return vp9 != nullptr ? vp9->picture_id : std::nullopt;
}

std::optional<std::uint8_t> Projection::Input::tl0() const {
  if (vp8 != nullptr) return vp8->tl0_picture_index;
  return vp9 != nullptr ? vp9->tl0_picture_index : std::nullopt;
}

void Projection::set_target(LayerIndex layer) {
  target_ = layer;
  if (starts_at_key_frame_ && !layer.none() && !layers_) layers_ = std::make_unique<LayerState>();
  if (layer.none()) {
    current_ = kNoEncoding;
    waits_for_codec_ = false;
  } else if (!starts_at_key_frame_ && current_ != kNoEncoding) {
    current_ = layer.encoding;
  }
  set_layers();
}

bool Projection::needs_key_frame() const {
  if (!starts_at_key_frame_ || target_.none()) return false;
  if (current_ != target_.encoding || waits_for_codec_) return true;
  if (has_dependencies_) return layers_->descriptor.needs_key_frame();
  return codec_ == rtp::Codec::Vp9 && layers_->vp9.needs_key_frame();
}

// While a lower encoding is waited for the lowest temporal layer of this one will do; while a higher one is, all that there is.
void Projection::set_layers() {
  if (!layers_ || current_ == kNoEncoding) return;
  const bool there = current_ == target_.encoding;
  const std::uint8_t otherwise = target_.encoding < current_ ? 0 : kAllLayers;
  const std::uint8_t spatial = there ? target_.spatial : kAllLayers;
  const std::uint8_t temporal = there ? target_.temporal : otherwise;
  layers_->vp8.set_target(temporal);
  layers_->vp9.set_target(spatial, temporal);
  layers_->descriptor.set_target(spatial, temporal);
}

void Projection::begin_layers(const Input& in) {
  if (!layers_) return;
  layers_->sequences.begin(begin_);
  const bool there = current_ == target_.encoding;
  const std::uint8_t spatial = there ? target_.spatial : kAllLayers;
  const std::uint8_t temporal = there ? target_.temporal : kAllLayers;
  if (in.vp8 != nullptr) layers_->vp8.begin(*in.vp8, temporal);
  if (in.vp9 != nullptr) layers_->vp9.begin(*in.vp9, spatial, temporal);
  has_dependencies_ = has_dependencies(in);
  if (has_dependencies_) layers_->descriptor.begin(*in.dependencies, *in.structure, spatial, temporal);
}

bool Projection::wants_layer(const Input& in) {
  if (in.vp8 != nullptr) return layers_->vp8.forward(*in.vp8);
  if (in.vp9 != nullptr) return layers_->vp9.forward(*in.vp9);
  if (has_dependencies_ && has_dependencies(in)) return layers_->descriptor.forward(*in.dependencies, *in.structure);
  return true;
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
  begin_layers(in);
  if (!out.used) {
    sequence_offset_ = 0;
    timestamp_offset_ = 0;
    picture_offset_ = 0;
    tl0_offset_ = 0;
    frame_offset_ = 0;
    template_shift_ = 0;
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
  picture_offset_ = picture(out.picture_id + 1 - in.picture_id().value_or(0));
  tl0_offset_ = static_cast<std::uint8_t>(out.tl0 + 1 - in.tl0().value_or(0));
  // A receiver drops a key frame whose number is behind that of the last structure of templates.
  frame_offset_ = static_cast<std::uint16_t>(out.frame_number + 1 - in.frame_number.value_or(0));
  // Nor may the new templates have the ids of the old ones, to which late packets refer.
  template_shift_ = in.structure == nullptr ? std::uint8_t{0}
                                            : static_cast<std::uint8_t>((out.template_offset + out.template_count - in.structure->offset) & 0x3f);
}

std::optional<Projection::Numbers> Projection::project(TimePoint now, const Input& in, OutboundSsrc& out) {
  if (target_.none()) return std::nullopt;
  if (current_ == kNoEncoding || in.encoding != current_) {
    if (!may_start(in)) return std::nullopt;
    start(now, in, out);
  } else if (starts_at_key_frame_ && in.codec != codec_) {
    if (unwrapper_.peek(in.sequence) < begin_) return std::nullopt;  // late, of the codec before
    // The sender has changed the codec on the same SSRC (media.md 3.1): nothing tells receivers but the payload type.
    waits_for_codec_ = true;
    if (!in.begins_key_frame) return std::nullopt;
    start(now, in, out);
  }
  const std::int64_t unwrapped = unwrapper_.unwrap(in.sequence);
  if (unwrapped < begin_ || unwrapper_.highest() - unwrapped > kMaxLateness) return std::nullopt;

  if (layers_) {
    if (!wants_layer(in)) {
      layers_->sequences.drop(unwrapped);
      return std::nullopt;
    }
    layers_->sequences.forward(unwrapped);
  }
  const Numbers numbers = map(in);
  if (!out.used || rtp::ahead(numbers.sequence, out.sequence) > 0) {
    out.used = true;
    out.sequence = numbers.sequence;
    out.timestamp = numbers.timestamp;
    if (in.picture_id()) out.picture_id = numbers.picture_id;
    if (in.tl0()) out.tl0 = numbers.tl0;
    if (in.frame_number) out.frame_number = numbers.descriptor.number;
    if (in.dependencies != nullptr && in.dependencies->carries_structure) {
      out.template_offset = (in.structure->offset + template_shift_) & 0x3f;
      out.template_count = in.structure->template_count;
    }
    out.marker = numbers.marker;
    out.sent = now;
  }
  return numbers;
}

rtp::DescriptorChange Projection::map_descriptor(const Input& in) const {
  rtp::DescriptorChange change{.number = static_cast<std::uint16_t>(in.frame_number.value_or(0) + frame_offset_),
                               .template_shift = template_shift_};
  if (!layers_ || !has_dependencies_ || !has_dependencies(in) || !layers_->descriptor.tells_active(*in.dependencies)) return change;
  change.targets = in.structure->target_count;
  change.active_at = in.dependencies->active_at;
  change.active = layers_->descriptor.active();
  return change;
}

Projection::Numbers Projection::map(const Input& in) const {
  const int left_out = layers_ && in.vp8 != nullptr ? layers_->vp8.left_out(*in.vp8) : 0;
  const bool ends = layers_ && ((in.vp9 != nullptr && layers_->vp9.ends_picture(*in.vp9)) ||
                                (has_dependencies_ && has_dependencies(in) && layers_->descriptor.ends_picture(*in.dependencies)));
  return {.sequence = static_cast<std::uint16_t>(in.sequence + sequence_offset_ - left_out_before(unwrapper_.peek(in.sequence))),
          .timestamp = in.timestamp + timestamp_offset_,
          .picture_id = picture(in.picture_id().value_or(0) + picture_offset_ - left_out),
          .tl0 = static_cast<std::uint8_t>(in.tl0().value_or(0) + tl0_offset_),
          .descriptor = map_descriptor(in),
          .marker = in.marker || ends};
}

std::optional<std::int64_t> Projection::find_input(std::uint16_t sent_sequence) const {
  if (current_ == kNoEncoding) return std::nullopt;
  if (!layers_) {
    const std::int64_t unwrapped = unwrapper_.peek(static_cast<std::uint16_t>(sent_sequence - sequence_offset_));
    return unwrapped < begin_ || unwrapped > unwrapper_.highest() ? std::nullopt : std::optional(unwrapped);
  }
  std::int64_t left_out = layers_->sequences.dropped_in_all();
  const std::int64_t oldest = std::max(begin_, unwrapper_.highest() - kMaxLateness);
  for (std::int64_t n = unwrapper_.highest(); n >= oldest; --n) {
    if (layers_->sequences.closed_up(n)) {
      --left_out;
    } else if (static_cast<std::uint16_t>(n + sequence_offset_ - left_out) == sent_sequence) {
      return n;
    }
  }
  return std::nullopt;
}

std::optional<std::uint16_t> Projection::input_of(std::uint16_t sent_sequence) const {
  const auto found = find_input(sent_sequence);
  if (!found || (layers_ && layers_->sequences.dropped(*found))) return std::nullopt;
  return static_cast<std::uint16_t>(*found);
}

bool Projection::left_hole(std::uint16_t sent_sequence) const {
  const auto found = find_input(sent_sequence);
  return found && layers_ && layers_->sequences.dropped(*found);
}

}  // namespace conclave::sfu
