#include "ops/arguments.h"

#include <CLI/CLI.hpp>

namespace conclave::ops {
namespace {

// One option of `serve` that overrides a variable of the environment.
void add_setting(CLI::App& command, Arguments& arguments, const std::string& flag, const std::string& variable,
                 const std::string& help) {
  command.add_option_function<std::string>(
      flag, [&arguments, variable](const std::string& value) { arguments.line.values[variable] = value; },
      help + " (" + variable + ")");
}

void add_common(CLI::App& command, Arguments& arguments) {
  add_setting(command, arguments, "--env-file", "CONCLAVE_ENV_FILE", "File with settings, NAME=value");
  add_setting(command, arguments, "--config", "CONCLAVE_CONFIG_FILE", "File with settings, TOML");
  add_setting(command, arguments, "--data", "CONCLAVE_DATA", "Data directory: certificate, secrets");
}

void add_serve(CLI::App& command, Arguments& arguments) {
  add_setting(command, arguments, "--http-port", "HTTP_PORT", "Port for HTTP, 0 for any free one");
  add_setting(command, arguments, "--https-port", "HTTPS_PORT", "Port for HTTPS, 0 for any free one");
  add_setting(command, arguments, "--media-port", "JVB_PORT", "UDP port for media, 0 for any free one");
  add_setting(command, arguments, "--public-url", "PUBLIC_URL", "Address that people see");
  add_setting(command, arguments, "--web-root", "CONCLAVE_WEB_ROOT", "Directory with the web client");
  add_setting(command, arguments, "--log-level", "CONCLAVE_LOG_LEVEL", "debug, info, warning or error");
  command.add_flag_callback(
      "--no-https", [&arguments] { arguments.line.values["DISABLE_HTTPS"] = "1"; },
      "Plain HTTP only; TLS ends at a proxy in front (DISABLE_HTTPS)");
}

void add_token(CLI::App& command, Arguments& arguments) {
  TokenOrder& order = arguments.token;
  command.add_option("--room", order.room, "Room, or * for all")->required();
  command.add_option("--role", order.role, "moderator, participant, visitor or unsaid")->capture_default_str();
  command.add_option("--name", order.name, "Display name");
  command.add_option("--user-id", order.user_id, "Stable id of the person");
  command.add_option("--email", order.email, "Mail address; shown to nobody");
  command.add_option("--tenant", order.tenant, "Tenant that the room belongs to");
  command.add_option("--expires", order.expires, "How long it is good: 30m, 2h, never")->capture_default_str();
  command.add_option("--not-before", order.not_before, "Not good before: a duration from now");
  command.add_option("--features", order.features, "Comma separated features that are allowed");
}

void add_explain(CLI::App& command, Arguments& arguments) {
  ExplainOrder& order = arguments.explain;
  command.add_option("--room", order.room, "Room, as in its link");
  command.add_flag("--matrix", order.matrix, "The whole table: every kind of person, every state of a room");
  command.add_option("--token", order.token, "Token of the person; without one, a guest");
  command.add_option("--account", order.account, "With --live: a local account, or a name in the directory");
  command.add_option("--room-state", order.state, "absent, waiting, open, held or ended")->capture_default_str();
  command.add_flag("--json", arguments.json, "As JSON");
  command.add_flag("--live", order.live, "Ask the running server about its room as it is now");
  add_setting(command, arguments, "--server", "CONCLAVE_ADMIN_URL", "With --live: address of the running server");
}

// account add|passwd|role|lock|unlock|remove NAME, account list, account import DIRECTORY
void add_account(CLI::App& command, Arguments& arguments) {
  using Act = AccountOrder::Act;
  command.require_subcommand(1);
  AccountOrder& order = arguments.account;
  const auto act = [&](const char* name, const char* help, Act what) -> CLI::App& {
    CLI::App& one = *command.add_subcommand(name, help);
    add_common(one, arguments);
    one.final_callback([&order, what] { order.act = what; });
    return one;
  };
  const auto of_one = [&](const char* name, const char* help, Act what) -> CLI::App& {
    CLI::App& one = act(name, help, what);
    one.add_option("name", order.name, "Name of the account")->required();
    return one;
  };
  CLI::App& add = of_one("add", "Make an account; asks for its password", Act::Add);
  add.add_option("--role", order.role, "host, participant, or policy: as MODERATORS says")->capture_default_str();
  add.add_option("--display-name", order.display_name, "Name that others see, and that its owner cannot change");
  add.add_option("--mail", order.mail, "Mail address; shown to nobody");
  CLI::App& passwd = of_one("passwd", "Give an account another password", Act::Passwd);
  for (CLI::App* one : {&add, &passwd}) {
    one->add_flag("--password-stdin", order.password_stdin, "Read the password from standard input, one line");
  }
  of_one("role", "Say what the account is in meetings", Act::Role)
      .add_option("role", order.role, "host, participant, or policy: as MODERATORS says")
      ->required();
  of_one("lock", "Let nobody log in with the account", Act::Lock);
  of_one("unlock", "Let its owner log in again", Act::Unlock);
  of_one("remove", "Remove the account", Act::Remove);
  act("list", "Show all accounts", Act::List).add_flag("--json", order.json, "As JSON");
  CLI::App& import = act("import", "Take over accounts from Prosody's data directory", Act::Import);
  import.add_option("from", order.import_from, "Prosody's data directory, docker's CONFIG, or one .dat file")
      ->required();
  import.add_option("--host", order.import_host, "Whose accounts, as Prosody calls the host; default: XMPP_DOMAIN");
  import.add_flag("--replace", order.replace, "Also take the passwords of accounts that are there already");
}

void add_revoke(CLI::App& command, Arguments& arguments) {
  RevokeWish& wish = arguments.revoke;
  add_setting(command, arguments, "--server", "CONCLAVE_ADMIN_URL", "Address of the running server");
  command.add_option("--token", wish.token, "The token; - reads it from standard input");
  command.add_option("--jti", wish.token_id, "Id that the token carries");
  command.add_option("--token-hash", wish.token_hash, "SHA-256 of the token, hexadecimal");
  command.add_option("--subject", wish.subject, "Person, as the admin API and the audit log name him");
  command.add_option("--account", wish.account, "Name of an account or LDAP user");
  command.add_option("--key-id", wish.key_id, "Everything signed with that key");
  command.add_option("--ticket", wish.ticket, "A browser's ticket; - reads it from standard input");
  command.add_option("--issuer", wish.issuer, "With --jti or --key-id: of that issuer only");
  command.add_option("--issued-before", wish.issued_before, "Only what was issued before: now, or seconds since 1970");
  command.add_option("--lasts", wish.lasts, "Forget it after: 2h, 30 days; else when the token expires, or never");
  command.add_option("--note", wish.note, "Why, for those who read the list");
  command.add_flag("--list", wish.list, "Show what is revoked");
  command.add_option("--take-back", wish.take_back, "Let the credential of this id count again");
}

void add_settings(CLI::App& command, Arguments& arguments) {
  command.add_flag("--markdown", arguments.settings.markdown, "As a document (the default)");
  command.add_flag("--toml", arguments.settings.toml, "As a commented conclave.toml");
  command.add_flag("--json", arguments.json, "As JSON");
}

}  // namespace

void describe_commands(CLI::App& app, Arguments& arguments) {
  app.require_subcommand(1);
  const auto add = [&](Command which, const char* name, const char* help,
                       void (*options)(CLI::App&, Arguments&)) -> CLI::App& {
    CLI::App& command = *app.add_subcommand(name, help);
    command.final_callback([&arguments, which] { arguments.command = which; });
    if (options != nullptr) options(command, arguments);
    return command;
  };
  CLI::App& serve = add(Command::Serve, "serve", "Run the server", add_serve);
  CLI::App& token = add(Command::Token, "token", "Print a token for a room and a role", add_token);
  CLI::App& explain =
      add(Command::Explain, "explain", "Say what the server would decide, and why, rule by rule", add_explain);
  CLI::App& revoke =
      add(Command::Revoke, "revoke", "Take a credential back on the running server, at once", add_revoke);
  add(Command::Account, "account", "Local accounts with a password", add_account);
  CLI::App& check = add(Command::Check, "check", "Read the settings, say what they come to, start nothing", nullptr);
  add(Command::Settings, "settings", "Every setting: name, default, what it does", add_settings);
  for (CLI::App* command : {&serve, &token, &explain, &revoke, &check}) add_common(*command, arguments);
}

}  // namespace conclave::ops
