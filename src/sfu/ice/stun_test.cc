#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "sfu/ice/candidate.h"
#include "sfu/ice/ice_agent.h"
#include "sfu/ice/stun_message.h"

namespace conclave::ice {
namespace {

using testing::ElementsAre;
using namespace std::string_view_literals;

// RFC 5769 §2.1, §2.2, §2.3
constexpr std::string_view kPassword = "VOkJxbRl1RmTxUk/WvJxBt";
constexpr std::string_view kSampleRequest =
    "\x00\x01\x00\x58\x21\x12\xa4\x42\xb7\xe7\xa7\x01\xbc\x34\xd6\x86\xfa\x87\xdf\xae"
    "\x80\x22\x00\x10STUN test client"
    "\x00\x24\x00\x04\x6e\x00\x01\xff"
    "\x80\x29\x00\x08\x93\x2f\xf9\xb1\x51\x26\x3b\x36"
    "\x00\x06\x00\x09\x65\x76\x74\x6a\x3a\x68\x36\x76\x59\x20\x20\x20"
    "\x00\x08\x00\x14\x9a\xea\xa7\x0c\xbf\xd8\xcb\x56\x78\x1e\xf2\xb5\xb2\xd3\xf2\x49\xc1\xb5\x71\xa2"
    "\x80\x28\x00\x04\xe5\x7a\x3b\xcf"sv;
constexpr std::string_view kSampleResponse4 =
    "\x01\x01\x00\x3c\x21\x12\xa4\x42\xb7\xe7\xa7\x01\xbc\x34\xd6\x86\xfa\x87\xdf\xae"
    "\x80\x22\x00\x0btest vector "
    "\x00\x20\x00\x08\x00\x01\xa1\x47\xe1\x12\xa6\x43"
    "\x00\x08\x00\x14\x2b\x91\xf5\x99\xfd\x9e\x90\xc3\x8c\x74\x89\xf9\x2a\xf9\xba\x53\xf0\x6b\xe7\xd7"
    "\x80\x28\x00\x04\xc0\x7d\x4c\x96"sv;
constexpr std::string_view kSampleResponse6 =
    "\x01\x01\x00\x48\x21\x12\xa4\x42\xb7\xe7\xa7\x01\xbc\x34\xd6\x86\xfa\x87\xdf\xae"
    "\x80\x22\x00\x0btest vector "
    "\x00\x20\x00\x14\x00\x02\xa1\x47\x01\x13\xa9\xfa\xa5\xd3\xf1\x79\xbc\x25\xf4\xb5\xbe\xd2\xb9\xd9"
    "\x00\x08\x00\x14\xa3\x82\x95\x4e\x4b\xe6\x7b\xf1\x17\x84\xc9\x7c\x82\x92\xc2\x75\xbf\xe3\xed\x41"
    "\x80\x28\x00\x04\xc8\xfb\x0b\x4c"sv;

constexpr TransactionId kTransaction{std::byte{1}, std::byte{2}, std::byte{3}};

StunError error_of(Bytes bytes) {
  const auto message = StunMessage::parse(bytes);
  EXPECT_FALSE(message.has_value());
  return message ? StunError::NotStun : message.error();
}

// A request with raw attributes behind the header.
std::vector<std::byte> raw(std::string_view attributes) {
  std::vector<std::byte> bytes(kStunHeaderBytes + attributes.size());
  ByteWriter writer{MutableBytes(bytes)};
  writer.u16(0x0001);
  writer.u16(static_cast<std::uint16_t>(attributes.size()));
  writer.u32(0x2112a442);
  writer.fill(12);
  writer.bytes(as_bytes(attributes));
  return bytes;
}

TEST(Stun, ReadsTheSampleRequestOfRfc5769) {
  const auto message = StunMessage::parse(as_bytes(kSampleRequest));
  ASSERT_TRUE(message.has_value());
  EXPECT_EQ(message->message_class, StunClass::Request);
  EXPECT_EQ(message->method, kBindingMethod);
  EXPECT_EQ(message->username, "evtj:h6vY");
  EXPECT_EQ(message->priority, 0x6e0001ffu);
  EXPECT_EQ(message->ice_controlled, 0x932ff9b151263b36u);
  EXPECT_EQ(message->ice_controlling, std::nullopt);
  EXPECT_TRUE(message->has_fingerprint);
  EXPECT_EQ(message->integrity(kPassword), Integrity::Good);
  EXPECT_EQ(message->integrity("another password"), Integrity::Wrong);
  EXPECT_EQ(message->integrity(""), Integrity::Wrong);
  EXPECT_EQ(message->unknown_count, 0u);
}

TEST(Stun, ReadsTheSampleResponsesOfRfc5769) {
  const auto v4 = StunMessage::parse(as_bytes(kSampleResponse4));
  ASSERT_TRUE(v4.has_value());
  EXPECT_EQ(v4->message_class, StunClass::Success);
  EXPECT_EQ(v4->xor_mapped_address, Address::parse("192.0.2.1", 32853));
  EXPECT_EQ(v4->integrity(kPassword), Integrity::Good);
  const auto v6 = StunMessage::parse(as_bytes(kSampleResponse6));
  ASSERT_TRUE(v6.has_value());
  EXPECT_EQ(v6->xor_mapped_address, Address::parse("2001:db8:1234:5678:11:2233:4455:6677", 32853));
  EXPECT_EQ(v6->integrity(kPassword), Integrity::Good);
}

// The RFC's padding bytes are spaces, ours zeros; everything else has to be the same, so compare up to the padding.
TEST(Stun, WritesWhatRfc5769Shows) {
  TransactionId transaction;
  const Bytes id = as_bytes(kSampleRequest).subspan(8, 12);
  std::copy(id.begin(), id.end(), transaction.begin());
  const auto request = StunWriter(StunClass::Request, kBindingMethod, transaction)
                           .software("STUN test client")
                           .priority(0x6e0001ff)
                           .ice_controlled(0x932ff9b151263b36)
                           .username("evtj:h6vY")
                           .finish(kPassword);
  ASSERT_EQ(request.size(), kSampleRequest.size());
  EXPECT_EQ(as_text(request).substr(0, 73), kSampleRequest.substr(0, 73));
  const auto again = StunMessage::parse(request);
  ASSERT_TRUE(again.has_value());
  EXPECT_EQ(again->integrity(kPassword), Integrity::Good);

  const auto response = StunWriter(StunClass::Success, kBindingMethod, transaction)
                            .software("test vector ")
                            .xor_mapped_address(*Address::parse("2001:db8:1234:5678:11:2233:4455:6677", 32853))
                            .finish(kPassword);
  EXPECT_EQ(as_text(response).substr(36, 24), kSampleResponse6.substr(36, 24));
}

TEST(Stun, EveryAttributeComesBackAsItWasWritten) {
  const std::vector<std::uint16_t> unknown{0x7001};
  const auto bytes = StunWriter(StunClass::Error, 0x00bc, kTransaction)
                         .error_code(487, "Role Conflict")
                         .unknown_attributes(unknown)
                         .use_candidate()
                         .ice_controlling(42)
                         .xor_mapped_address(Address::v4(0x7f000001, 9))
                         .finish("key");
  const auto message = StunMessage::parse(bytes);
  ASSERT_TRUE(message.has_value());
  EXPECT_EQ(message->message_class, StunClass::Error);
  EXPECT_EQ(message->method, 0x00bc);
  EXPECT_EQ(message->transaction, kTransaction);
  ASSERT_TRUE(message->error_code.has_value());
  EXPECT_EQ(message->error_code->code, 487);
  EXPECT_EQ(message->error_code->reason, "Role Conflict");
  EXPECT_TRUE(message->use_candidate);
  EXPECT_EQ(message->ice_controlling, 42u);
  EXPECT_EQ(message->xor_mapped_address, Address::v4(0x7f000001, 9));
}

TEST(Stun, IntegrityIsAbsentWithoutAKey) {
  const auto bytes = StunWriter(StunClass::Request, kBindingMethod, kTransaction).finish(std::nullopt);
  EXPECT_EQ(StunMessage::parse(bytes)->integrity("key"), Integrity::Absent);
}

TEST(Stun, AnyFlippedBitIsNoticed) {
  constexpr std::size_t kFingerprintType = 100;  // makes another, ignored, attribute of it: nothing that is covered changes
  for (std::size_t i = 0; i < kSampleRequest.size(); ++i) {
    if (i == kFingerprintType || i == kFingerprintType + 1) continue;
    std::string forged(kSampleRequest);
    forged[i] = static_cast<char>(forged[i] ^ 1);
    const auto message = StunMessage::parse(as_bytes(forged));
    EXPECT_TRUE(!message || message->integrity(kPassword) != Integrity::Good) << i;
  }
}

TEST(Stun, EveryPrefixIsRefused) {
  for (std::size_t bytes = 0; bytes < kSampleRequest.size(); ++bytes) {
    EXPECT_FALSE(StunMessage::parse(as_bytes(kSampleRequest.substr(0, bytes))).has_value()) << bytes;
  }
}

TEST(Stun, AttributesBehindTheIntegrityAreIgnored) {
  // Sealed, then lengthened by somebody on the way: PRIORITY and USE-CANDIDATE.
  auto bytes = StunWriter(StunClass::Request, kBindingMethod, kTransaction).username("a:b").finish("key");
  bytes.erase(bytes.end() - 8, bytes.end());  // without FINGERPRINT
  for (const char c : "\x00\x24\x00\x04\x00\x00\x00\x09\x00\x25\x00\x00\x70\x01\x00\x00"sv) {
    bytes.push_back(static_cast<std::byte>(c));
  }
  bytes[3] = static_cast<std::byte>(bytes.size() - kStunHeaderBytes);
  const auto message = StunMessage::parse(bytes);
  ASSERT_TRUE(message.has_value());
  EXPECT_EQ(message->integrity("key"), Integrity::Good);
  EXPECT_EQ(message->priority, std::nullopt);
  EXPECT_FALSE(message->use_candidate);
  EXPECT_EQ(message->unknown_count, 0u);
}

TEST(Stun, TheFirstOfTwoAttributesCounts) {
  const auto bytes = StunWriter(StunClass::Request, kBindingMethod, kTransaction).priority(1).priority(2).finish(std::nullopt);
  EXPECT_EQ(StunMessage::parse(bytes)->priority, 1u);
}

TEST(Stun, UnknownAttributesAreListedOnlyWhenTheyMustBeUnderstood) {
  const auto bytes = raw("\x70\x01\x00\x00\xf0\x01\x00\x00\x70\x02\x00\x01z\x00\x00\x00"sv);
  const auto message = StunMessage::parse(bytes);
  ASSERT_TRUE(message.has_value());
  EXPECT_THAT(message->unknown_required(), ElementsAre(0x7001, 0x7002));
}

TEST(Stun, ListOfUnknownAttributesIsBounded) {
  std::string attributes;
  for (std::size_t i = 0; i < kMaxStunAttributes; ++i) attributes += "\x70\x01\x00\x00"sv;
  const auto bytes = raw(attributes);
  const auto message = StunMessage::parse(bytes);
  ASSERT_TRUE(message.has_value());
  EXPECT_EQ(message->unknown_count, kMaxUnknownAttributes);
}

TEST(Stun, BadMessagesAreRefusedWithTheirReason) {
  EXPECT_EQ(error_of({}), StunError::NotStun);
  EXPECT_EQ(error_of(as_bytes("\x80\x01 something else that is long"sv)), StunError::NotStun);
  EXPECT_EQ(error_of(raw("\x00\x06\x00\x09"sv)), StunError::BadLength);         // value past the end
  EXPECT_EQ(error_of(raw("\x00\x06\x00"sv)), StunError::BadLength);             // not a multiple of four
  EXPECT_EQ(error_of(raw("\x00\x24\x00\x03zzz\x00"sv)), StunError::BadAttribute);
  EXPECT_EQ(error_of(raw("\x80\x2a\x00\x04zzzz"sv)), StunError::BadAttribute);
  EXPECT_EQ(error_of(raw("\x00\x20\x00\x08\x00\x03zzzzzz"sv)), StunError::BadAttribute);  // family 3
  EXPECT_EQ(error_of(raw("\x00\x09\x00\x04\x00\x00\x02\x63"sv)), StunError::BadAttribute);  // 299
  EXPECT_EQ(error_of(raw("\x00\x08\x00\x04zzzz"sv)), StunError::BadAttribute);
  EXPECT_EQ(error_of(raw("\x80\x28\x00\x04zzzz"sv)), StunError::BadFingerprint);
  std::string many;
  for (std::size_t i = 0; i <= kMaxStunAttributes; ++i) many += "\xf0\x01\x00\x00"sv;
  EXPECT_EQ(error_of(raw(many)), StunError::TooManyAttributes);
  EXPECT_EQ(error_of(raw(std::string(kMaxStunBytes, '\0'))), StunError::TooLong);
  auto longer = raw("");
  longer.resize(longer.size() + 4);
  EXPECT_EQ(error_of(longer), StunError::BadLength);
}

TEST(Stun, FingerprintHasToBeLast) {
  auto bytes = StunWriter(StunClass::Request, kBindingMethod, kTransaction).finish(std::nullopt);
  for (const char c : "\x00\x25\x00\x00"sv) bytes.push_back(static_cast<std::byte>(c));
  bytes[3] = static_cast<std::byte>(bytes.size() - kStunHeaderBytes);
  EXPECT_EQ(error_of(bytes), StunError::BadAttribute);
}

TEST(LocalUfrag, IsWhatStandsBeforeTheColonOfARequest) {
  const auto request = [](std::string_view username) {
    return StunWriter(StunClass::Request, kBindingMethod, kTransaction).username(username).finish("x");
  };
  EXPECT_EQ(local_ufrag_of(as_bytes(kSampleRequest)), "evtj");
  EXPECT_EQ(local_ufrag_of(request("ours:theirs")), "ours");
  EXPECT_EQ(local_ufrag_of(request("ours:")), "ours");
  EXPECT_EQ(local_ufrag_of(request(":theirs")), std::nullopt);
  EXPECT_EQ(local_ufrag_of(request("none")), std::nullopt);
  EXPECT_EQ(local_ufrag_of(as_bytes(kSampleResponse4)), std::nullopt);
  EXPECT_EQ(local_ufrag_of({}), std::nullopt);
}

TEST(Candidate, PriorityFollowsRfc8445) {
  EXPECT_EQ(candidate_priority(CandidateType::Host, 65535, 1), 2130706431u);
  EXPECT_EQ(candidate_priority(CandidateType::ServerReflexive, 65535, 1), 1694498815u);
  EXPECT_EQ(candidate_priority(CandidateType::Relayed, 0, 256), 0u);
  EXPECT_EQ(pair_priority(2, 1), (1ull << 32) + 4 + 1);
  EXPECT_EQ(pair_priority(1, 2), (1ull << 32) + 4);
}

TEST(Candidate, FoundationTellsApartTypeAndAddressAndNothingElse) {
  const Address a = Address::v4(0xc0000201, 1);
  EXPECT_EQ(host_candidate(a).foundation, host_candidate(a.with_port(2)).foundation);
  EXPECT_NE(host_candidate(a).foundation, host_candidate(Address::v4(0xc0000202, 1)).foundation);
  EXPECT_NE(host_candidate(a).foundation, mapped_candidate(Address::v4(0xc6336401, 1), a).foundation);
  EXPECT_EQ(mapped_candidate(Address::v4(0xc6336401, 1), a).related, a);
}

TEST(Candidate, NamesComeBack) {
  for (const auto type : {CandidateType::Host, CandidateType::ServerReflexive, CandidateType::PeerReflexive, CandidateType::Relayed}) {
    EXPECT_EQ(candidate_type(name(type)), type);
  }
  EXPECT_EQ(candidate_type("hosts"), std::nullopt);
  EXPECT_EQ(protocol("UDP"), Protocol::Udp);
  EXPECT_EQ(protocol("tcp"), Protocol::Tcp);
  EXPECT_EQ(protocol("ssltcp"), std::nullopt);
}

}  // namespace
}  // namespace conclave::ice
