#pragma once
// Somebody who knows passwords: local accounts, a directory. Called from any loop; never blocks one.
#include <string>
#include <string_view>

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

// Why a password was not taken, for audit and metrics; beside the slugs of access/decision.h, which is about tokens and
// rooms.
inline constexpr std::string_view kPasswordWrong = "password-wrong";
inline constexpr std::string_view kAccountLocked = "account-locked";
inline constexpr std::string_view kAccountUnavailable = "account-unavailable";
inline constexpr std::string_view kTooManyGuesses = "too-many-guesses";

using PasswordReply = UniqueFunction<void(Result<access::Identity, PasswordFailure>)>;

class PasswordCheck {
 public:
  virtual ~PasswordCheck() = default;
  // `reply` is called once, on `reply_to`, in a later turn. `user` and `password` are as the client sent them.
  virtual void check(Loop& reply_to, std::string user, std::string password, PasswordReply reply) = 0;
  // Who would log in under that name, for an operator who asks what he may: no password is looked at. `reply` as above;
  // Wrong: nobody.
  virtual void who_is(Loop& reply_to, std::string user, PasswordReply reply) = 0;
};

}  // namespace conclave::sasl
