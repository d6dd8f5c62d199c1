#pragma once
// Where the audit log goes: CONCLAVE_AUDIT_FILE.
#include <filesystem>

namespace conclave::ops {

class SettingReader;

struct AuditSettings {
  bool enabled = true;
  std::filesystem::path file;  // empty: <data>/audit.log
};

AuditSettings read_audit(const SettingReader& reader);

}  // namespace conclave::ops
