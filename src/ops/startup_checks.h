#pragma once
// What no single variable can be blamed for (environment.md 7): settings that contradict each other stop the start;
// those that work and are worth a second look become warnings, which the status page repeats.
#include "ops/setting_reader.h"
#include "ops/settings.h"

namespace conclave::ops {

// After everything else was read. Throws ConfigError; adds to settings.notices.
void check_together(const SettingReader& read, Settings& settings);

}  // namespace conclave::ops
