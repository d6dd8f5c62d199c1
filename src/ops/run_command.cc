#include "ops/run_command.h"

#include <istream>
#include <ostream>

#include "ops/admin_client.h"
#include "ops/config_error.h"
#include "ops/explain.h"
#include "ops/matrix.h"
#include "ops/settings_print.h"
#include "ops/startup.h"

namespace conclave::ops {
namespace {

Settings whole_settings(const CommandLine& line) {
  Settings settings = load_settings(line);
  complete_secrets(settings);
  return settings;
}

void print_lines(const std::vector<std::string>& lines, std::ostream& out) {
  for (const std::string& line : lines) out << line << "\n";
}

int check(const Settings& settings, std::ostream& out) {
  print_lines(policy_sentences(settings), out);
  print_lines(notice_lines(settings), out);
  out << "The settings are good.\n";
  return 0;
}

int print_matrix(const ExplainOrder& order, bool json, const Settings& settings, std::ostream& out, WallTime now) {
  const auto room = access::canonical_room(order.room.empty() ? "any-room" : order.room);
  if (!room) throw ConfigError("--room", order.room, std::string(access::name_error_sentence(room.error())));
  const Matrix matrix = matrix_of(*room, settings.policies.for_room(*room), now);
  out << (json ? as_json(matrix) : as_text(matrix));
  return 0;
}

int explain_order(const Arguments& arguments, std::ostream& out, std::ostream& err, WallTime now) {
  const ExplainOrder& order = arguments.explain;
  const Settings settings = whole_settings(arguments.line);
  if (order.matrix) return print_matrix(order, arguments.json, settings, out, now);
  if (order.room.empty()) {
    err << "conclave: explain wants --room, or --matrix for everybody\n";
    return kExitUsage;
  }
  if (order.live) {
    out << explain_live({.room = order.room, .token = order.token, .account = order.account, .as_json = arguments.json},
                        settings);
    return 0;
  }
  if (!order.account.empty()) {
    err << "conclave: who an account is the running server knows: add --live\n";
    return kExitUsage;
  }
  const auto state = room_state_named(order.state);
  if (!state) {
    err << "conclave: --room-state is absent, waiting, open, held or ended, not \"" << order.state << "\"\n";
    return kExitUsage;
  }
  ExplainWish wish{.room = order.room, .token = std::nullopt, .state = *state};
  if (!order.token.empty()) wish.token = order.token;
  const Explanation explanation = explain(wish, settings, now);
  out << (arguments.json ? as_json(explanation) : as_text(explanation));
  return 0;
}

}  // namespace

int run_command(const Arguments& arguments, std::istream& in, std::ostream& out, std::ostream& err, WallTime now) {
  switch (arguments.command) {
    case Command::Token:
      out << token_for(arguments.token, whole_settings(arguments.line), now) << "\n";
      return 0;
    case Command::Explain:
      return explain_order(arguments, out, err, now);
    case Command::Revoke:
      out << revoke(arguments.revoke, whole_settings(arguments.line), now);
      return 0;
    case Command::Account:
      return run_account_command(arguments.account, load_settings(arguments.line), in, out, err);
    case Command::Check:
      return check(load_settings(arguments.line), out);
    case Command::Settings:
      out << (arguments.json            ? settings_as_json()
              : arguments.settings.toml ? settings_as_toml()
                                        : settings_as_markdown());
      return 0;
    case Command::Serve:
      break;
  }
  return kExitUsage;
}

std::vector<std::string> start_lines(const Settings& settings, const std::string& public_url, WallTime now) {
  constexpr std::string_view kFirstRoom = "welcome";
  Settings shown = settings;
  shown.public_url = public_url;
  std::vector<std::string> lines = policy_sentences(shown);
  for (std::string& line : notice_lines(shown)) lines.push_back(std::move(line));
  lines.emplace_back();
  if (shown.app_secret) {
    TokenOrder order;
    order.room = kFirstRoom;
    order.expires = "24h";
    lines.push_back("Host link (a token for the room \"" + std::string(kFirstRoom) + "\", good for 24 hours):");
    lines.push_back("  " + host_link(shown, kFirstRoom, token_for(order, shown, now)));
  }
  lines.push_back("Guest link:");
  lines.push_back("  " + guest_link(shown, kFirstRoom));
  return lines;
}

}  // namespace conclave::ops
