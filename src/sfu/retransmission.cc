#include "sfu/retransmission.h"

#include <algorithm>

namespace conclave::sfu {

void PacketHistory::store(const IncomingPacket& packet) {
  Stored& stored = ring_[packet.sequence % kHistoryPackets];
  const std::size_t descriptor = packet.dependency_descriptor.size();
  if (descriptor + packet.payload.size() > stored.bytes.size()) return;
  stored.used = true;
  stored.sequence = packet.sequence;
  stored.timestamp = packet.timestamp;
  stored.codec = packet.codec;
  stored.payload_type = packet.payload_type;
  stored.marker = packet.marker;
  stored.descriptor_bytes = static_cast<std::uint16_t>(descriptor);
  stored.payload_bytes = static_cast<std::uint16_t>(packet.payload.size());
  std::copy(packet.dependency_descriptor.begin(), packet.dependency_descriptor.end(), stored.bytes.begin());
  std::copy(packet.payload.begin(), packet.payload.end(), stored.bytes.begin() + static_cast<std::ptrdiff_t>(descriptor));
}

const PacketHistory::Stored* PacketHistory::find(std::uint16_t sequence) const {
  const Stored& stored = ring_[sequence % kHistoryPackets];
  return stored.used && stored.sequence == sequence ? &stored : nullptr;
}

}  // namespace conclave::sfu
