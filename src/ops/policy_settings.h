#pragma once
// From settings to access::PolicyBook: docker's names first, as access.md 4.3 and environment.md 4 translate them, then
// our own switches, which win, then the [[rooms]] of conclave.toml. Throws ConfigError; says in notices what had no
// effect.
#include <string>
#include <vector>

#include "access/policy_book.h"
#include "ops/setting_reader.h"

namespace conclave::ops {

struct PolicySettings {
  access::Policy policy;
  bool any_room_claim_counts = true;  // false: the room claim * is refused
  std::string origin;                 // Settings::policy_origin
  std::vector<Notice> notices;
};

// `docker_style`: docker's defaults apply, else those of a first start. `read` gets to know what modules and Lua imply.
PolicySettings read_policy(SettingReader& read, bool docker_style);

// One [[rooms]]: `base` with the switches that it says again.
access::PolicyBook::Section read_room_section(const TomlTable& table, const access::Policy& base);

}  // namespace conclave::ops
