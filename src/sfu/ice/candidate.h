#pragma once
// An ICE candidate (RFC 8445 §5.1, written as in RFC 8839 §5.1): a value.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/address.h"

namespace conclave::ice {

enum class CandidateType : std::uint8_t { Host, ServerReflexive, PeerReflexive, Relayed };
enum class Protocol : std::uint8_t { Udp, Tcp };

// "host", "srflx", "prflx", "relay"
std::string_view name(CandidateType type);
std::optional<CandidateType> candidate_type(std::string_view name);
// "udp", "tcp"; reading ignores case (RFC 8839 §5.1)
std::string_view name(Protocol protocol);
std::optional<Protocol> protocol(std::string_view name);

// RFC 8445 §5.1.2.1, with the type preferences recommended in §5.1.2.2. `component` from 1 to 256.
std::uint32_t candidate_priority(CandidateType type, std::uint16_t local_preference, std::uint16_t component);
// The same over TCP: below every direct way over UDP, above relayed ones (RFC 6544 §4.2).
std::uint32_t tcp_candidate_priority(CandidateType type, std::uint16_t local_preference, std::uint16_t component);
// RFC 8445 §6.1.2.3: G is the controlling side's candidate.
std::uint64_t pair_priority(std::uint32_t controlling, std::uint32_t controlled);

struct Candidate {
  std::string foundation;
  std::uint16_t component = 1;
  Protocol protocol = Protocol::Udp;
  std::uint32_t priority = 0;
  Address address;
  CandidateType type = CandidateType::Host;
  std::optional<Address> related;  // rel-addr and rel-port: the base of a reflexive, the mapped address of a relayed one

  friend bool operator==(const Candidate&, const Candidate&) = default;
};

// The candidates of one UDP socket that is reached at `address`. The foundation depends on type and IP only (RFC 8445 §5.1.1.3).
Candidate host_candidate(const Address& address, std::uint16_t local_preference = 65535);
// A TCP port at which peers may open connections (tcptype passive). `place` among our TCP candidates: 0 is the best liked.
Candidate passive_candidate(const Address& address, std::uint16_t place = 0);
// `mapped` is how the world sees `base` (an operator's NAT).
Candidate mapped_candidate(const Address& mapped, const Address& base, std::uint16_t local_preference = 65535);

}  // namespace conclave::ice
