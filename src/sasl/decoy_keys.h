#pragma once
// Keys of people who do not exist, so that a SCRAM challenge tells nobody who does (access.md A48): the same name gets
// the same salt each time, and a salt that looks like those of real accounts. Immutable; any thread.
#include <string>
#include <string_view>
#include <vector>

#include "sasl/scram_keys.h"

namespace conclave::sasl {

// How real keys look from outside.
struct ScramShape {
  std::uint32_t iterations = kIterations;
  std::size_t salt_bytes = kSaltBytes;
  bool salt_is_uuid = false;  // imported ones are texts
  friend auto operator<=>(const ScramShape&, const ScramShape&) = default;
};
ScramShape shape_of(const ScramKeys& keys);

class DecoyKeys {
 public:
  // `secret` stays the same as long as the accounts do.
  explicit DecoyKeys(std::string secret) : secret_(std::move(secret)) {}

  // `shapes` are those that exist, in any fixed order; empty: the shape of new keys. No password fits the keys.
  // One of `count`, always the same for a name.
  std::size_t choice(std::string_view name, std::size_t count) const;
  ScramKeys for_name(std::string_view name, ScramHash hash, const std::vector<ScramShape>& shapes) const;

 private:
  std::string secret_;
};

}  // namespace conclave::sasl
