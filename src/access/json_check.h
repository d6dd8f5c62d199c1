#pragma once
// What JSON parsers let pass and a credential must not hold: a key twice in one object (which of the two counts?), NUL
// in a string, deep nesting, endless members (access.md A5). Pure; any thread.
#include <cstddef>
#include <string_view>

namespace conclave::access {

// True if `text` is one well-formed JSON value (RFC 8259, valid UTF-8) that holds none of that.
bool strict_json(std::string_view text, std::size_t max_depth, std::size_t max_members);

}  // namespace conclave::access
