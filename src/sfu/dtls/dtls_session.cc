#include "sfu/dtls/dtls_session.h"

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "base/check.h"

namespace conclave::dtls {
namespace {

constexpr std::string_view kExporterLabel = "EXTRACTOR-dtls_srtp";  // RFC 5764 §4.2
constexpr unsigned int kNeverMicroseconds = 3'600'000'000u;         // longer than any handshake: OpenSSL's timer never fires
constexpr int kMaxRecordsPerDatagram = 64;
constexpr std::size_t kUdpOverheadBytes = 28;

// RFC 6347 §4.1
enum ContentType : unsigned char { kChangeCipherSpec = 20, kHandshake = 22 };

bool looks_like_dtls(Bytes datagram) {  // RFC 7983 §7
  if (datagram.empty()) return false;
  const auto first = std::to_integer<unsigned>(datagram[0]);
  return first >= 20 && first <= 63;
}

}  // namespace

// Where OpenSSL's reads and writes end: one read takes the one datagram that is there, each write is one datagram. A memory BIO would
// join datagrams that have to stay apart.
struct DtlsSession::Wire {
  struct FreeMethod {
    void operator()(BIO_METHOD* unused) const { BIO_meth_free(unused); }
  };

  Wire() : method(BIO_meth_new(BIO_TYPE_SOURCE_SINK, "datagrams")) {
    CONCLAVE_CHECK(method != nullptr);
    BIO_meth_set_read(method.get(), read);
    BIO_meth_set_write(method.get(), write);
    BIO_meth_set_ctrl(method.get(), control);
  }

  // The BIO belongs to whoever takes it, and must go before this.
  BIO* make_bio() {
    BIO* bio = BIO_new(method.get());
    CONCLAVE_CHECK(bio != nullptr);
    BIO_set_data(bio, this);
    BIO_set_init(bio, 1);
    return bio;
  }

  static Wire& of(BIO* bio) { return *static_cast<Wire*>(BIO_get_data(bio)); }

  static int read(BIO* bio, char* to, int room) {
    Wire& wire = of(bio);
    BIO_clear_retry_flags(bio);
    if (wire.input.empty() || room <= 0) {
      BIO_set_retry_read(bio);
      return -1;
    }
    const std::size_t bytes = std::min(wire.input.size(), static_cast<std::size_t>(room));
    std::memcpy(to, wire.input.data(), bytes);
    wire.input = {};
    return static_cast<int>(bytes);
  }

  static int write(BIO* bio, const char* from, int bytes) {
    BIO_clear_retry_flags(bio);
    if (bytes <= 0) return 0;
    const Bytes datagram = as_bytes({from, static_cast<std::size_t>(bytes)});
    of(bio).output.emplace_back(datagram.begin(), datagram.end());
    return bytes;
  }

  static long control(BIO*, int command, long, void*) {
    switch (command) {
      case BIO_CTRL_FLUSH: return 1;
      case BIO_CTRL_DGRAM_QUERY_MTU:
      case BIO_CTRL_DGRAM_GET_FALLBACK_MTU: return static_cast<long>(kMtuBytes);
      case BIO_CTRL_DGRAM_GET_MTU_OVERHEAD: return static_cast<long>(kUdpOverheadBytes);
      default: return 0;
    }
  }

  std::unique_ptr<BIO_METHOD, FreeMethod> method;
  Bytes input;
  std::vector<std::vector<std::byte>> output;
};

std::string_view name(FailReason reason) {
  switch (reason) {
    case FailReason::None: return "none";
    case FailReason::Timeout: return "timeout";
    case FailReason::Handshake: return "handshake";
    case FailReason::NoSrtpProfile: return "no SRTP profile";
    case FailReason::NoPeerCertificate: return "no peer certificate";
    case FailReason::FingerprintMismatch: return "fingerprint mismatch";
    case FailReason::TooManyDatagrams: return "too many datagrams";
  }
  return "?";
}

void DtlsSession::Free::operator()(ssl_st* ssl) const { SSL_free(ssl); }

DtlsSession::DtlsSession(const Certificate& certificate, Role role, TimePoint now)
    : role_(role),
      wire_(std::make_unique<Wire>()),
      ssl_(SSL_new(certificate.context())),
      handshake_ends_(now + kHandshakeLimit) {
  CONCLAVE_CHECK(ssl_ != nullptr);
  BIO* bio = wire_->make_bio();
  SSL_set_bio(ssl_.get(), bio, bio);
  CONCLAVE_CHECK(SSL_set_mtu(ssl_.get(), static_cast<long>(kMtuBytes)) != 0);
  DTLS_set_timer_cb(ssl_.get(), [](SSL*, unsigned int) { return kNeverMicroseconds; });
  if (role_ == Role::Server) {
    SSL_set_accept_state(ssl_.get());
  } else {
    SSL_set_connect_state(ssl_.get());
    run_handshake(now);
  }
}

DtlsSession::~DtlsSession() {
  if (!keying_material_) return;
  for (srtp::MasterKey* master : {&keying_material_->client, &keying_material_->server}) {
    OPENSSL_cleanse(master->key.data(), master->key.size());
    OPENSSL_cleanse(master->salt.data(), master->salt.size());
  }
}

void DtlsSession::set_remote_fingerprints(TimePoint, const std::vector<Fingerprint>& fingerprints) {
  if (remote_fingerprints_) return;
  const std::size_t count = std::min(fingerprints.size(), kMaxRemoteFingerprints);
  remote_fingerprints_.emplace(fingerprints.begin(), fingerprints.begin() + static_cast<std::ptrdiff_t>(count));
  verify_peer();
}

void DtlsSession::receive(TimePoint now, Bytes datagram) {
  const bool over = state_ == State::Closed || state_ == State::Failed;
  if (over || datagram.size() > kMaxDatagramBytes || !looks_like_dtls(datagram)) {
    ++counters_.dropped_input;
    return;
  }
  ++counters_.datagrams_in;
  if (state_ == State::Handshaking && counters_.datagrams_in > kMaxHandshakeDatagrams) return fail(FailReason::TooManyDatagrams);
  const unsigned char content = std::to_integer<unsigned char>(datagram[0]);
  ERR_clear_error();
  wire_->input = datagram;
  if (state_ == State::Handshaking) {
    run_handshake(now);
  } else {
    read_records();
    const bool silent = collect_output() == 0;
    if (silent && (content == kChangeCipherSpec || content == kHandshake)) answer_late_flight(now);
  }
  wire_->input = {};
}

void DtlsSession::run_handshake(TimePoint now) {
  ERR_clear_error();
  const int result = SSL_do_handshake(ssl_.get());
  const int error = SSL_get_error(ssl_.get(), result);
  if (!wire_->output.empty()) {
    last_flight_ = wire_->output;
    flight_sent_at_ = now;
    retransmit_after_ = kFirstRetransmit;
    retransmit_at_ = now + retransmit_after_;
  }
  collect_output();
  if (result == 1) return finish_handshake(now);
  if (error != SSL_ERROR_WANT_READ) fail(FailReason::Handshake);
}

void DtlsSession::finish_handshake(TimePoint) {
  // Whoever speaks last repeats only when asked (RFC 6347 §4.2.4): answer_late_flight.
  retransmit_at_.reset();
  if (role_ == Role::Client) last_flight_.clear();
  state_ = State::Handshaken;
  if (SSL_get_selected_srtp_profile(ssl_.get()) == nullptr) return fail(FailReason::NoSrtpProfile);
  verify_peer();
  read_records();  // what came in the same datagram
  collect_output();
}

// A peer that still sends handshake records has not had our last flight. OpenSSL repeats it for a Finished with a new record number;
// for repeated bytes it sees only a replay. No oftener than a retransmission would come.
void DtlsSession::answer_late_flight(TimePoint now) {
  if (role_ != Role::Server || last_flight_.empty() || now < flight_sent_at_ + kFirstRetransmit / 2) return;
  repeat_flight(now);
}

void DtlsSession::repeat_flight(TimePoint now) {
  ++counters_.retransmissions;
  flight_sent_at_ = now;
  for (const auto& datagram : last_flight_) push(datagram);
}

void DtlsSession::read_records() {
  std::array<unsigned char, 2048> clear;
  for (int records = 0; records < kMaxRecordsPerDatagram; ++records) {
    if (state_ == State::Closed || state_ == State::Failed) return;
    ERR_clear_error();
    const int result = SSL_read(ssl_.get(), clear.data(), static_cast<int>(clear.size()));
    if (result > 0) {
      ++counters_.application_records;
      continue;
    }
    if (SSL_get_error(ssl_.get(), result) == SSL_ERROR_WANT_READ) return;
    // close_notify, or a fatal alert. Bad records do not come here: DTLS drops them silently (RFC 6347 §4.1.2.7).
    if (SSL_get_shutdown(ssl_.get()) == SSL_RECEIVED_SHUTDOWN) SSL_shutdown(ssl_.get());
    return state_ == State::Connected ? end({DtlsEvent::Kind::Closed}) : fail(FailReason::Handshake);
  }
}

void DtlsSession::verify_peer() {
  if (state_ != State::Handshaken || !remote_fingerprints_) return;
  const std::unique_ptr<X509, decltype(&X509_free)> certificate(SSL_get1_peer_certificate(ssl_.get()), &X509_free);
  if (certificate == nullptr) return fail(FailReason::NoPeerCertificate);
  if (!matches(certificate.get(), *remote_fingerprints_)) {
    SSL_shutdown(ssl_.get());
    return fail(FailReason::FingerprintMismatch);
  }
  if (!export_keys()) return fail(FailReason::Handshake);
  state_ = State::Connected;
  events_.push_back({DtlsEvent::Kind::Connected});
}

// RFC 5764 §4.2: client key, server key, client salt, server salt.
bool DtlsSession::export_keys() {
  const SRTP_PROTECTION_PROFILE* chosen = SSL_get_selected_srtp_profile(ssl_.get());
  const auto profile = chosen->id == SRTP_AEAD_AES_128_GCM ? srtp::Profile::AeadAes128Gcm : srtp::Profile::Aes128CmSha180;
  const std::size_t salt_bytes = srtp::master_salt_bytes(profile);
  std::array<std::byte, 2 * (srtp::kMasterKeyBytes + srtp::kMaxMasterSaltBytes)> exported{};
  const std::size_t total = 2 * (srtp::kMasterKeyBytes + salt_bytes);
  if (SSL_export_keying_material(ssl_.get(), reinterpret_cast<unsigned char*>(exported.data()), total, kExporterLabel.data(),
                                 kExporterLabel.size(), nullptr, 0, 0) != 1) {
    return false;
  }
  ByteReader reader(exported);
  const auto copy = [&reader](std::size_t bytes, auto& to) {
    const Bytes from = reader.bytes(bytes);
    std::copy(from.begin(), from.end(), to.begin());
  };
  srtp::KeyingMaterial& keys = keying_material_.emplace();
  keys.profile = profile;
  copy(srtp::kMasterKeyBytes, keys.client.key);
  copy(srtp::kMasterKeyBytes, keys.server.key);
  copy(salt_bytes, keys.client.salt);
  copy(salt_bytes, keys.server.salt);
  OPENSSL_cleanse(exported.data(), exported.size());
  return true;
}

void DtlsSession::fail(FailReason reason) { end({DtlsEvent::Kind::Failed, reason}); }

void DtlsSession::end(DtlsEvent event) {
  collect_output();  // an alert may be on its way
  retransmit_at_.reset();
  last_flight_.clear();
  state_ = event.kind == DtlsEvent::Kind::Closed ? State::Closed : State::Failed;
  events_.push_back(event);
}

void DtlsSession::close() {
  if (state_ == State::Closed || state_ == State::Failed) return;
  ERR_clear_error();
  if (state_ != State::Handshaking) SSL_shutdown(ssl_.get());
  collect_output();
  retransmit_at_.reset();
  last_flight_.clear();
  state_ = State::Closed;
}

void DtlsSession::advance(TimePoint now) {
  if (state_ != State::Handshaking && state_ != State::Handshaken) return;
  if (now >= handshake_ends_) return fail(FailReason::Timeout);
  if (!retransmit_at_ || now < *retransmit_at_) return;
  repeat_flight(now);
  retransmit_after_ = std::min(2 * retransmit_after_, kMaxRetransmit);
  retransmit_at_ = now + retransmit_after_;
}

std::optional<TimePoint> DtlsSession::deadline() const {
  if (state_ != State::Handshaking && state_ != State::Handshaken) return std::nullopt;
  return retransmit_at_ ? std::min(*retransmit_at_, handshake_ends_) : handshake_ends_;
}

std::size_t DtlsSession::collect_output() {
  const std::size_t count = wire_->output.size();
  for (auto& datagram : wire_->output) push(std::move(datagram));
  wire_->output.clear();
  return count;
}

void DtlsSession::push(std::vector<std::byte> datagram) {
  if (datagrams_.size() == kMaxQueuedDatagrams) {
    datagrams_.pop_front();
    ++counters_.dropped_output;
  }
  ++counters_.datagrams_out;
  datagrams_.push_back(std::move(datagram));
}

std::optional<std::vector<std::byte>> DtlsSession::next_datagram() {
  if (datagrams_.empty()) return std::nullopt;
  auto next = std::move(datagrams_.front());
  datagrams_.pop_front();
  return next;
}

std::optional<DtlsEvent> DtlsSession::next_event() {
  if (events_.empty()) return std::nullopt;
  const DtlsEvent next = events_.front();
  events_.pop_front();
  return next;
}

}  // namespace conclave::dtls
