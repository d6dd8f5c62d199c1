#include "server/settings_desk.h"

#include <exception>
#include <memory>
#include <utility>

#include "base/log.h"

namespace conclave::server {
namespace {

using Read = Result<ops::Settings, std::string>;

Read read_again(const ops::CommandLine& command_line) {
  try {
    ops::Settings fresh = ops::load_settings(command_line);
    ops::complete_secrets(fresh);
    return fresh;
  } catch (const std::exception& error) {  // ConfigError, and whatever a file system throws
    return failure(std::string(error.what()));
  }
}

}  // namespace

SettingsDesk::SettingsDesk(Loop& loop, const ops::Settings& started, PutInForce put_in_force)
    : Pinned(loop),
      started_(started),
      in_force_(started),
      put_in_force_(std::move(put_in_force)),
      reader_("settings", 1, kMaxWaiting) {}

void SettingsDesk::reload(std::optional<ops::AtReload> inside, Done done) {
  assert_here();
  auto answer = std::make_shared<Done>(std::move(done));
  const bool queued = reader_.run<Read>(
      loop(), [line = started_.command_line] { return read_again(line); },
      [this, inside, answer](Read fresh) {
        if (!fresh) return (*answer)(failure(Failure{Trouble::Settings, std::move(fresh.error())}));
        (*answer)(take(*std::move(fresh), inside));
      });
  if (!queued) (*answer)(failure(Failure{Trouble::Busy, "Too many reloads wait for files that do not answer."}));
}

ops::SettingsChange SettingsDesk::take(ops::Settings fresh, std::optional<ops::AtReload> inside) {
  ops::SettingsChange change = ops::change_between(started_, in_force_, fresh);
  in_force_ = std::move(fresh);
  after_restart_ = change.after_restart;
  log::set_level(in_force_.log_level);
  put_in_force_(in_force_, inside.value_or(in_force_.at_reload));
  return change;
}

void SettingsDesk::reload_and_log() {
  reload(std::nullopt, [](Result<ops::SettingsChange, Failure> change) {
    if (!change) {
      log::error("settings not reloaded; the old ones stay in force", {{"why", change.error().text}});
      return;
    }
    for (const std::string& line : change->lines()) log::info("settings reloaded", {{"what", line}});
  });
}

}  // namespace conclave::server
