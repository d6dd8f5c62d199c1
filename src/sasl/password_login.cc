#include "sasl/password_login.h"

#include <utility>

#include "base/log.h"
#include "base/network.h"
#include "sasl/plain.h"
#include "sasl/prepare.h"

namespace conclave::sasl {
namespace {

constexpr std::size_t kNobodyLength = 20;

std::optional<ScramHash> scram_named(std::string_view mechanism) {
  for (const ScramHash hash : {ScramHash::Sha256, ScramHash::Sha1}) {
    if (mechanism == mechanism_of(hash)) return hash;
  }
  return std::nullopt;
}

// Some clients write their whole address.
std::string_view without_domain(std::string_view text, std::string_view domain) {
  const std::size_t at = text.rfind('@');
  return at != std::string_view::npos && text.substr(at + 1) == domain ? text.substr(0, at) : text;
}

// The account that is meant, or nothing that can be one. To act for somebody else is nobody's right.
std::string account_of(std::string_view username, std::string_view authzid, std::string_view domain) {
  const auto name = prepare_username(without_domain(username, domain));
  if (name && !authzid.empty() && prepare_username(without_domain(authzid, domain)) != name) return {};
  return name.value_or("");
}

// What the client hears, and the slug for whoever watches. A wrong name hears the same as a wrong password.
xmpp::SaslFailure failed(std::string_view condition, std::string_view text, std::string_view slug) {
  return {.condition = std::string(condition), .text = std::string(text), .slug = slug};
}

}  // namespace

// As the client sent it: a directory may care for case.
struct PasswordLogin::Typed {
  std::string name;
  std::string password;
  bool counts = true;  // false: the sources are asked only for the time that it takes
};

// One try of one stream. Moves from step to step.
struct PasswordLogin::Attempt {
  std::string domain;
  Guess guess;  // its account is the prepared name, empty if the name was none
  std::string mechanism;
  xmpp::AuthReply reply;
  std::optional<PaidGuess> paid = {};  // once the desk has taken it
};

PasswordLogin::PasswordLogin(Loop& loop, Random& random, GuessDesk& desk, const PasswordSources& sources,
                             std::function<access::AuthMethods()> methods)
    : Pinned(loop),
      random_(random),
      desk_(desk),
      sources_(sources),
      methods_(std::move(methods)),
      decoys_(random.token(kServerNonceLength)) {}

ScramDirectory* PasswordLogin::scram() const {
  return methods_().password ? sources_.scram : nullptr;
}

std::vector<PasswordCheck*> PasswordLogin::plain() const {
  const access::AuthMethods methods = methods_();
  std::vector<PasswordCheck*> sources;
  if (methods.password && sources_.accounts != nullptr) sources.push_back(sources_.accounts);
  if (methods.ldap && sources_.directory != nullptr) sources.push_back(sources_.directory);
  return sources;
}

std::vector<std::string> PasswordLogin::mechanisms(const xmpp::StreamRequest& request) const {
  std::vector<std::string> offered;
  const bool service = sources_.services != nullptr && sources_.services->any_at(request.to);
  if (plain().empty() && !service) return offered;
  if (!methods_().ldap || sources_.directory == nullptr) {
    for (const ScramHash hash : {ScramHash::Sha256, ScramHash::Sha1}) {
      if (scram() == nullptr || scram()->offers(hash)) offered.emplace_back(mechanism_of(hash));
    }
  }
  if (request.confidential) offered.emplace_back("PLAIN");
  return offered;
}

void PasswordLogin::begin(const xmpp::StreamRequest& request, const xmpp::SaslStart& start, xmpp::AuthReply reply) {
  assert_here();
  Attempt attempt{.domain = request.to,
                  .guess = {.address = network_of(request.peer), .account = {}},
                  .mechanism = start.mechanism,
                  .reply = std::move(reply)};
  if (const auto hash = scram_named(start.mechanism))
    return begin_scram(std::move(attempt), *hash, start.initial_response);
  begin_plain(std::move(attempt), start.initial_response);
}

void PasswordLogin::when_allowed(Attempt attempt, UniqueFunction<void(Attempt)> then) {
  Guess guess = attempt.guess;
  desk_.ask(
      loop(), std::move(guess),
      [this, attempt = std::move(attempt), then = std::move(then)](std::optional<PaidGuess> paid) mutable {
        if (!paid || paid->wait != Duration::zero()) counters_.slowed.add();
        if (!paid) {
          log::info("login turned away: too many guesses", {{"from", attempt.guess.address}});
          return attempt.reply(failed("temporary-auth-failure", "Too many attempts. Wait a minute.", kTooManyGuesses));
        }
        const Duration wait = paid->wait;
        attempt.paid = std::move(paid);
        if (wait == Duration::zero()) return then(std::move(attempt));
        const std::uint64_t id = ++next_;
        waiting_[id] = loop().after(wait, [this, id, attempt = std::move(attempt), then = std::move(then)]() mutable {
          const auto done = waiting_.extract(id);
          then(std::move(attempt));
        });
      });
}

void PasswordLogin::begin_plain(Attempt attempt, std::string_view message) {
  auto parsed = parse_plain(message);
  if (!parsed) return attempt.reply(xmpp::SaslFailure{"malformed-request"});
  attempt.guess.account = account_of(parsed->username, parsed->authzid, attempt.domain);
  Typed typed{.name = std::string(without_domain(parsed->username, attempt.domain)),
              .password = std::move(parsed->password)};
  when_allowed(std::move(attempt), [this, typed = std::move(typed)](Attempt allowed) mutable {
    const std::string& name = allowed.guess.account;
    if (name.empty()) return refuse(std::move(allowed), PasswordFailure::Wrong);
    if (sources_.services != nullptr) {
      auto service = sources_.services->check(allowed.domain, name, prepare_password(typed.password).value_or(""));
      if (service) return accept(std::move(allowed), *std::move(service));
      // A wrong password of a service takes the time of a name that nobody has.
      if (sources_.services->has(allowed.domain, name)) typed = nobody();
    }
    check_plain(std::move(allowed), std::move(typed), plain());
  });
}

// Never the name or the password that was typed: no directory counts wrong tries of it.
PasswordLogin::Typed PasswordLogin::nobody() {
  return {.name = random_.hex(kNobodyLength), .password = random_.hex(kNobodyLength), .counts = false};
}

void PasswordLogin::check_plain(Attempt attempt, Typed typed, std::vector<PasswordCheck*> sources) {
  if (sources.empty()) return refuse(std::move(attempt), PasswordFailure::Wrong);
  PasswordCheck& source = *sources.front();
  sources.erase(sources.begin());
  std::string name = typed.name;
  std::string password = typed.password;
  source.check(loop(), std::move(name), std::move(password),
               [this, attempt = std::move(attempt), typed = std::move(typed),
                others = std::move(sources)](Result<access::Identity, PasswordFailure> answer) mutable {
                 if (answer && typed.counts) return accept(std::move(attempt), *std::move(answer));
                 if (!answer && answer.error() != PasswordFailure::Wrong)
                   return refuse(std::move(attempt), answer.error());
                 check_plain(std::move(attempt), std::move(typed), std::move(others));
               });
}

void PasswordLogin::begin_scram(Attempt attempt, ScramHash hash, std::string_view client_first) {
  auto exchange = ScramExchange::begin(client_first);
  if (!exchange) return attempt.reply(xmpp::SaslFailure{"malformed-request"});
  attempt.guess.account = account_of(exchange->username(), exchange->authzid(), attempt.domain);
  find_keys(std::move(attempt), hash,
            [this, exchange = *std::move(exchange)](Attempt found,
                                                    const Result<ScramRecord, PasswordFailure>& record) mutable {
              if (!record) return refuse(std::move(found), record.error());
              challenge(std::move(found), std::move(exchange), *record);
            });
}

void PasswordLogin::find_keys(Attempt attempt, ScramHash hash,
                              UniqueFunction<void(Attempt, const Result<ScramRecord, PasswordFailure>&)> found) {
  std::string name = attempt.guess.account;
  ScramRecord decoy{.keys = decoys_.for_name(name, hash, {}), .identity = {}};
  std::optional<ScramRecord> service;
  if (sources_.services != nullptr && sources_.services->has(attempt.domain, name)) {
    service = sources_.services->record(attempt.domain, name, hash);
    name = nobody().name;  // asked for all the same: a service's name takes the time of one that nobody has
  }
  ScramDirectory* directory = scram();
  if (directory == nullptr) return found(std::move(attempt), service ? *std::move(service) : std::move(decoy));
  directory->find(loop(), std::move(name), hash,
                  [attempt = std::move(attempt), service = std::move(service),
                   found = std::move(found)](const auto& record) mutable {
                    if (service) return found(std::move(attempt), *std::move(service));
                    found(std::move(attempt), record);
                  });
}

void PasswordLogin::challenge(Attempt attempt, ScramExchange exchange, ScramRecord record) {
  std::string server_first = exchange.challenge(record.keys, random_.token(kServerNonceLength));
  xmpp::AuthReply reply = std::move(attempt.reply);
  reply(xmpp::SaslChallenge{std::move(server_first),
                            [this, attempt = std::move(attempt), exchange = std::move(exchange),
                             record = std::move(record)](std::string client_final, xmpp::AuthReply next) mutable {
                              attempt.reply = std::move(next);
                              finish_scram(std::move(attempt), exchange, record, client_final);
                            }});
}

void PasswordLogin::finish_scram(Attempt attempt, const ScramExchange& exchange, const ScramRecord& record,
                                 std::string_view client_final) {
  auto server_final = exchange.finish(client_final);
  if (!server_final && server_final.error() == ScramError::Malformed) {
    return attempt.reply(xmpp::SaslFailure{"malformed-request"});
  }
  // Whether it was right is known already and kept until its time has come.
  when_allowed(std::move(attempt), [this, server_final = std::move(server_final), identity = record.identity,
                                    locked = record.locked](Attempt allowed) mutable {
    if (!server_final || !identity) return refuse(std::move(allowed), PasswordFailure::Wrong);
    if (locked) return refuse(std::move(allowed), PasswordFailure::Locked);
    accept(std::move(allowed), *std::move(identity), *std::move(server_final));
  });
}

void PasswordLogin::accept(Attempt attempt, access::Identity identity, std::string additional_data) {
  counters_.accepted.add();
  if (attempt.paid) desk_.was_right(*std::move(attempt.paid));
  log::info("logged in", {{"subject", identity.subject}, {"mechanism", attempt.mechanism}});
  attempt.reply(xmpp::Authenticated{
      .username = attempt.guess.account, .proof = std::move(identity), .additional_data = std::move(additional_data)});
}

void PasswordLogin::refuse(Attempt attempt, PasswordFailure why) {
  switch (why) {
    case PasswordFailure::Wrong:
      counters_.refused.add();
      log::info("login refused", {{"from", attempt.guess.address}, {"mechanism", attempt.mechanism}});
      return attempt.reply(failed("not-authorized", "Wrong name or password.", kPasswordWrong));
    case PasswordFailure::Locked:
      if (attempt.paid) desk_.take_back(*std::move(attempt.paid));
      counters_.locked.add();
      log::info("login refused: the account is locked", {{"account", attempt.guess.account}});
      return attempt.reply(failed("account-disabled", "This account is locked.", kAccountLocked));
    case PasswordFailure::Unavailable:
      if (attempt.paid) desk_.take_back(*std::move(attempt.paid));
      counters_.unavailable.add();
      return attempt.reply(
          failed("temporary-auth-failure", "Accounts cannot be checked just now.", kAccountUnavailable));
  }
}

}  // namespace conclave::sasl
