#pragma once
// Docker's variables about who may do what, as switches of ours (access.md 4.3, environment.md 2 and 4).
#include <vector>

#include "access/policy.h"
#include "ops/setting_reader.h"

namespace conclave::ops {

// Changes `policy` to what docker's names and docker's defaults say. Throws ConfigError.
void read_docker_policy(const SettingReader& read, access::Policy& policy, std::vector<Notice>& notices);

}  // namespace conclave::ops
