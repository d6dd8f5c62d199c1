#include "net/http_parser.h"

#include <gtest/gtest.h>

namespace conclave {
namespace {

// Everything that one connection sent; the status of the first refusal, or 200.
struct Outcome {
  std::vector<HttpRequest> requests;
  int status = 200;
};

Outcome parse(std::string_view bytes, std::size_t piece = std::string_view::npos) {
  Outcome outcome;
  HttpRequestParser parser;
  std::string waiting;
  while (!bytes.empty() || !waiting.empty()) {
    const std::size_t size = std::min(piece, bytes.size());
    waiting.append(bytes.substr(0, size));
    bytes.remove_prefix(size);
    while (!waiting.empty()) {
      const auto used = parser.receive(waiting);
      if (!used) {
        outcome.status = used.error().status;
        return outcome;
      }
      waiting.erase(0, *used);
      if (!parser.done()) break;
      outcome.requests.push_back(parser.take());
    }
    if (size == 0) break;
  }
  return outcome;
}

TEST(HttpRequestParser, ReadsARequestWhateverItsPieces) {
  const std::string_view bytes =
      "POST /a?b=c HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello"
      "GET /next HTTP/1.1\r\nHost: x\r\n\r\n";
  for (const std::size_t piece : {std::size_t{1}, std::size_t{7}, std::size_t{1000}}) {
    const Outcome outcome = parse(bytes, piece);
    ASSERT_EQ(outcome.requests.size(), 2u) << piece;
    EXPECT_EQ(outcome.requests[0].method, "POST");
    EXPECT_EQ(outcome.requests[0].path, "/a");
    EXPECT_EQ(outcome.requests[0].query_value("b"), "c");
    EXPECT_EQ(outcome.requests[0].body, "hello");
    EXPECT_EQ(outcome.requests[1].path, "/next");
  }
}

TEST(HttpRequestParser, JoinsChunks) {
  const Outcome outcome = parse("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n", 4);
  ASSERT_EQ(outcome.requests.size(), 1u);
  EXPECT_EQ(outcome.requests[0].body, "abcde");
}

TEST(HttpRequestParser, OverlooksEmptyLinesBeforeARequest) {
  EXPECT_EQ(parse("\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n", 1).requests.size(), 1u);
}

TEST(HttpRequestParser, RefusesWhatIsMalformed) {
  for (const std::string_view bytes : {
           "nonsense\r\n\r\n",
           "GET /\r\n\r\n",
           "GET / HTTP/2.0\r\nHost: x\r\n\r\n",
           "GET / HTTP/1.1\r\n\r\n",
           "GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
           "GET / HTTP/1.1\r\nHost : x\r\n\r\n",
           "GET / HTTP/1.1\r\nHost: x\r\nna me: y\r\n\r\n",
           "GET /.. HTTP/1.1\r\nHost: x\r\n\r\n",
           "CONNECT a:443 HTTP/1.1\r\nHost: x\r\n\r\n",
           "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
           "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
           "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
           "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n",
           "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
           "\x16\x03\x01\x02\x00\x01\x00\x01\xfc",
       }) {
    EXPECT_EQ(parse(bytes).status, 400) << bytes;
    EXPECT_EQ(parse(bytes, 1).status, 400) << bytes;
  }
}

TEST(HttpRequestParser, RefusesCodingsItDoesNotKnow) {
  const int status = parse("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n").status;
  EXPECT_EQ(status, 501);
}

TEST(HttpRequestParser, AnswersEachLimitWithItsStatus) {
  const std::string head = "GET / HTTP/1.1\r\nHost: x\r\n";
  EXPECT_EQ(parse("GET /" + std::string(kMaxTargetBytes, 'a') + " HTTP/1.1\r\nHost: x\r\n\r\n").status, 414);
  EXPECT_EQ(parse("GET /" + std::string(kMaxRequestHeadBytes + 1, 'a'), 1000).status, 414);
  EXPECT_EQ(parse(head + "X: " + std::string(kMaxRequestHeadBytes, 'a') + "\r\n\r\n", 1000).status, 431);
  std::string many = head;
  for (std::size_t i = 0; i < kMaxHeaders; ++i) many += "A: b\r\n";
  EXPECT_EQ(parse(many + "\r\n").status, 431);
  EXPECT_EQ(parse("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(kMaxRequestBodyBytes + 1) + "\r\n\r\n").status, 413);
  const std::string chunk = "10000\r\n" + std::string(0x10000, 'a') + "\r\n";
  EXPECT_EQ(parse("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk + chunk + chunk + chunk + chunk, 4096).status,
            413);
}

TEST(HttpRequestParser, SaysOnceThatTheClientWaitsForContinue) {
  HttpRequestParser parser;
  const std::string_view head = "POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n";
  ASSERT_EQ(parser.receive(head), head.size());
  EXPECT_TRUE(parser.head_done());
  EXPECT_TRUE(parser.take_expects_continue());
  EXPECT_FALSE(parser.take_expects_continue());
  ASSERT_EQ(parser.receive("ok"), 2u);
  EXPECT_TRUE(parser.done());
  EXPECT_TRUE(parser.keep_alive());
}

}  // namespace
}  // namespace conclave
