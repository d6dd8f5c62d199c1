#pragma once
// Variables that are set and not read: each is a notice with the reason, or with the name that was probably meant.
#include <optional>

#include "ops/env_file.h"
#include "ops/settings.h"

namespace conclave::ops {

// Adds to settings.notices.
void note_unused(const CommandLine& command_line, const Environment& environment, const std::optional<EnvFile>& file,
                 Settings& settings);

}  // namespace conclave::ops
