#include "oidc/login_seal.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <utility>

#include "base/base64.h"
#include "base/check.h"

namespace conclave::oidc {
namespace {

using Json = nlohmann::json;
using Key = std::array<std::byte, 32>;

// nonce (96 bits, random: NIST SP 800-38D §8.2.2) | ciphertext | tag
constexpr std::size_t kNonceBytes = 12;
constexpr std::size_t kTagBytes = 16;

struct Free {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_CIPHER_CTX, Free>;

unsigned char* bytes(std::string& text, std::size_t at = 0) {
  return reinterpret_cast<unsigned char*>(text.data()) + at;
}
const unsigned char* bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
const unsigned char* bytes(const Key& key) {
  return reinterpret_cast<const unsigned char*>(key.data());
}

std::string sealed(const Key& key, Random& random, std::string_view text, std::string_view state) {
  std::string out(kNonceBytes + text.size() + kTagBytes, '\0');
  random.fill(std::as_writable_bytes(std::span(out)).first(kNonceBytes));
  const Context context(EVP_CIPHER_CTX_new());
  int size = 0;
  const bool done =
      EVP_EncryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, bytes(key), bytes(out)) == 1 &&
      EVP_EncryptUpdate(context.get(), nullptr, &size, bytes(state), static_cast<int>(state.size())) == 1 &&
      EVP_EncryptUpdate(context.get(), bytes(out, kNonceBytes), &size, bytes(text), static_cast<int>(text.size())) ==
          1 &&
      EVP_EncryptFinal_ex(context.get(), bytes(out, out.size() - kTagBytes), &size) == 1 &&
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, kTagBytes, bytes(out, out.size() - kTagBytes)) == 1;
  CONCLAVE_CHECK(done);
  return out;
}

std::optional<std::string> opened(const Key& key, std::string in, std::string_view state) {
  if (in.size() < kNonceBytes + kTagBytes) return std::nullopt;
  std::string text(in.size() - kNonceBytes - kTagBytes, '\0');
  const Context context(EVP_CIPHER_CTX_new());
  int size = 0;
  const bool done =
      EVP_DecryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, bytes(key), bytes(in)) == 1 &&
      EVP_DecryptUpdate(context.get(), nullptr, &size, bytes(state), static_cast<int>(state.size())) == 1 &&
      EVP_DecryptUpdate(context.get(), bytes(text), &size, bytes(in, kNonceBytes), static_cast<int>(text.size())) ==
          1 &&
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, kTagBytes, bytes(in, in.size() - kTagBytes)) == 1 &&
      EVP_DecryptFinal_ex(context.get(), bytes(text, text.size()), &size) == 1;
  if (!done) return std::nullopt;
  return text;
}

}  // namespace

LoginSeal::~LoginSeal() {
  OPENSSL_cleanse(key_.data(), key_.size());
}

SealedLogin LoginSeal::begin(Random& random, const access::RoomName& room, TimePoint now) const {
  SealedLogin login{.secrets = {.state = random.token(kStateLength),
                                .nonce = random.token(kStateLength),
                                .verifier = random.token(kVerifierLength)}};
  const Json content{{"room", room.node()},
                     {"nonce", login.secrets.nonce},
                     {"verifier", login.secrets.verifier},
                     {"until", (now + kLifetime).time_since_epoch().count()}};
  login.cookie = base64url_encode(as_bytes(sealed(key_, random, content.dump(), login.secrets.state)));
  return login;
}

Result<PendingLogin, LoginSeal::Mismatch> LoginSeal::open(std::string_view state, std::string_view cookie,
                                                          TimePoint now) const {
  if (state.size() != kStateLength || cookie.size() > kMaxCookieBytes) return failure(Mismatch::OtherBrowser);
  auto text = base64url_decode(cookie);
  text = text ? opened(key_, *std::move(text), state) : std::nullopt;
  if (!text) return failure(Mismatch::OtherBrowser);
  // What opens was written by begin().
  const Json content = Json::parse(*text);
  if (now >= TimePoint(TimePoint::duration(content.at("until").get<TimePoint::rep>())))
    return failure(Mismatch::TooLate);
  return PendingLogin{.room = *access::room_from_node(content.at("room").get<std::string>()),
                      .nonce = content.at("nonce").get<std::string>(),
                      .verifier = content.at("verifier").get<std::string>()};
}

}  // namespace conclave::oidc
