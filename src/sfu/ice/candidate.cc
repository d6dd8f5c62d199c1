#include "sfu/ice/candidate.h"

#include <algorithm>

namespace conclave::ice {
namespace {

// Equal for candidates of one type, protocol and base IP, different otherwise; 1 to 32 ice-chars (RFC 8839 §5.1).
std::string foundation(CandidateType type, const Address& base, Protocol protocol = Protocol::Udp) {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  const auto hash = static_cast<std::uint32_t>(std::hash<Address>{}(base.with_port(0)));
  std::string text(1, static_cast<char>((protocol == Protocol::Udp ? '1' : '5') + static_cast<int>(type)));
  for (int shift = 28; shift >= 0; shift -= 4) text += kDigits[hash >> shift & 15];
  return text;
}

bool equal_ignoring_case(std::string_view a, std::string_view lower) {
  return std::equal(a.begin(), a.end(), lower.begin(), lower.end(),
                    [](char x, char y) { return (x >= 'A' && x <= 'Z' ? x - 'A' + 'a' : x) == y; });
}

}  // namespace

std::string_view name(CandidateType type) {
  switch (type) {
    case CandidateType::Host: return "host";
    case CandidateType::ServerReflexive: return "srflx";
    case CandidateType::PeerReflexive: return "prflx";
    case CandidateType::Relayed: return "relay";
  }
  return "?";
}

std::optional<CandidateType> candidate_type(std::string_view text) {
  for (const auto type : {CandidateType::Host, CandidateType::ServerReflexive, CandidateType::PeerReflexive, CandidateType::Relayed}) {
    if (text == name(type)) return type;
  }
  return std::nullopt;
}

std::string_view name(Protocol protocol) { return protocol == Protocol::Udp ? "udp" : "tcp"; }

std::optional<Protocol> protocol(std::string_view text) {
  if (equal_ignoring_case(text, "udp")) return Protocol::Udp;
  if (equal_ignoring_case(text, "tcp")) return Protocol::Tcp;
  return std::nullopt;
}

std::uint32_t candidate_priority(CandidateType type, std::uint16_t local_preference, std::uint16_t component) {
  std::uint32_t preference = 0;
  switch (type) {
    case CandidateType::Host: preference = 126; break;
    case CandidateType::PeerReflexive: preference = 110; break;
    case CandidateType::ServerReflexive: preference = 100; break;
    case CandidateType::Relayed: preference = 0; break;
  }
  return preference << 24 | std::uint32_t{local_preference} << 8 | (256u - component);
}

std::uint32_t tcp_candidate_priority(CandidateType type, std::uint16_t local_preference, std::uint16_t component) {
  std::uint32_t preference = 0;
  switch (type) {
    case CandidateType::Host: preference = 90; break;
    case CandidateType::PeerReflexive: preference = 80; break;
    case CandidateType::ServerReflexive: preference = 70; break;
    case CandidateType::Relayed: preference = 0; break;
  }
  return preference << 24 | std::uint32_t{local_preference} << 8 | (256u - component);
}

std::uint64_t pair_priority(std::uint32_t controlling, std::uint32_t controlled) {
  const std::uint64_t low = std::min(controlling, controlled);
  const std::uint64_t high = std::max(controlling, controlled);
  return (low << 32) + 2 * high + (controlling > controlled ? 1 : 0);
}

Candidate host_candidate(const Address& address, std::uint16_t local_preference) {
  return {.foundation = foundation(CandidateType::Host, address),
          .component = 1,
          .protocol = Protocol::Udp,
          .priority = candidate_priority(CandidateType::Host, local_preference, 1),
          .address = address,
          .type = CandidateType::Host,
          .related = std::nullopt};
}

Candidate passive_candidate(const Address& address, std::uint16_t place) {
  // RFC 6544 §4.2: three bits of direction (4: host, passive), thirteen of our own liking.
  const auto preference = static_cast<std::uint16_t>(4u << 13 | (0x1fffu - place));
  return {.foundation = foundation(CandidateType::Host, address, Protocol::Tcp),
          .component = 1,
          .protocol = Protocol::Tcp,
          .priority = tcp_candidate_priority(CandidateType::Host, preference, 1),
          .address = address,
          .type = CandidateType::Host,
          .related = std::nullopt};
}

Candidate mapped_candidate(const Address& mapped, const Address& base, std::uint16_t local_preference) {
  return {.foundation = foundation(CandidateType::ServerReflexive, base),
          .component = 1,
          .protocol = Protocol::Udp,
          .priority = candidate_priority(CandidateType::ServerReflexive, local_preference, 1),
          .address = mapped,
          .type = CandidateType::ServerReflexive,
          .related = base};
}

}  // namespace conclave::ice
