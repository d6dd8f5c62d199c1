#pragma once
// Times as text: RFC 3339 in UTC with whole seconds, "2026-01-31T12:00:00Z" (XEP-0082 DateTime is of that shape too).
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"

namespace conclave {

std::string rfc3339(WallTime time);
// That very spelling, and nothing else that the RFC allows: one time, one spelling.
std::optional<WallTime> rfc3339_time(std::string_view text);

}  // namespace conclave
