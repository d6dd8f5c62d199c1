#pragma once
// `conclave account …`: the local accounts, also beside a running server. Passwords come from the terminal without echo
// or from standard input, never from the command line, where everybody on the machine can read them.
#include <filesystem>
#include <iosfwd>
#include <string>

#include "accounts/store.h"
#include "ops/settings.h"

namespace conclave::ops {

constexpr int kExitMissing = 1;  // no such account, or it is there already
constexpr std::size_t kMinPasswordLength = 8;

struct AccountOrder {
  enum class Act { Add, Passwd, Role, Lock, Unlock, Remove, List, Import };
  Act act = Act::List;
  std::string name = {};
  std::string role = "policy";  // host, participant, policy
  std::string display_name = {};
  std::string mail = {};
  bool password_stdin = false;
  bool json = false;
  std::string import_from = {};
  std::string import_host = {};  // "": the XMPP domain
  bool replace = false;          // an imported account replaces one that is there
};

// The exit code. What went wrong stands on `err`; ConfigError for what is wrong with the settings or the order.
int run_account_command(const AccountOrder& order, const Settings& settings, std::istream& in, std::ostream& out,
                        std::ostream& err);

std::filesystem::path accounts_file(const Settings& settings);  // <data>/conclave.db
// ConfigError if it cannot be opened.
accounts::AccountStore open_accounts(const Settings& settings);

}  // namespace conclave::ops
