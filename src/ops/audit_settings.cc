#include "ops/audit_settings.h"

#include "ops/setting_reader.h"

namespace conclave::ops {

AuditSettings read_audit(const SettingReader& reader) {
  AuditSettings audit;
  const auto file = reader.text("CONCLAVE_AUDIT_FILE");
  if (!file) return audit;
  if (lower_ascii(*file) == "off") {
    audit.enabled = false;
  } else {
    audit.file = *file;
  }
  return audit;
}

}  // namespace conclave::ops
