#pragma once
// Secrets that everybody could guess (access.md A9). Only while settings are read.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace conclave::ops {

// Why `secret` is too weak, with the remedy and without the secret; absent: it is good enough. `known`: words that are
// public here, such as the issuer's id.
std::optional<std::string> weak_secret(std::string_view secret, const std::vector<std::string>& known = {});

}  // namespace conclave::ops
