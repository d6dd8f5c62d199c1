#pragma once
// What one sender sends: VP8 frames of several packets, or Opus packets. The payloads look right to an SFU; no decoder
// would show anything.
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/byte_reader.h"
#include "base/time.h"

namespace conclave::load {

enum class Kind : std::uint8_t { Video, Audio };

struct StreamOptions {
  Kind kind = Kind::Video;
  std::uint32_t ssrc = 0;
  std::uint8_t payload_type = 0;
  std::uint8_t audio_level_id = 0;  // RFC 6464; 0 = none
  std::size_t frames_per_second = 30;
  std::size_t packets_per_frame = 1;
  std::size_t packet_bytes = 1200;  // in clear, with the RTP header; at least 64
};

class Stream {
 public:
  explicit Stream(const StreamOptions& options) : options_(options) {}

  const StreamOptions& options() const { return options_; }
  Duration interval() const { return Duration(1s) / static_cast<Duration::rep>(options_.frames_per_second); }
  // The packets of the next frame, in clear. A key frame comes each second: nobody's request is waited for. `now`
  // stands in their last eight bytes.
  const std::vector<std::vector<std::byte>>& next_frame(TimePoint now);
  // When a packet, in clear, was made. Nothing more than a number if it is not one of ours.
  static TimePoint made_at(Bytes packet);

 private:
  void write_packet(std::vector<std::byte>& packet, std::size_t index, TimePoint now);

  const StreamOptions options_;
  std::vector<std::vector<std::byte>> packets_;
  std::uint16_t sequence_ = 1;
  std::uint32_t frame_ = 0;
};

}  // namespace conclave::load
