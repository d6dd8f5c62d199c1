#include "ldap/dn.h"

#include <ldap.h>

#include <algorithm>
#include <memory>
#include <vector>

namespace conclave::ldap {
namespace {

struct DnFree {
  void operator()(LDAPRDN* dn) const { ldap_dnfree(dn); }
};

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// Naming attributes are compared without case nearly everywhere (RFC 4519); a directory that does not is told apart by
// more than case all the same.
void fold(berval& text) {
  std::transform(text.bv_val, text.bv_val + text.bv_len, text.bv_val, lower);
}

std::string_view view(const berval& text) {
  return {text.bv_val, text.bv_len};
}

void fold(LDAPRDN rdn) {
  LDAPAVA** end = rdn;
  for (; *end != nullptr; ++end) {
    fold((*end)->la_attr);
    // A value in hexadecimal (#04…) is BER, not text.
    if (((*end)->la_flags & LDAP_AVA_BINARY) == 0) fold((*end)->la_value);
  }
  std::sort(rdn, end, [](const LDAPAVA* a, const LDAPAVA* b) {
    return view(a->la_attr) != view(b->la_attr) ? view(a->la_attr) < view(b->la_attr)
                                                : view(a->la_value) < view(b->la_value);
  });
}

}  // namespace

std::optional<std::string> normalised_dn(std::string_view dn) {
  if (dn.find('\0') != std::string_view::npos) return std::nullopt;
  std::string text(dn);
  berval in{text.size(), text.data()};
  LDAPDN parsed = nullptr;
  if (ldap_bv2dn(&in, &parsed, LDAP_DN_FORMAT_LDAP) != LDAP_SUCCESS) return std::nullopt;
  const std::unique_ptr<LDAPRDN, DnFree> owned(parsed);
  if (parsed == nullptr) return std::string();
  for (LDAPRDN* rdn = parsed; *rdn != nullptr; ++rdn) fold(*rdn);
  char* out = nullptr;
  if (ldap_dn2str(parsed, &out, LDAP_DN_FORMAT_LDAPV3) != LDAP_SUCCESS) return std::nullopt;
  std::string normal(out);
  ldap_memfree(out);
  return normal;
}

}  // namespace conclave::ldap
