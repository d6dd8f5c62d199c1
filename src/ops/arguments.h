#pragma once
// The command line, as values: which command, and what was said to it. Only while starting.
#include <string>

#include "ops/account_command.h"
#include "ops/revoke_command.h"
#include "ops/settings.h"
#include "ops/token_command.h"

namespace CLI {
class App;
}

namespace conclave::ops {

enum class Command { Serve, Token, Explain, Revoke, Account, Check, Settings };

struct ExplainOrder {
  std::string room;
  std::string token;
  std::string account;  // with live: a local one, or a name in the directory
  std::string state = "absent";
  bool live = false;
  bool matrix = false;
};

struct SettingsOrder {
  bool toml = false;
  bool markdown = false;  // the default
};

struct Arguments {
  Command command = Command::Serve;
  CommandLine line;  // options that override variables
  TokenOrder token;
  ExplainOrder explain;
  RevokeWish revoke;
  AccountOrder account;
  SettingsOrder settings;
  bool json = false;  // of explain and settings
};

// Adds every command and option; parsing fills `arguments`, which must outlive it.
void describe_commands(CLI::App& app, Arguments& arguments);

}  // namespace conclave::ops
