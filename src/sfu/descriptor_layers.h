#pragma once
// Which frames of a stream with dependency descriptors go to one receiver (AV1 and H.264; media.md 12.4): those of one decode target. To another
// one it goes over at a frame that allows it, and all of whose references went out. Pure; no allocation.
#include <array>
#include <cstdint>

#include "sfu/rtp/frame_dependencies.h"
#include "sfu/rtp/sequence.h"

namespace conclave::sfu {

class DescriptorLayers {
 public:
  // At the frame that brings the structure with which a stretch begins.
  void begin(const rtp::FrameDependencies& first, const rtp::DependencyStructure& structure, std::uint8_t spatial, std::uint8_t temporal);
  void set_target(std::uint8_t spatial, std::uint8_t temporal);
  // All packets of a frame get the same answer. `structure` is that of the stream, after the packet.
  bool forward(const rtp::FrameDependencies& packet, const rtp::DependencyStructure& structure);
  // The packet, which is forwarded, is the last of its picture for this receiver: it needs RTP's marker.
  bool ends_picture(const rtp::FrameDependencies& packet) const { return packet.ends_frame && packet.spatial >= highest_spatial_; }
  bool needs_key_frame() const { return waiting_ > kPatience; }
  // The decode targets up to the one that goes out, of those that the sender sends.
  std::uint32_t active() const { return active_; }
  // The mask is to be written into the packet: the sender did so, or the target has changed.
  bool tells_active(const rtp::FrameDependencies& packet) const;

 private:
  static constexpr std::int64_t kFrames = 128;
  static constexpr int kPatience = 16;  // frames without a place to go over, after which only a key frame will bring one
  enum class Fate : std::uint8_t { Unknown, Forwarded, Dropped };
  struct Frame {
    std::uint16_t number = 0;
    Fate fate = Fate::Unknown;
  };
  Fate fate(std::uint16_t number) const {
    const Frame& of = frames_[number % kFrames];
    return of.number == number ? of.fate : Fate::Unknown;
  }
  // Of all that it refers to.
  bool any_dropped(const rtp::FrameDependencies& packet) const;
  bool all_forwarded(const rtp::FrameDependencies& packet) const;
  void go_to(std::size_t target, const rtp::DependencyStructure& structure);
  std::size_t wanted(const rtp::DependencyStructure& structure) const;

  rtp::SequenceUnwrapper unwrapper_;
  std::uint8_t spatial_ = 0;
  std::uint8_t temporal_ = 0;
  std::size_t current_ = 0;  // decode target
  std::uint8_t highest_spatial_ = 0;
  std::uint32_t active_ = 0;
  std::int64_t changed_at_ = 0;  // the frame
  int waiting_ = 0;
  std::array<Frame, kFrames> frames_{};
};

}  // namespace conclave::sfu
