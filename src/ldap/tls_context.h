#pragma once
// Keys to the directory's TLS: trusted CAs and ciphers, read once and used by every connection (reading the system's
// CAs takes longer than a login).
#include <string>

#include "base/result.h"
#include "ldap/directory_options.h"

struct ldap;

namespace conclave::ldap {

// A value; may be used from any thread. What it stands for lives until the process ends: libldap counts a reference for
// whoever asks for its context and knows no way to give that back. So make one per set of options, not one per login.
class TlsContext {
 public:
  // The error is a sentence without an end: what could not be done with which of the options.
  static Result<TlsContext, std::string> make(const TlsOptions& options);

  // All that verification depends on stands on the handle then: no ldap.conf and no environment variable weakens it.
  [[nodiscard]] bool use_for(struct ldap* handle) const;

 private:
  TlsContext(void* context, bool verify) : context_(context), verify_(verify) {}

  void* context_;
  bool verify_;
};

}  // namespace conclave::ldap
