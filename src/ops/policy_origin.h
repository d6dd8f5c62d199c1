#pragma once
// What the operator wrote for the switches that a reason may name (access::Policy::written), so that the reason of a
// decision says what is to be changed, and where. Pure.
#include <string_view>

#include "access/policy.h"
#include "ops/setting_reader.h"

namespace conclave::ops {

// Of the whole server. What docker's names said is noted by whoever translates them; our own names win over it, and a
// switch that nobody spoke of is told with its default.
void note_written(const SettingReader& read, access::Policy& policy);

// Of one [[rooms]], which is named by its pattern; `read` knows its switches alone.
void note_written_for_rooms(const SettingReader& read, std::string_view match, access::Policy& policy);

}  // namespace conclave::ops
