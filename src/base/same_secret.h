#pragma once
// Comparing a secret with what somebody sent.
#include <string_view>

namespace conclave {

// How long it takes tells nothing about where, or by how much, the two differ: both are hashed, the hashes compared in
// constant time.
bool same_secret(std::string_view secret, std::string_view given);

}  // namespace conclave
