#include "net/http_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <future>

#include "net/http_server.h"
#include "net/http_url.h"
#include "net/private_address.h"
#include "net/test_client.h"
#include "net/tls.h"

namespace conclave {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using Kind = HttpClientError::Kind;

// Answers what the path asks for; "/wait" answers when the test says so.
class Answers final : public HttpHandler {
 public:
  HttpResponse request(const HttpRequest& request) override {
    if (request.path == "/redirect") return HttpResponse::redirect(302, "/other");
    if (request.path == "/large") return HttpResponse::text(200, std::string(3 * 1024 * 1024, 'x'));
    if (request.path == "/none") return {.status = 204, .headers = {}, .body = {}};
    std::string answer = request.method + " " + request.path + " [" + request.body + "]";
    for (const auto* name : {"Content-Type", "Authorization", "Expect"}) {
      if (const auto value = request.headers.find(name)) answer += std::string(" ") + name + "=" + std::string(*value);
    }
    HttpResponse response = HttpResponse::text(200, answer);
    response.headers.add("X-Seen", "yes");
    return response;
  }
  void request_later(const HttpRequest& request, HttpReply reply) override {
    if (request.path != "/wait") return reply(this->request(request));
    waiting.push_back(std::move(reply));
  }
  UpgradeDecision upgrade(const HttpRequest&) override { return HttpResponse::text(403, "no"); }
  void websocket(Loop&, HttpRequest, std::unique_ptr<WebSocket>) override {}

  std::vector<HttpReply> waiting;
};

class HttpClientTest : public ::testing::Test {
 protected:
  using Answer = Result<HttpClientResponse, HttpClientError>;

  ~HttpClientTest() override {
    client_loop_.stop();
    server_loop_.stop();
    client_.reset();
    answers_.waiting.clear();
    server_.reset();
  }
  std::uint16_t serve(TlsContext* tls = nullptr) {
    server_ = std::move(
        *HttpServer::listen(*server_loop_.net, answers_, {.address = Address::v4(0x7f000001, 0), .tls = tls}));
    server_loop_.start();
    return server_->port();
  }
  void make_client(HttpClientOptions options = {}) {
    client_ = std::make_unique<HttpClient>(client_loop_.loop, options);
    client_loop_.start();
  }
  std::future<Answer> start(HttpClientRequest request) {
    if (client_ == nullptr) make_client();
    std::promise<Answer> promise;
    std::future<Answer> future = promise.get_future();
    client_loop_.loop.post([this, request = std::move(request), promise = std::move(promise)]() mutable {
      client_->send(std::move(request),
                    [promise = std::move(promise)](Answer answer) mutable { promise.set_value(std::move(answer)); });
    });
    return future;
  }
  Answer ask(HttpClientRequest request) { return start(std::move(request)).get(); }
  std::string url(std::uint16_t port, std::string_view path, std::string_view scheme = "http") {
    return std::string(scheme) + "://127.0.0.1:" + std::to_string(port) + std::string(path);
  }

  Answers answers_;
  LoopThread server_loop_{0};
  LoopThread client_loop_{1};
  std::unique_ptr<HttpServer> server_;
  std::unique_ptr<HttpClient> client_;
};

TEST_F(HttpClientTest, SendsMethodsHeadersAndBodies) {
  const std::uint16_t port = serve();
  const auto got = ask({.url = url(port, "/a?secret=1"), .headers = {{"Authorization", "Bearer t"}}});
  ASSERT_TRUE(got.has_value()) << got.error().problem;
  EXPECT_EQ(got->status, 200);
  EXPECT_EQ(got->body, "GET /a [] Authorization=Bearer t");
  EXPECT_EQ(got->headers.find("x-seen"), "yes");
  const auto posted = ask({.method = "POST",
                           .url = url(port, "/b"),
                           .headers = {{"Content-Type", "text/x"}},
                           .body = std::string(2000, 'b')});
  EXPECT_EQ(posted->body, "POST /b [" + std::string(2000, 'b') + "] Content-Type=text/x");
  EXPECT_EQ(ask({.method = "POST", .url = url(port, "/c")})->body, "POST /c []");
  EXPECT_EQ(ask({.method = "DELETE", .url = url(port, "/d")})->body, "DELETE /d []");
  EXPECT_EQ(ask({.method = "HEAD", .url = url(port, "/e")})->body, "");
  EXPECT_EQ(ask({.url = url(port, "/none")})->status, 204);
}

TEST_F(HttpClientTest, HandsARedirectBackAsItIs) {
  const auto got = ask({.url = url(serve(), "/redirect")});
  EXPECT_EQ(got->status, 302);
  EXPECT_EQ(got->headers.find("Location"), "/other");
}

TEST_F(HttpClientTest, FetchesHttpAndHttpsOnly) {
  for (const auto* bad : {"", "x", "/a", "file:///etc/passwd", "ftp://127.0.0.1/", "gopher://127.0.0.1/", "http://",
                          "http://a b/", "http://127.0.0.1/\r\nX: y"}) {
    const auto got = ask({.url = bad});
    ASSERT_FALSE(got.has_value()) << bad;
    EXPECT_EQ(got.error().kind, Kind::BadUrl) << bad;
  }
}

TEST_F(HttpClientTest, NeverLetsAValueBecomeAHeader) {
  const std::uint16_t port = serve();
  EXPECT_EQ(ask({.url = url(port, "/"), .headers = {{"X", "a\r\nAuthorization: b"}}}).error().kind, Kind::Other);
  EXPECT_EQ(ask({.url = url(port, "/"), .headers = {{"X: y", "a"}}}).error().kind, Kind::Other);
  EXPECT_EQ(ask({.method = "GET / HTTP/1.1\r\nX:", .url = url(port, "/")}).error().kind, Kind::Other);
}

TEST_F(HttpClientTest, StopsReadingAtTheLimit) {
  const auto got = ask({.url = url(serve(), "/large"), .max_bytes = 1000});
  ASSERT_FALSE(got.has_value());
  EXPECT_EQ(got.error().kind, Kind::TooLarge);
  EXPECT_EQ(ask({.url = url(server_->port(), "/large"), .max_bytes = 3 * 1024 * 1024})->body.size(), 3u * 1024 * 1024);
}

TEST_F(HttpClientTest, SaysWhereItCouldNotConnectAndNothingOfPathQueryOrPassword) {
  const std::uint16_t port = serve();
  server_loop_.stop();
  server_.reset();
  const auto got = ask({.url = "http://user:hidden1@127.0.0.1:" + std::to_string(port) + "/hidden2?code=hidden3"});
  ASSERT_FALSE(got.has_value());
  EXPECT_EQ(got.error().kind, Kind::Connect);
  EXPECT_THAT(got.error().problem,
              AllOf(HasSubstr("http://127.0.0.1:" + std::to_string(port)), Not(HasSubstr("hidden"))));
}

TEST_F(HttpClientTest, GivesUpInTime) {
  const auto got = ask({.url = url(serve(), "/wait?code=hidden"), .timeout = 50ms});
  ASSERT_FALSE(got.has_value());
  EXPECT_EQ(got.error().kind, Kind::Timeout);
  EXPECT_THAT(got.error().problem, Not(HasSubstr("hidden")));
}

TEST_F(HttpClientTest, RunsSomeKeepsSomeWaitingAndRefusesTheRest) {
  make_client({.max_running = 2, .max_queued = 1});
  const std::uint16_t port = serve();
  std::vector<std::future<Answer>> sent;
  for (int i = 0; i < 4; ++i) sent.push_back(start({.url = url(port, "/wait")}));
  const auto refused = sent[3].get();
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().kind, Kind::Busy);
  // The waiting one runs as soon as a place is free.
  for (int answered = 0; answered < 3;) {
    std::promise<int> done;
    server_loop_.loop.post([&] {
      int count = 0;
      for (auto& reply : std::exchange(answers_.waiting, {})) {
        reply(HttpResponse::text(200, "at last"));
        ++count;
      }
      done.set_value(count);
    });
    answered += done.get_future().get();
  }
  for (int i = 0; i < 3; ++i) EXPECT_EQ(sent[static_cast<std::size_t>(i)].get()->body, "at last");
}

TEST_F(HttpClientTest, AWaitingRequestTimesOutToo) {
  make_client({.max_running = 1, .max_queued = 1});
  const std::uint16_t port = serve();
  auto first = start({.url = url(port, "/wait"), .timeout = 20s});
  EXPECT_EQ(ask({.url = url(port, "/quick"), .timeout = 50ms}).error().kind, Kind::Timeout);
  EXPECT_EQ(first.wait_for(0s), std::future_status::timeout);
}

TEST_F(HttpClientTest, MayBeDestroyedByAReplyAndDropsWhatIsUnderWay) {
  const std::uint16_t port = serve();
  auto dropped = start({.url = url(port, "/wait")});
  std::promise<void> done;
  client_loop_.loop.post([&] {
    client_->send({.url = url(port, "/a")}, [&](Answer) {
      client_.reset();
      done.set_value();
    });
  });
  done.get_future().get();
  EXPECT_THROW(dropped.get(), std::future_error);
}

TEST_F(HttpClientTest, RefusesPrivateAddressesAfterResolutionWhenTold) {
  const std::uint16_t port = serve();
  for (const std::string host : {"127.0.0.1", "localhost", "2130706433", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0"}) {
    const auto got = ask({.url = "http://" + host + ":" + std::to_string(port) + "/a", .allow_private = false});
    ASSERT_FALSE(got.has_value()) << host;
    EXPECT_EQ(got.error().kind, Kind::Connect) << host;
    EXPECT_THAT(got.error().problem, HasSubstr("private address")) << host;
  }
  // Nor over a connection that an earlier request left open.
  EXPECT_EQ(ask({.url = url(port, "/a")})->status, 200);
  EXPECT_FALSE(ask({.url = url(port, "/a"), .allow_private = false}).has_value());
}

TEST(PrivateAddress, KnowsWhatIsNotTheInternet) {
  for (const auto* ip :
       {"10.1.2.3",      "172.16.0.1",  "172.31.255.255", "192.168.1.1",     "127.9.9.9",       "169.254.169.254",
        "100.64.0.1",    "0.0.0.0",     "224.0.0.1",      "255.255.255.255", "198.19.0.1",      "::",
        "::1",           "fe80::1",     "fd00::1",        "ff02::1",         "::ffff:10.0.0.1", "64:ff9b::7f00:1",
        "2002:7f00:1::", "2001:db8::1", "2001::1"}) {
    EXPECT_TRUE(is_private_address(*Address::parse(ip, 1))) << ip;
  }
  for (const auto* ip : {"1.1.1.1", "172.32.0.1", "172.15.0.1", "100.128.0.1", "192.0.1.1", "223.255.255.255",
                         "2606:4700::1", "2001:4860::8888", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::"}) {
    EXPECT_FALSE(is_private_address(*Address::parse(ip, 1))) << ip;
  }
}

TEST(HttpUrl, IsTakenApart) {
  const auto url = parse_http_url("HTTPS://u@IdP.example/a%20b?x=1#f");
  ASSERT_TRUE(url.has_value());
  EXPECT_EQ(url->origin(), "https://idp.example:443");
  EXPECT_EQ(url->path, "/a%20b");
  EXPECT_EQ(url->query, "x=1");
  EXPECT_TRUE(url->has_user && url->has_query && url->has_fragment);
  EXPECT_EQ(parse_http_url("http://[::1]:8080")->origin(), "http://[::1]:8080");
  EXPECT_EQ(percent_encode("a/b c&d=é~"), "a%2Fb%20c%26d%3D%C3%A9~");
  for (const auto* bad :
       {"", "idp.example", "//idp.example", "ftp://idp.example/", "https://", "https://a b/", "https://a/\x7f"}) {
    EXPECT_FALSE(parse_http_url(bad).has_value()) << bad;
  }
}

class HttpsClientTest : public HttpClientTest {
 protected:
  HttpsClientTest()
      : directory_(std::filesystem::path(::testing::TempDir()) / ("http_client_test_" + std::to_string(::getpid()))) {
    std::filesystem::create_directories(directory_);
    certificate("cert.pem", {"localhost"});
    certificate("other.pem", {"elsewhere.example"});
  }
  ~HttpsClientTest() override {
    server_loop_.stop();
    std::filesystem::remove_all(directory_);
  }
  std::string file(const std::string& name) const { return (directory_ / name).string(); }
  void certificate(const std::string& name, std::vector<std::string> names) {
    CONCLAVE_CHECK(
        make_self_signed({.certificate_file = file(name), .key_file = file(name + ".key"), .names = std::move(names)})
            .has_value());
  }
  std::uint16_t serve_tls(const std::string& name) {
    context_ = std::move(*TlsContext::load(file(name), file(name + ".key")));
    return serve(context_.get());
  }
  std::string at(std::uint16_t port) { return "https://localhost:" + std::to_string(port) + "/a"; }

  std::filesystem::path directory_;
  std::unique_ptr<TlsContext> context_;
};

TEST_F(HttpsClientTest, TrustsTheFileThatWasNamedAndNothingElse) {
  const std::uint16_t port = serve_tls("cert.pem");
  const auto trusted = ask({.url = at(port), .ca_file = file("cert.pem")});
  ASSERT_TRUE(trusted.has_value()) << trusted.error().problem;
  EXPECT_EQ(trusted->body, "GET /a []");
  EXPECT_EQ(ask({.url = at(port)}).error().kind, Kind::Tls);
  EXPECT_EQ(ask({.url = at(port), .ca_file = file("other.pem")}).error().kind, Kind::Tls);
  EXPECT_EQ(ask({.url = at(port), .ca_file = file("missing.pem")}).error().kind, Kind::Tls);
}

TEST_F(HttpsClientTest, ComparesTheNameInTheCertificate) {
  const std::uint16_t port = serve_tls("other.pem");
  const auto got = ask({.url = at(port), .ca_file = file("other.pem")});
  ASSERT_FALSE(got.has_value());
  EXPECT_EQ(got.error().kind, Kind::Tls);
}

}  // namespace
}  // namespace conclave
