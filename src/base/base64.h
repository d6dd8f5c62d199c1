#pragma once
// RFC 4648. Decoding is strict: no white space, no characters of another alphabet, unused bits zero (so that one value has one text).
#include <optional>
#include <string>
#include <string_view>

#include "base/byte_reader.h"

namespace conclave {

std::string base64_encode(Bytes bytes);                                // §4, with padding
std::optional<std::string> base64_decode(std::string_view text);       // §4, padding required
std::string base64url_encode(Bytes bytes);                             // §5, without padding (RFC 7515 §2)
std::optional<std::string> base64url_decode(std::string_view text);    // §5, padding refused

}  // namespace conclave
