#include "net/http_server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "net/test_client.h"
#include "net/tls.h"

namespace conclave {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class Handler final : public HttpHandler {
 public:
  HttpResponse request(const HttpRequest& request) override {
    if (request.path == "/throw") throw std::runtime_error("on purpose");
    if (request.path == "/large") return HttpResponse::text(200, std::string(3 * 1024 * 1024, 'x'));
    if (request.path == "/shared") return {.status = 200, .headers = {}, .body = {}, .shared = {large_, *large_}};
    if (request.path == "/split") return HttpResponse::redirect(302, "/a\r\nInjected: yes");
    if (request.path == "/none") return {.status = 204, .headers = {}, .body = {}};
    return HttpResponse::text(200,
                              request.method + " " + request.path + " " + request.body + (request.tls ? " tls" : ""));
  }
  UpgradeDecision upgrade(const HttpRequest&) override { return HttpResponse::text(403, "no"); }
  void websocket(Loop&, HttpRequest, std::unique_ptr<WebSocket>) override {}

 private:
  std::shared_ptr<const std::string> large_ = std::make_shared<const std::string>(8 * 1024 * 1024, 'y');
};

std::size_t resident_bytes() {
  std::ifstream statm("/proc/self/statm");
  std::size_t all = 0, resident = 0;
  statm >> all >> resident;
  return resident * 4096;
}

class HttpServerTest : public ::testing::Test {
 protected:
  ~HttpServerTest() override {
    loop_.stop();
    server_.reset();
  }
  std::uint16_t serve(HttpServerOptions options = {}) {
    options.address = Address::v4(0x7f000001, 0);
    auto server = HttpServer::listen(*loop_.net, handler_, std::move(options));
    CONCLAVE_CHECK(server.has_value());
    server_ = std::move(*server);
    loop_.start();
    return server_->port();
  }
  const NetCounters& counters() { return loop_.net->counters(); }

  Handler handler_;
  LoopThread loop_{0};
  std::unique_ptr<HttpServer> server_;
};

TEST_F(HttpServerTest, AnswersPipelinedRequestsInOrder) {
  TestClient client(serve());
  client.send(
      "GET /1 HTTP/1.1\r\nHost: x\r\n\r\nPOST /2 HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi"
      "HEAD /3 HTTP/1.1\r\nHost: x\r\n\r\nGET /none HTTP/1.1\r\nHost: x\r\n\r\nGET /5 HTTP/1.1\r\nHost: "
      "x\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(client.read_response().body, "GET /1 ");
  EXPECT_EQ(client.read_response().body, "POST /2 hi");
  const auto head = client.read_response(false);
  EXPECT_THAT(head.head, HasSubstr("Content-Length: 8\r\n"));
  const auto none = client.read_response();
  EXPECT_EQ(none.status, 204);
  EXPECT_THAT(none.head, Not(HasSubstr("Content-Length")));
  const auto last = client.read_response();
  EXPECT_EQ(last.body, "GET /5 ");
  EXPECT_THAT(last.head, HasSubstr("Connection: close\r\n"));
  EXPECT_FALSE(client.read_more());
}

TEST_F(HttpServerTest, AnswersViolationsAndClosesTheConnection) {
  const std::uint16_t port = serve();
  const auto status_of = [&](const std::string& bytes) {
    TestClient client(port);
    client.send(bytes);
    const int status = client.read_response().status;
    EXPECT_FALSE(client.read_more());
    return status;
  };
  const std::string head = "GET / HTTP/1.1\r\nHost: x\r\n";
  EXPECT_EQ(status_of("nonsense\r\n\r\n"), 400);
  EXPECT_EQ(status_of("GET /../etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n"), 400);
  EXPECT_EQ(status_of(head + "X: " + std::string(20000, 'a') + "\r\n\r\n"), 431);
  EXPECT_EQ(status_of("GET /" + std::string(9000, 'a') + " HTTP/1.1\r\nHost: x\r\n\r\n"), 414);
  EXPECT_EQ(status_of("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 999999\r\n\r\n"), 413);
  loop_.stop();
  EXPECT_EQ(counters().http_bad_requests.value(), 5u);
}

TEST_F(HttpServerTest, TellsAWaitingClientToContinue) {
  TestClient client(serve());
  EXPECT_EQ(client.ask("POST /x HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n").status, 100);
  EXPECT_EQ(client.ask("ok").body, "POST /x ok");
}

TEST_F(HttpServerTest, KeepsHttp10OpenOnlyOnRequest) {
  const std::uint16_t port = serve();
  TestClient client(port);
  EXPECT_THAT(client.ask("GET /1 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").head,
              HasSubstr("Connection: keep-alive\r\n"));
  EXPECT_EQ(client.ask("GET /2 HTTP/1.0\r\n\r\n").body, "GET /2 ");
  EXPECT_FALSE(client.read_more());
}

TEST_F(HttpServerTest, TurnsAnExceptionOfAHandlerInto500) {
  TestClient client(serve());
  EXPECT_EQ(client.get("/throw").status, 500);
  EXPECT_EQ(client.get("/ok").status, 200);
}

TEST_F(HttpServerTest, NeverLetsAHeaderValueBecomeAHeader) {
  TestClient client(serve());
  EXPECT_THAT(client.get("/split").head, Not(HasSubstr("Injected")));
}

TEST_F(HttpServerTest, StopsReadingPipelinedRequestsWhileResponsesWait) {
  TestClient client(serve());
  for (int i = 0; i < 5; ++i) client.send("GET /large HTTP/1.1\r\nHost: x\r\n\r\n");
  for (int i = 0; i < 5; ++i) EXPECT_EQ(client.read_response().body.size(), 3u * 1024 * 1024);
}

TEST_F(HttpServerTest, SendsWhatIsSharedAsAWholeAndInOrder) {
  TestClient client(serve());
  for (int i = 0; i < 3; ++i) {
    client.send(
        "HEAD /shared HTTP/1.1\r\nHost: x\r\n\r\nGET /shared HTTP/1.1\r\nHost: x\r\n\r\nGET /1 HTTP/1.1\r\nHost: "
        "x\r\n\r\n");
    EXPECT_THAT(client.read_response(false).head, HasSubstr("Content-Length: 8388608\r\n"));
    EXPECT_EQ(client.read_response().body, std::string(8 * 1024 * 1024, 'y'));
    EXPECT_EQ(client.read_response().body, "GET /1 ");
  }
  client.send("GET /shared HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(client.read_response().body.size(), 8u * 1024 * 1024);
  EXPECT_FALSE(client.read_more());
}

TEST_F(HttpServerTest, A43_ReadersWhoDoNotReadHoldNoCopyEach) {
  const std::uint16_t port = serve();
  TestClient warm(port);
  warm.send("GET /shared HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(warm.read_response().body.size(), 8u * 1024 * 1024);
  const std::size_t before = resident_bytes();
  std::vector<std::unique_ptr<TestClient>> lazy;
  for (int i = 0; i < 10; ++i) {
    lazy.push_back(std::make_unique<TestClient>(port, 4096));
    lazy.back()->send("GET /shared HTTP/1.1\r\nHost: x\r\n\r\n");
  }
  // The connection that asks last is answered after the others.
  EXPECT_EQ(warm.get("/1").status, 200);
  EXPECT_LT(resident_bytes(), before + 30u * 1024 * 1024);
}

TEST_F(HttpServerTest, SendsTheResponseToAClientThatEndedItsHalf) {
  TestClient client(serve());
  client.send("GET /large HTTP/1.1\r\nHost: x\r\n\r\n");
  client.end_sending();
  EXPECT_EQ(client.read_response().body.size(), 3u * 1024 * 1024);
  EXPECT_FALSE(client.read_more());
  TestClient other(server_->port());
  other.send("GET /shared HTTP/1.1\r\nHost: x\r\n\r\n");
  other.end_sending();
  EXPECT_EQ(other.read_response().body.size(), 8u * 1024 * 1024);
  EXPECT_FALSE(other.read_more());
}

TEST_F(HttpServerTest, TimesOutSlowHeadsAndIdleConnections) {
  const std::uint16_t port = serve({.head_timeout = 50ms, .body_timeout = 50ms, .idle_timeout = 50ms});
  TestClient silent(port);
  EXPECT_EQ(silent.read_to_end(), "");
  TestClient slow(port);
  slow.send("GET / HTTP/1.1\r\nHo");
  EXPECT_EQ(slow.read_response().status, 408);
  TestClient half(port);
  half.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc");
  EXPECT_EQ(half.read_response().status, 408);
  TestClient idle(port);
  EXPECT_EQ(idle.get("/").status, 200);
  EXPECT_EQ(idle.read_to_end(), "");
  loop_.stop();
  EXPECT_EQ(counters().timeouts.value(), 4u);
}

TEST_F(HttpServerTest, ClosesConnectionsBeyondTheLimitAndTakesNewOnesWhenPlacesAreFree) {
  const std::uint16_t port = serve({.max_connections = 1});
  {
    TestClient first(port);
    EXPECT_EQ(first.get("/").status, 200);
    TestClient second(port);
    EXPECT_EQ(second.read_to_end(), "");
    EXPECT_EQ(first.ask("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").status, 200);
    EXPECT_FALSE(first.read_more());
  }
  for (;;) {
    TestClient third(port);
    if (third.get("/").status == 200) break;
  }
  loop_.stop();
  EXPECT_GE(counters().connections_refused.value(), 1u);
}

TEST_F(HttpServerTest, NamesAddressPortAndRemedyWhenThePortIsTaken) {
  const std::uint16_t port = serve();
  LoopThread other(1);
  const auto second =
      HttpServer::listen(*other.net, handler_, {.address = Address::v4(0x7f000001, port), .port_setting = "HTTP_PORT"});
  ASSERT_FALSE(second.has_value());
  EXPECT_THAT(second.error().problem, HasSubstr("127.0.0.1:" + std::to_string(port)));
  EXPECT_THAT(second.error().remedy, HasSubstr("HTTP_PORT"));
}

class TlsTest : public HttpServerTest {
 protected:
  TlsTest() : directory_(std::filesystem::path(::testing::TempDir()) / ("tls_test_" + std::to_string(::getpid()))) {
    std::filesystem::create_directories(directory_);
    const auto made = make_self_signed({.certificate_file = file("cert.pem"),
                                        .key_file = file("key.pem"),
                                        .names = {"localhost", "meet.example"},
                                        .ips = {"127.0.0.1", "::1"}});
    CONCLAVE_CHECK(made.has_value());
    context_ = std::move(*TlsContext::load(file("cert.pem"), file("key.pem")));
  }
  ~TlsTest() override {
    loop_.stop();
    std::filesystem::remove_all(directory_);
  }
  std::string file(const std::string& name) const { return (directory_ / name).string(); }

  std::filesystem::path directory_;
  std::unique_ptr<TlsContext> context_;
};

TEST_F(TlsTest, ServesOverTls12And13) {
  const std::uint16_t port = serve({.tls = context_.get()});
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    TestClient client(port);
    ASSERT_TRUE(client.start_tls(version));
    EXPECT_EQ(client.alpn(), "http/1.1");
    EXPECT_EQ(client.get("/a").body, "GET /a  tls");
    EXPECT_EQ(client.get("/large").body.size(), 3u * 1024 * 1024);
  }
}

TEST_F(TlsTest, RefusesOldVersionsAndPlainText) {
  const std::uint16_t port = serve({.tls = context_.get()});
  TestClient old(port);
  EXPECT_FALSE(old.start_tls(TLS1_1_VERSION));
  TestClient plain(port);
  plain.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(plain.read_to_end(), Not(HasSubstr("HTTP")));
}

TEST_F(TlsTest, GivesUpOnAHalfOpenHandshake) {
  const std::uint16_t port = serve({.tls = context_.get(), .head_timeout = 50ms});
  TestClient client(port);
  client.send(std::string_view("\x16\x03\x01", 3));
  EXPECT_EQ(client.read_to_end(), "");
  loop_.stop();
  EXPECT_EQ(counters().timeouts.value(), 1u);
}

TEST_F(TlsTest, MakesFilesThatOnlyTheirOwnerReads) {
  for (const char* name : {"cert.pem", "key.pem"}) {
    struct stat status {};
    ASSERT_EQ(::stat(file(name).c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0600u);
  }
}

TEST_F(TlsTest, NamesTheFileThatCannotBeUsed) {
  const auto absent = TlsContext::load(file("none.pem"), file("key.pem"));
  ASSERT_FALSE(absent);
  EXPECT_THAT(absent.error().problem, HasSubstr("none.pem"));
  const auto swapped = TlsContext::load(file("key.pem"), file("cert.pem"));
  ASSERT_FALSE(swapped);
  EXPECT_THAT(swapped.error().problem, HasSubstr("key.pem"));
  ASSERT_TRUE(make_self_signed(
      {.certificate_file = file("other.pem"), .key_file = file("other_key.pem"), .names = {"x"}, .ips = {}}));
  EXPECT_FALSE(TlsContext::load(file("cert.pem"), file("other_key.pem")));
}

}  // namespace
}  // namespace conclave
