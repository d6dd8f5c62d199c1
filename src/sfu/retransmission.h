#pragma once
// What retransmission needs: the last packets of each encoding, kept once however many receive it, and for each stream sent a ring of
// the numbers under which they went out. A NACK finds the record, the record the packet, and the packet is written anew.
// Pure; the memory is taken at construction, when an encoding or a stream comes to life, and not on the packet path.
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/byte_reader.h"
#include "base/time.h"
#include "sfu/limits.h"
#include "sfu/packet_sink.h"
#include "sfu/projection.h"
#include "sfu/rtp/packet.h"

namespace conclave::sfu {

// Of one encoding of one sender. About 800 KB.
class PacketHistory {
 public:
  struct Stored {
    bool used = false;
    std::uint16_t sequence = 0;
    std::uint32_t timestamp = 0;
    rtp::Codec codec = rtp::Codec::Other;
    std::uint8_t payload_type = 0;
    bool marker = false;
    std::uint16_t descriptor_bytes = 0;
    std::uint16_t payload_bytes = 0;
    std::array<std::byte, rtp::kMaxPacketBytes> bytes;  // dependency descriptor, then payload

    Bytes dependency_descriptor() const { return Bytes(bytes).first(descriptor_bytes); }
    Bytes payload() const { return Bytes(bytes).subspan(descriptor_bytes, payload_bytes); }
  };

  PacketHistory() : ring_(kHistoryPackets) {}
  // Packets that do not fit are left out.
  void store(const IncomingPacket& packet);
  const Stored* find(std::uint16_t sequence) const;

 private:
  std::vector<Stored> ring_;
};

// Of one stream to one receiver. About 16 KB.
struct SentPacket {
  static constexpr std::uint8_t kHole = 255;  // as encoding: nothing went out under this number
  bool used = false;
  std::uint8_t encoding = 0;
  Projection::Numbers numbers = {};
  std::uint16_t input_sequence = 0;
  std::uint16_t transport_sequence = 0;
  TimePoint last_sent{};
};

class SentHistory {
 public:
  SentHistory() : ring_(kHistoryPackets) {}
  void store(const SentPacket& sent) { ring_[sent.numbers.sequence % kHistoryPackets] = sent; }
  SentPacket* find(std::uint16_t sequence) {
    SentPacket& sent = ring_[sequence % kHistoryPackets];
    return sent.used && sent.numbers.sequence == sequence ? &sent : nullptr;
  }

 private:
  std::vector<SentPacket> ring_;
};

// media.md 11.3: an answer that may still be under way is not sent again.
constexpr bool may_resend(TimePoint now, TimePoint last_sent, Duration round_trip) {
  const Duration short_of = round_trip - 5ms;
  const Duration part = round_trip * 9 / 10;
  return now - last_sent >= (short_of < part ? short_of : part);
}

}  // namespace conclave::sfu
