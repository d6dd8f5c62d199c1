#pragma once
// Everything that knows passwords, made once from the settings and asked from all loops: local accounts, service
// accounts, a directory if there is one, and the desk that slows guessing.
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "accounts/accounts.h"
#include "base/random.h"
#include "ldap/directory.h"
#include "ops/settings.h"
#include "sasl/password_login.h"

namespace conclave::server {

class Passwords {
 public:
  // Throws ops::ConfigError if the accounts cannot be opened. `loop` is where the desk lives and changes are looked
  // for.
  Passwords(Loop& loop, const ops::Settings& settings);

  sasl::GuessDesk& desk() { return desk_; }
  const sasl::PasswordSources& sources() const { return sources_; }
  const ldap::Directory* directory() const { return directory_.get(); }  // null: there is none
  // Who logs in under that name by one of `methods`, asked without his password: first the accounts, then the
  // directory, as a log-in goes; then the services, at whose domain only they log in. `reply` on `reply_to`, in a later
  // turn.
  void who_is(Loop& reply_to, const access::AuthMethods& methods, std::string name, sasl::PasswordReply reply);
  // Called on `loop` with the subject of an account that may go on no longer: locked, removed, another password.
  void on_end(std::function<void(const std::string& subject)> listener);

 private:
  std::optional<access::Identity> service_named(std::string_view name) const;
  void ask_in_turn(Loop& reply_to, std::vector<sasl::PasswordCheck*> sources, std::string name,
                   sasl::PasswordReply reply);

  sasl::ServiceAccounts services_;
  std::vector<std::pair<std::string, std::string>> service_names_;  // name and domain
  sasl::GuessDesk desk_;
  accounts::Accounts accounts_;  // also without AUTH=password: a reload may say so
  SystemRandom random_;
  std::unique_ptr<ldap::Directory> directory_;
  sasl::PasswordSources sources_;
};

}  // namespace conclave::server
