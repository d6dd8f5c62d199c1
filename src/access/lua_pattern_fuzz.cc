// First byte: how many of the next bytes are the pattern; the rest is the name.
#include <cstddef>
#include <cstdint>

#include "access/lua_pattern.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::size_t cut = data[0] < text.size() ? data[0] : text.size();
  const auto pattern = conclave::access::LuaPattern::compile(text.substr(0, cut));
  if (pattern) (void)pattern->matches(text.substr(cut));
  return 0;
}
