#include "access/algorithm.h"

#include <cstddef>

namespace conclave::access {
namespace {

struct Row {
  Algorithm algorithm;
  std::string_view name;
  AlgorithmFamily family;
};
constexpr Row kRows[] = {
    {Algorithm::HS256, "HS256", AlgorithmFamily::Hmac},     {Algorithm::HS384, "HS384", AlgorithmFamily::Hmac},
    {Algorithm::HS512, "HS512", AlgorithmFamily::Hmac},     {Algorithm::RS256, "RS256", AlgorithmFamily::RsaPkcs1},
    {Algorithm::RS384, "RS384", AlgorithmFamily::RsaPkcs1}, {Algorithm::RS512, "RS512", AlgorithmFamily::RsaPkcs1},
    {Algorithm::PS256, "PS256", AlgorithmFamily::RsaPss},   {Algorithm::PS384, "PS384", AlgorithmFamily::RsaPss},
    {Algorithm::PS512, "PS512", AlgorithmFamily::RsaPss},   {Algorithm::ES256, "ES256", AlgorithmFamily::Ecdsa},
    {Algorithm::ES384, "ES384", AlgorithmFamily::Ecdsa},    {Algorithm::ES512, "ES512", AlgorithmFamily::Ecdsa},
    {Algorithm::EdDSA, "EdDSA", AlgorithmFamily::EdDsa},
};

const Row& row(Algorithm algorithm) {
  return kRows[static_cast<std::size_t>(algorithm)];
}

}  // namespace

std::string_view algorithm_text(Algorithm algorithm) {
  return row(algorithm).name;
}

std::optional<Algorithm> algorithm_named(std::string_view text) {
  for (const Row& one : kRows) {
    if (one.name == text) return one.algorithm;
  }
  return std::nullopt;
}

AlgorithmFamily family_of(Algorithm algorithm) {
  return row(algorithm).family;
}

}  // namespace conclave::access
