#pragma once
// Who has SCRAM keys by name. Implemented by accounts/; LDAP has none.
#include <optional>
#include <string>

#include "access/identity.h"
#include "base/unique_function.h"
#include "loop/loop.h"
#include "sasl/password_check.h"
#include "sasl/scram_keys.h"

namespace conclave::sasl {

struct ScramRecord {
  ScramKeys keys;                            // of nobody (decoy_keys.h) if there is no identity
  std::optional<access::Identity> identity;  // who it is once the proof is right
  bool locked = false;
};

using ScramReply = UniqueFunction<void(const Result<ScramRecord, PasswordFailure>&)>;

class ScramDirectory {
 public:
  virtual ~ScramDirectory() = default;
  // From any loop: whether the mechanism is worth offering, because everybody has such keys.
  virtual bool offers(ScramHash hash) const = 0;
  // From any loop; `reply` is called once, on `reply_to`, in a later turn; the only failure is Unavailable.
  // `user` is prepared.
  virtual void find(Loop& reply_to, std::string user, ScramHash hash, ScramReply reply) = 0;
};

}  // namespace conclave::sasl
