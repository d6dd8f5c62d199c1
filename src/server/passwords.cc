#include "server/passwords.h"

#include <utility>

#include "base/log.h"
#include "base/random.h"
#include "ops/account_command.h"
#include "ops/config_error.h"

namespace conclave::server {
namespace {

sasl::ServiceAccounts services_from(const ops::Settings& settings) {
  SystemRandom random;
  return {settings.accounts.services, random};
}

// Also without AUTH=password if the file is there: the policy may change while the server runs.
std::unique_ptr<accounts::Accounts> accounts_from(Loop& loop, const ops::Settings& settings) {
  const auto file = ops::accounts_file(settings);
  std::error_code error;
  if (!settings.policies.base.auth.password && !std::filesystem::exists(file, error)) return nullptr;
  return std::make_unique<accounts::Accounts>(loop, ops::open_accounts(settings));
}

}  // namespace

Passwords::Passwords(Loop& loop, const ops::Settings& settings)
    : services_(services_from(settings)), desk_(loop), accounts_(accounts_from(loop, settings)) {
  if (settings.ldap) directory_ = std::make_unique<ldap::Directory>(loop, random_, *settings.ldap);
  sources_ = {
      .accounts = accounts_.get(), .scram = accounts_.get(), .directory = directory_.get(), .services = &services_};
}

void Passwords::who_is(Loop& reply_to, const access::AuthMethods& methods, std::string name,
                       sasl::PasswordReply reply) {
  sasl::PasswordCheck* directory = methods.ldap ? directory_.get() : nullptr;
  if (!methods.password || accounts_ == nullptr) {
    if (directory != nullptr) return directory->who_is(reply_to, std::move(name), std::move(reply));
    return reply_to.post([reply = std::move(reply)]() mutable { reply(failure(sasl::PasswordFailure::Wrong)); });
  }
  accounts_->who_is(reply_to, name, [directory, &reply_to, name, reply = std::move(reply)](auto who) mutable {
    const bool nobody = !who && who.error() == sasl::PasswordFailure::Wrong;
    if (nobody && directory != nullptr) return directory->who_is(reply_to, std::move(name), std::move(reply));
    reply(std::move(who));
  });
}

void Passwords::on_end(std::function<void(const std::string& subject)> listener) {
  if (!accounts_) return;
  accounts_->on_change([listener = std::move(listener)](const accounts::Change& change) {
    if (change.what == accounts::Change::What::Role) return;  // counts from the next login on
    log::info("account changed", {{"account", change.name}});
    listener(accounts::subject_of(change.name));
  });
}

}  // namespace conclave::server
