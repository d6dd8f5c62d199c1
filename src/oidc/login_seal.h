#pragma once
// Logins on their way: what must be known again when the browser comes back from the provider is kept by the browser,
// in a cookie that only this process can read or make (AES-256-GCM by OpenSSL). Nothing is kept here, so nobody can
// fill it up. A key of its own for each process: a restart ends the logins that are on their way.
//
// A cookie opens again until its time is over. It admits nobody: that does the provider's code, which is good once
// (RFC 6749 §4.1.2), with the verifier that is in the cookie.
#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include "access/room_name.h"
#include "base/random.h"
#include "base/time.h"

namespace conclave::oidc {

// The texts that a login is made of; each is random, and none is told to anybody but its addressee.
struct LoginSecrets {
  std::string state{};     // in the address of the way there and back
  std::string nonce{};     // in the ID token (OpenID Connect Core 1.0 §3.1.2.1)
  std::string verifier{};  // to the token endpoint alone (RFC 7636 §4.1)
};

struct SealedLogin {
  LoginSecrets secrets{};
  std::string cookie{};  // base64url; opens together with secrets.state alone
};

struct PendingLogin {
  access::RoomName room;
  std::string nonce{};
  std::string verifier{};
};

// Immutable; any thread.
class LoginSeal {
 public:
  static constexpr Duration kLifetime = 10min;
  static constexpr std::size_t kStateLength = 32;
  static constexpr std::size_t kVerifierLength = 64;
  static constexpr std::size_t kMaxCookieBytes = 2048;

  explicit LoginSeal(Random& random) { random.fill(key_); }
  ~LoginSeal();
  LoginSeal(const LoginSeal&) = delete;
  LoginSeal& operator=(const LoginSeal&) = delete;

  SealedLogin begin(Random& random, const access::RoomName& room, TimePoint now) const;

  enum class Mismatch {
    OtherBrowser,  // the cookie is not of this login, or not of this process
    TooLate,       // it was begun too long ago
  };
  Result<PendingLogin, Mismatch> open(std::string_view state, std::string_view cookie, TimePoint now) const;

 private:
  std::array<std::byte, 32> key_{};
};

}  // namespace conclave::oidc
