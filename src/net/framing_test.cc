#include "net/framing.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace conclave {
namespace {

std::string framed(std::string_view packet) {
  const auto head = frame_head(packet.size());
  return std::string(head.data(), head.size()) + std::string(packet);
}

std::vector<std::string> packets_of(std::string_view bytes, std::size_t piece) {
  std::vector<std::string> packets;
  Deframer deframer;
  while (!bytes.empty()) {
    Bytes part = as_bytes(bytes.substr(0, piece));
    bytes.remove_prefix(part.size());
    while (!part.empty()) {
      part = part.subspan(deframer.receive(part));
      if (deframer.whole()) packets.emplace_back(as_text(deframer.packet()));
    }
  }
  return packets;
}

TEST(FramingTest, FindsPacketsHoweverTheyAreCut) {
  const std::string large(kMaxFrameBytes, 'x');
  const std::string bytes = framed("one") + framed("") + framed("") + framed("2") + framed(large);
  for (const std::size_t piece : {1u, 2u, 3u, 7u, 5000u}) {
    EXPECT_EQ(packets_of(bytes, piece), (std::vector<std::string>{"one", "2", large})) << piece;
  }
}

TEST(FramingTest, APacketThatIsTooLongIsTheEnd) {
  Deframer deframer;
  (void)deframer.receive(as_bytes(framed(std::string(kMaxFrameBytes + 1, 'x'))));
  EXPECT_TRUE(deframer.too_long());
  EXPECT_FALSE(deframer.whole());
}

TEST(FramingTest, TheFirstBytesTellWhatAConnectionIs) {
  using std::string_literals::operator""s;
  const std::string binding = "\x00\x1c\x00\x01\x00\x08\x21\x12\xa4\x42 and so on"s;
  for (std::size_t i = 0; i < 10; ++i)
    EXPECT_EQ(first_bytes(as_bytes(binding.substr(0, i))), FirstBytes::Undecided) << i;
  EXPECT_EQ(first_bytes(as_bytes(binding)), FirstBytes::Framed);
  EXPECT_EQ(first_bytes(as_bytes("\x00\x1c\x01\x01\x00\x08\x21\x12\xa4\x42"s)), FirstBytes::Other)
      << "an answer to nothing";
  EXPECT_EQ(first_bytes(as_bytes("\x07\x00\x00\x01"s)), FirstBytes::Other) << "too long for a packet";
  EXPECT_EQ(first_bytes(as_bytes("\x16\x03\x01\x02\x00\x01"s)), FirstBytes::Other) << "TLS";
  EXPECT_EQ(first_bytes(as_bytes("GET / HTTP/1.1"s)), FirstBytes::Other);
  const std::string hello(pseudo_tls_hello());
  EXPECT_EQ(hello.size(), kMostFirstBytes);
  EXPECT_EQ(first_bytes(as_bytes(hello.substr(0, 71))), FirstBytes::Undecided);
  EXPECT_EQ(first_bytes(as_bytes(hello)), FirstBytes::PseudoTls);
  EXPECT_EQ(first_bytes(as_bytes(hello + binding)), FirstBytes::PseudoTls);
  EXPECT_EQ(first_bytes(as_bytes("\x80\x46\x02"s)), FirstBytes::Other);
}

}  // namespace
}  // namespace conclave
