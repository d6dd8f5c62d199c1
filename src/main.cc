// Command line → settings → Server → run. No logic.
#include <CLI/CLI.hpp>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <exception>
#include <iostream>
#include <string>

#include "base/log.h"
#include "ops/account_command.h"
#include "ops/admin_client.h"
#include "ops/config_error.h"
#include "ops/explain.h"
#include "ops/matrix.h"
#include "ops/revoke_command.h"
#include "ops/settings.h"
#include "ops/settings_print.h"
#include "ops/startup.h"
#include "ops/token_command.h"
#include "server/server.h"

namespace {

using namespace conclave;

WallTime wall_now() { return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()); }

struct Arguments {
  ops::CommandLine line;
  ops::TokenOrder token;
  std::string explain_room;
  std::string explain_token;
  std::string explain_account;
  std::string explain_state = "absent";
  bool json = false;
  ops::AccountOrder account;
  bool live = false;
  bool matrix = false;
  ops::RevokeWish revoke;
  bool toml = false;
  bool markdown = false;  // the default
};

// One option of `serve` that overrides a variable of the environment.
void add_setting(CLI::App& command, Arguments& arguments, const std::string& flag, const std::string& variable, const std::string& help) {
  command.add_option_function<std::string>(
      flag, [&arguments, variable](const std::string& value) { arguments.line.values[variable] = value; }, help + " (" + variable + ")");
}

void add_common(CLI::App& command, Arguments& arguments) {
  add_setting(command, arguments, "--env-file", "CONCLAVE_ENV_FILE", "File with settings, NAME=value");
  add_setting(command, arguments, "--config", "CONCLAVE_CONFIG_FILE", "File with settings, TOML");
  add_setting(command, arguments, "--data", "CONCLAVE_DATA", "Data directory: certificate, secrets");
}

void print_start(ops::Settings settings, const server::Server& server) {
  const server::Server::Ports ports = server.ports();
  settings.public_url = server.public_url();
  for (const std::string& sentence : ops::policy_sentences(settings)) std::cout << sentence << "\n";
  for (const std::string& line : ops::notice_lines(settings)) std::cout << line << "\n";
  constexpr std::string_view kFirstRoom = "welcome";
  std::cout << "\n";
  if (settings.app_secret) {
    ops::TokenOrder order;
    order.room = kFirstRoom;
    order.expires = "24h";
    std::cout << "Host link (a token for the room \"" << kFirstRoom << "\", good for 24 hours):\n  "
              << ops::host_link(settings, kFirstRoom, ops::token_for(order, settings, wall_now())) << "\n";
  }
  std::cout << "Guest link:\n  " << ops::guest_link(settings, kFirstRoom) << "\n";
  std::cout << "Stop with Ctrl-C.\n\n";
  std::cout << "listening http=" << ports.http << " https=" << ports.https << " udp=" << ports.media_first;
  if (ports.media_last != ports.media_first) std::cout << "-" << ports.media_last;
  std::cout << std::endl;
}

int serve(const Arguments& arguments) {
  // Blocked before any thread is made, so that only sigwait below sees them.
  sigset_t stop_signals;
  sigemptyset(&stop_signals);
  sigaddset(&stop_signals, SIGINT);
  sigaddset(&stop_signals, SIGTERM);
  sigaddset(&stop_signals, SIGHUP);
  pthread_sigmask(SIG_BLOCK, &stop_signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);

  ops::Settings settings = ops::load_settings(arguments.line);
  ops::complete_secrets(settings);
  log::set_level(settings.log_level);
  server::Server server(settings);
  server.start();
  print_start(settings, server);
  int signal = 0;
  while (sigwait(&stop_signals, &signal) == 0 && signal == SIGHUP) server.reload_later();
  std::cout << "stopping" << std::endl;
  server.stop();
  return 0;
}

int check(const Arguments& arguments) {
  const ops::Settings settings = ops::load_settings(arguments.line);
  for (const std::string& sentence : ops::policy_sentences(settings)) std::cout << sentence << "\n";
  for (const std::string& line : ops::notice_lines(settings)) std::cout << line << "\n";
  std::cout << "The settings are good.\n";
  return 0;
}

int print_settings(const Arguments& arguments) {
  std::cout << (arguments.json   ? ops::settings_as_json()
                : arguments.toml ? ops::settings_as_toml()
                                 : ops::settings_as_markdown());
  return 0;
}

int print_token(const Arguments& arguments) {
  ops::Settings settings = ops::load_settings(arguments.line);
  ops::complete_secrets(settings);
  std::cout << ops::token_for(arguments.token, settings, wall_now()) << "\n";
  return 0;
}

int explain(const Arguments& arguments) {
  ops::Settings settings = ops::load_settings(arguments.line);
  ops::complete_secrets(settings);
  if (arguments.explain_room.empty() && !arguments.matrix) {
    std::cerr << "conclave: explain wants --room, or --matrix for everybody\n";
    return ops::kExitUsage;
  }
  if (arguments.matrix) {
    const auto room = access::canonical_room(arguments.explain_room.empty() ? "any-room" : arguments.explain_room);
    if (!room) throw ops::ConfigError("--room", arguments.explain_room, std::string(access::name_error_sentence(room.error())));
    const ops::Matrix matrix = ops::matrix_of(*room, settings.policies.for_room(*room), wall_now());
    std::cout << (arguments.json ? ops::as_json(matrix) : ops::as_text(matrix));
    return 0;
  }
  if (arguments.live) {
    std::cout << ops::explain_live({.room = arguments.explain_room,
                                    .token = arguments.explain_token,
                                    .account = arguments.explain_account,
                                    .as_json = arguments.json},
                                   settings);
    return 0;
  }
  if (!arguments.explain_account.empty()) {
    std::cerr << "conclave: who an account is the running server knows: add --live\n";
    return ops::kExitUsage;
  }
  ops::ExplainWish wish{.room = arguments.explain_room, .token = std::nullopt};
  if (!arguments.explain_token.empty()) wish.token = arguments.explain_token;
  const auto state = ops::room_state_named(arguments.explain_state);
  if (!state) {
    std::cerr << "conclave: --room-state is absent, waiting, open, held or ended, not \"" << arguments.explain_state << "\"\n";
    return ops::kExitUsage;
  }
  wish.state = *state;
  const ops::Explanation explanation = ops::explain(wish, settings, wall_now());
  std::cout << (arguments.json ? ops::as_json(explanation) : ops::as_text(explanation));
  return 0;
}

int change_accounts(const Arguments& arguments) {
  const ops::Settings settings = ops::load_settings(arguments.line);
  return ops::run_account_command(arguments.account, settings, std::cin, std::cout, std::cerr);
}

// account add|passwd|role|lock|unlock|remove NAME, account list, account import DIRECTORY
CLI::App& add_account_command(CLI::App& app, Arguments& arguments) {
  using Act = ops::AccountOrder::Act;
  CLI::App& command = *app.add_subcommand("account", "Local accounts with a password");
  command.require_subcommand(1);
  ops::AccountOrder& order = arguments.account;
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
  add.add_option("--mail", order.mail, "Mail address, shown to moderators only");
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
  import.add_option("from", order.import_from, "Prosody's data directory, docker's CONFIG, or one .dat file")->required();
  import.add_option("--host", order.import_host, "Whose accounts, as Prosody calls the host; default: XMPP_DOMAIN");
  import.add_flag("--replace", order.replace, "Also take the passwords of accounts that are there already");
  return command;
}

int revoke(const Arguments& arguments) {
  ops::Settings settings = ops::load_settings(arguments.line);
  ops::complete_secrets(settings);
  std::cout << ops::revoke(arguments.revoke, settings, wall_now());
  return 0;
}

void add_revoke(CLI::App& command, Arguments& arguments) {
  ops::RevokeWish& wish = arguments.revoke;
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

}  // namespace

int main(int argc, char** argv) {
  Arguments arguments;
  CLI::App app{"Conclave: a video-meeting server that knows who may do what in which room, and says why."};
  app.set_version_flag("--version", std::string("conclave ") + CONCLAVE_VERSION);
  app.require_subcommand(1);

  CLI::App& serve_command = *app.add_subcommand("serve", "Run the server");
  add_common(serve_command, arguments);
  add_setting(serve_command, arguments, "--http-port", "HTTP_PORT", "Port for HTTP, 0 for any free one");
  add_setting(serve_command, arguments, "--https-port", "HTTPS_PORT", "Port for HTTPS, 0 for any free one");
  add_setting(serve_command, arguments, "--media-port", "JVB_PORT", "UDP port for media, 0 for any free one");
  add_setting(serve_command, arguments, "--public-url", "PUBLIC_URL", "Address that people see");
  add_setting(serve_command, arguments, "--web-root", "CONCLAVE_WEB_ROOT", "Directory with the web client");
  add_setting(serve_command, arguments, "--log-level", "CONCLAVE_LOG_LEVEL", "debug, info, warning or error");
  serve_command.add_flag_callback("--no-https", [&] { arguments.line.values["DISABLE_HTTPS"] = "1"; },
                                  "Plain HTTP only; TLS ends at a proxy in front (DISABLE_HTTPS)");

  CLI::App& token_command = *app.add_subcommand("token", "Print a token for a room and a role");
  add_common(token_command, arguments);
  token_command.add_option("--room", arguments.token.room, "Room, or * for all")->required();
  token_command.add_option("--role", arguments.token.role, "moderator, participant, visitor or unsaid")->capture_default_str();
  token_command.add_option("--name", arguments.token.name, "Display name");
  token_command.add_option("--user-id", arguments.token.user_id, "Stable id of the person");
  token_command.add_option("--email", arguments.token.email, "Mail address, shown to moderators only");
  token_command.add_option("--tenant", arguments.token.tenant, "Tenant that the room belongs to");
  token_command.add_option("--expires", arguments.token.expires, "How long it is good: 30m, 2h, never")->capture_default_str();
  token_command.add_option("--not-before", arguments.token.not_before, "Not good before: a duration from now");
  token_command.add_option("--features", arguments.token.features, "Comma separated features that are allowed");

  CLI::App& explain_command = *app.add_subcommand("explain", "Say what the server would decide, and why, rule by rule");
  add_common(explain_command, arguments);
  explain_command.add_option("--room", arguments.explain_room, "Room, as in its link");
  explain_command.add_flag("--matrix", arguments.matrix, "The whole table: every kind of person, every state of a room");
  explain_command.add_option("--token", arguments.explain_token, "Token of the person; without one, a guest");
  explain_command.add_option("--account", arguments.explain_account, "With --live: a local account, or a name in the directory");
  explain_command.add_option("--room-state", arguments.explain_state, "absent, waiting, open, held or ended")->capture_default_str();
  explain_command.add_flag("--json", arguments.json, "As JSON");
  explain_command.add_flag("--live", arguments.live, "Ask the running server about its room as it is now");
  add_setting(explain_command, arguments, "--server", "CONCLAVE_ADMIN_URL", "With --live: address of the running server");

  CLI::App& revoke_command = *app.add_subcommand("revoke", "Take a credential back on the running server, at once");
  add_common(revoke_command, arguments);
  add_revoke(revoke_command, arguments);

  CLI::App& account_command = add_account_command(app, arguments);

  CLI::App& check_command = *app.add_subcommand("check", "Read the settings, say what they come to, start nothing");
  add_common(check_command, arguments);

  CLI::App& settings_command = *app.add_subcommand("settings", "Every setting: name, default, what it does");
  settings_command.add_flag("--markdown", arguments.markdown, "As a document (the default)");
  settings_command.add_flag("--toml", arguments.toml, "As a commented conclave.toml");
  settings_command.add_flag("--json", arguments.json, "As JSON");

  try {
    app.parse(argc, argv);
    if (account_command.parsed()) return change_accounts(arguments);
    if (serve_command.parsed()) return serve(arguments);
    if (token_command.parsed()) return print_token(arguments);
    if (revoke_command.parsed()) return revoke(arguments);
    if (check_command.parsed()) return check(arguments);
    if (settings_command.parsed()) return print_settings(arguments);
    return explain(arguments);
  } catch (const CLI::ParseError& error) {
    const int code = app.exit(error);
    return code == 0 ? 0 : ops::kExitUsage;
  } catch (const ops::ConfigError& error) {
    std::cerr << "conclave: " << error.what() << "\n";
    return ops::kExitConfig;
  } catch (const std::exception& error) {
    std::cerr << "conclave: " << error.what() << "\n";
    return 1;
  }
}
