#pragma once
// What the server says when it starts: the policy in force in plain sentences, then what had no effect and why.
#include <string>
#include <vector>

#include "ops/settings.h"

namespace conclave::ops {

// Who can start a room; who waits; who becomes moderator; what when the last moderator leaves; what when a token
// expires.
std::vector<std::string> policy_sentences(const Settings& settings);

// One line per notice, warnings first.
std::vector<std::string> notice_lines(const Settings& settings);

// "https://host/room#jwt=…": the fragment stays out of logs and Referer headers.
std::string host_link(const Settings& settings, std::string_view room, std::string_view token);
std::string guest_link(const Settings& settings, std::string_view room);

}  // namespace conclave::ops
