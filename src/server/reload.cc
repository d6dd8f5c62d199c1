#include "base/log.h"
#include "ops/config_error.h"
#include "server/server.h"

namespace conclave::server {

Result<ops::SettingsChange, std::string> Server::reload() {
  ops::Settings fresh;
  try {
    fresh = ops::load_settings(settings_.command_line);
    ops::complete_secrets(fresh);
  } catch (const ops::ConfigError& error) {
    return failure(std::string(error.what()));
  }
  ops::SettingsChange change = ops::change_between(in_force_, fresh);
  log::set_level(fresh.log_level);
  define_rooms(in_force_.rooms, fresh.rooms);
  set_rules(fresh.policies, fresh.issuers, fresh.key_sources);
  in_force_ = std::move(fresh);
  return change;
}

void Server::reload_later() {
  loops_.front()->post([this] {
    const auto change = reload();
    if (!change) {
      log::error("settings not reloaded; the old ones stay in force", {{"why", change.error()}});
      return;
    }
    for (const std::string& line : change->lines()) log::info("settings reloaded", {{"what", line}});
  });
}

}  // namespace conclave::server
