#pragma once
// The sequence numbers of one encoding as they arrive, also by way of RTX: which ones were here already, and which were dropped on
// purpose and must leave no hole for receivers. Pure; owned by the encoding; no allocation.
//
// It carries a promise on which the encryption towards receivers rests: number() gives no value twice. RTX lets a sender name any
// sequence number, so SRTP's own replay protection is not enough.
#include <array>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "sfu/rtp/sequence.h"

namespace conclave::sfu {

inline constexpr std::int64_t kOrderWindow = 1024;
inline constexpr std::size_t kRememberedDrops = 64;
inline constexpr std::int64_t kMaxLead = 100;  // how far ahead of the stream a retransmission may be

class ReceiveOrder {
 public:
  enum class Arrival : std::uint8_t { New, Duplicate, TooLate };
  struct Result {
    Arrival arrival;
    std::int64_t sequence;  // does not wrap
  };
  Result received(std::uint16_t sequence);
  Result received_again(std::uint16_t sequence);  // by RTX

  // The number under which a New packet is forwarded, 16 bits of which go on the wire. Nothing if that can no longer be told.
  std::optional<std::int64_t> number(std::int64_t sequence);
  // A New packet is not forwarded to anybody. The numbers close up behind it, unless later ones are on their way already.
  void drop(std::int64_t sequence);

 private:
  rtp::SequenceUnwrapper unwrapper_;
  std::bitset<kOrderWindow> seen_;
  std::array<std::int64_t, kRememberedDrops> drops_{};
  std::int64_t dropped_ = 0;
  std::int64_t last_drop_ = INT64_MIN;
  std::int64_t highest_numbered_ = INT64_MIN;
};

}  // namespace conclave::sfu
