#pragma once
// Who logged in, from the claims of an ID token or of the userinfo endpoint (OpenID Connect Core 1.0 §5.1). Pure; any
// thread.
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace conclave::oidc {

inline constexpr std::size_t kMaxNameBytes = 256;      // name, email; longer ones are cut or left out
inline constexpr std::size_t kMaxPictureBytes = 1024;  // longer addresses are left out
inline constexpr std::size_t kMaxValues = 2000;        // of the host claim; further ones are not looked at

struct Person {
  std::string subject{};
  std::string name{};
  std::string email{};  // only if the provider has verified it
  std::string picture{};
  std::optional<std::vector<std::string>> values{};  // of the host claim; absent: the claim is not there
};

// `host_claim`: a name, or names joined by dots that lead through objects ("realm_access.roles"); a name that has dots
// itself is found too. Texts, lists of texts, and true (as "true") are values. Nothing without a subject.
std::optional<Person> read_person(std::string_view claims_json, std::string_view host_claim);

// What `person` lacks, from `more`; nothing if they are two people.
bool complete(Person& person, const Person& more);

bool is_host(const Person& person, const std::vector<std::string>& host_values);

}  // namespace conclave::oidc
