#include "net/websocket_frames.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "net/test_frames.h"
#include "net/websocket.h"
#include "net/websocket_handshake.h"

namespace conclave {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using namespace testing_frames;

std::vector<std::string> texts(WebSocketFrames& frames, std::string_view bytes, std::size_t piece = std::string_view::npos) {
  std::vector<std::string> result;
  while (!bytes.empty()) {
    const auto part = bytes.substr(0, piece);
    bytes.remove_prefix(part.size());
    frames.receive(as_bytes(part));
    while (auto text = frames.next_text()) result.push_back(*text);
  }
  return result;
}

std::vector<Frame> answers(WebSocketFrames& frames) {
  std::vector<Frame> result;
  std::string output = frames.take_output();
  while (auto frame = take_server_frame(output)) result.push_back(*frame);
  EXPECT_THAT(output, IsEmpty());
  return result;
}

std::uint16_t refusal_of(std::string_view bytes, std::size_t limit = 1000) {
  WebSocketFrames frames(limit);
  texts(frames, bytes);
  const auto sent = answers(frames);
  EXPECT_TRUE(frames.read_done());
  EXPECT_TRUE(frames.violated());
  if (sent.size() != 1 || sent[0].opcode != kClose) return 0;
  EXPECT_EQ(frames.final_code(), sent[0].close_code());
  return sent[0].close_code();
}

TEST(WebSocketHandshake, AcceptsAsInTheExampleOfRfc6455) {
  EXPECT_EQ(websocket_accept("dGhlIHNhbXBsZSBub25jZQ=="), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
}

TEST(WebSocketFrames, GivesTextsWhateverTheirPieces) {
  const std::string bytes = client_frame(kText, "one") + client_frame(kText, "") + client_frame(kText, std::string(70000, 'x'));
  for (const std::size_t piece : {std::size_t{1}, std::size_t{100}, std::size_t{100000}}) {
    WebSocketFrames frames(100000);
    EXPECT_THAT(texts(frames, bytes, piece), ElementsAre("one", "", std::string(70000, 'x')));
  }
}

TEST(WebSocketFrames, JoinsFragmentsWithAPingBetweenThem) {
  WebSocketFrames frames(1000);
  const auto got = texts(frames, client_frame(kText, "ab", false) + client_frame(kPing, "?") + client_frame(kContinuation, "cd"));
  EXPECT_THAT(got, ElementsAre("abcd"));
  const auto sent = answers(frames);
  ASSERT_EQ(sent.size(), 1u);
  EXPECT_EQ(sent[0].opcode, kPong);
  EXPECT_EQ(sent[0].payload, "?");
}

TEST(WebSocketFrames, ClosesWithTheCodeOfTheViolation) {
  EXPECT_EQ(refusal_of(client_frame(kText, "\xff")), close_code::kInvalidText);
  EXPECT_EQ(refusal_of(client_frame(kText, std::string(1001, 'x'))), close_code::kMessageTooBig);
  EXPECT_EQ(refusal_of(client_frame(kText, std::string(600, 'x'), false) + client_frame(kContinuation, std::string(600, 'x'))),
            close_code::kMessageTooBig);
  EXPECT_EQ(refusal_of(client_frame(kBinary, "x")), close_code::kUnsupportedData);
  EXPECT_EQ(refusal_of(client_frame(kContinuation, "x")), close_code::kProtocolError);
  EXPECT_EQ(refusal_of(client_frame(5, "x")), close_code::kProtocolError);
  EXPECT_EQ(refusal_of("\x81\x01x"), close_code::kProtocolError);                      // not masked
  EXPECT_EQ(refusal_of("\xc1\x81" "aaaax"), close_code::kProtocolError);               // a reserved bit
  EXPECT_EQ(refusal_of(client_frame(kPing, "x", false)), close_code::kProtocolError);  // a control frame in fragments
}

TEST(WebSocketFrames, RefusesAMessageOfTooManyFragments) {
  std::string bytes = client_frame(kText, "x", false);
  for (std::size_t i = 0; i <= WebSocketFrames::kMaxFragments; ++i) bytes += client_frame(kContinuation, "", false);
  EXPECT_EQ(refusal_of(bytes), close_code::kPolicyViolation);
}

TEST(WebSocketFrames, AnswersAClose) {
  WebSocketFrames frames(1000);
  EXPECT_THAT(texts(frames, client_frame(kText, "last") + client_frame(kClose, std::string("\x03\xe9", 2)) + client_frame(kText, "no")),
              ElementsAre("last"));
  const auto sent = answers(frames);
  ASSERT_EQ(sent.size(), 1u);
  EXPECT_EQ(sent[0].close_code(), 1001);
  EXPECT_TRUE(frames.read_done());
  EXPECT_FALSE(frames.violated());
  EXPECT_EQ(frames.final_code(), 1001);
}

TEST(WebSocketFrames, CutsAReasonBetweenCharacters) {
  WebSocketFrames frames(1000);
  frames.close(1000, std::string(122, 'x') + "\xC3\xA9");
  frames.send_text("too late");
  const auto sent = answers(frames);
  ASSERT_EQ(sent.size(), 1u);
  EXPECT_EQ(sent[0].payload.substr(2), std::string(122, 'x'));
}

}  // namespace
}  // namespace conclave
