#include "net/websocket.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <future>
#include <map>

#include "net/http_server.h"
#include "net/test_client.h"
#include "net/tls.h"

namespace conclave {
namespace {

using ::testing::HasSubstr;
using namespace testing_frames;

// Says back what it hears, and does what a few words ask for.
class Echo final : public WebSocketListener {
 public:
  Echo(std::unique_ptr<WebSocket> socket, std::promise<std::uint16_t>* closed, bool greets) : socket_(std::move(socket)), closed_(closed) {
    socket_->set_listener(this);
    if (greets) socket_->send_text("hello from loop " + std::to_string(socket_->loop().id().value));
  }
  void on_text(std::string_view text) override {
    if (text == "close") return socket_->close(4000, "bye");
    if (text == "destroy") return socket_.reset();
    if (text == "flood") return flood();
    socket_->send_text(text);
  }
  void on_closed(std::uint16_t code) override {
    if (closed_ != nullptr) std::exchange(closed_, nullptr)->set_value(code);
    socket_.reset();
  }

 private:
  void flood() {
    if (socket_ == nullptr) return;
    socket_->send_text(std::string(100'000, 'x'));
    socket_->loop().post([this] { flood(); });
  }

  std::unique_ptr<WebSocket> socket_;
  std::promise<std::uint16_t>* closed_;
};

class Handler final : public HttpHandler {
 public:
  HttpResponse request(const HttpRequest& request) override { return HttpResponse::text(200, request.path); }
  UpgradeDecision upgrade(const HttpRequest& request) override {
    if (request.path == "/no") return HttpResponse::text(403, "no");
    UpgradeAccept accept{.subprotocol = {}, .loop = LoopId{request.query_value("loop") == "1" ? 1u : 0u}, .options = options};
    const auto offered = requested_subprotocols(request);
    if (std::find(offered.begin(), offered.end(), "xmpp") != offered.end()) accept.subprotocol = "xmpp";
    return accept;
  }
  // "?ask" is decided by way of the other loop.
  void upgrade_later(const HttpRequest& request, UpgradeReply reply) override {
    if (!request.query_value("ask")) return reply(upgrade(request));
    other->post([this, decision = upgrade(request), reply = std::move(reply)]() mutable {
      own->post([decision = std::move(decision), reply = std::move(reply)]() mutable { reply(std::move(decision)); });
    });
  }
  void websocket(Loop& home, HttpRequest request, std::unique_ptr<WebSocket> socket) override {
    CONCLAVE_CHECK(home.is_current());
    auto& list = sessions[home.id().value];
    list.push_back(std::make_unique<Echo>(std::move(socket), home.id().value == 0 ? &closed : nullptr, request.query_value("hello").has_value()));
  }

  Loop* own = nullptr;
  Loop* other = nullptr;
  WebSocketOptions options;
  std::promise<std::uint16_t> closed;  // of the first socket of loop 0
  std::array<std::vector<std::unique_ptr<Echo>>, 2> sessions;  // by loop, each touched there only
};

class WebSocketTest : public ::testing::Test {
 protected:
  ~WebSocketTest() override {
    first_.stop();
    second_.stop();
    for (auto& list : handler_.sessions) list.clear();
    server_.reset();
  }
  std::uint16_t serve(TlsContext* tls = nullptr) {
    handler_.own = &first_.loop;
    handler_.other = &second_.loop;
    HttpServerOptions options{.address = Address::v4(0x7f000001, 0), .port_setting = {}, .tls = tls, .loops = {second_.net.get()}};
    auto server = HttpServer::listen(*first_.net, handler_, std::move(options));
    CONCLAVE_CHECK(server.has_value());
    server_ = std::move(*server);
    first_.start();
    second_.start();
    return server_->port();
  }
  std::uint16_t closed_code() { return handler_.closed.get_future().get(); }

  Handler handler_;
  LoopThread first_{0};
  LoopThread second_{1};
  std::unique_ptr<HttpServer> server_;
};

std::string text_of(TestClient& client) {
  const auto frame = client.read_frame();
  return frame && frame->opcode == kText ? frame->payload : "no text";
}

std::uint16_t close_of(TestClient& client) {
  const auto frame = client.read_frame();
  return frame && frame->opcode == kClose ? frame->close_code() : std::uint16_t{0};
}

TEST_F(WebSocketTest, UpgradesWithASubprotocolAndEchoes) {
  TestClient client(serve());
  const auto answer = client.ask(TestClient::upgrade_request("/ws", "Sec-WebSocket-Protocol: chat, xmpp\r\n"));
  EXPECT_EQ(answer.status, 101);
  EXPECT_THAT(answer.head, HasSubstr("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"));
  EXPECT_THAT(answer.head, HasSubstr("Sec-WebSocket-Protocol: xmpp\r\n"));
  client.send(client_frame(kText, "one") + client_frame(kText, "tw", false) + client_frame(kContinuation, "o"));
  EXPECT_EQ(text_of(client), "one");
  EXPECT_EQ(text_of(client), "two");
  client.send(client_frame(kClose, std::string("\x03\xe8", 2)));
  EXPECT_EQ(close_of(client), 1000);
  EXPECT_FALSE(client.read_more());
  EXPECT_EQ(closed_code(), 1000);
}

TEST_F(WebSocketTest, RefusesAnUpgradeWithAResponseAndGoesOn) {
  TestClient client(serve());
  EXPECT_EQ(client.ask(TestClient::upgrade_request("/no")).status, 403);
  EXPECT_EQ(client.ask("GET /ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 8\r\n"
                       "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
                .status,
            426);
  EXPECT_EQ(client.ask("GET /ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                       "Sec-WebSocket-Key: short\r\n\r\n")
                .status,
            400);
  EXPECT_EQ(client.get("/plain").status, 200);
}

TEST_F(WebSocketTest, MayBeDecidedByAnotherLoop) {
  TestClient client(serve());
  client.send(TestClient::upgrade_request("/no?ask") + "GET /between HTTP/1.1\r\nHost: x\r\n\r\n" +
              TestClient::upgrade_request("/ws?ask&loop=1&hello") + client_frame(kText, "early"));
  EXPECT_EQ(client.read_response().status, 403);
  EXPECT_EQ(client.read_response().body, "/between");
  EXPECT_EQ(client.read_response().status, 101);
  EXPECT_EQ(text_of(client), "hello from loop 1");
  EXPECT_EQ(text_of(client), "early");
}

TEST_F(WebSocketTest, MayBeGoneWhenTheDecisionComes) {
  const std::uint16_t port = serve();
  for (int i = 0; i < 20; ++i) {
    TestClient client(port);
    client.send(TestClient::upgrade_request("/ws?ask&loop=1"));
  }
  TestClient last(port);
  EXPECT_EQ(last.ask(TestClient::upgrade_request("/no?ask")).status, 403);
}

TEST_F(WebSocketTest, LosesNothingWhenItMovesToAnotherLoop) {
  TestClient client(serve());
  client.send("GET /before HTTP/1.1\r\nHost: x\r\n\r\n" + TestClient::upgrade_request("/ws?loop=1&hello") + client_frame(kText, "early"));
  EXPECT_EQ(client.read_response().body, "/before");
  EXPECT_EQ(client.read_response().status, 101);
  EXPECT_EQ(text_of(client), "hello from loop 1");
  EXPECT_EQ(text_of(client), "early");
  for (int i = 0; i < 100; ++i) client.send(client_frame(kText, std::to_string(i)));
  for (int i = 0; i < 100; ++i) EXPECT_EQ(text_of(client), std::to_string(i));
}

TEST_F(WebSocketTest, MovesItsTlsSessionAlong) {
  const auto directory = std::filesystem::path(::testing::TempDir()) / ("websocket_test_" + std::to_string(::getpid()));
  std::filesystem::create_directories(directory);
  const std::string certificate = (directory / "cert.pem").string();
  const std::string key = (directory / "key.pem").string();
  ASSERT_TRUE(make_self_signed({.certificate_file = certificate, .key_file = key, .names = {"localhost"}, .ips = {}}));
  const auto tls = std::move(*TlsContext::load(certificate, key));
  std::filesystem::remove_all(directory);
  {
    const std::uint16_t port = serve(tls.get());
    for (const int loop : {0, 1}) {
      TestClient client(port);
      ASSERT_TRUE(client.start_tls());
      // In two records, so that the second may still lie undecrypted in the session when the connection moves.
      client.send(TestClient::upgrade_request("/ws?hello&loop=" + std::to_string(loop)));
      client.send(client_frame(kText, "early"));
      EXPECT_EQ(client.read_response().status, 101);
      EXPECT_EQ(text_of(client), "hello from loop " + std::to_string(loop));
      EXPECT_EQ(text_of(client), "early");
      client.send(client_frame(kText, std::string(100'000, 'y')));
      EXPECT_EQ(text_of(client).size(), 100'000u);
    }
  }
  first_.stop();
  second_.stop();
}

TEST_F(WebSocketTest, ClosesWithTheCodeOfTheViolation) {
  const std::uint16_t port = serve();
  const auto code_for = [&](const std::string& frames) {
    TestClient client(port);
    client.ask(TestClient::upgrade_request("/ws?loop=1"));
    client.send(frames);
    const std::uint16_t code = close_of(client);
    EXPECT_FALSE(client.read_more());
    return code;
  };
  EXPECT_EQ(code_for(client_frame(kText, std::string(WebSocketOptions::kMaxMessageBytes + 1, 'x'))), close_code::kMessageTooBig);
  EXPECT_EQ(code_for(client_frame(kText, "\xff")), close_code::kInvalidText);
  EXPECT_EQ(code_for(client_frame(kBinary, "x")), close_code::kUnsupportedData);
  EXPECT_EQ(code_for(client_frame(kContinuation, "x")), close_code::kProtocolError);
  second_.stop();
  EXPECT_EQ(second_.net->counters().websocket_protocol_errors.value(), 4u);
  EXPECT_EQ(second_.net->counters().connections_moved.value(), 4u);
}

TEST_F(WebSocketTest, ClosesAndWaitsForTheAnswer) {
  TestClient client(serve());
  client.ask(TestClient::upgrade_request("/ws"));
  client.send(client_frame(kText, "close") + client_frame(kText, "ignored"));
  const auto frame = client.read_frame();
  ASSERT_TRUE(frame);
  EXPECT_EQ(frame->close_code(), 4000);
  EXPECT_EQ(frame->payload.substr(2), "bye");
  client.send(client_frame(kClose, std::string("\x0f\xa0", 2)));
  EXPECT_FALSE(client.read_more());
  EXPECT_EQ(closed_code(), 4000);
}

TEST_F(WebSocketTest, StopsWaitingForAnAnswerToItsClose) {
  handler_.options.close_wait = 20ms;
  TestClient client(serve());
  client.ask(TestClient::upgrade_request("/ws"));
  client.send(client_frame(kText, "close"));
  EXPECT_EQ(closed_code(), 4000);
}

TEST_F(WebSocketTest, MayBeDestroyedByItsListener) {
  TestClient client(serve());
  client.ask(TestClient::upgrade_request("/ws"));
  client.send(client_frame(kText, "a") + client_frame(kText, "destroy") + client_frame(kText, "b"));
  EXPECT_EQ(text_of(client), "a");
  EXPECT_EQ(close_of(client), close_code::kGoingAway);
  EXPECT_FALSE(client.read_more());
}

TEST_F(WebSocketTest, TellsWhenThePeerVanishes) {
  auto client = std::make_unique<TestClient>(serve());
  client->ask(TestClient::upgrade_request("/ws"));
  client.reset();
  EXPECT_EQ(closed_code(), close_code::kAbnormal);
}

TEST_F(WebSocketTest, PingsASilentPeerAndGivesUpOnADeadOne) {
  handler_.options.ping_after = 20ms;
  handler_.options.dead_after = 200ms;
  TestClient client(serve());
  client.ask(TestClient::upgrade_request("/ws"));
  const auto ping = client.read_frame();
  ASSERT_TRUE(ping);
  EXPECT_EQ(ping->opcode, kPing);
  EXPECT_EQ(closed_code(), close_code::kAbnormal);
  first_.stop();
  EXPECT_EQ(first_.net->counters().websocket_dead.value(), 1u);
}

TEST_F(WebSocketTest, DropsAPeerThatDoesNotRead) {
  handler_.options.max_buffered_bytes = 1024 * 1024;
  TestClient client(serve(), 4096);
  client.ask(TestClient::upgrade_request("/ws"));
  client.send(client_frame(kText, "flood"));
  EXPECT_EQ(closed_code(), close_code::kPolicyViolation);
  first_.stop();
  EXPECT_EQ(first_.net->counters().websocket_overflows.value(), 1u);
}

}  // namespace
}  // namespace conclave
