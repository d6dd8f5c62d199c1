#include "sfu/ice/stun_message.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <zlib.h>

#include <algorithm>
#include <cstring>

#include "base/check.h"

namespace conclave::ice {
namespace {

constexpr std::uint32_t kMagicCookie = 0x2112a442;           // RFC 8489 §5
constexpr std::uint32_t kFingerprintXor = 0x5354554e;        // RFC 8489 §14.7
constexpr std::size_t kIntegrityBytes = 20;                  // HMAC-SHA1

// RFC 8489 §18.3, RFC 8445 §16.1. Types below 0x8000 must be understood by whoever gets them in a request.
enum Type : std::uint16_t {
  kMappedAddress = 0x0001,
  kUsername = 0x0006,
  kMessageIntegrity = 0x0008,
  kErrorCode = 0x0009,
  kUnknownAttributes = 0x000a,
  kRealm = 0x0014,
  kNonce = 0x0015,
  kMessageIntegritySha256 = 0x001c,
  kPasswordAlgorithm = 0x001d,
  kUserhash = 0x001e,
  kXorMappedAddress = 0x0020,
  kPriority = 0x0024,
  kUseCandidate = 0x0025,
  kSoftware = 0x8022,
  kFingerprint = 0x8028,
  kIceControlled = 0x8029,
  kIceControlling = 0x802a,
};

std::size_t padded(std::size_t length) { return (length + 3) & ~std::size_t{3}; }

std::uint32_t crc(Bytes bytes) {
  return static_cast<std::uint32_t>(
      crc32(0, reinterpret_cast<const Bytef*>(bytes.data()), static_cast<uInt>(bytes.size())));
}

// HMAC-SHA1 over `covered`, whose length field is read as `length` (RFC 8489 §14.5: up to and with the integrity attribute).
std::array<std::byte, kIntegrityBytes> hmac_sha1(Bytes covered, std::size_t length, std::string_view key) {
  std::array<std::byte, kMaxStunBytes> copy;
  CONCLAVE_CHECK(covered.size() <= copy.size());
  std::memcpy(copy.data(), covered.data(), covered.size());
  copy[2] = static_cast<std::byte>(length >> 8);
  copy[3] = static_cast<std::byte>(length);
  std::array<std::byte, kIntegrityBytes> mac{};
  unsigned int mac_bytes = kIntegrityBytes;
  // An empty key would be a null pointer, which HMAC takes for "the key from before".
  const char* key_data = key.empty() ? "" : key.data();
  CONCLAVE_CHECK(HMAC(EVP_sha1(), key_data, static_cast<int>(key.size()),
                      reinterpret_cast<const unsigned char*>(copy.data()), covered.size(),
                      reinterpret_cast<unsigned char*>(mac.data()), &mac_bytes) != nullptr);
  return mac;
}

//   0                   1                   2                   3      RFC 8489 §14.2
//  |0 0 0 0 0 0 0 0|    Family     |         X-Port                |
//  |                X-Address (4 or 16 bytes)                      |
std::optional<Address> read_xor_address(Bytes value, const TransactionId& transaction) {
  ByteReader reader(value);
  reader.skip(1);
  const std::uint8_t family = reader.u8();
  const auto port = static_cast<std::uint16_t>(reader.u16() ^ (kMagicCookie >> 16));
  if (family == 1 && value.size() == 8) return Address::v4(reader.u32() ^ kMagicCookie, port);
  if (family != 2 || value.size() != 20) return std::nullopt;
  std::array<std::byte, 16> ip;
  ByteWriter mask{MutableBytes(ip)};
  mask.u32(kMagicCookie);
  mask.bytes(transaction);
  const Bytes masked = reader.bytes(16);
  for (std::size_t i = 0; i < ip.size(); ++i) ip[i] ^= masked[i];
  return Address::v6(ip, port);
}

//  |           Reserved, should be 0         |Class|     Number    |      RFC 8489 §14.8
//  |      Reason Phrase (variable)                                ..
std::optional<StunErrorCode> read_error_code(Bytes value) {
  ByteReader reader(value);
  reader.skip(2);
  const int hundreds = reader.u8() & 7;
  const int number = reader.u8();
  if (!reader.ok() || hundreds < 3 || hundreds > 6 || number > 99) return std::nullopt;
  return StunErrorCode{static_cast<std::uint16_t>(hundreds * 100 + number), as_text(reader.bytes(reader.left()))};
}

// False: the value cannot be what its type says.
bool read_attribute(StunMessage& message, std::uint16_t type, Bytes value) {
  ByteReader reader(value);
  switch (type) {
    case kUsername:
      if (value.size() > kMaxUsernameBytes) return false;
      if (!message.username) message.username = as_text(value);
      return true;
    case kXorMappedAddress: {
      const auto address = read_xor_address(value, message.transaction);
      if (address && !message.xor_mapped_address) message.xor_mapped_address = address;
      return address.has_value();
    }
    case kErrorCode: {
      const auto code = read_error_code(value);
      if (code && !message.error_code) message.error_code = code;
      return code.has_value();
    }
    case kPriority:
      if (value.size() != 4) return false;
      if (!message.priority) message.priority = reader.u32();
      return true;
    case kIceControlling:
      if (value.size() != 8) return false;
      if (!message.ice_controlling) message.ice_controlling = reader.u64();
      return true;
    case kIceControlled:
      if (value.size() != 8) return false;
      if (!message.ice_controlled) message.ice_controlled = reader.u64();
      return true;
    case kUseCandidate:
      message.use_candidate = true;
      return true;
    // Understood, and of no use to us.
    case kMappedAddress:
    case kUnknownAttributes:
    case kRealm:
    case kNonce:
    case kMessageIntegritySha256:
    case kPasswordAlgorithm:
    case kUserhash:
      return true;
    default:
      if (type < 0x8000 && message.unknown_count < kMaxUnknownAttributes) message.unknown[message.unknown_count++] = type;
      return true;
  }
}

}  // namespace

std::string_view name(StunError error) {
  switch (error) {
    case StunError::NotStun: return "not STUN";
    case StunError::BadLength: return "bad length";
    case StunError::BadAttribute: return "bad attribute";
    case StunError::TooManyAttributes: return "too many attributes";
    case StunError::TooLong: return "too long";
    case StunError::BadFingerprint: return "bad fingerprint";
  }
  return "?";
}

bool looks_like_stun(Bytes datagram) {
  ByteReader reader(datagram);
  const std::uint8_t first = reader.u8();
  reader.skip(3);
  return datagram.size() >= kStunHeaderBytes && first <= 3 && reader.u32() == kMagicCookie;
}

//   0                   1                   2                   3      RFC 8489 §5
//  |0 0|     STUN Message Type     |         Message Length        |
//  |                         Magic Cookie                          |
//  |                     Transaction ID (96 bits)                  |
Result<StunMessage, StunError> StunMessage::parse(Bytes datagram) {
  if (!looks_like_stun(datagram)) return failure(StunError::NotStun);
  if (datagram.size() > kMaxStunBytes) return failure(StunError::TooLong);
  ByteReader reader(datagram);
  StunMessage message;
  message.datagram = datagram;
  const std::uint16_t type = reader.u16();
  // The class sits in bits 4 and 8, the method around them.
  message.message_class = static_cast<StunClass>((type >> 4 & 1) | (type >> 7 & 2));
  message.method = static_cast<std::uint16_t>((type & 0x000f) | (type >> 1 & 0x0070) | (type >> 2 & 0x0f80));
  const std::size_t length = reader.u16();
  if (length % 4 != 0 || length != datagram.size() - kStunHeaderBytes) return failure(StunError::BadLength);
  reader.skip(4);
  const Bytes transaction = reader.bytes(12);
  std::copy(transaction.begin(), transaction.end(), message.transaction.begin());

  for (std::size_t count = 0; reader.left() > 0; ++count) {
    if (count == kMaxStunAttributes) return failure(StunError::TooManyAttributes);
    const std::size_t offset = reader.position();
    const std::uint16_t attribute = reader.u16();
    const std::size_t value_bytes = reader.u16();
    const Bytes value = reader.bytes(value_bytes);
    reader.skip(padded(value_bytes) - value_bytes);
    if (!reader.ok()) return failure(StunError::BadLength);
    if (attribute == kFingerprint) {
      if (value.size() != 4 || reader.left() != 0) return failure(StunError::BadAttribute);
      if (ByteReader(value).u32() != (crc(datagram.first(offset)) ^ kFingerprintXor)) return failure(StunError::BadFingerprint);
      message.has_fingerprint = true;
    } else if (message.integrity_offset != 0) {
      continue;  // Not covered by MESSAGE-INTEGRITY: anybody could have put it there.
    } else if (attribute == kMessageIntegrity) {
      if (value.size() != kIntegrityBytes) return failure(StunError::BadAttribute);
      message.integrity_offset = offset;
    } else if (!read_attribute(message, attribute, value)) {
      return failure(StunError::BadAttribute);
    }
  }
  return message;
}

Integrity StunMessage::integrity(std::string_view key) const {
  if (integrity_offset == 0) return Integrity::Absent;
  const std::size_t length = integrity_offset + 4 + kIntegrityBytes - kStunHeaderBytes;
  const auto mac = hmac_sha1(datagram.first(integrity_offset), length, key);
  const Bytes claimed = datagram.subspan(integrity_offset + 4, kIntegrityBytes);
  return CRYPTO_memcmp(mac.data(), claimed.data(), mac.size()) == 0 ? Integrity::Good : Integrity::Wrong;
}

StunWriter::StunWriter(StunClass message_class, std::uint16_t method, const TransactionId& transaction)
    : transaction_(transaction) {
  const unsigned klass = static_cast<unsigned>(message_class);
  const unsigned type = (method & 0x000fu) | (method & 0x0070u) << 1 | (method & 0x0f80u) << 2 | (klass & 1) << 4 | (klass & 2) << 7;
  writer_.u16(static_cast<std::uint16_t>(type));
  writer_.u16(0);
  writer_.u32(kMagicCookie);
  writer_.bytes(transaction);
}

void StunWriter::head(std::uint16_t type, std::size_t length) {
  writer_.u16(type);
  writer_.u16(static_cast<std::uint16_t>(length));
}

void StunWriter::pad() { writer_.fill(padded(writer_.position()) - writer_.position()); }

void StunWriter::set_length(std::size_t total) {
  buffer_[2] = static_cast<std::byte>((total - kStunHeaderBytes) >> 8);
  buffer_[3] = static_cast<std::byte>(total - kStunHeaderBytes);
}

StunWriter& StunWriter::username(std::string_view text) { return attribute(kUsername, as_bytes(text)); }

StunWriter& StunWriter::xor_mapped_address(const Address& address) {
  const Bytes ip = address.ip_bytes();
  head(kXorMappedAddress, 4 + ip.size());
  writer_.u8(0);
  writer_.u8(address.is_v4() ? 1 : 2);
  writer_.u16(static_cast<std::uint16_t>(address.port() ^ (kMagicCookie >> 16)));
  std::array<std::byte, 16> mask;
  ByteWriter mask_writer{MutableBytes(mask)};
  mask_writer.u32(kMagicCookie);
  mask_writer.bytes(transaction_);
  for (std::size_t i = 0; i < ip.size(); ++i) writer_.u8(std::to_integer<std::uint8_t>(ip[i] ^ mask[i]));
  return *this;
}

StunWriter& StunWriter::error_code(std::uint16_t code, std::string_view reason) {
  head(kErrorCode, 4 + reason.size());
  writer_.u16(0);
  writer_.u8(static_cast<std::uint8_t>(code / 100));
  writer_.u8(static_cast<std::uint8_t>(code % 100));
  writer_.bytes(as_bytes(reason));
  pad();
  return *this;
}

StunWriter& StunWriter::unknown_attributes(std::span<const std::uint16_t> types) {
  head(kUnknownAttributes, 2 * types.size());
  for (const std::uint16_t type : types) writer_.u16(type);
  pad();
  return *this;
}

StunWriter& StunWriter::priority(std::uint32_t value) {
  head(kPriority, 4);
  writer_.u32(value);
  return *this;
}

StunWriter& StunWriter::use_candidate() {
  head(kUseCandidate, 0);
  return *this;
}

StunWriter& StunWriter::ice_controlling(std::uint64_t tie_breaker) {
  head(kIceControlling, 8);
  writer_.u64(tie_breaker);
  return *this;
}

StunWriter& StunWriter::ice_controlled(std::uint64_t tie_breaker) {
  head(kIceControlled, 8);
  writer_.u64(tie_breaker);
  return *this;
}

StunWriter& StunWriter::software(std::string_view text) { return attribute(kSoftware, as_bytes(text)); }

StunWriter& StunWriter::attribute(std::uint16_t type, Bytes value) {
  head(type, value.size());
  writer_.bytes(value);
  pad();
  return *this;
}

std::vector<std::byte> StunWriter::finish(std::optional<std::string_view> integrity_key) {
  CONCLAVE_CHECK(writer_.ok());
  if (integrity_key) {
    const std::size_t total = writer_.position() + 4 + kIntegrityBytes;
    const auto mac = hmac_sha1(writer_.written(), total - kStunHeaderBytes, *integrity_key);
    head(kMessageIntegrity, kIntegrityBytes);
    writer_.bytes(mac);
  }
  set_length(writer_.position() + 8);
  const std::uint32_t checksum = crc(writer_.written()) ^ kFingerprintXor;
  head(kFingerprint, 4);
  writer_.u32(checksum);
  CONCLAVE_CHECK(writer_.ok());
  const Bytes all = writer_.written();
  return {all.begin(), all.end()};
}

}  // namespace conclave::ice
