#pragma once
// From variables to access::Policy: docker's first, as access.md 4.3 and environment.md 4 translate them, then
// Conclave's own, which win. Throws ConfigError; says in notices what had no effect.
#include <string>
#include <vector>

#include "access/policy.h"
#include "ops/setting_reader.h"

namespace conclave::ops {

struct PolicySettings {
  access::Policy policy;
  bool any_room_claim_counts = true;  // false: the room claim * is refused
  std::string origin;                 // Settings::policy_origin
  std::vector<Notice> notices;
};

// `docker_style`: docker's defaults apply, else those of a first start.
PolicySettings read_policy(const SettingReader& read, bool docker_style);

}  // namespace conclave::ops
