#pragma once
// What KeyFetcher asks of the keys of one issuer, whatever way they come.
#include <string>
#include <vector>

#include "access/signature.h"
#include "base/counter.h"
#include "base/unique_function.h"

namespace conclave::keys {

struct KeyCounters {
  Counter fetches;
  Counter failures;  // no answer, or one without a usable key
  Counter limited;   // questions not asked because somebody asks too much
};

// Lives on the loop of its KeyFetcher.
class IssuerKeys {
 public:
  using Found = UniqueFunction<void(bool)>;
  virtual ~IssuerKeys() = default;

  virtual void start() = 0;
  // Somebody shows a token of that key, which is not among keys(); "" if the token names none. `found(true)` once keys
  // that may be the one have come, `found(false)` once it is plain that none do; at once or in a later turn.
  virtual void want(const std::string& key_id, Found found) = 0;
  // Nothing will come any more: whoever waits is told so.
  virtual void give_up() = 0;
  // Those that are good now.
  virtual std::vector<access::VerificationKey> keys() const = 0;
};

}  // namespace conclave::keys
