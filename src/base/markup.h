#pragma once
// Text inside markup. Pure; any thread.
#include <string>
#include <string_view>

namespace conclave {

// Character data for an element, or for an attribute in double quotes, of XML and of HTML. Characters that XML 1.0
// cannot carry are left out.
void append_escaped(std::string& out, std::string_view text);
std::string escaped(std::string_view text);

}  // namespace conclave
