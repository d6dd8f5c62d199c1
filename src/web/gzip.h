#pragma once
// RFC 1952, by zlib. Pure; any thread, but slow for a loop: some ten milliseconds a megabyte.
#include <string>
#include <string_view>

namespace conclave::web {

// Empty if it would not be smaller.
std::string gzipped(std::string_view content);

}  // namespace conclave::web
