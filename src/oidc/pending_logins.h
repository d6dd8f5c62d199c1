#pragma once
// Logins on their way: what must be known again when the browser comes back from the provider. Not thread-safe; no
// clock.
#include <cstddef>
#include <list>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "access/room_name.h"
#include "base/random.h"
#include "base/time.h"

namespace conclave::oidc {

// The texts that a login is made of; each is random, and none is told to anybody but its addressee.
struct LoginSecrets {
  std::string state{};     // in the address of the way there and back
  std::string browser{};   // in the cookie
  std::string nonce{};     // in the ID token (OpenID Connect Core 1.0 §3.1.2.1)
  std::string verifier{};  // to the token endpoint alone (RFC 7636 §4.1)
};

struct PendingLogin {
  access::RoomName room;
  std::string nonce{};
  std::string verifier{};
};

class PendingLogins {
 public:
  static constexpr std::size_t kMaxLogins = 10'000;
  static constexpr Duration kLifetime = 10min;
  static constexpr std::size_t kStateLength = 32;
  static constexpr std::size_t kVerifierLength = 64;

  explicit PendingLogins(Random& random) : random_(random) {}

  // Nothing if kMaxLogins are on their way.
  std::optional<LoginSecrets> begin(access::RoomName room, TimePoint now);

  enum class Mismatch {
    Unknown,       // never begun, too long ago, or finished already
    OtherBrowser,  // begun by another browser; it is over for that one too
  };
  // Each login ends with the first call that names its state.
  Result<PendingLogin, Mismatch> finish(std::string_view state, std::string_view browser, TimePoint now);

  std::size_t size() const { return by_state_.size(); }

 private:
  struct Entry {
    std::string state;  // as SHA-256, which makes the look-up tell nothing by its time
    std::string browser;
    PendingLogin login;
    TimePoint until;
  };
  void expire(TimePoint now);

  Random& random_;
  std::list<Entry> entries_;  // oldest first
  std::unordered_map<std::string, std::list<Entry>::iterator> by_state_;
};

}  // namespace conclave::oidc
