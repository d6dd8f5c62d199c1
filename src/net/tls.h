#pragma once
// The server's certificate and how it speaks TLS (RFC 8446, RFC 5246): 1.2 or later, ALPN http/1.1, no tickets, no renegotiation.
#include <openssl/ssl.h>

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "net/net_error.h"

namespace conclave {

struct SslFree {
  void operator()(SSL* ssl) const { SSL_free(ssl); }
};
using SslPtr = std::unique_ptr<SSL, SslFree>;

// Immutable after load(); may be used from any loop.
class TlsContext {
 public:
  // PEM; the certificate file holds the chain, the server's own first. The error names the file.
  static Result<std::unique_ptr<TlsContext>, NetError> load(const std::string& certificate_file, const std::string& key_file);
  ~TlsContext();
  TlsContext(const TlsContext&) = delete;
  TlsContext& operator=(const TlsContext&) = delete;

  // A server's end over two memory BIOs.
  SslPtr new_session() const;

 private:
  explicit TlsContext(SSL_CTX* context) : context_(context) {}
  SSL_CTX* context_;
};

struct SelfSigned {
  static constexpr int kDays = 825;

  std::string certificate_file{};
  std::string key_file{};
  std::vector<std::string> names{};  // the first is the common name too
  std::vector<std::string> ips{};
};
// An EC P-256 key and a certificate that signs itself; both files get mode 0600 and replace what was there.
Result<void, NetError> make_self_signed(const SelfSigned& wanted);

}  // namespace conclave
