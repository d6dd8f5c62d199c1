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

}  // namespace

std::vector<std::string> SettingsChange::lines() const {
  std::vector<std::string> all;
  if (!at_once.empty()) all.push_back("changed: " + joined(at_once));
  if (!after_restart.empty()) all.push_back("needs a restart: " + joined(after_restart));
  if (all.empty()) all.push_back("nothing changed");
  all.insert(all.end(), notices.begin(), notices.end());
  return all;
}

SettingsChange change_between(const Settings& before, const Settings& after) {
  std::set<std::string> names;
  for (const auto& [name, value] : before.said) names.insert(name);
  for (const auto& [name, value] : after.said) names.insert(name);
  SettingsChange change;
  for (const std::string& name : names) {
    const auto was = before.said.find(name);
    const auto is = after.said.find(name);
    const bool same = was != before.said.end() && is != after.said.end() && was->second == is->second;
    if (same) continue;
    const SettingRow* row = setting_named(name);
    const bool restart = row != nullptr && row->change == Change::Restart;
    (restart ? change.after_restart : change.at_once).push_back(name);
  }
  change.notices = notice_lines(after);
  return change;
}

}  // namespace conclave::ops
