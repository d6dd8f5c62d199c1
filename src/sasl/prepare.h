#pragma once
// Names and passwords in the one form in which they are stored and compared: SASLprep (RFC 4013), and for names without
// case and fit for the local part of an address (RFC 7622 §3.3). Pure; any thread.
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace conclave::sasl {

inline constexpr std::size_t kMaxUsernameBytes = 256;
inline constexpr std::size_t kMaxPasswordBytes = 1024;

// Nothing if it is empty, too long, no UTF-8, or has characters that no name may have.
std::optional<std::string> prepare_username(std::string_view text);
// Nothing if it is empty, too long, no UTF-8, or has control characters.
std::optional<std::string> prepare_password(std::string_view text);

}  // namespace conclave::sasl
