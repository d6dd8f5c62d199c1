#include "ldap/tls_context.h"

#include <ldap.h>

#include <filesystem>
#include <memory>
#include <vector>

#ifdef __SANITIZE_ADDRESS__
// libldap 2.5 with GnuTLS forgets the default priorities of a context that is given ciphers: 8 kB per TlsContext.
extern "C" const char* __lsan_default_suppressions() {
  return "leak:gnutls_priority_init\n";
}
#endif

namespace conclave::ldap {
namespace {

// GnuTLS's spelling: that is what Debian links libldap with.
constexpr const char* kModernCiphers = "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2";
constexpr const char* kSystemCaFile = "/etc/ssl/certs/ca-certificates.crt";

struct Unbind {
  void operator()(LDAP* handle) const { ldap_unbind_ext_s(handle, nullptr, nullptr); }
};

bool set(LDAP* handle, int option, const std::string& value) {
  return value.empty() || ldap_set_option(handle, option, value.c_str()) == LDAP_OPT_SUCCESS;
}

bool set_verification(LDAP* handle, bool verify) {
  const int how = verify ? LDAP_OPT_X_TLS_DEMAND : LDAP_OPT_X_TLS_NEVER;
  return ldap_set_option(handle, LDAP_OPT_X_TLS_REQUIRE_CERT, &how) == LDAP_OPT_SUCCESS;
}

// Leak checkers shall see that the contexts are held. Written while starting and reloading, by one thread.
void hold(void* context) {
  static auto& held = *new std::vector<void*>;
  held.push_back(context);
}

}  // namespace

Result<TlsContext, std::string> TlsContext::make(const TlsOptions& options) {
  LDAP* raw = nullptr;
  if (ldap_initialize(&raw, "ldap://localhost") != LDAP_SUCCESS) return failure(std::string("libldap does not start"));
  const std::unique_ptr<LDAP, Unbind> handle(raw);
  const bool system = options.ca_file.empty() && options.ca_directory.empty();
  const bool readable =
      set(raw, LDAP_OPT_X_TLS_CACERTFILE, system ? kSystemCaFile : options.ca_file) &&
      set(raw, LDAP_OPT_X_TLS_CACERTDIR, options.ca_directory) &&
      set(raw, LDAP_OPT_X_TLS_CIPHER_SUITE, options.ciphers.empty() ? kModernCiphers : options.ciphers);
  const int client = 0;
  void* context = nullptr;
  if (!readable || !set_verification(raw, options.verify) ||
      ldap_set_option(raw, LDAP_OPT_X_TLS_NEWCTX, &client) != LDAP_OPT_SUCCESS ||
      ldap_get_option(raw, LDAP_OPT_X_TLS_CTX, &context) != LDAP_OPT_SUCCESS || context == nullptr)
    return failure(std::string("the TLS library does not take these CA files or ciphers"));
  hold(context);
  return TlsContext(context, options.verify);
}

bool TlsContext::use_for(struct ldap* handle) const {
  return set_verification(handle, verify_) && ldap_set_option(handle, LDAP_OPT_X_TLS_CTX, context_) == LDAP_OPT_SUCCESS;
}

}  // namespace conclave::ldap
