// First byte: what the rest is. "m": the metadata of a provider; "t": an ID token, which no key has signed; else the
// claims of one that was good.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "oidc/id_token.h"
#include "oidc/metadata.h"
#include "oidc/person.h"

using namespace conclave;
using namespace conclave::oidc;

namespace {

constexpr std::string_view kIssuer = "https://idp.example";

void metadata(std::string_view body) {
  const auto read = read_metadata(body, kIssuer);
  if (read && read->issuer != kIssuer) std::abort();
}

void id_token(std::string_view token) {
  const IdTokenRules rules{.issuer = std::string(kIssuer), .client_id = "meet", .nonce = "n"};
  if (verify_id_token(token, {}, rules, WallTime{std::chrono::seconds(1'800'000'000)})) std::abort();
}

void claims(std::string_view json) {
  const auto person = read_person(json, "realm_access.roles");
  if (!person) return;
  if (person->subject.empty() || person->name.size() > kMaxNameBytes) std::abort();
  if (person->values && person->values->size() > kMaxValues) std::abort();
  Person other{.subject = person->subject};
  if (!complete(other, *person)) std::abort();
  (void)is_host(*person, {"teachers"});
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  if (data[0] == 'm') {
    metadata(text);
  } else if (data[0] == 't') {
    id_token(text);
  } else {
    claims(text);
  }
  return 0;
}
