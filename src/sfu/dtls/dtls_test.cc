#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/random.h"
#include "sfu/dtls/certificate.h"
#include "sfu/dtls/dtls_session.h"

namespace conclave::dtls {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Datagram = std::vector<std::byte>;

constexpr TimePoint t0{};
constexpr DtlsEvent kConnected{DtlsEvent::Kind::Connected};

Certificate make_certificate(std::uint64_t seed) {
  SeededRandom random(seed);
  return Certificate(random, WallTime(std::chrono::seconds(1'790'000'000)));
}

std::vector<DtlsEvent> events(DtlsSession& session) {
  std::vector<DtlsEvent> all;
  while (const auto event = session.next_event()) all.push_back(*event);
  return all;
}

std::vector<Datagram> datagrams(DtlsSession& session) {
  std::vector<Datagram> all;
  while (auto datagram = session.next_datagram()) all.push_back(std::move(*datagram));
  return all;
}

// Two sessions and the wire between them, on made-up time.
class Dtls : public testing::Test {
 protected:
  // Decides over the n-th datagram (from 0) in that direction.
  using Loses = std::function<bool(bool from_client, int n)>;

  void start() {
    server_.emplace(server_certificate_, Role::Server, now_);
    client_.emplace(client_certificate_, Role::Client, now_);
  }
  void know_each_other() {
    server_->set_remote_fingerprints(now_, {client_certificate_.fingerprint()});
    client_->set_remote_fingerprints(now_, {server_certificate_.fingerprint()});
  }
  // Carries until nothing moves. True if something did.
  bool carry(const Loses& loses = nullptr) {
    bool moved = false;
    for (bool again = true; again;) {
      again = false;
      for (const bool from_client : {true, false}) {
        for (const Datagram& datagram : datagrams(from_client ? *client_ : *server_)) {
          again = moved = true;
          EXPECT_LE(datagram.size(), kMtuBytes);
          const int n = sent_[from_client]++;
          if (loses && loses(from_client, n)) continue;
          (from_client ? *server_ : *client_).receive(now_, datagram);
        }
      }
    }
    return moved;
  }
  // Lets time pass from deadline to deadline.
  void play(Duration span, const Loses& loses = nullptr) {
    const TimePoint end = now_ + span;
    carry(loses);
    while (now_ < end) {
      TimePoint next = end;
      for (const auto deadline : {client_->deadline(), server_->deadline()}) {
        if (deadline) next = std::min(next, *deadline);
      }
      now_ = next;
      client_->advance(now_);
      server_->advance(now_);
      carry(loses);
    }
  }

  TimePoint now_ = t0;
  Certificate server_certificate_ = make_certificate(1);
  Certificate client_certificate_ = make_certificate(2);
  std::optional<DtlsSession> server_;
  std::optional<DtlsSession> client_;
  std::map<bool, int> sent_;
};

TEST(Certificate, ShowsItsSha256Fingerprint) {
  const Fingerprint fingerprint = make_certificate(1).fingerprint();
  EXPECT_EQ(fingerprint.algorithm, "sha-256");
  EXPECT_THAT(fingerprint.value, testing::MatchesRegex("([0-9A-F][0-9A-F]:)+[0-9A-F][0-9A-F]"));
  EXPECT_EQ(fingerprint.value.size(), 32u * 3 - 1);
  EXPECT_NE(make_certificate(1).fingerprint(), fingerprint) << "each has a key of its own";
}

TEST_F(Dtls, ConnectsAndBothSidesHaveTheSameKeys) {
  start();
  know_each_other();
  carry();
  EXPECT_THAT(events(*server_), ElementsAre(kConnected));
  EXPECT_THAT(events(*client_), ElementsAre(kConnected));
  ASSERT_TRUE(server_->keying_material() && client_->keying_material());
  const srtp::KeyingMaterial& ours = *server_->keying_material();
  const srtp::KeyingMaterial& theirs = *client_->keying_material();
  EXPECT_EQ(ours.profile, srtp::Profile::AeadAes128Gcm);
  EXPECT_EQ(ours.client.key, theirs.client.key);
  EXPECT_EQ(ours.client.salt, theirs.client.salt);
  EXPECT_EQ(ours.server.key, theirs.server.key);
  EXPECT_EQ(ours.server.salt, theirs.server.salt);
  EXPECT_NE(ours.server.key, ours.client.key);
  EXPECT_EQ(server_->deadline(), std::nullopt);
  EXPECT_EQ(client_->deadline(), std::nullopt);
}

TEST_F(Dtls, ClientWithoutGcmGetsTheOldProfile) {
  start();
  // The context of this client is of this test only.
  ASSERT_EQ(SSL_CTX_set_tlsext_use_srtp(client_certificate_.context(), "SRTP_AES128_CM_SHA1_80"), 0);
  client_.emplace(client_certificate_, Role::Client, now_);
  know_each_other();
  carry();
  ASSERT_TRUE(server_->keying_material());
  EXPECT_EQ(server_->keying_material()->profile, srtp::Profile::Aes128CmSha180);
  EXPECT_EQ(server_->keying_material()->client.salt, client_->keying_material()->client.salt);
}

TEST_F(Dtls, EachServerFlightIsOneDatagram) {
  start();
  know_each_other();
  for (int flight = 0; flight < 2; ++flight) {
    for (const Datagram& datagram : datagrams(*client_)) server_->receive(now_, datagram);
    const auto answer = datagrams(*server_);
    ASSERT_EQ(answer.size(), 1u) << "repeating the same bytes is sound only then, see dtls_session.h";
    client_->receive(now_, answer[0]);
  }
  EXPECT_THAT(events(*client_), ElementsAre(kConnected));
}

TEST_F(Dtls, HandshakeBeforeTheFingerprintGivesNothingOutUntilItIsCompared) {
  start();
  carry();
  EXPECT_EQ(server_->state(), DtlsSession::State::Handshaken);
  EXPECT_THAT(events(*server_), IsEmpty());
  EXPECT_FALSE(server_->keying_material().has_value());
  server_->set_remote_fingerprints(now_ + 5s, {client_certificate_.fingerprint()});
  EXPECT_THAT(events(*server_), ElementsAre(kConnected));
  EXPECT_TRUE(server_->keying_material().has_value());
}

TEST_F(Dtls, AnotherCertificateFails) {
  start();
  server_->set_remote_fingerprints(now_, {server_certificate_.fingerprint()});
  carry();
  EXPECT_THAT(events(*server_), ElementsAre(DtlsEvent{DtlsEvent::Kind::Failed, FailReason::FingerprintMismatch}));
  EXPECT_FALSE(server_->keying_material().has_value());
  EXPECT_EQ(server_->deadline(), std::nullopt);
}

TEST_F(Dtls, FingerprintsThatComeLateAreComparedToo) {
  start();
  carry();
  server_->set_remote_fingerprints(now_, {server_certificate_.fingerprint()});
  EXPECT_THAT(events(*server_), ElementsAre(DtlsEvent{DtlsEvent::Kind::Failed, FailReason::FingerprintMismatch}));
}

TEST_F(Dtls, NoFingerprintsMatchNothing) {
  start();
  carry();
  server_->set_remote_fingerprints(now_, {});
  EXPECT_THAT(events(*server_), ElementsAre(DtlsEvent{DtlsEvent::Kind::Failed, FailReason::FingerprintMismatch}));
}

TEST_F(Dtls, FingerprintsCountOnce) {
  start();
  server_->set_remote_fingerprints(now_, {server_certificate_.fingerprint()});
  server_->set_remote_fingerprints(now_, {client_certificate_.fingerprint()});
  carry();
  EXPECT_THAT(events(*server_), ElementsAre(DtlsEvent{DtlsEvent::Kind::Failed, FailReason::FingerprintMismatch}));
}

TEST_F(Dtls, EveryFingerprintAlgorithmOfTheSignallingIsUnderstood) {
  const X509* x509 = SSL_CTX_get0_certificate(client_certificate_.context());
  for (const char* algorithm : {"sha-1", "sha-256", "SHA-384", "sha-512"}) {
    const auto value = fingerprint_of(x509, algorithm);
    ASSERT_TRUE(value) << algorithm;
    start();
    server_->set_remote_fingerprints(now_, {{algorithm, *value}});
    carry();
    EXPECT_THAT(events(*server_), ElementsAre(kConnected)) << algorithm;
  }
  EXPECT_EQ(fingerprint_of(x509, "md5"), std::nullopt);
}

TEST(Fingerprints, TheStrongestAlgorithmDecides) {
  const Certificate ours = make_certificate(1);
  const Certificate other = make_certificate(2);
  const X509* x509 = SSL_CTX_get0_certificate(ours.context());
  const Fingerprint right_sha1{"sha-1", *fingerprint_of(x509, "sha-1")};
  EXPECT_TRUE(matches(x509, {right_sha1}));
  EXPECT_FALSE(matches(x509, {right_sha1, other.fingerprint()}));
  EXPECT_TRUE(matches(x509, {other.fingerprint(), ours.fingerprint()})) << "one of several of one algorithm";
  EXPECT_TRUE(matches(x509, {{"made-up", "00"}, ours.fingerprint()}));
  EXPECT_FALSE(matches(x509, {{"made-up", "00"}}));
  Fingerprint lower = ours.fingerprint();
  for (char& c : lower.value) c = static_cast<char>(std::tolower(c));
  EXPECT_TRUE(matches(x509, {lower}));
}

TEST_F(Dtls, AnyLostDatagramIsRepaired) {
  for (const bool from_client : {true, false}) {
    for (int lost = 0; lost < 4; ++lost) {
      sent_.clear();
      now_ = t0;
      start();
      know_each_other();
      play(3s, [&](bool client, int n) { return client == from_client && n == lost; });
      EXPECT_THAT(events(*server_), ElementsAre(kConnected)) << from_client << lost;
      EXPECT_THAT(events(*client_), ElementsAre(kConnected)) << from_client << lost;
    }
  }
}

TEST_F(Dtls, HeavyLossIsRepaired) {
  start();
  know_each_other();
  play(29s, [](bool client, int n) { return n % 3 != (client ? 2 : 1); });
  EXPECT_THAT(events(*server_), ElementsAre(kConnected));
  EXPECT_THAT(events(*client_), ElementsAre(kConnected));
  EXPECT_GT(client_->counters().retransmissions, 0u);
}

TEST_F(Dtls, DoubledDatagramsDoNoHarm) {
  start();
  know_each_other();
  for (int turn = 0; turn < 4; ++turn) {
    for (const Datagram& datagram : datagrams(*client_)) {
      server_->receive(now_, datagram);
      server_->receive(now_, datagram);
    }
    for (const Datagram& datagram : datagrams(*server_)) {
      client_->receive(now_, datagram);
      client_->receive(now_, datagram);
    }
  }
  EXPECT_THAT(events(*server_), ElementsAre(kConnected));
  EXPECT_THAT(events(*client_), ElementsAre(kConnected));
}

TEST_F(Dtls, RetransmissionsDoubleUpToTheirLimit) {
  client_.emplace(client_certificate_, Role::Client, t0);
  std::vector<Duration> at;
  datagrams(*client_);
  while (client_->state() == DtlsSession::State::Handshaking && client_->deadline()) {
    now_ = *client_->deadline();
    client_->advance(now_);
    if (!datagrams(*client_).empty()) at.push_back(now_ - t0);
  }
  ASSERT_GE(at.size(), 6u);
  EXPECT_THAT(std::vector<Duration>(at.begin(), at.begin() + 6), ElementsAre(200ms, 600ms, 1400ms, 3000ms, 6200ms, 9400ms));
  EXPECT_EQ(now_ - t0, kHandshakeLimit);
  EXPECT_THAT(events(*client_), ElementsAre(DtlsEvent{DtlsEvent::Kind::Failed, FailReason::Timeout}));
}

TEST_F(Dtls, AServerThatNobodyCallsFailsAfterTheLimit) {
  server_.emplace(server_certificate_, Role::Server, t0);
  EXPECT_EQ(server_->deadline(), t0 + 30s);
  server_->advance(t0 + 29s);
  EXPECT_THAT(events(*server_), IsEmpty());
  server_->advance(t0 + 30s);
  EXPECT_THAT(events(*server_), ElementsAre(DtlsEvent{DtlsEvent::Kind::Failed, FailReason::Timeout}));
}

TEST_F(Dtls, AFingerprintThatNeverComesFailsAfterTheLimit) {
  start();
  carry();
  EXPECT_EQ(server_->deadline(), t0 + 30s);
  server_->advance(t0 + 30s);
  EXPECT_THAT(events(*server_), ElementsAre(DtlsEvent{DtlsEvent::Kind::Failed, FailReason::Timeout}));
}

TEST_F(Dtls, CloseNotifyClosesTheOtherSide) {
  start();
  know_each_other();
  carry();
  events(*server_);
  client_->close();
  EXPECT_EQ(client_->state(), DtlsSession::State::Closed);
  carry();
  EXPECT_THAT(events(*server_), ElementsAre(DtlsEvent{DtlsEvent::Kind::Closed}));
  EXPECT_EQ(server_->state(), DtlsSession::State::Closed);
}

TEST_F(Dtls, APeerWithoutSrtpFails) {
  SSL_CTX* context = client_certificate_.context();
  // An empty list cannot be set; a profile that we do not offer comes to the same.
  ASSERT_EQ(SSL_CTX_set_tlsext_use_srtp(context, "SRTP_AEAD_AES_256_GCM"), 0);
  start();
  know_each_other();
  carry();
  EXPECT_THAT(events(*server_), ElementsAre(DtlsEvent{DtlsEvent::Kind::Failed, FailReason::NoSrtpProfile}));
}

TEST_F(Dtls, APeerWithoutOurCiphersFails) {
  ASSERT_EQ(SSL_CTX_set_cipher_list(client_certificate_.context(), "ECDHE-ECDSA-AES256-SHA384"), 1);
  start();
  know_each_other();
  carry();
  EXPECT_THAT(events(*server_), ElementsAre(DtlsEvent{DtlsEvent::Kind::Failed, FailReason::Handshake}));
  EXPECT_THAT(events(*client_), ElementsAre(DtlsEvent{DtlsEvent::Kind::Failed, FailReason::Handshake})) << "told by an alert";
}

TEST_F(Dtls, RubbishIsDroppedAndTheHandshakeGoesOn) {
  start();
  know_each_other();
  server_->receive(now_, {});
  server_->receive(now_, Datagram(100, std::byte{0x80}));                    // SRTP's range
  server_->receive(now_, Datagram(kMaxDatagramBytes + 1, std::byte{22}));    // too long
  EXPECT_EQ(server_->counters().dropped_input, 3u);
  server_->receive(now_, Datagram(100, std::byte{22}));                      // DTLS's range, nonsense
  server_->receive(now_, Datagram(13, std::byte{20}));
  carry();
  EXPECT_THAT(events(*server_), ElementsAre(kConnected));
  server_->receive(now_, Datagram(100, std::byte{23}));
  EXPECT_EQ(server_->state(), DtlsSession::State::Connected);
}

TEST_F(Dtls, AFloodOfHandshakeDatagramsEndsTheSession) {
  server_.emplace(server_certificate_, Role::Server, t0);
  for (std::size_t i = 0; i <= kMaxHandshakeDatagrams; ++i) server_->receive(now_, Datagram(50, std::byte{22}));
  EXPECT_THAT(events(*server_), ElementsAre(DtlsEvent{DtlsEvent::Kind::Failed, FailReason::TooManyDatagrams}));
}

TEST_F(Dtls, OutputThatNobodyFetchesIsBounded) {
  start();
  know_each_other();
  std::vector<Datagram> last;
  for (int turn = 0; turn < 2; ++turn) {
    last = datagrams(*client_);
    for (const Datagram& datagram : last) server_->receive(now_, datagram);
    for (const Datagram& datagram : datagrams(*server_)) client_->receive(now_, datagram);
  }
  for (std::size_t i = 0; i < kMaxQueuedDatagrams + 10; ++i) {
    now_ += kFirstRetransmit;
    server_->receive(now_, last[0]);
  }
  EXPECT_EQ(datagrams(*server_).size(), kMaxQueuedDatagrams);
  EXPECT_EQ(server_->counters().dropped_output, 10u);
}

TEST_F(Dtls, AReplayedFlightIsAnsweredNoOftenerThanARetransmission) {
  start();
  know_each_other();
  std::vector<Datagram> last;
  for (int turn = 0; turn < 2; ++turn) {
    last = datagrams(*client_);
    for (const Datagram& datagram : last) server_->receive(now_, datagram);
    for (const Datagram& datagram : datagrams(*server_)) client_->receive(now_, datagram);
  }
  ASSERT_THAT(events(*server_), ElementsAre(kConnected));
  for (int i = 0; i < 50; ++i) {
    for (const Datagram& datagram : last) server_->receive(now_, datagram);
  }
  EXPECT_THAT(datagrams(*server_), IsEmpty());
  now_ += kFirstRetransmit;
  for (int i = 0; i < 50; ++i) {
    for (const Datagram& datagram : last) server_->receive(now_, datagram);
  }
  EXPECT_EQ(datagrams(*server_).size(), 1u);
}

}  // namespace
}  // namespace conclave::dtls
