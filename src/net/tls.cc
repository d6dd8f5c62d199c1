#include "net/tls.h"

#include <fcntl.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <optional>

namespace conclave {
namespace {

template <class T, void (*free)(T*)>
struct Free {
  void operator()(T* object) const { free(object); }
};
using KeyPtr = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY, EVP_PKEY_free>>;
using CertificatePtr = std::unique_ptr<X509, Free<X509, X509_free>>;
using ExtensionPtr = std::unique_ptr<X509_EXTENSION, Free<X509_EXTENSION, X509_EXTENSION_free>>;
struct BioFree {
  void operator()(BIO* bio) const { BIO_free(bio); }
};
using BioPtr = std::unique_ptr<BIO, BioFree>;

std::string openssl_reason() {
  const unsigned long code = ERR_peek_last_error();
  const char* reason = code == 0 ? nullptr : ERR_reason_error_string(code);
  ERR_clear_error();
  return reason == nullptr ? "unknown reason" : reason;
}

std::optional<NetError> unreadable(const std::string& what, const std::string& file) {
  if (::access(file.c_str(), R_OK) == 0) return std::nullopt;
  return NetError{"cannot read the " + what + " " + file + ": " + std::strerror(errno),
                  "put the PEM file there, readable for this user"};
}

// RFC 7301: a client that offers only other protocols is spoken to in HTTP/1.1 all the same; browsers always offer it.
int select_alpn(SSL*, const unsigned char** out, unsigned char* out_length, const unsigned char* offered, unsigned int offered_length,
                void*) {
  static constexpr unsigned char kHttp11[] = "\x08http/1.1";
  unsigned char* chosen = nullptr;
  if (SSL_select_next_proto(&chosen, out_length, kHttp11, sizeof(kHttp11) - 1, offered, offered_length) != OPENSSL_NPN_NEGOTIATED) {
    return SSL_TLSEXT_ERR_NOACK;
  }
  *out = chosen;
  return SSL_TLSEXT_ERR_OK;
}

bool add_extension(X509* certificate, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  const ExtensionPtr extension(X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str()));
  return extension && X509_add_ext(certificate, extension.get(), -1) == 1;
}

// Written beside and moved over, so that a crash leaves no half of a file.
Result<void, NetError> write_private(const std::string& file, std::string_view content) {
  const std::string fresh = file + ".new";
  const auto error = [&](const char* step) {
    const std::string reason = std::strerror(errno);
    ::unlink(fresh.c_str());
    return failure(NetError{"cannot " + std::string(step) + " " + file + ": " + reason, "make its directory writable for this user"});
  };
  ::unlink(fresh.c_str());
  const int fd = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0) return error("create");
  while (!content.empty()) {
    const ssize_t count = ::write(fd, content.data(), content.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) {
      ::close(fd);
      return error("write");
    }
    content.remove_prefix(static_cast<std::size_t>(count));
  }
  const bool synced = ::fsync(fd) == 0;
  if (::close(fd) != 0 || !synced || ::rename(fresh.c_str(), file.c_str()) != 0) return error("write");
  return {};
}

template <class Write>
std::string pem(Write write) {
  const BioPtr bio(BIO_new(BIO_s_mem()));
  if (!bio || write(bio.get()) != 1) return {};
  char* data = nullptr;
  const long length = BIO_get_mem_data(bio.get(), &data);
  return {data, static_cast<std::size_t>(length)};
}

std::string subject_alternatives(const SelfSigned& wanted) {
  std::string result;
  const auto append = [&](const char* kind, const std::string& value) {
    // The value goes through OpenSSL's configuration syntax, where a comma would begin another entry.
    if (value.empty() || value.find_first_of(",\n\r") != std::string::npos) return;
    result += (result.empty() ? "" : ",") + std::string(kind) + value;
  };
  for (const auto& name : wanted.names) append("DNS:", name);
  for (const auto& ip : wanted.ips) append("IP:", ip);
  return result;
}

CertificatePtr self_signed_certificate(const SelfSigned& wanted, EVP_PKEY* key) {
  CertificatePtr certificate(X509_new());
  std::uint64_t serial = 0;
  if (!certificate || RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof(serial)) != 1) return nullptr;
  const std::string common_name = (wanted.names.empty() ? std::string("conclave") : wanted.names.front()).substr(0, ub_common_name);
  X509_NAME* name = X509_get_subject_name(certificate.get());
  const bool ok =
      X509_set_version(certificate.get(), X509_VERSION_3) == 1 &&
      ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate.get()), serial >> 1 | 1) == 1 &&
      // An hour back, for clients whose clock is behind.
      X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -3600) != nullptr &&
      X509_time_adj_ex(X509_getm_notAfter(certificate.get()), SelfSigned::kDays, 0, nullptr) != nullptr &&
      X509_NAME_add_entry_by_NID(name, NID_commonName, MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(common_name.data()),
                                 static_cast<int>(common_name.size()), -1, 0) == 1 &&
      X509_set_issuer_name(certificate.get(), name) == 1 && X509_set_pubkey(certificate.get(), key) == 1 &&
      add_extension(certificate.get(), NID_basic_constraints, "critical,CA:FALSE") &&
      add_extension(certificate.get(), NID_key_usage, "critical,digitalSignature") &&
      add_extension(certificate.get(), NID_ext_key_usage, "serverAuth");
  if (!ok) return nullptr;
  const std::string alternatives = subject_alternatives(wanted);
  if (!alternatives.empty() && !add_extension(certificate.get(), NID_subject_alt_name, alternatives)) return nullptr;
  if (X509_sign(certificate.get(), key, EVP_sha256()) == 0) return nullptr;
  return certificate;
}

}  // namespace

Result<std::unique_ptr<TlsContext>, NetError> TlsContext::load(const std::string& certificate_file, const std::string& key_file) {
  if (auto error = unreadable("certificate", certificate_file)) return failure(*error);
  if (auto error = unreadable("private key", key_file)) return failure(*error);
  ERR_clear_error();
  std::unique_ptr<TlsContext> result(new TlsContext(SSL_CTX_new(TLS_server_method())));
  SSL_CTX* context = result->context_;
  if (context == nullptr) return failure(NetError{"cannot prepare TLS: " + openssl_reason(), "check the OpenSSL installation"});
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_TICKET | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE |
                                   SSL_OP_PRIORITIZE_CHACHA);
  SSL_CTX_set_num_tickets(context, 0);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_alpn_select_cb(context, select_alpn, nullptr);
  if (SSL_CTX_use_certificate_chain_file(context, certificate_file.c_str()) != 1) {
    return failure(NetError{"no certificate in " + certificate_file + ": " + openssl_reason(),
                            "the file must be PEM and hold the server's certificate first, then the chain"});
  }
  if (SSL_CTX_use_PrivateKey_file(context, key_file.c_str(), SSL_FILETYPE_PEM) != 1 || SSL_CTX_check_private_key(context) != 1) {
    return failure(NetError{"no private key for " + certificate_file + " in " + key_file + ": " + openssl_reason(),
                            "the file must be PEM, without a passphrase, and hold the key of that certificate"});
  }
  return result;
}

TlsContext::~TlsContext() { SSL_CTX_free(context_); }

SslPtr TlsContext::new_session() const {
  SslPtr ssl(SSL_new(context_));
  if (!ssl) return nullptr;
  BIO* in = BIO_new(BIO_s_mem());
  BIO* out = BIO_new(BIO_s_mem());
  if (in == nullptr || out == nullptr) {
    BIO_free(in);
    BIO_free(out);
    return nullptr;
  }
  SSL_set_bio(ssl.get(), in, out);
  SSL_set_accept_state(ssl.get());
  return ssl;
}

Result<void, NetError> make_self_signed(const SelfSigned& wanted) {
  ERR_clear_error();
  const KeyPtr key(EVP_EC_gen("P-256"));
  const CertificatePtr certificate = key ? self_signed_certificate(wanted, key.get()) : nullptr;
  if (!certificate) {
    return failure(NetError{"cannot make a certificate of our own: " + openssl_reason(),
                            "check the host names and addresses, or provide a certificate"});
  }
  const std::string key_pem =
      pem([&](BIO* bio) { return PEM_write_bio_PrivateKey(bio, key.get(), nullptr, nullptr, 0, nullptr, nullptr); });
  const std::string certificate_pem = pem([&](BIO* bio) { return PEM_write_bio_X509(bio, certificate.get()); });
  if (auto written = write_private(wanted.key_file, key_pem); !written) return written;
  return write_private(wanted.certificate_file, certificate_pem);
}

}  // namespace conclave
