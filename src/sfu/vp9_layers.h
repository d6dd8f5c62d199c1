#pragma once
// Which frames of a VP9 stream go to one receiver (RFC 9628 §4.2; media.md 12.3): one spatial layer with what it needs below it, and temporal
// layers. A picture has a frame for each spatial layer; with K-SVC they need each other at key pictures alone, so that in between the lower
// ones stay here, and going down takes a key picture. Pure; no allocation.
#include <array>
#include <cstdint>

#include "sfu/rtp/sequence.h"
#include "sfu/rtp/vp9.h"
#include "sfu/temporal_layers.h"

namespace conclave::sfu {

class Vp9Layers {
 public:
  void begin(const rtp::Vp9Descriptor& first, std::uint8_t spatial, std::uint8_t temporal);
  void set_target(std::uint8_t spatial, std::uint8_t temporal);
  // All packets of a frame get the same answer.
  bool forward(const rtp::Vp9Descriptor& packet);
  // The packet, which is forwarded, is the last of its picture for this receiver: it needs RTP's marker.
  bool ends_picture(const rtp::Vp9Descriptor& packet) const;
  // Only a key picture brings the layer that is wanted.
  bool needs_key_frame() const;
  std::uint8_t current() const { return current_; }

 private:
  static constexpr std::size_t kPictures = 64;
  static constexpr std::int64_t kGone = 16;  // pictures without a layer, after which the sender is taken to have stopped it
  struct Picture {
    std::int64_t number = -1;
    std::uint8_t forwarded = 0;  // spatial layers, a bit each
    std::uint8_t dropped = 0;
    bool predicted = true;
  };
  Picture& picture(std::int64_t number) { return pictures_[static_cast<std::size_t>(number) % kPictures]; }
  const Picture& picture(std::int64_t number) const { return pictures_[static_cast<std::size_t>(number) % kPictures]; }
  bool refers_to_what_went_out(const rtp::Vp9Descriptor& packet, std::int64_t number) const;
  bool wants_spatial(const rtp::Vp9Descriptor& packet, const Picture& of) const;
  void took(const rtp::Vp9Descriptor& packet, const Picture& of);
  void go_down(std::int64_t number);
  std::uint8_t wanted() const;

  rtp::PictureUnwrapper unwrapper_;
  TemporalLayers temporal_;
  std::uint8_t target_ = 0;   // spatial
  std::uint8_t current_ = 0;  // spatial, the highest that goes out
  std::uint8_t whole_ = 0;    // spatial layers of which nothing was left out since the last key picture
  std::uint8_t layers_ = 1;   // that the stream says it has
  std::int64_t newest_ = 0;
  std::array<std::int64_t, rtp::kMaxVp9Layers> last_seen_{};
  std::array<std::int64_t, rtp::kMaxVp9Layers> last_dropped_{};
  std::array<std::int64_t, rtp::kMaxVp9Layers> began_{};  // at which picture
  std::array<Picture, kPictures> pictures_{};
};

}  // namespace conclave::sfu
