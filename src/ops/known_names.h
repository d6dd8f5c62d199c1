#pragma once
// The variables that an operator may have, and what becomes of those that this server does not read (environment.md 2
// to 5).
#include <optional>
#include <string>
#include <string_view>

namespace conclave::ops {

// True if the table of settings has it: it is read.
bool is_used_name(std::string_view name);

// Why a known variable has no effect; "" for those that deserve no notice. Absent: the name is not known.
std::optional<std::string_view> why_ignored(std::string_view name);

// The known name that was probably meant: one that differs only in underscores, or in one or two letters.
std::optional<std::string> probably_meant(std::string_view name);

// Names whose presence says that a docker-style file is in use, so that docker's defaults apply.
bool is_docker_name(std::string_view name);

}  // namespace conclave::ops
