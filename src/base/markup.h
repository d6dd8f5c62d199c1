#pragma once
// Text inside markup. Pure; any thread.
#include <cstddef>
#include <string>
#include <string_view>

namespace conclave {

// Character data for an element, or for an attribute in double quotes, of XML and of HTML. Characters that XML 1.0
// cannot carry are left out.
void append_escaped(std::string& out, std::string_view text);
std::string escaped(std::string_view text);

// escaped(text).size(), without making it.
std::size_t escaped_size(std::string_view text);

// That XML 1.0 can carry every character of it (§2.2), so that nothing would be left out.
bool is_xml_text(std::string_view text);

}  // namespace conclave
