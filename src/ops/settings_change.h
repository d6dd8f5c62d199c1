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

SettingsChange change_between(const Settings& before, const Settings& after);

}  // namespace conclave::ops
