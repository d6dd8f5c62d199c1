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

}  // namespace

Passwords::Passwords(Loop& loop, const ops::Settings& settings)
    : services_(services_from(settings)), desk_(loop), accounts_(loop, ops::open_accounts(settings)) {
  for (const sasl::ServiceAccount& service : settings.accounts.services) {
    service_names_.emplace_back(service.name, service.domain);
  }
  if (settings.ldap) directory_ = std::make_unique<ldap::Directory>(loop, random_, *settings.ldap);
  sources_ = {.accounts = &accounts_, .scram = &accounts_, .directory = directory_.get(), .services = &services_};
}

void Passwords::who_is(Loop& reply_to, const access::AuthMethods& methods, std::string name,
                       sasl::PasswordReply reply) {
  std::vector<sasl::PasswordCheck*> sources;
  if (methods.password) sources.push_back(&accounts_);
  if (methods.ldap && directory_ != nullptr) sources.push_back(directory_.get());
  ask_in_turn(reply_to, std::move(sources), std::move(name), std::move(reply));
}

// "name@domain" or, where no two domains have it, "name".
std::optional<access::Identity> Passwords::service_named(std::string_view name) const {
  std::optional<access::Identity> found;
  for (const auto& [own, domain] : service_names_) {
    const bool whole = name == own + "@" + domain;
    if (!whole && name != own) continue;
    if (found) return std::nullopt;
    found = services_.record(domain, own, sasl::ScramHash::Sha256).identity;
    if (whole) return found;
  }
  return found;
}

void Passwords::ask_in_turn(Loop& reply_to, std::vector<sasl::PasswordCheck*> sources, std::string name,
                            sasl::PasswordReply reply) {
  if (sources.empty()) {
    Result<access::Identity, sasl::PasswordFailure> answer = failure(sasl::PasswordFailure::Wrong);
    if (auto service = service_named(name)) answer = *std::move(service);
    return reply_to.post(
        [answer = std::move(answer), reply = std::move(reply)]() mutable { reply(std::move(answer)); });
  }
  sasl::PasswordCheck& first = *sources.front();
  sources.erase(sources.begin());
  first.who_is(reply_to, name,
               [this, &reply_to, sources = std::move(sources), name, reply = std::move(reply)](auto who) mutable {
                 const bool nobody = !who && who.error() == sasl::PasswordFailure::Wrong;
                 if (!nobody) return reply(std::move(who));
                 ask_in_turn(reply_to, std::move(sources), std::move(name), std::move(reply));
               });
}

void Passwords::on_end(std::function<void(const std::string& subject)> listener) {
  accounts_.on_change([listener = std::move(listener)](const accounts::Change& change) {
    if (change.what == accounts::Change::What::Role) return;  // counts from the next login on
    log::info("account changed", {{"account", change.name}});
    listener(accounts::subject_of(change.name));
  });
}

}  // namespace conclave::server
