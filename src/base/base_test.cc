#include <gtest/gtest.h>

#include <array>
#include <memory>

#include "base/address.h"
#include "base/base64.h"
#include "base/byte_reader.h"
#include "base/markup.h"
#include "base/random.h"
#include "base/rfc3339.h"
#include "base/same_secret.h"
#include "base/unique_function.h"

namespace conclave {
namespace {

TEST(Base64, GivesTheVectorsOfRfc4648) {
  EXPECT_EQ(base64_encode(as_bytes("")), "");
  EXPECT_EQ(base64_encode(as_bytes("f")), "Zg==");
  EXPECT_EQ(base64_encode(as_bytes("fo")), "Zm8=");
  EXPECT_EQ(base64_encode(as_bytes("foobar")), "Zm9vYmFy");
  EXPECT_EQ(base64_decode("Zm9vYg=="), "foob");
  EXPECT_EQ(base64url_encode(as_bytes("\xfb\xff")), "-_8");
}

TEST(Base64, RefusesASecondTextForTheSameBytes) {
  EXPECT_EQ(base64url_decode("Zg"), "f");
  EXPECT_EQ(base64url_decode("Zh"), std::nullopt) << "unused bits set";
  EXPECT_EQ(base64url_decode("Zg=="), std::nullopt) << "padding";
  EXPECT_EQ(base64url_decode("Z g"), std::nullopt);
  EXPECT_EQ(base64url_decode("Z"), std::nullopt);
  EXPECT_EQ(base64url_decode("+/8"), std::nullopt) << "the other alphabet";
  EXPECT_EQ(base64_decode("Zg="), std::nullopt);
}

TEST(ByteReader, TurnsBadPastTheEndAndStaysBad) {
  const std::array<std::byte, 3> bytes{std::byte{1}, std::byte{2}, std::byte{3}};
  ByteReader reader(bytes);
  EXPECT_EQ(reader.u16(), 0x0102);
  EXPECT_EQ(reader.u16(), 0);
  EXPECT_FALSE(reader.ok());
  EXPECT_EQ(reader.u8(), 0);
}

TEST(ByteWriter, StopsAtTheEdge) {
  std::array<std::byte, 3> bytes{};
  ByteWriter writer(bytes);
  writer.u16(0x0102);
  writer.u16(0x0304);
  EXPECT_FALSE(writer.ok());
  EXPECT_EQ(writer.position(), 2u);
}

TEST(Address, OnePeerHasOneAddressOnADualStackSocket) {
  const auto mapped = Address::parse("::ffff:192.0.2.7", 10000);
  ASSERT_TRUE(mapped);
  EXPECT_EQ(*mapped, *Address::parse("192.0.2.7", 10000));
  EXPECT_EQ(mapped->str(), "192.0.2.7:10000");
  EXPECT_EQ(Address::parse("2001:db8::1", 5)->str(), "[2001:db8::1]:5");
  EXPECT_EQ(Address::parse("192.0.2.256", 5), std::nullopt);
  EXPECT_TRUE(Address::parse("127.0.0.2", 1)->is_loopback());
  EXPECT_TRUE(Address::parse("::1", 1)->is_loopback());
}

TEST(Random, GivesTheAlphabetsThatTheProtocolsAllow) {
  SeededRandom random(1);
  EXPECT_EQ(random.hex(7).size(), 7u);
  EXPECT_EQ(random.token(30).find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"),
            std::string::npos);
  const std::string uuid = random.uuid();
  EXPECT_EQ(uuid.size(), 36u);
  EXPECT_EQ(uuid[14], '4');
  EXPECT_NE(std::string_view("89ab").find(uuid[19]), std::string_view::npos);
  EXPECT_NE(uuid, random.uuid());
}

TEST(UniqueFunction, CarriesWhatCannotBeCopied) {
  auto number = std::make_unique<int>(4);
  UniqueFunction<int(int)> add = [owned = std::move(number)](int more) { return *owned + more; };
  UniqueFunction<int(int)> moved = std::move(add);
  EXPECT_EQ(moved(3), 7);
  EXPECT_FALSE(UniqueFunction<void()>{});
}

TEST(SameSecret, IsEqualityOfTheWholeText) {
  EXPECT_TRUE(same_secret("open sesame", "open sesame"));
  EXPECT_FALSE(same_secret("open sesame", "open sesam"));
  EXPECT_FALSE(same_secret("open sesame", "open sesame "));
  EXPECT_FALSE(same_secret("open sesame", ""));
  EXPECT_FALSE(same_secret(std::string_view("a\0b", 3), "a"));
}

TEST(Escaped, LetsNoTextBecomeMarkup) {
  EXPECT_EQ(escaped("<a href=\"x\">R&D</a>"), "&lt;a href=&quot;x&quot;&gt;R&amp;D&lt;/a&gt;");
  EXPECT_EQ(escaped("a\tb\nc\rd"), "a&#9;b&#10;c&#13;d");
  EXPECT_EQ(escaped(std::string_view("\0\x01\x1f"
                                     "x\xc3\xa9",
                                     6)),
            "x\xc3\xa9");
}

TEST(Escaped, A53_LeavesOutWhatXmlCannotCarry) {
  EXPECT_EQ(escaped("a\xEF\xBF\xBE"
                    "b\xEF\xBF\xBF"
                    "c\xED\xA0\x80"
                    "d"),
            "abcd");
  for (const char* fine : {"\uFFFD", "\uFFEF", "\uD7FF", "\uE000", "\U0001FFFE", "a\xEF\xBF"})
    EXPECT_EQ(escaped(fine), fine);
  EXPECT_FALSE(is_xml_text("a\xEF\xBF\xBF"));
  EXPECT_FALSE(is_xml_text("a\x01"));
  EXPECT_TRUE(is_xml_text("a\t\xEF\xBF\xBD<"));
}

TEST(Escaped, ItsSizeIsKnownBeforehand) {
  for (const char* text : {"", "plain", "\"&<>\t\r\n", "a\xEF\xBF\xBE\x01"})
    EXPECT_EQ(escaped_size(text), escaped(text).size());
}

TEST(Rfc3339, OneTimeHasOneSpelling) {
  const WallTime noon = *rfc3339_time("2028-02-29T12:00:07Z");
  EXPECT_EQ(noon.time_since_epoch(), std::chrono::seconds(1'835'438'407));
  EXPECT_EQ(rfc3339(noon), "2028-02-29T12:00:07Z");
  for (const char* other : {"", "2028-02-29T12:00:07", "2028-02-29t12:00:07z", "2028-02-29T12:00:07.0Z",
                            "2028-02-29T12:00:07+00:00", "2027-02-29T12:00:07Z", "2028-13-01T00:00:00Z",
                            "2028-02-29T24:00:00Z", "2028-02-29T12:00:60Z", "-028-02-29T12:00:07Z"}) {
    EXPECT_FALSE(rfc3339_time(other)) << other;
  }
}

}  // namespace
}  // namespace conclave
