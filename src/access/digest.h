#pragma once
// Hashes of texts. Pure; any thread.
#include <string>
#include <string_view>

namespace conclave::access {

std::string sha256(std::string_view text);  // 32 raw bytes
std::string sha256_hex(std::string_view text);

}  // namespace conclave::access
