#pragma once
// Tokens that are good for one login only (Issuer::single_use), remembered by their jti until they expire. Pure; lives
// on one loop.
#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "access/identity.h"
#include "base/time.h"

namespace conclave::access {

class UsedTokens {
 public:
  static constexpr std::size_t kMaxUsed = 100'000;  // beyond: no further one is good, until some have expired

  // Whether this is the first use of the token that made `identity`, which has jti and end. A second use is none, also
  // by another token with the same jti.
  bool use(const Identity& identity, WallTime now);
  // Whether it was used already; asking does not use it.
  bool was_used(const Identity& identity) const;
  std::size_t size() const { return used_.size(); }

 private:
  using Id = std::pair<std::string, std::string>;  // issuer, jti

  std::set<Id> used_;
  std::multimap<WallTime, Id> ends_;
};

}  // namespace conclave::access
