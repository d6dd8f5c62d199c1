#pragma once
// Names of Prosody modules that carry policy, as settings of ours (environment.md 6).
#include "ops/lua_lines.h"

namespace conclave::ops {

struct ImpliedByModules : Implied {
  bool wait_for_host = false;  // guests start nothing
  bool no_wildcard = false;    // the room claim * is refused
};

// XMPP_MODULES and its kin. A module that is not known is a notice; one of Matrix a ConfigError.
ImpliedByModules read_modules(const SettingReader& read);

}  // namespace conclave::ops
