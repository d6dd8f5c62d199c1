#pragma once
// /config.js: what the client in the browser, stock or our own, is told of this server (signalling.md 1.6, 8).
#include <string>
#include <string_view>

#include "ops/settings.h"

namespace conclave::server {

struct Common;

// For the pages of a tenant, as its name stands in the path; empty: for those of none. On loop 0.
std::string config_script(const ops::Settings& settings, const Common& common, std::string_view tenant);

// ENABLE_BREAKOUT_ROOMS: where clients have no button for them there is no component either.
bool has_breakout_rooms(const ops::Settings& settings);

}  // namespace conclave::server
