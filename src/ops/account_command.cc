#include "ops/account_command.h"

#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <optional>
#include <sstream>

#include "accounts/prosody_import.h"
#include "ops/config_error.h"
#include "sasl/prepare.h"

namespace conclave::ops {
namespace {

using accounts::Account;
using accounts::AccountStore;
using accounts::StoreError;

// Names that services use elsewhere: a person with one of them would be mistaken for it (access.md A47, A50).
constexpr std::string_view kReserved[] = {"focus", "jvb", "jibri", "jigasi", "recorder", "transcriber"};

// Switches the echo of a terminal off while it lives; nothing happens if standard input is none.
class NoEcho {
 public:
  NoEcho() {
    if (tcgetattr(STDIN_FILENO, &before_) != 0) return;
    termios silent = before_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    changed_ = tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent) == 0;
  }
  ~NoEcho() {
    if (changed_) tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
  }
  NoEcho(const NoEcho&) = delete;
  NoEcho& operator=(const NoEcho&) = delete;

 private:
  termios before_{};
  bool changed_ = false;
};

class AccountCommand {
 public:
  AccountCommand(const AccountOrder& order, const Settings& settings, std::istream& in, std::ostream& out,
                 std::ostream& err)
      : order_(order), settings_(settings), in_(in), out_(out), err_(err), store_(open_accounts(settings)) {}

  int run() {
    switch (order_.act) {
      case AccountOrder::Act::Add:
        return add();
      case AccountOrder::Act::Passwd:
        return change_password();
      case AccountOrder::Act::Role:
        return done(store_.set_role(name(), role()), "has the role " + order_.role + " from the next login on");
      case AccountOrder::Act::Lock:
        return done(store_.set_locked(name(), true), "is locked");
      case AccountOrder::Act::Unlock:
        return done(store_.set_locked(name(), false), "may log in again");
      case AccountOrder::Act::Remove:
        return done(store_.remove(name()), "is removed");
      case AccountOrder::Act::List:
        return list();
      case AccountOrder::Act::Import:
        return import();
    }
    return kExitUsage;
  }

 private:
  std::string name() const {
    auto prepared = sasl::prepare_username(order_.name);
    if (!prepared) {
      throw ConfigError("account name", order_.name,
                        "A name is a word of letters, digits and signs, without blanks and without \" & ' / : < > @.");
    }
    if (order_.act == AccountOrder::Act::Add && std::ranges::count(kReserved, *prepared) > 0) {
      throw ConfigError("account name", order_.name, "This name is a service's. Choose another.");
    }
    return *std::move(prepared);
  }

  accounts::Role role() const {
    for (const auto one : {accounts::Role::Unsaid, accounts::Role::Host, accounts::Role::Participant}) {
      if (order_.role == accounts::role_text(one)) return one;
    }
    throw ConfigError("role", order_.role, "Use host, participant, or policy (as MODERATORS says).");
  }

  static std::string text(const char* what, const std::string& value) {
    if (value.size() > accounts::kMaxTextBytes) {
      throw ConfigError(what, "", "It is longer than " + std::to_string(accounts::kMaxTextBytes) + " bytes.");
    }
    return value;
  }

  std::string ask(std::string_view question) {
    err_ << question << std::flush;
    std::string line;
    {
      const NoEcho silence;
      std::getline(in_, line);
    }
    err_ << "\n";
    return line;
  }

  std::string password() {
    std::string typed;
    if (order_.password_stdin) {
      std::getline(in_, typed);
      if (typed.ends_with('\r')) typed.pop_back();
    } else if (isatty(STDIN_FILENO) == 0) {
      throw ConfigError("password", "", "There is no terminal to ask on. Use --password-stdin and write it there.");
    } else {
      typed = ask("Password: ");
      if (ask("Once more: ") != typed) throw ConfigError("password", "", "The two are not the same.");
    }
    auto prepared = sasl::prepare_password(typed);
    if (!prepared) throw ConfigError("password", "", "It is empty, too long, or has control characters.");
    if (prepared->size() < kMinPasswordLength) {
      throw ConfigError("password", "",
                        "It has fewer than " + std::to_string(kMinPasswordLength) + " characters: it can be guessed.");
    }
    return *std::move(prepared);
  }

  std::vector<sasl::ScramKeys> new_keys() {
    const std::string typed = password();
    return {sasl::make_keys(sasl::ScramHash::Sha256, typed, random_),
            sasl::make_keys(sasl::ScramHash::Sha1, typed, random_)};
  }

  int done(const Result<void, StoreError>& result, const std::string& what) {
    if (!result) return failed(result.error());
    out_ << name() << " " << what << ".\n";
    return 0;
  }

  int failed(const StoreError& error) {
    err_ << "conclave: " << error.problem << "\n";
    return kExitMissing;
  }

  int add() {
    const Account account{.name = name(),
                          .role = role(),
                          .locked = false,
                          .display_name = text("display name", order_.display_name),
                          .mail = text("mail", order_.mail)};
    // Before the password is asked for.
    const auto there = store_.find(account.name);
    if (!there) return failed(there.error());
    if (*there) return failed({StoreError::Kind::Exists, "There is an account " + account.name + " already."});
    const int code = done(store_.add(account, new_keys()), "is added");
    if (code == 0 && !settings_.policies.base.auth.password) {
      err_ << "conclave: note: this server does not check passwords. Add password to CONCLAVE_AUTH (or internal to "
              "AUTH_TYPE).\n";
    }
    return code;
  }

  int change_password() {
    const auto there = store_.find(name());
    if (!there) return failed(there.error());
    if (!*there) return failed({StoreError::Kind::Missing, "There is no account " + name() + "."});
    return done(store_.set_keys(name(), new_keys()), "has a new password");
  }

  int list() {
    const auto all = store_.list();
    if (!all) return failed(all.error());
    if (order_.json) {
      auto json = nlohmann::ordered_json::array();
      for (const Account& account : *all) {
        json.push_back({{"name", account.name},
                        {"role", accounts::role_text(account.role)},
                        {"locked", account.locked},
                        {"display_name", account.display_name},
                        {"mail", account.mail}});
      }
      out_ << json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) << "\n";
      return 0;
    }
    for (const Account& account : *all) {
      out_ << account.name << "  " << accounts::role_text(account.role) << (account.locked ? "  locked" : "");
      if (!account.display_name.empty()) out_ << "  " << account.display_name;
      if (!account.mail.empty()) out_ << "  <" << account.mail << ">";
      out_ << "\n";
    }
    return 0;
  }

  int import() {
    const auto files = accounts::find_prosody_files(order_.import_from);
    if (!files) throw ConfigError("import", order_.import_from, files.error());
    const std::string host = order_.import_host.empty() ? settings_.xmpp_domain : order_.import_host;
    std::size_t imported = 0;
    std::size_t skipped = 0;
    std::size_t other_hosts = 0;
    for (const accounts::ProsodyFile& file : *files) {
      if (file.host != host) {
        ++other_hosts;
        continue;
      }
      const auto problem = import_one(file);
      (problem ? skipped : imported) += 1;
      if (problem) err_ << "conclave: " << file.path.string() << ": not imported: " << *problem << "\n";
    }
    out_ << imported << " imported, " << skipped << " not.\n";
    if (other_hosts > 0) {
      out_ << other_hosts << " are of other hosts than " << host << ". Name another with --host.\n";
    }
    return skipped > 0 || imported == 0 ? kExitMissing : 0;
  }

  std::optional<std::string> import_one(const accounts::ProsodyFile& file) {
    std::ifstream in(file.path, std::ios::binary);
    std::ostringstream content;
    content << in.rdbuf();
    if (!in) return "it cannot be read";
    auto account = accounts::account_from_prosody(file.name, content.str(), random_);
    if (!account) return account.error();
    if (std::ranges::count(kReserved, account->account.name) > 0) return "its name is a service's";
    if (order_.replace) {
      const auto replaced = store_.set_keys(account->account.name, account->keys);
      if (replaced) return std::nullopt;
      if (replaced.error().kind != StoreError::Kind::Missing) return replaced.error().problem;
    }
    const auto added = store_.add(account->account, account->keys);
    if (added) return std::nullopt;
    if (added.error().kind == StoreError::Kind::Exists) return "there is such an account; --replace takes its password";
    return added.error().problem;
  }

  const AccountOrder& order_;
  const Settings& settings_;
  std::istream& in_;
  std::ostream& out_;
  std::ostream& err_;
  SystemRandom random_;
  AccountStore store_;
};

}  // namespace

std::filesystem::path accounts_file(const Settings& settings) {
  return settings.data_dir / "conclave.db";
}

AccountStore open_accounts(const Settings& settings) {
  const auto file = accounts_file(settings);
  std::error_code ignored;  // what cannot be made is reported by whoever writes into it
  std::filesystem::create_directories(settings.data_dir, ignored);
  auto store = AccountStore::open(file);
  if (!store) {
    throw ConfigError("CONCLAVE_DATA", settings.data_dir,
                      "The accounts in " + file.string() + " cannot be opened: " + store.error().problem);
  }
  return *std::move(store);
}

int run_account_command(const AccountOrder& order, const Settings& settings, std::istream& in, std::ostream& out,
                        std::ostream& err) {
  return AccountCommand(order, settings, in, out, err).run();
}

}  // namespace conclave::ops
