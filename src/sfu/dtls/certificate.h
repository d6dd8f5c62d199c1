#pragma once
// The server's DTLS identity: an EC P-256 key, a self-signed certificate, and the OpenSSL context made from both. One for the whole
// process, made at start and passed by reference; immutable after construction, so that all loops may use it.
// Peers know it by its fingerprint, which the signalling carries (RFC 8122 §5, RFC 8827 §6.5).
#include <memory>

#include "base/random.h"
#include "base/time.h"
#include "sfu/dtls/fingerprint.h"

struct ssl_ctx_st;

namespace conclave::dtls {

class Certificate {
 public:
  // Valid from a day before `now` for a year. `random` gives the serial number; the key comes from OpenSSL's own generator.
  Certificate(Random& random, WallTime now);
  ~Certificate();
  Certificate(Certificate&&) noexcept;
  Certificate& operator=(Certificate&&) noexcept;

  const Fingerprint& fingerprint() const { return fingerprint_; }  // sha-256
  ssl_ctx_st* context() const { return context_.get(); }           // for DtlsSession

 private:
  struct Free {
    void operator()(ssl_ctx_st* context) const;
  };
  std::unique_ptr<ssl_ctx_st, Free> context_;
  Fingerprint fingerprint_;
};

}  // namespace conclave::dtls
