#pragma once
// What a DTLS-SRTP handshake yields (RFC 5764 §4.2): a profile, and a master key and salt for each direction.
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace conclave::srtp {

// In the order in which we prefer them: GCM costs a quarter of the other one here.
enum class Profile : std::uint8_t {
  AeadAes128Gcm,   // RFC 7714 §14.2, identifier 0x0007
  Aes128CmSha180,  // AES_CM_128_HMAC_SHA1_80, RFC 5764 §4.1.2, identifier 0x0001: every WebRTC peer has it (RFC 8827 §6.5)
};
std::string_view name(Profile profile);

inline constexpr std::size_t kMasterKeyBytes = 16;
inline constexpr std::size_t kMaxMasterSaltBytes = 14;
constexpr std::size_t master_salt_bytes(Profile profile) { return profile == Profile::AeadAes128Gcm ? 12 : 14; }

struct MasterKey {
  std::array<std::byte, kMasterKeyBytes> key{};
  std::array<std::byte, kMaxMasterSaltBytes> salt{};  // the first master_salt_bytes(profile)
};

// Secret. Never logged.
struct KeyingMaterial {
  Profile profile = Profile::AeadAes128Gcm;
  MasterKey client;  // protects what the DTLS client sends
  MasterKey server;
};

}  // namespace conclave::srtp
