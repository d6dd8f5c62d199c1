#pragma once
// What a reload of the settings changes (S25): by the names of settings, never their values, which may be secrets.
#include <string>
#include <vector>

#include "ops/settings.h"

namespace conclave::ops {

struct SettingsChange {
  std::vector<std::string> at_once;
  std::vector<std::string> after_restart;
  std::vector<std::string> notices;  // of the new settings, as lines

  // "changed: CONCLAVE_GUESTS", "needs a restart: HTTP_PORT", or "nothing changed".
  std::vector<std::string> lines() const;
};

// `at_once` is against what was in force; `after_restart` against what the server started with, for that is what counts
// there until it is restarted.
SettingsChange change_between(const Settings& started, const Settings& in_force, const Settings& fresh);

}  // namespace conclave::ops
