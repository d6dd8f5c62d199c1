#pragma once
// SRTP and SRTCP (RFC 3711, RFC 7714) of one endpoint, both directions, over libsrtp2. In place, without allocation in steady state.
// A session lives on its endpoint's loop and is owned by the endpoint; each direction carries any number of streams, with a rollover
// counter for each SSRC.
//
// Whoever sends must never protect two different packets with one SSRC and one sequence number: the keystream would be used twice.
// Sending the same bytes again is fine. For that reason an outbound stream cannot be forgotten: it would start over.
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "base/byte_reader.h"
#include "base/result.h"
#include "sfu/srtp/keying_material.h"

struct srtp_ctx_t_;

namespace conclave::srtp {

// Room that a buffer needs behind the packet: tag (16) and, for RTCP, the index (4).
inline constexpr std::size_t kMaxTrailerBytes = 20;
// A peer that invents more SSRCs in one session is refused (each costs a context and makes the look-up longer).
inline constexpr std::size_t kMaxInboundStreams = 256;
inline constexpr std::size_t kReplayWindow = 1024;  // packets, each direction

enum class SrtpError : std::uint8_t {
  Malformed,       // too short, not version 2, header longer than the packet
  AuthFailed,
  Replay,          // this packet has been here
  TooOld,          // before the replay window
  TooManyStreams,  // kMaxInboundStreams
  NoRoom,          // outbound: less than kMaxTrailerBytes behind the packet
  KeyExpired,      // 2^48 packets
  Internal,        // the library refused for a reason of its own
};
std::string_view name(SrtpError error);

// libsrtp's process-wide state. Exactly one, made by main before any session and destroyed after all of them.
class Library {
 public:
  Library();
  ~Library();
  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;
};

// Which side of the DTLS handshake we were.
enum class Side : std::uint8_t { Client, Server };

class SrtpSession {
 public:
  struct Counters {
    std::uint64_t protected_packets = 0;
    std::uint64_t unprotected_packets = 0;
    std::uint64_t malformed = 0;
    std::uint64_t auth_failed = 0;
    std::uint64_t replayed = 0;  // Replay and TooOld
    std::uint64_t refused_streams = 0;
    std::uint64_t other_errors = 0;
  };

  // The library must outlive the session.
  SrtpSession(const Library& library, const KeyingMaterial& material, Side local);
  ~SrtpSession();
  SrtpSession(SrtpSession&&) noexcept;
  SrtpSession& operator=(SrtpSession&&) noexcept;

  // `buffer` begins with the packet of `length` bytes and needs room for kMaxTrailerBytes more. Returns the new length.
  [[nodiscard]] Result<std::size_t, SrtpError> protect_rtp(MutableBytes buffer, std::size_t length);
  [[nodiscard]] Result<std::size_t, SrtpError> protect_rtcp(MutableBytes buffer, std::size_t length);
  // `packet` is exactly what arrived. Returns the length of the clear packet at its beginning; on error the contents are undefined.
  [[nodiscard]] Result<std::size_t, SrtpError> unprotect_rtp(MutableBytes packet);
  [[nodiscard]] Result<std::size_t, SrtpError> unprotect_rtcp(MutableBytes packet);

  Profile profile() const { return profile_; }
  const Counters& counters() const { return counters_; }

 private:
  struct Free {
    void operator()(srtp_ctx_t_* context) const;
  };
  using Context = std::unique_ptr<srtp_ctx_t_, Free>;

  Result<std::size_t, SrtpError> refuse(SrtpError error);
  template <class Transform>  // srtp_unprotect or srtp_unprotect_rtcp
  Result<std::size_t, SrtpError> unprotect(Transform transform, MutableBytes packet, std::uint32_t ssrc);

  Profile profile_;
  Context inbound_;
  Context outbound_;
  std::vector<std::uint32_t> inbound_ssrcs_;  // each has a context in inbound_
  Counters counters_;
};

}  // namespace conclave::srtp
