#include "sasl/decoy_keys.h"

#include <algorithm>

namespace conclave::sasl {
namespace {

constexpr std::size_t kUuidBytes = 36;

// `bytes` as "xxxxxxxx-xxxx-4xxx-axxx-xxxxxxxxxxxx" (RFC 9562 §5.4).
std::string uuid_from(std::string_view bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (std::size_t i = 0; text.size() < kUuidBytes; ++i) {
    if (text.size() == 8 || text.size() == 13 || text.size() == 18 || text.size() == 23) text += '-';
    const unsigned char byte = static_cast<unsigned char>(bytes[i]);
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  text[14] = '4';
  text[19] = kDigits[8 + (static_cast<unsigned char>(bytes[8]) & 3)];
  return text;
}

}  // namespace

ScramShape shape_of(const ScramKeys& keys) {
  return {.iterations = keys.iterations,
          .salt_bytes = keys.salt.size(),
          .salt_is_uuid = keys.salt.size() == kUuidBytes && std::ranges::count(keys.salt, '-') == 4};
}

std::size_t DecoyKeys::choice(std::string_view name, std::size_t count) const {
  const std::string digest =
      scram_hmac(ScramHash::Sha256, secret_, "choice" + std::string(1, '\0') + std::string(name));
  const auto byte = [&](std::size_t i) { return static_cast<std::size_t>(static_cast<unsigned char>(digest[i])); };
  return (byte(0) << 8 | byte(1)) % count;
}

ScramKeys DecoyKeys::for_name(std::string_view name, ScramHash hash, const std::vector<ScramShape>& shapes) const {
  const auto stream = [&](std::string_view purpose) {
    const std::string text = std::string(purpose) + '\0' + std::string(mechanism_of(hash)) + '\0' + std::string(name);
    return scram_hmac(ScramHash::Sha256, secret_, text);
  };
  const ScramShape shape = shapes.empty() ? ScramShape{} : shapes[choice(name, shapes.size())];
  std::string salt = stream("salt") + stream("more salt");
  if (shape.salt_is_uuid) {
    salt = uuid_from(salt);
  } else {
    salt.resize(std::min(shape.salt_bytes, salt.size()));
  }
  // A stored key is a digest of a digest of the password: to find one that gives this is to invert it.
  return {.hash = hash,
          .salt = std::move(salt),
          .iterations = shape.iterations,
          .stored_key = stream("stored key").substr(0, digest_bytes(hash)),
          .server_key = stream("server key").substr(0, digest_bytes(hash))};
}

}  // namespace conclave::sasl
