#pragma once
// What the commands do that do not serve: `conclave token`, `explain`, `revoke`, `account`, `check`, `settings`. And
// what `serve` prints before it serves.
#include <cstdint>
#include <iosfwd>
#include <string>
#include <vector>

#include "base/time.h"
#include "ops/arguments.h"

namespace conclave::ops {

// The exit code of any command but Serve. `in` is for passwords and tokens. ConfigError for what is wrong with the
// settings or the order.
int run_command(const Arguments& arguments, std::istream& in, std::ostream& out, std::ostream& err, WallTime now);

// The policy in sentences, the notices, and links to a first meeting. `public_url` with the port that was found.
std::vector<std::string> start_lines(const Settings& settings, const std::string& public_url, WallTime now);

}  // namespace conclave::ops
