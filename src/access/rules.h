#pragma once
// Everything that decides and may change while the server runs: settings read anew, keys fetched anew. Immutable once
// shared; who changes something makes another. Any thread.
#include <memory>

#include "access/policy_book.h"
#include "access/token.h"

namespace conclave::access {

struct Rules {
  PolicyBook policies;
  std::shared_ptr<const TokenVerifier> verifier;  // never null
};

}  // namespace conclave::access
