#pragma once
// STUN messages (RFC 8489) with the attributes that ICE needs (RFC 8445 §16.1). A pure codec: bytes to value and back.
// Parsing never reads past the datagram, never allocates, and keeps views into the datagram: a StunMessage must not outlive it.
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/address.h"
#include "base/byte_reader.h"
#include "base/result.h"

namespace conclave::ice {

inline constexpr std::size_t kStunHeaderBytes = 20;
inline constexpr std::size_t kMaxStunBytes = 1280;         // longer ones are refused; ICE checks have about 100 bytes
inline constexpr std::size_t kMaxStunAttributes = 32;      // more than that in one message are refused
inline constexpr std::size_t kMaxUnknownAttributes = 8;    // listed in a 420; further ones are not listed
inline constexpr std::size_t kMaxUsernameBytes = 513;      // RFC 8489 §14.3

enum class StunClass : std::uint8_t { Request = 0, Indication = 1, Success = 2, Error = 3 };
inline constexpr std::uint16_t kBindingMethod = 0x001;

// RFC 8489 §14.8, RFC 8445 §7.3.1.1
inline constexpr std::uint16_t kBadRequest = 400;
inline constexpr std::uint16_t kUnauthenticated = 401;
inline constexpr std::uint16_t kUnknownAttribute = 420;
inline constexpr std::uint16_t kRoleConflict = 487;

using TransactionId = std::array<std::byte, 12>;

enum class StunError { NotStun, BadLength, BadAttribute, TooManyAttributes, TooLong, BadFingerprint };
std::string_view name(StunError error);

enum class Integrity { Absent, Wrong, Good };

struct StunErrorCode {
  std::uint16_t code = 0;  // 300 to 699
  std::string_view reason;
};

// True for a first byte of 0 to 3 with the magic cookie: the demultiplexing of RFC 7983 §7.
bool looks_like_stun(Bytes datagram);

struct StunMessage {
  // A FINGERPRINT, when there is one, has been verified and was the last attribute. What follows MESSAGE-INTEGRITY, other than
  // FINGERPRINT, is ignored (RFC 8489 §14.5). Of several attributes of one type the first counts (§14).
  static Result<StunMessage, StunError> parse(Bytes datagram);

  // Compares in constant time. For ICE the key is the password of whoever answers (RFC 8445 §7.2.2).
  Integrity integrity(std::string_view key) const;
  std::span<const std::uint16_t> unknown_required() const { return std::span(unknown).first(unknown_count); }

  StunClass message_class = StunClass::Request;
  std::uint16_t method = 0;
  TransactionId transaction{};

  std::optional<std::string_view> username;
  std::optional<Address> xor_mapped_address;
  std::optional<StunErrorCode> error_code;
  std::optional<std::uint32_t> priority;
  std::optional<std::uint64_t> ice_controlling;  // the tie-breaker
  std::optional<std::uint64_t> ice_controlled;
  bool use_candidate = false;
  bool has_fingerprint = false;
  // Comprehension-required types that this codec does not know.
  std::array<std::uint16_t, kMaxUnknownAttributes> unknown{};
  std::size_t unknown_count = 0;

  Bytes datagram;
  std::size_t integrity_offset = 0;  // of the MESSAGE-INTEGRITY attribute; 0: there is none
};

// Puts a message together. Attributes appear in the order of the calls. USERNAME and reason must fit (checked by CONCLAVE_CHECK).
class StunWriter {
 public:
  StunWriter(StunClass message_class, std::uint16_t method, const TransactionId& transaction);
  StunWriter(const StunWriter&) = delete;  // writer_ points into buffer_
  StunWriter& operator=(const StunWriter&) = delete;

  StunWriter& username(std::string_view text);
  StunWriter& xor_mapped_address(const Address& address);
  StunWriter& error_code(std::uint16_t code, std::string_view reason);
  StunWriter& unknown_attributes(std::span<const std::uint16_t> types);
  StunWriter& priority(std::uint32_t value);
  StunWriter& use_candidate();
  StunWriter& ice_controlling(std::uint64_t tie_breaker);
  StunWriter& ice_controlled(std::uint64_t tie_breaker);
  StunWriter& software(std::string_view text);
  StunWriter& attribute(std::uint16_t type, Bytes value);  // any other

  // Adds MESSAGE-INTEGRITY (when a key is given) and FINGERPRINT.
  std::vector<std::byte> finish(std::optional<std::string_view> integrity_key);

 private:
  void head(std::uint16_t type, std::size_t length);
  void pad();
  void set_length(std::size_t total);

  std::array<std::byte, kMaxStunBytes> buffer_{};
  ByteWriter writer_{buffer_};
  TransactionId transaction_;
};

}  // namespace conclave::ice
