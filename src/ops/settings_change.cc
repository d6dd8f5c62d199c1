#include "ops/settings_change.h"

#include <set>

#include "ops/setting_table.h"
#include "ops/startup.h"

namespace conclave::ops {
namespace {

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

using Said = std::map<std::string, std::string>;

std::vector<std::string> differing(const Said& before, const Said& after) {
  std::set<std::string> names;
  for (const Said* said : {&before, &after}) {
    for (const auto& [name, value] : *said) names.insert(name);
  }
  std::vector<std::string> found;
  for (const std::string& name : names) {
    const auto was = before.find(name);
    const auto is = after.find(name);
    if (was == before.end() || is == after.end() || was->second != is->second) found.push_back(name);
  }
  return found;
}

bool needs_restart(const std::string& name) {
  const SettingRow* row = setting_named(name);
  return row != nullptr && row->change == Change::Restart;
}

}  // namespace

std::vector<std::string> SettingsChange::lines() const {
  std::vector<std::string> all;
  if (!at_once.empty()) all.push_back("changed: " + joined(at_once));
  if (!after_restart.empty()) all.push_back("needs a restart: " + joined(after_restart));
  if (all.empty()) all.push_back("nothing changed");
  all.insert(all.end(), notices.begin(), notices.end());
  return all;
}

SettingsChange change_between(const Settings& started, const Settings& in_force, const Settings& fresh) {
  SettingsChange change;
  for (const std::string& name : differing(in_force.said, fresh.said)) {
    if (!needs_restart(name)) change.at_once.push_back(name);
  }
  for (const std::string& name : differing(started.said, fresh.said)) {
    if (needs_restart(name)) change.after_restart.push_back(name);
  }
  // The directory's own settings may have been there before, and were not looked at.
  if (fresh.policies.base.auth.ldap && !started.policies.base.auth.ldap) {
    change.after_restart.push_back("ldap among CONCLAVE_AUTH or AUTH_TYPE");
  }
  change.notices = notice_lines(fresh);
  return change;
}

}  // namespace conclave::ops
