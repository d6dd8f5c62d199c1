#include "sfu/srtp/srtp_session.h"

#include <srtp2/srtp.h>

#include <algorithm>
#include <cstring>

#include "base/check.h"

namespace conclave::srtp {
namespace {

constexpr std::size_t kRtpHeaderBytes = 12;    // RFC 3550 §5.1
constexpr std::size_t kRtcpHeaderBytes = 8;    // RFC 3550 §6.4, header and first SSRC
constexpr std::size_t kRtpSsrcOffset = 8;
constexpr std::size_t kRtcpSsrcOffset = 4;

static_assert(kMaxTrailerBytes <= SRTP_MAX_TRAILER_LEN + 4, "libsrtp writes no more than it promises");

void set_policies(srtp_policy_t& policy, Profile profile) {
  if (profile == Profile::AeadAes128Gcm) {
    srtp_crypto_policy_set_aes_gcm_128_16_auth(&policy.rtp);
    srtp_crypto_policy_set_aes_gcm_128_16_auth(&policy.rtcp);
  } else {
    srtp_crypto_policy_set_aes_cm_128_hmac_sha1_80(&policy.rtp);
    srtp_crypto_policy_set_aes_cm_128_hmac_sha1_80(&policy.rtcp);
  }
}

srtp_t open(Profile profile, const MasterKey& master, srtp_ssrc_type_t direction) {
  std::array<std::byte, kMasterKeyBytes + kMaxMasterSaltBytes> key{};
  std::copy(master.key.begin(), master.key.end(), key.begin());
  std::copy_n(master.salt.begin(), master_salt_bytes(profile), key.begin() + kMasterKeyBytes);

  srtp_policy_t policy{};
  set_policies(policy, profile);
  policy.ssrc.type = direction;
  policy.key = reinterpret_cast<unsigned char*>(key.data());
  policy.window_size = kReplayWindow;
  policy.allow_repeat_tx = direction == ssrc_any_outbound ? 1 : 0;
  srtp_t context = nullptr;
  // Fails only for a policy that is wrong in itself or for want of memory.
  CONCLAVE_CHECK(srtp_create(&context, &policy) == srtp_err_status_ok);
  return context;
}

SrtpError error_of(srtp_err_status_t status) {
  switch (status) {
    case srtp_err_status_auth_fail: return SrtpError::AuthFailed;
    case srtp_err_status_replay_fail: return SrtpError::Replay;
    case srtp_err_status_replay_old:
    case srtp_err_status_pkt_idx_old: return SrtpError::TooOld;
    case srtp_err_status_bad_param:
    case srtp_err_status_parse_err: return SrtpError::Malformed;
    case srtp_err_status_key_expired: return SrtpError::KeyExpired;
    default: return SrtpError::Internal;
  }
}

std::uint32_t ssrc_at(Bytes packet, std::size_t offset) {
  ByteReader reader(packet);
  reader.skip(offset);
  return reader.u32();
}

bool is_version_2(Bytes packet) { return (std::to_integer<unsigned>(packet[0]) >> 6) == 2; }

// libsrtp 2.5 follows the extension's length word before it has compared it with the packet: do it here.
bool rtp_header_fits(Bytes packet) {
  if (packet.size() < kRtpHeaderBytes || !is_version_2(packet)) return false;
  ByteReader reader(packet);
  const std::uint8_t first = reader.u8();
  reader.skip(kRtpHeaderBytes - 1 + 4u * (first & 0x0f));
  if ((first & 0x10) != 0) {
    reader.skip(2);
    reader.skip(4u * reader.u16());
  }
  return reader.ok();
}

bool rtcp_header_fits(Bytes packet) { return packet.size() >= kRtcpHeaderBytes && is_version_2(packet); }

}  // namespace

std::string_view name(Profile profile) {
  return profile == Profile::AeadAes128Gcm ? "AEAD_AES_128_GCM" : "AES_CM_128_HMAC_SHA1_80";
}

std::string_view name(SrtpError error) {
  switch (error) {
    case SrtpError::Malformed: return "malformed";
    case SrtpError::AuthFailed: return "authentication failed";
    case SrtpError::Replay: return "replayed";
    case SrtpError::TooOld: return "too old";
    case SrtpError::TooManyStreams: return "too many streams";
    case SrtpError::NoRoom: return "no room for the trailer";
    case SrtpError::KeyExpired: return "key expired";
    case SrtpError::Internal: return "internal";
  }
  return "?";
}

Library::Library() { CONCLAVE_CHECK(srtp_init() == srtp_err_status_ok); }
Library::~Library() { srtp_shutdown(); }

void SrtpSession::Free::operator()(srtp_ctx_t_* context) const { srtp_dealloc(context); }

SrtpSession::SrtpSession(const Library&, const KeyingMaterial& material, Side local)
    : profile_(material.profile),
      inbound_(open(profile_, local == Side::Server ? material.client : material.server, ssrc_any_inbound)),
      outbound_(open(profile_, local == Side::Server ? material.server : material.client, ssrc_any_outbound)) {
  inbound_ssrcs_.reserve(kMaxInboundStreams);
}

SrtpSession::~SrtpSession() = default;
SrtpSession::SrtpSession(SrtpSession&&) noexcept = default;
SrtpSession& SrtpSession::operator=(SrtpSession&&) noexcept = default;

Result<std::size_t, SrtpError> SrtpSession::protect_rtp(MutableBytes buffer, std::size_t length) {
  if (length > buffer.size() || buffer.size() - length < kMaxTrailerBytes) return refuse(SrtpError::NoRoom);
  if (!rtp_header_fits(buffer.first(length))) return refuse(SrtpError::Malformed);
  int bytes = static_cast<int>(length);
  const srtp_err_status_t status = srtp_protect(outbound_.get(), buffer.data(), &bytes);
  if (status != srtp_err_status_ok) return refuse(error_of(status));
  ++counters_.protected_packets;
  return static_cast<std::size_t>(bytes);
}

Result<std::size_t, SrtpError> SrtpSession::protect_rtcp(MutableBytes buffer, std::size_t length) {
  if (length > buffer.size() || buffer.size() - length < kMaxTrailerBytes) return refuse(SrtpError::NoRoom);
  if (!rtcp_header_fits(buffer.first(length))) return refuse(SrtpError::Malformed);
  int bytes = static_cast<int>(length);
  const srtp_err_status_t status = srtp_protect_rtcp(outbound_.get(), buffer.data(), &bytes);
  if (status != srtp_err_status_ok) return refuse(error_of(status));
  ++counters_.protected_packets;
  return static_cast<std::size_t>(bytes);
}

Result<std::size_t, SrtpError> SrtpSession::unprotect_rtp(MutableBytes packet) {
  if (!rtp_header_fits(packet)) return refuse(SrtpError::Malformed);
  return unprotect(srtp_unprotect, packet, ssrc_at(packet, kRtpSsrcOffset));
}

Result<std::size_t, SrtpError> SrtpSession::unprotect_rtcp(MutableBytes packet) {
  if (!rtcp_header_fits(packet)) return refuse(SrtpError::Malformed);
  return unprotect(srtp_unprotect_rtcp, packet, ssrc_at(packet, kRtcpSsrcOffset));
}

template <class Transform>
Result<std::size_t, SrtpError> SrtpSession::unprotect(Transform transform, MutableBytes packet, std::uint32_t ssrc) {
  const bool known = std::find(inbound_ssrcs_.begin(), inbound_ssrcs_.end(), ssrc) != inbound_ssrcs_.end();
  if (!known && inbound_ssrcs_.size() == kMaxInboundStreams) return refuse(SrtpError::TooManyStreams);
  int bytes = static_cast<int>(packet.size());
  const srtp_err_status_t status = transform(inbound_.get(), packet.data(), &bytes);
  if (status != srtp_err_status_ok) return refuse(error_of(status));
  // libsrtp makes a stream for an SSRC only once a packet of it has proved authentic, so forged ones fill nothing.
  if (!known) inbound_ssrcs_.push_back(ssrc);
  ++counters_.unprotected_packets;
  return static_cast<std::size_t>(bytes);
}

Result<std::size_t, SrtpError> SrtpSession::refuse(SrtpError error) {
  switch (error) {
    case SrtpError::Malformed: ++counters_.malformed; break;
    case SrtpError::AuthFailed: ++counters_.auth_failed; break;
    case SrtpError::Replay:
    case SrtpError::TooOld: ++counters_.replayed; break;
    case SrtpError::TooManyStreams: ++counters_.refused_streams; break;
    default: ++counters_.other_errors; break;
  }
  return failure(error);
}

}  // namespace conclave::srtp
