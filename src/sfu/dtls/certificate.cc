#include "sfu/dtls/certificate.h"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <array>
#include <chrono>
#include <utility>

#include "base/check.h"
#include "sfu/dtls/fingerprint.h"

namespace conclave::dtls {
namespace {

struct FreeKey {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
struct FreeX509 {
  void operator()(X509* certificate) const { X509_free(certificate); }
};
using Key = std::unique_ptr<EVP_PKEY, FreeKey>;
using X509Pointer = std::unique_ptr<X509, FreeX509>;

// Forward secrecy and authenticated encryption only; the order is ours to impose (feasibility: GCM is the fast one here).
constexpr const char* kCiphers =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";
constexpr const char* kSrtpProfiles = "SRTP_AEAD_AES_128_GCM:SRTP_AES128_CM_SHA1_80";
constexpr long kMaxPeerCertificateBytes = 16 * 1024;

// Small on purpose: the server's first flight has to fit one datagram (dtls_session.h).
X509Pointer self_signed(EVP_PKEY* key, Random& random, WallTime now) {
  X509Pointer certificate(X509_new());
  CONCLAVE_CHECK(certificate != nullptr);
  X509_set_version(certificate.get(), X509_VERSION_3);
  ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate.get()), random.number() >> 1);
  const std::time_t seconds = std::chrono::system_clock::to_time_t(now);
  ASN1_TIME_set(X509_getm_notBefore(certificate.get()), seconds - 24 * 3600);
  ASN1_TIME_set(X509_getm_notAfter(certificate.get()), seconds + 365 * 24 * 3600);
  X509_NAME* subject = X509_get_subject_name(certificate.get());
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("conclave"), -1, -1, 0);
  X509_set_issuer_name(certificate.get(), subject);
  X509_set_pubkey(certificate.get(), key);
  CONCLAVE_CHECK(X509_sign(certificate.get(), key, EVP_sha256()) > 0);
  return certificate;
}

// Peers' certificates are self-signed: the fingerprint from the signalling decides, after the handshake.
int accept_any(int, X509_STORE_CTX*) { return 1; }

}  // namespace

void Certificate::Free::operator()(ssl_ctx_st* context) const { SSL_CTX_free(context); }

Certificate::Certificate(Random& random, WallTime now) : context_(SSL_CTX_new(DTLS_method())) {
  CONCLAVE_CHECK(context_ != nullptr);
  const Key key(EVP_EC_gen("P-256"));
  CONCLAVE_CHECK(key != nullptr);
  const X509Pointer certificate = self_signed(key.get(), random, now);

  SSL_CTX* context = context_.get();
  CONCLAVE_CHECK(SSL_CTX_set_min_proto_version(context, DTLS1_2_VERSION) == 1);
  CONCLAVE_CHECK(SSL_CTX_set_max_proto_version(context, DTLS1_2_VERSION) == 1);
  CONCLAVE_CHECK(SSL_CTX_set_cipher_list(context, kCiphers) == 1);
  CONCLAVE_CHECK(SSL_CTX_set1_groups_list(context, "X25519:P-256:P-384") == 1);
  CONCLAVE_CHECK(SSL_CTX_set_tlsext_use_srtp(context, kSrtpProfiles) == 0);  // 0 is success
  CONCLAVE_CHECK(SSL_CTX_use_certificate(context, certificate.get()) == 1);
  CONCLAVE_CHECK(SSL_CTX_use_PrivateKey(context, key.get()) == 1);
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, accept_any);
  SSL_CTX_set_options(context, SSL_OP_NO_QUERY_MTU | SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_max_cert_list(context, kMaxPeerCertificateBytes);
  SSL_CTX_set_read_ahead(context, 1);

  const auto value = fingerprint_of(certificate.get(), "sha-256");
  CONCLAVE_CHECK(value.has_value());
  fingerprint_ = {"sha-256", *value};
}

Certificate::~Certificate() = default;
Certificate::Certificate(Certificate&&) noexcept = default;
Certificate& Certificate::operator=(Certificate&&) noexcept = default;

}  // namespace conclave::dtls
