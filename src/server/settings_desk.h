#pragma once
// The settings in force, and how they are read again (S25): by a worker, for a disk may be slow and a file may not
// answer at all; what was read is put in force on loop 0, whole or not at all. Lives on loop 0.
#include <cstddef>
#include <functional>
#include <optional>
#include <string>

#include "base/result.h"
#include "loop/pinned.h"
#include "loop/workers.h"
#include "ops/settings.h"
#include "ops/settings_change.h"

namespace conclave::server {

class SettingsDesk : public Pinned {
 public:
  static constexpr std::size_t kMaxWaiting = 8;  // reloads that wait for a slow one; the next is told to come later

  enum class Trouble {
    Settings,  // they are wrong; the old ones stay in force
    Busy       // kMaxWaiting
  };
  struct Failure {
    Trouble trouble = Trouble::Settings;
    std::string text;  // a sentence
  };
  using Done = UniqueFunction<void(Result<ops::SettingsChange, Failure>)>;
  using PutInForce = std::function<void(const ops::Settings& fresh, ops::AtReload inside)>;

  // `started` is what the server began with, and outlives this.
  SettingsDesk(Loop& loop, const ops::Settings& started, PutInForce put_in_force);

  const ops::Settings& in_force() const { return in_force_; }
  // Variables that were changed since the start and count after a restart only.
  const std::vector<std::string>& after_restart() const { return after_restart_; }

  // Reads the settings from where they were read first. What may change while running is in force for the next
  // decision, or for those inside too (`inside`; absent: as the new settings say). `done` runs in a later turn, in the
  // order of the calls; never if the server stops before.
  void reload(std::optional<ops::AtReload> inside, Done done);
  // The same for a signal: what came of it is logged.
  void reload_and_log();

 private:
  ops::SettingsChange take(ops::Settings fresh, std::optional<ops::AtReload> inside);

  const ops::Settings& started_;
  ops::Settings in_force_;
  std::vector<std::string> after_restart_;
  PutInForce put_in_force_;
  Workers reader_;  // one thread: who asks last is answered last
};

}  // namespace conclave::server
