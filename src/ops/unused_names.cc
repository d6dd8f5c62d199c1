#include "ops/unused_names.h"

#include "ops/known_names.h"

namespace conclave::ops {

void note_unused(const CommandLine& command_line, const Environment& environment, const std::optional<EnvFile>& file,
                 Settings& settings) {
  const auto note = [&](const std::string& name, const std::string& value, bool from_file) {
    if (value.empty() || is_used_name(name)) return;
    const auto meant = probably_meant(name);
    const auto reason = why_ignored(name);
    // Somebody else's variables fill the process environment; there only names that look like ours are spoken of.
    const bool ours = from_file || name.starts_with("CONCLAVE_") || name.starts_with("JWT_") ||
                      name.starts_with("JICOFO_") || name.starts_with("JVB_") || name.starts_with("PROSODY_") ||
                      name.starts_with("XMPP_") || name.starts_with("ENABLE_");
    if (!ours) return;
    if (meant && *meant != name) {
      settings.notices.push_back(
          {Notice::Kind::Warning, name, "This name is not known and has no effect. Did you mean " + *meant + "?"});
    } else if (reason && !reason->empty()) {
      settings.notices.push_back({Notice::Kind::Ignored, name, std::string(*reason)});
    } else if (!reason && name.starts_with("CONCLAVE_")) {
      settings.notices.push_back({Notice::Kind::Warning, name, "This name is not known and has no effect."});
    }
  };
  for (const auto& [name, value] : command_line.values) note(name, value, true);
  for (const auto& [name, value] : environment) {
    if (!command_line.values.contains(name)) note(name, value, false);
  }
  if (!file) return;
  for (const auto& [name, entry] : file->entries) {
    if (!environment.contains(name)) note(name, entry.value, true);
  }
}

}  // namespace conclave::ops
