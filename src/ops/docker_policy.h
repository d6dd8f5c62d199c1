#pragma once
// Docker's variables about who may do what, as switches of ours (access.md 4.3, environment.md 2 and 4).
#include <vector>

#include "access/policy.h"
#include "ops/setting_reader.h"

namespace conclave::ops {

// Do docker's defaults apply (environment.md 1)? `toml` counts if it speaks of policy or tokens in our own words; where
// else the server listens says nothing about people.
bool is_docker_style(const Environment& environment, const std::optional<EnvFile>& file, const FileSettings& toml);

// Changes `policy` to what docker's names and docker's defaults say. Throws ConfigError.
void read_docker_policy(const SettingReader& read, access::Policy& policy, std::vector<Notice>& notices);

}  // namespace conclave::ops
