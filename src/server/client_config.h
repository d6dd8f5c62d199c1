#pragma once
// /config.js: what the client in the browser, stock or our own, is told of this server (signalling.md 1.6, 8).
#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "ops/settings.h"

namespace conclave::server {

struct Common;

inline constexpr std::size_t kMaxTenantScripts = 64;  // that are kept; beyond it all are made anew

// Lives on loop 0, as long as the settings, which do not change.
class ClientConfig {
 public:
  ClientConfig(const ops::Settings& settings, const Common& common) : settings_(settings), common_(common) {}

  // For the pages of a tenant, as its name stands in the path; empty: for those of none.
  const std::string& script(std::string_view tenant);

 private:
  const ops::Settings& settings_;
  const Common& common_;
  std::map<std::string, std::string, std::less<>> scripts_;  // by tenant
};

// ENABLE_BREAKOUT_ROOMS: where clients have no button for them there is no component either.
bool has_breakout_rooms(const ops::Settings& settings);
// ETHERPAD_PUBLIC_URL: clients know where documents are.
bool has_shared_documents(const ops::Settings& settings);

}  // namespace conclave::server
