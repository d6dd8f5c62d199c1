#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "sfu/srtp/srtp_session.h"

namespace conclave::srtp {
namespace {

using Packet = std::vector<std::byte>;

Packet hex(std::string_view text) {
  Packet bytes;
  int high = -1;
  for (const char c : text) {
    if (c == ' ') continue;
    const int digit = c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
    if (high < 0) {
      high = digit;
    } else {
      bytes.push_back(static_cast<std::byte>(high << 4 | digit));
      high = -1;
    }
  }
  return bytes;
}

Packet rtp(std::uint32_t ssrc, std::uint16_t seq, std::size_t payload_bytes = 100, std::uint8_t fill = 0xab) {
  Packet packet(12 + payload_bytes, static_cast<std::byte>(fill));
  ByteWriter writer{MutableBytes(packet)};
  writer.u16(0x8060);
  writer.u16(seq);
  writer.u32(0xdecafbad);
  writer.u32(ssrc);
  return packet;
}

Packet rtcp(std::uint32_t ssrc) {
  Packet packet(28);
  ByteWriter writer{MutableBytes(packet)};
  writer.u16(0x80c8);  // sender report without blocks
  writer.u16(6);
  writer.u32(ssrc);
  return packet;
}

KeyingMaterial material(Profile profile) {
  SeededRandom random(7);
  KeyingMaterial result;
  result.profile = profile;
  for (MasterKey* master : {&result.client, &result.server}) {
    random.fill(master->key);
    random.fill(master->salt);
  }
  return result;
}

Packet with_room(Packet packet) {
  packet.resize(packet.size() + kMaxTrailerBytes);
  return packet;
}

Packet protect(SrtpSession& session, const Packet& packet) {
  Packet buffer = with_room(packet);
  const auto length = session.protect_rtp(buffer, packet.size());
  EXPECT_TRUE(length.has_value()) << name(length.error());
  buffer.resize(length.value_or(0));
  return buffer;
}

// What stands in RFC 3711 §4.3 and RFC 7714 §11, written on OpenSSL's primitives: an independent check of the library.
Packet aes_ctr(const Packet& key, const Packet& iv, const Packet& plain) {
  Packet out(plain.size());
  EVP_CIPHER_CTX* context = EVP_CIPHER_CTX_new();
  int bytes = 0;
  EVP_EncryptInit_ex(context, EVP_aes_128_ctr(), nullptr, reinterpret_cast<const unsigned char*>(key.data()),
                     reinterpret_cast<const unsigned char*>(iv.data()));
  EVP_EncryptUpdate(context, reinterpret_cast<unsigned char*>(out.data()), &bytes,
                    reinterpret_cast<const unsigned char*>(plain.data()), static_cast<int>(plain.size()));
  EVP_CIPHER_CTX_free(context);
  return out;
}

Packet derive(const Packet& key, const Packet& salt, std::uint8_t label, std::size_t bytes) {
  Packet iv(16);
  std::copy(salt.begin(), salt.end(), iv.begin());  // a 12-byte salt is followed by zeros (RFC 7714 §11)
  iv[7] ^= static_cast<std::byte>(label);
  return aes_ctr(key, iv, Packet(bytes));
}

Packet aes_gcm(const Packet& key, const Packet& iv, const Packet& associated, const Packet& plain) {
  Packet out(plain.size() + 16);
  EVP_CIPHER_CTX* context = EVP_CIPHER_CTX_new();
  int bytes = 0;
  EVP_EncryptInit_ex(context, EVP_aes_128_gcm(), nullptr, reinterpret_cast<const unsigned char*>(key.data()),
                     reinterpret_cast<const unsigned char*>(iv.data()));
  EVP_EncryptUpdate(context, nullptr, &bytes, reinterpret_cast<const unsigned char*>(associated.data()),
                    static_cast<int>(associated.size()));
  EVP_EncryptUpdate(context, reinterpret_cast<unsigned char*>(out.data()), &bytes,
                    reinterpret_cast<const unsigned char*>(plain.data()), static_cast<int>(plain.size()));
  EVP_EncryptFinal_ex(context, reinterpret_cast<unsigned char*>(out.data()) + bytes, &bytes);
  EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_GET_TAG, 16, out.data() + plain.size());
  EVP_CIPHER_CTX_free(context);
  return out;
}

// RFC 7714 §8.1: 00 00 | SSRC | ROC | SEQ, xor salt.
Packet gcm_iv(const Packet& salt, const Packet& header, std::uint32_t roc) {
  Packet iv(12);
  std::copy_n(header.begin() + 8, 4, iv.begin() + 2);
  for (std::size_t i = 0; i < 4; ++i) iv[6 + i] = static_cast<std::byte>(roc >> (24 - 8 * i));
  std::copy_n(header.begin() + 2, 2, iv.begin() + 10);
  for (std::size_t i = 0; i < 12; ++i) iv[i] ^= salt[i];
  return iv;
}

MasterKey master_of(const Packet& key, const Packet& salt) {
  MasterKey master;
  std::copy(key.begin(), key.end(), master.key.begin());
  std::copy(salt.begin(), salt.end(), master.salt.begin());
  return master;
}

class Srtp : public testing::Test {
 protected:
  Library library_;
};
class SrtpProfiles : public testing::TestWithParam<Profile> {
 protected:
  Library library_;
  KeyingMaterial keys_ = material(GetParam());
  SrtpSession server_{library_, keys_, Side::Server};
  SrtpSession client_{library_, keys_, Side::Client};
};
INSTANTIATE_TEST_SUITE_P(Both, SrtpProfiles, testing::Values(Profile::AeadAes128Gcm, Profile::Aes128CmSha180),
                         [](const auto& test) { return test.param == Profile::AeadAes128Gcm ? "Gcm" : "Cm"; });

TEST_F(Srtp, ProtectsWithTheKeysOfRfc3711AppendixB3) {
  const Packet master_key = hex("E1F97A0D3E018BE0D64FA32C06DE4139");
  const Packet master_salt = hex("0EC675AD498AFEEBB6960B3AABE6");
  // The session keys are the RFC's own numbers.
  const Packet session_key = hex("C61E7A93744F39EE10734AFE3FF7A087");
  const Packet session_salt = hex("30CBBC08863D8C85D49DB34A9AE1");
  const Packet auth_key = hex("CEBE321F6FF7716B6FD4AB49AF256A156D38BAA4");
  ASSERT_EQ(derive(master_key, master_salt, 0, 16), session_key);

  const Packet clear = rtp(0xcafebabe, 0x1234, 33);
  Packet iv = session_salt;
  iv.resize(16);
  for (std::size_t i = 0; i < 4; ++i) iv[4 + i] ^= clear[8 + i];
  for (std::size_t i = 0; i < 2; ++i) iv[12 + i] ^= clear[2 + i];
  Packet expected(clear.begin(), clear.begin() + 12);
  const Packet body = aes_ctr(session_key, iv, Packet(clear.begin() + 12, clear.end()));
  expected.insert(expected.end(), body.begin(), body.end());
  Packet covered = expected;
  covered.resize(covered.size() + 4);  // ROC 0
  std::array<std::byte, 20> mac{};
  unsigned int mac_bytes = 20;
  HMAC(EVP_sha1(), auth_key.data(), 20, reinterpret_cast<const unsigned char*>(covered.data()), covered.size(),
       reinterpret_cast<unsigned char*>(mac.data()), &mac_bytes);
  expected.insert(expected.end(), mac.begin(), mac.begin() + 10);

  KeyingMaterial keys{Profile::Aes128CmSha180, master_of(master_key, master_salt), {}};
  SrtpSession session(library_, keys, Side::Client);
  EXPECT_EQ(protect(session, clear), expected);
}

TEST_F(Srtp, ProtectsAsRfc7714Says) {
  // §16.1.1 gives session key and salt: the reference above has to agree with it first.
  const Packet key = hex("000102030405060708090a0b0c0d0e0f");
  const Packet salt = hex("517569642070726f2071756f");
  const Packet header = hex("8040f17b8041f8d35501a0b2");
  const Packet sealed = hex(
      "f24de3a3fb34de6cacba861c9d7e4bcabe633bd50d294e6f42a5f47a51c7d19b36de3adf8833899d7f27beb16a9152cf765ee4390cce");
  const Bytes latin = as_bytes("Gallia est omnis divisa in partes tres");
  const Packet phrase(latin.begin(), latin.end());
  ASSERT_EQ(aes_gcm(key, gcm_iv(salt, header, 0), header, phrase), sealed);

  // The library takes master keys: derive from those, then compare packets.
  const Packet master_key = hex("000102030405060708090a0b0c0d0e0f");
  const Packet master_salt = hex("a0a1a2a3a4a5a6a7a8a9aaab");
  const Packet clear = rtp(0xcafebabe, 0x1234);
  const Packet clear_header(clear.begin(), clear.begin() + 12);
  Packet expected = clear_header;
  const Packet body = aes_gcm(derive(master_key, master_salt, 0, 16),
                              gcm_iv(derive(master_key, master_salt, 2, 12), clear_header, 0), clear_header,
                              Packet(clear.begin() + 12, clear.end()));
  expected.insert(expected.end(), body.begin(), body.end());
  KeyingMaterial keys{Profile::AeadAes128Gcm, master_of(master_key, master_salt), {}};
  SrtpSession session(library_, keys, Side::Client);
  EXPECT_EQ(protect(session, clear), expected);
}

TEST_P(SrtpProfiles, RtpGoesThereAndBack) {
  const Packet clear = rtp(1, 100);
  Packet sent = protect(client_, clear);
  EXPECT_EQ(sent.size(), clear.size() + (GetParam() == Profile::AeadAes128Gcm ? 16 : 10));
  const auto length = server_.unprotect_rtp(sent);
  ASSERT_TRUE(length.has_value());
  sent.resize(*length);
  EXPECT_EQ(sent, clear);
  Packet back = protect(server_, clear);
  EXPECT_TRUE(client_.unprotect_rtp(back).has_value());
}

TEST_P(SrtpProfiles, RtcpGoesThereAndBackWithinThePromisedTrailer) {
  const Packet clear = rtcp(1);
  Packet buffer = with_room(clear);
  const auto sent = server_.protect_rtcp(buffer, clear.size());
  ASSERT_TRUE(sent.has_value());
  ASSERT_LE(*sent, buffer.size());
  buffer.resize(*sent);
  const auto length = client_.unprotect_rtcp(buffer);
  ASSERT_TRUE(length.has_value());
  buffer.resize(*length);
  EXPECT_EQ(buffer, clear);
}

TEST_P(SrtpProfiles, DirectionsHaveDifferentKeys) {
  Packet sent = protect(client_, rtp(1, 100));
  EXPECT_EQ(client_.unprotect_rtp(sent).error(), SrtpError::AuthFailed);
}

TEST_P(SrtpProfiles, ReplayIsRefused) {
  const Packet sent = protect(client_, rtp(1, 100));
  Packet first = sent;
  Packet second = sent;
  ASSERT_TRUE(server_.unprotect_rtp(first).has_value());
  EXPECT_EQ(server_.unprotect_rtp(second).error(), SrtpError::Replay);
  EXPECT_EQ(server_.counters().replayed, 1u);
}

TEST_P(SrtpProfiles, PacketsBeforeTheReplayWindowAreRefused) {
  Packet early = protect(client_, rtp(1, 100));
  Packet late = protect(client_, rtp(1, 100 + kReplayWindow + 64));
  ASSERT_TRUE(server_.unprotect_rtp(late).has_value());
  EXPECT_EQ(server_.unprotect_rtp(early).error(), SrtpError::TooOld);
}

TEST_P(SrtpProfiles, ReorderedPacketsWithinTheWindowAreAccepted) {
  Packet early = protect(client_, rtp(1, 100));
  Packet late = protect(client_, rtp(1, 600));
  ASSERT_TRUE(server_.unprotect_rtp(late).has_value());
  EXPECT_TRUE(server_.unprotect_rtp(early).has_value());
}

TEST_P(SrtpProfiles, AnyFlippedBitIsRefused) {
  const Packet sent = protect(client_, rtp(1, 100, 20));
  for (std::size_t i = 2; i < sent.size(); ++i) {  // the first two bytes may make another header of it
    Packet forged = sent;
    forged[i] ^= std::byte{1};
    EXPECT_FALSE(server_.unprotect_rtp(forged).has_value()) << i;
  }
  Packet genuine = sent;
  EXPECT_TRUE(server_.unprotect_rtp(genuine).has_value());
}

TEST_P(SrtpProfiles, TheRolloverCounterFollowsBothSides) {
  for (std::uint32_t n = 65000; n < 2 * 65536 + 500; n += 97) {
    const Packet clear = rtp(1, static_cast<std::uint16_t>(n));
    Packet sent = protect(client_, clear);
    const auto length = server_.unprotect_rtp(sent);
    ASSERT_TRUE(length.has_value()) << n << ' ' << name(length.error());
  }
}

TEST_P(SrtpProfiles, APacketFromBeforeTheRolloverMayComeAfterIt) {
  Packet a = protect(client_, rtp(1, 65534));
  Packet b = protect(client_, rtp(1, 65535));
  Packet c = protect(client_, rtp(1, 0));
  ASSERT_TRUE(server_.unprotect_rtp(a).has_value());
  ASSERT_TRUE(server_.unprotect_rtp(c).has_value());
  EXPECT_TRUE(server_.unprotect_rtp(b).has_value());
}

TEST_P(SrtpProfiles, EachSsrcHasItsOwnSequence) {
  Packet a = protect(client_, rtp(1, 60000));
  Packet b = protect(client_, rtp(2, 5));
  EXPECT_TRUE(server_.unprotect_rtp(a).has_value());
  EXPECT_TRUE(server_.unprotect_rtp(b).has_value());
}

TEST_P(SrtpProfiles, TheSamePacketMayBeSentAgain) {
  const Packet clear = rtp(1, 100);
  EXPECT_EQ(protect(server_, clear), protect(server_, clear));
}

TEST_P(SrtpProfiles, InventedStreamsAreRefusedPastTheLimit) {
  for (std::uint32_t ssrc = 1; ssrc <= kMaxInboundStreams; ++ssrc) {
    Packet sent = protect(client_, rtp(ssrc, 1));
    ASSERT_TRUE(server_.unprotect_rtp(sent).has_value());
  }
  Packet one_more = protect(client_, rtp(5000, 1));
  EXPECT_EQ(server_.unprotect_rtp(one_more).error(), SrtpError::TooManyStreams);
  EXPECT_EQ(server_.counters().refused_streams, 1u);
  Packet known = protect(client_, rtp(1, 2));
  EXPECT_TRUE(server_.unprotect_rtp(known).has_value());
}

TEST_P(SrtpProfiles, ForgedPacketsTakeNoPlaceAmongTheStreams) {
  for (std::uint32_t ssrc = 1; ssrc <= 2 * kMaxInboundStreams; ++ssrc) {
    Packet forged = rtp(ssrc, 1);
    EXPECT_EQ(server_.unprotect_rtp(forged).error(), SrtpError::AuthFailed);
  }
  Packet genuine = protect(client_, rtp(9000, 1));
  EXPECT_TRUE(server_.unprotect_rtp(genuine).has_value());
}

TEST_P(SrtpProfiles, ShortAndTwistedPacketsAreMalformed) {
  Packet nothing;
  EXPECT_EQ(server_.unprotect_rtp(nothing).error(), SrtpError::Malformed);
  EXPECT_EQ(server_.unprotect_rtcp(nothing).error(), SrtpError::Malformed);
  Packet wrong_version = rtp(1, 1);
  wrong_version[0] = std::byte{0x40};
  EXPECT_EQ(server_.unprotect_rtp(wrong_version).error(), SrtpError::Malformed);
  Packet long_extension = rtp(1, 1, 8, 0xff);
  long_extension[0] = std::byte{0x90};
  EXPECT_EQ(server_.unprotect_rtp(long_extension).error(), SrtpError::Malformed);
  Packet many_csrcs = rtp(1, 1, 8);
  many_csrcs[0] = std::byte{0x8f};
  EXPECT_EQ(server_.unprotect_rtp(many_csrcs).error(), SrtpError::Malformed);
  for (std::size_t bytes = 0; bytes < 40; ++bytes) {  // no tag, half a tag
    Packet cut(bytes, std::byte{0x80});
    EXPECT_FALSE(server_.unprotect_rtp(cut).has_value());
    EXPECT_FALSE(server_.unprotect_rtcp(cut).has_value());
  }
}

TEST_P(SrtpProfiles, SendingWithoutRoomForTheTrailerIsRefused) {
  Packet tight = rtp(1, 1);
  EXPECT_EQ(server_.protect_rtp(tight, tight.size()).error(), SrtpError::NoRoom);
  EXPECT_EQ(server_.protect_rtp(tight, tight.size() + 1).error(), SrtpError::NoRoom);
}

}  // namespace
}  // namespace conclave::srtp
