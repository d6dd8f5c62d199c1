#pragma once
// One source as one receiver sees it: which of the encodings is forwarded, which layers of it, and under which numbers (media.md 12), so that
// the receiver sees one continuous stream. Pure; owned by the send stream; allocates nothing but once, when video is first wanted.
//
//   target none ──set_target──► waiting for a key frame ──key frame──► forwarding ──other target──► forwarding the old encoding and
//        ▲                                                               │   ▲                      waiting for a key frame nearer to it
//        └────────────────────────── set_target(none) ───────────────────┘   └───────────────────────────┘
//
// Sequence numbers never repeat over the life of an OutboundSsrc: what belongs to an earlier stretch is dropped, and each stretch
// begins behind all that was sent.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

#include "base/time.h"
#include "sfu/descriptor_layers.h"
#include "sfu/drop_window.h"
#include "sfu/layer_index.h"
#include "sfu/rtp/codec.h"
#include "sfu/rtp/sequence.h"
#include "sfu/vp8_layers.h"
#include "sfu/vp9_layers.h"

namespace conclave::sfu {

class SendStream;

// What is remembered of an SSRC that a receiver was sent, for as long as its keys live, also when the source is gone.
struct OutboundSsrc {
  bool used = false;
  std::uint16_t sequence = 0;  // the highest sent
  std::uint32_t timestamp = 0;
  std::uint16_t picture_id = 0;
  std::uint8_t tl0 = 0;
  std::uint16_t frame_number = 0;    // of the dependency descriptor
  std::uint8_t template_offset = 0;  // of the last structure
  std::uint8_t template_count = 0;
  std::uint32_t packets = 0;       // RFC 3550 §6.4.1
  std::uint32_t octets = 0;
  bool marker = true;  // the last packet sent ended a frame
  TimePoint sent{};
  SendStream* stream = nullptr;  // whose media this is now, if any
};

class Projection {
 public:
  struct Input {
    int encoding = 0;
    rtp::Codec codec = rtp::Codec::Other;
    bool begins_key_frame = false;
    bool marker = false;
    std::uint16_t sequence = 0;
    std::uint32_t timestamp = 0;
    const rtp::Vp8Descriptor* vp8 = nullptr;  // of packets of that codec
    const rtp::Vp9Descriptor* vp9 = nullptr;
    std::optional<std::uint16_t> frame_number = std::nullopt;  // of a dependency descriptor, even if no more is known of it
    const rtp::FrameDependencies* dependencies = nullptr;      // the whole of it, with
    const rtp::DependencyStructure* structure = nullptr;       // what it refers to

    std::optional<std::uint16_t> picture_id() const;
    std::optional<std::uint8_t> tl0() const;
  };
  struct Numbers {
    std::uint16_t sequence = 0;
    std::uint32_t timestamp = 0;
    std::uint16_t picture_id = 0;
    std::uint8_t tl0 = 0;
    rtp::DescriptorChange descriptor = {};
    bool marker = false;
  };

  // Audio begins anywhere, video at a key frame.
  explicit Projection(bool starts_at_key_frame) : starts_at_key_frame_(starts_at_key_frame) {}

  void set_target(LayerIndex layer);
  // It goes out under another SSRC from now on: begins anew there.
  void begin_anew();
  int target() const { return target_.encoding; }
  LayerIndex target_layer() const { return target_; }
  int current() const { return current_; }
  bool needs_key_frame() const;

  // The numbers under which the packet goes out, or nothing: it is not for this receiver. Moves `out` on.
  std::optional<Numbers> project(TimePoint now, const Input& in, OutboundSsrc& out);
  // The numbers of the current stretch, whether sent or not.
  Numbers map(const Input& in) const;
  // The timestamp that a sender report of the current encoding is given.
  std::uint32_t map_timestamp(std::uint32_t timestamp) const { return timestamp + timestamp_offset_; }
  // The other way round, for a packet of the current stretch; nothing if it does not belong there.
  std::optional<std::uint16_t> input_of(std::uint16_t sent_sequence) const;
  // Nothing goes out under that number of the current stretch: when its packet came, and was not for this receiver, later ones had been sent.
  bool left_hole(std::uint16_t sent_sequence) const;

 private:
  bool may_start(const Input& in) const;
  void start(TimePoint now, const Input& in, const OutboundSsrc& out);
  void begin_layers(const Input& in);
  void set_layers();
  bool wants_layer(const Input& in);
  static bool has_dependencies(const Input& in) { return in.dependencies != nullptr && in.vp8 == nullptr && in.vp9 == nullptr; }
  rtp::DescriptorChange map_descriptor(const Input& in) const;
  std::optional<std::int64_t> find_input(std::uint16_t sent_sequence) const;
  std::int64_t left_out_before(std::int64_t unwrapped) const { return layers_ ? layers_->sequences.dropped_before(unwrapped) : 0; }

  // Of video that is wanted.
  struct LayerState {
    DropWindow sequences;  // of the stretch: packets that are not for this receiver
    Vp8Layers vp8;
    Vp9Layers vp9;
    DescriptorLayers descriptor;  // all other codecs, if they have one
  };

  const bool starts_at_key_frame_;
  LayerIndex target_;
  int current_ = kNoEncoding;
  int last_ = kNoEncoding;  // the encoding that the offsets belong to
  rtp::Codec codec_ = rtp::Codec::Other;
  bool waits_for_codec_ = false;
  std::unique_ptr<LayerState> layers_;
  rtp::SequenceUnwrapper unwrapper_;
  std::int64_t begin_ = 0;  // of the stretch
  std::uint16_t sequence_offset_ = 0;
  std::uint32_t timestamp_offset_ = 0;
  std::uint16_t picture_offset_ = 0;
  std::uint8_t tl0_offset_ = 0;
  std::uint16_t frame_offset_ = 0;
  std::uint8_t template_shift_ = 0;
  bool has_dependencies_ = false;  // of the stretch
};

}  // namespace conclave::sfu
