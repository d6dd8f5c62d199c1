// Whatever the input is, it is verified as a token; and, signed with our own secret, as the body of one, so that claims
// are reached.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "access/mint.h"
#include "access/token.h"

using namespace conclave;
using namespace conclave::access;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const TokenVerifier verifier(
      {Issuer{.name = "app",
              .keys = {*VerificationKey::from_secret(Algorithm::HS256, "fuzz-secret-of-32-bytes-or-more!")},
              .accepted_issuers = {"app"}}});
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const WallTime now{std::chrono::seconds(1'800'000'000)};
  // Nobody can sign by chance.
  if (verifier.verify(input, now) && input.find("eyJ") != 0) std::abort();
  const std::string token = sign_token(R"({"alg":"HS256","typ":"JWT"})", input, "fuzz-secret-of-32-bytes-or-more!");
  const auto identity = verifier.verify(token, now);
  if (!identity) return 0;
  if (identity->subject.rfind("token:app/app/", 0) != 0) std::abort();
  if (const auto room = canonical_room("some-room")) (void)covers(identity->scope, *room, now);
  return 0;
}
