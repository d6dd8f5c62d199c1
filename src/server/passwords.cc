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

void Passwords::on_end(std::function<void(const std::string& subject)> listener) {
  if (!accounts_) return;
  accounts_->on_change([listener = std::move(listener)](const accounts::Change& change) {
    if (change.what == accounts::Change::What::Role) return;  // counts from the next login on
    log::info("account changed", {{"account", change.name}});
    listener(accounts::subject_of(change.name));
  });
}

}  // namespace conclave::server
