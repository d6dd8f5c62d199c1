#include "ops/weak_secret.h"

#include <algorithm>

#include "ops/setting_reader.h"

namespace conclave::ops {
namespace {

constexpr std::size_t kMinSecretBytes = 16;

// Published in examples and manuals, so known to everybody.
constexpr std::string_view kExampleSecrets[] = {"my_jitsi_app_secret",
                                                "my_app_secret",
                                                "app_secret",
                                                "your_app_secret",
                                                "your_jwt_secret",
                                                "passw0rd",
                                                "s3cr37",
                                                "secret",
                                                "jwt_app_secret",
                                                "changeme",
                                                "change_me",
                                                "example",
                                                "my_jitsi_app_id",
                                                "jitsi",
                                                "your-256-bit-secret",
                                                "password"};

}  // namespace

std::optional<std::string> weak_secret(std::string_view secret, const std::vector<std::string>& known) {
  const std::string lower = lower_ascii(secret);
  const auto is = [&](std::string_view word) { return lower == lower_ascii(word); };
  constexpr std::string_view kRemedy = " A good one: openssl rand -hex 32";
  if (std::ranges::any_of(kExampleSecrets, is) || std::ranges::any_of(known, is))
    return "The secret is a published example, or the issuer's own id: everybody can guess it." + std::string(kRemedy);
  if (secret.size() < kMinSecretBytes)
    return "The secret has fewer than 16 bytes: it can be guessed." + std::string(kRemedy);
  if (secret.find_first_not_of(secret.front()) == std::string_view::npos)
    return "The secret is one character over and over: it can be guessed." + std::string(kRemedy);
  return std::nullopt;
}

}  // namespace conclave::ops
