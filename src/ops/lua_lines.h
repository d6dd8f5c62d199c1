#pragma once
// The lines of Lua that people put into XMPP_CONFIGURATION and its kin, as settings of ours (environment.md 6). Only
// the form `name = value` is understood; no Lua is run.
#include <vector>

#include "ops/setting_reader.h"

namespace conclave::ops {

struct Implied {
  FileSettings settings;  // by variable; what was said in our own words wins over them
  std::vector<Notice> notices;
};

// XMPP_CONFIGURATION, XMPP_MUC_CONFIGURATION and GLOBAL_CONFIG. What is not understood is printed in a notice.
Implied read_lua_lines(const SettingReader& read);

}  // namespace conclave::ops
