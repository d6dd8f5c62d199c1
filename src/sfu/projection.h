#pragma once
// One source as one receiver sees it: which of the encodings is forwarded, and under which numbers (media.md 12.1, 12.2), so that the
// receiver sees one continuous stream. Pure; owned by the send stream; no allocation.
//
//   target none ──set_target──► waiting for a key frame ──key frame──► forwarding ──other target──► forwarding the old encoding and
//        ▲                                                               │   ▲                      waiting for a key frame nearer to it
//        └────────────────────────── set_target(none) ───────────────────┘   └───────────────────────────┘
//
// Sequence numbers never repeat over the life of an OutboundSsrc: what belongs to an earlier stretch is dropped, and each stretch
// begins behind all that was sent.
#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/time.h"
#include "sfu/layer_index.h"
#include "sfu/rtp/codec.h"
#include "sfu/rtp/sequence.h"

namespace conclave::sfu {

class SendStream;

// What is remembered of an SSRC that a receiver was sent, for as long as its keys live, also when the source is gone.
struct OutboundSsrc {
  bool used = false;
  std::uint16_t sequence = 0;  // the highest sent
  std::uint32_t timestamp = 0;
  std::uint16_t picture_id = 0;
  std::uint8_t tl0 = 0;
  std::uint16_t frame_number = 0;  // of the dependency descriptor
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
    std::optional<std::uint16_t> picture_id = std::nullopt;
    std::optional<std::uint8_t> tl0 = std::nullopt;
    std::optional<std::uint16_t> frame_number = std::nullopt;
  };
  struct Numbers {
    std::uint16_t sequence = 0;
    std::uint32_t timestamp = 0;
    std::uint16_t picture_id = 0;
    std::uint8_t tl0 = 0;
    std::uint16_t frame_number = 0;
  };

  // Audio begins anywhere, video at a key frame.
  explicit Projection(bool starts_at_key_frame) : starts_at_key_frame_(starts_at_key_frame) {}

  void set_target(LayerIndex layer);
  // It goes out under another SSRC from now on: begins anew there.
  void begin_anew();
  int target() const { return target_.encoding; }
  LayerIndex target_layer() const { return target_; }
  int current() const { return current_; }
  bool needs_key_frame() const { return starts_at_key_frame_ && !target_.none() && (current_ != target_.encoding || waits_for_codec_); }

  // The numbers under which the packet goes out, or nothing: it is not for this receiver. Moves `out` on.
  std::optional<Numbers> project(TimePoint now, const Input& in, OutboundSsrc& out);
  // The numbers of the current stretch, whether sent or not.
  Numbers map(const Input& in) const;
  // The timestamp that a sender report of the current encoding is given.
  std::uint32_t map_timestamp(std::uint32_t timestamp) const { return timestamp + timestamp_offset_; }
  // The other way round, for a packet of the current stretch; nothing if it does not belong there.
  std::optional<std::uint16_t> input_of(std::uint16_t sent_sequence) const;

 private:
  bool may_start(const Input& in) const;
  void start(TimePoint now, const Input& in, const OutboundSsrc& out);

  const bool starts_at_key_frame_;
  LayerIndex target_;
  int current_ = kNoEncoding;
  int last_ = kNoEncoding;  // the encoding that the offsets belong to
  rtp::Codec codec_ = rtp::Codec::Other;
  bool waits_for_codec_ = false;
  rtp::SequenceUnwrapper unwrapper_;
  std::int64_t begin_ = 0;  // of the stretch
  std::uint16_t sequence_offset_ = 0;
  std::uint32_t timestamp_offset_ = 0;
  std::uint16_t picture_offset_ = 0;
  std::uint8_t tl0_offset_ = 0;
  std::uint16_t frame_offset_ = 0;
};

}  // namespace conclave::sfu
