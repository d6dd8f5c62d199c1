#pragma once
// Somebody who knows passwords: local accounts, a directory. Called from any loop; never blocks one.
#include <string>

#include "access/identity.h"
#include "base/result.h"
#include "base/unique_function.h"
#include "loop/loop.h"

namespace conclave::sasl {

enum class PasswordFailure {
  Wrong,        // the password, or the name: nobody is told which
  Locked,       // right, but the account may not log in now
  Unavailable,  // the directory or the store does not answer, or has too much to do
};

using PasswordReply = UniqueFunction<void(Result<access::Identity, PasswordFailure>)>;

class PasswordCheck {
 public:
  virtual ~PasswordCheck() = default;
  // `reply` is called once, on `reply_to`, in a later turn. `user` and `password` are as the client sent them.
  virtual void check(Loop& reply_to, std::string user, std::string password, PasswordReply reply) = 0;
};

}  // namespace conclave::sasl
