#pragma once
// SCRAM and PLAIN on the streams of one loop: what is offered where, the steps of each, and the same answer for all
// that is wrong.
//
//   PLAIN   message ─► guess desk ─► service accounts, else each PasswordCheck in turn ─► reply
//   SCRAM   client-first ─► directory: keys ─► challenge … client-final ─► guess desk ─► proof right? ─► reply
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "access/policy.h"
#include "base/counter.h"
#include "base/random.h"
#include "loop/pinned.h"
#include "sasl/decoy_keys.h"
#include "sasl/guess_desk.h"
#include "sasl/password_check.h"
#include "sasl/scram.h"
#include "sasl/scram_directory.h"
#include "sasl/service_accounts.h"
#include "xmpp/authenticator.h"

namespace conclave::sasl {

// Where passwords are known. All outlive the logins.
struct PasswordSources {
  PasswordCheck* accounts = nullptr;          // null: there are none
  ScramDirectory* scram = nullptr;            // of the accounts
  PasswordCheck* directory = nullptr;         // LDAP; asked when the accounts say Wrong
  const ServiceAccounts* services = nullptr;  // null: none
};

struct PasswordLoginCounters {
  Counter accepted;
  Counter refused;      // wrong name or password
  Counter locked;       // right, but of a locked account
  Counter unavailable;  // accounts or directory could not be asked
  Counter slowed;       // had to wait, or were turned away for too many guesses
};

// Lives on its loop, which the streams are on too.
class PasswordLogin : public Pinned {
 public:
  // `methods`: what the policy in force lets log in (AUTH).
  PasswordLogin(Loop& loop, Random& random, GuessDesk& desk, const PasswordSources& sources,
                std::function<access::AuthMethods()> methods);

  // Beside ANONYMOUS, strongest first. Clear passwords only where nobody reads along. With a directory no SCRAM: the
  // mechanism is chosen before the name is known, and a directory needs the clear password (access.md 4.2).
  std::vector<std::string> mechanisms(const xmpp::StreamRequest& request) const;
  // `start.mechanism` is one of those. The proof of Authenticated is an access::Identity.
  void begin(const xmpp::StreamRequest& request, const xmpp::SaslStart& start, xmpp::AuthReply reply);

  const PasswordLoginCounters& counters() const { return counters_; }

 private:
  struct Attempt;
  struct Typed;

  Typed nobody();

  void begin_plain(Attempt attempt, std::string_view message);
  void check_plain(Attempt attempt, Typed typed, std::vector<PasswordCheck*> sources);
  ScramDirectory* scram() const;
  std::vector<PasswordCheck*> plain() const;
  void begin_scram(Attempt attempt, ScramHash hash, std::string_view client_first);
  void find_keys(Attempt attempt, ScramHash hash,
                 UniqueFunction<void(Attempt, const Result<ScramRecord, PasswordFailure>&)> found);
  void challenge(Attempt attempt, ScramExchange exchange, ScramRecord record);
  void finish_scram(Attempt attempt, const ScramExchange& exchange, const ScramRecord& record,
                    std::string_view client_final);
  // Runs `then` when the guess may be looked at, or refuses.
  void when_allowed(Attempt attempt, UniqueFunction<void(Attempt)> then);
  void accept(Attempt attempt, access::Identity identity, std::string additional_data = {});
  void refuse(Attempt attempt, PasswordFailure why);

  Random& random_;
  GuessDesk& desk_;
  const PasswordSources& sources_;
  std::function<access::AuthMethods()> methods_;
  DecoyKeys decoys_;  // where there are services and no accounts
  PasswordLoginCounters counters_;
  std::map<std::uint64_t, Timer> waiting_;
  std::uint64_t next_ = 0;
};

}  // namespace conclave::sasl
