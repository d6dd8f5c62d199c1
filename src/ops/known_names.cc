#include "ops/known_names.h"

#include <algorithm>
#include <vector>

#include "ops/ignored_names.h"
#include "ops/setting_table.h"

namespace conclave::ops {
namespace {

bool fits(std::string_view row, std::string_view name) {
  return row.ends_with('_') ? name.starts_with(row) : name == row;
}

// Calls `see(name, reason)` for every row of ignored_groups(), until it says true.
template <class See>
bool any_ignored(See see) {
  for (const IgnoredGroup& group : ignored_groups()) {
    for (const std::string_view name : words_of(group.names)) {
      if (see(name, group.reason)) return true;
    }
  }
  return false;
}

// What decides nothing about people in a docker file either: ports, addresses, names. With these alone nobody brings
// docker's default that everybody may start rooms; a real docker file always has others (its three service passwords
// are required).
constexpr std::string_view kNeutral[] = {
    "TZ",       "CONFIG",        "HTTP_PORT",           "HTTPS_PORT",        "PUBLIC_URL", "XMPP_DOMAIN", "LOG_LEVEL",
    "JVB_PORT", "DISABLE_HTTPS", "DOCKER_HOST_ADDRESS", "JVB_ADVERTISE_IPS", "DISPLAY",    "WEB_ROOT"};

bool exactly_known(std::string_view name) {
  return is_used_name(name) || any_ignored([&](std::string_view row, std::string_view) { return row == name; });
}

}  // namespace

bool is_used_name(std::string_view name) {
  return setting_named(name) != nullptr;
}

std::optional<std::string_view> why_ignored(std::string_view name) {
  std::optional<std::string_view> why;
  any_ignored([&](std::string_view row, std::string_view reason) {
    if (fits(row, name)) why = reason;
    return why.has_value();
  });
  return why;
}

std::optional<std::string> probably_meant(std::string_view name) {
  if (exactly_known(name)) return std::nullopt;
  std::vector<std::string_view> known;
  for (const SettingSection& section : setting_sections()) {
    for (const SettingRow& row : section.rows) known.push_back(row.name);
  }
  any_ignored([&](std::string_view row, std::string_view) {
    if (!row.ends_with('_')) known.push_back(row);
    return false;
  });
  const std::string_view meant = nearest(name, known);
  return meant.empty() ? std::nullopt : std::optional(std::string(meant));
}

bool is_docker_name(std::string_view name) {
  if (name.starts_with("CONCLAVE_") || std::ranges::find(kNeutral, name) != std::end(kNeutral)) return false;
  return is_used_name(name) || why_ignored(name).has_value();
}

}  // namespace conclave::ops
