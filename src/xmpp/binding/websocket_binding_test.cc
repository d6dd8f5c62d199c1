#include "xmpp/binding/websocket_binding.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "loop/manual_loop.h"
#include "xmpp/fake_peers.h"

namespace conclave::xmpp {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// What the test keeps of a socket, which the binding owns.
struct Wire {
  WebSocketListener* listener = nullptr;
  std::vector<std::string> sent;
  std::optional<std::uint16_t> closed;
  bool destroyed = false;
};

class FakeSocket final : public WebSocket {
 public:
  FakeSocket(Loop& loop, Wire& wire) : WebSocket(loop), wire_(wire) {}
  ~FakeSocket() override { wire_.destroyed = true; }
  void set_listener(WebSocketListener* listener) override { wire_.listener = listener; }
  void send_text(std::string_view text) override { wire_.sent.emplace_back(text); }
  void close(std::uint16_t code, std::string_view) override { wire_.closed = code; }
  std::size_t buffered_bytes() const override { return 0; }
  Address peer() const override { return {}; }

 private:
  Wire& wire_;
};

HttpRequest request(std::string path, std::vector<NameValue> query = {}, Headers headers = {}) {
  HttpRequest made;
  made.method = "GET";
  made.path = std::move(path);
  made.query = std::move(query);
  made.headers = std::move(headers);
  made.headers.add("Sec-WebSocket-Protocol", "xmpp");
  made.peer = Address::v4(0x7f000001, 5000);
  return made;
}

const std::string kPrevidOfLoop1 = "01" + std::string(32, 'x');

TEST(StreamRequest, ReadsTheParametersOfTheAddress) {
  const auto read = stream_request(request(
      "/xmpp-websocket", {{"room", "ünit"}, {"token", "a.b.c"}, {"prefix", "acme"}, {"previd", kPrevidOfLoop1}}));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->room, "ünit");
  EXPECT_EQ(read->token, "a.b.c");
  EXPECT_EQ(read->prefix, "acme");
  EXPECT_EQ(read->previd, kPrevidOfLoop1);
  EXPECT_EQ(read->peer.port(), 5000);
}

TEST(StreamRequest, TheTenantOnThePathCounts) {
  EXPECT_EQ(stream_request(request("/acme/xmpp-websocket"))->prefix, "acme");
  EXPECT_EQ(stream_request(request("/acme/xmpp-websocket", {{"prefix", "other"}}))->prefix, "acme");
}

TEST(StreamRequest, TakesTheTokenFromTheHeaderIfTheAddressHasNone) {
  EXPECT_EQ(stream_request(request("/xmpp-websocket", {}, {{"Authorization", "bearer a.b.c"}}))->token, "a.b.c");
  EXPECT_EQ(stream_request(request("/xmpp-websocket", {{"token", "q"}}, {{"Authorization", "Bearer a.b.c"}}))->token,
            "q");
  EXPECT_EQ(stream_request(request("/xmpp-websocket", {}, {{"Authorization", "Basic eA=="}}))->token, "");
}

TEST(StreamRequest, RefusesValuesThatAreTooLong) {
  EXPECT_TRUE(stream_request(request("/xmpp-websocket", {{"room", std::string(kMaxRoomBytes, 'r')}})));
  EXPECT_FALSE(stream_request(request("/xmpp-websocket", {{"room", std::string(kMaxRoomBytes + 1, 'r')}})));
  EXPECT_TRUE(stream_request(request("/xmpp-websocket", {{"token", std::string(kMaxTokenBytes, 't')}})));
  EXPECT_FALSE(stream_request(request("/xmpp-websocket", {{"token", std::string(kMaxTokenBytes + 1, 't')}})));
}

TEST(Upgrade, IsForThePathsOfTheWebSocketOnly) {
  EXPECT_TRUE(is_xmpp_websocket_path("/xmpp-websocket"));
  EXPECT_TRUE(is_xmpp_websocket_path("/acme/xmpp-websocket"));
  for (const char* path : {"/", "", "//xmpp-websocket", "/a/b/xmpp-websocket", "/xmpp-websocket/", "/http-bind"}) {
    EXPECT_FALSE(is_xmpp_websocket_path(path)) << path;
  }
  EXPECT_TRUE(std::holds_alternative<HttpResponse>(decide_upgrade(request("/colibri-ws"), LoopId{0}, 1)));
}

TEST(Upgrade, NamesTheSubprotocolAndTheRoomsLoop) {
  const auto decision = decide_upgrade(request("/xmpp-websocket"), LoopId{1}, 2);
  ASSERT_TRUE(std::holds_alternative<UpgradeAccept>(decision));
  EXPECT_EQ(std::get<UpgradeAccept>(decision).subprotocol, "xmpp");
  EXPECT_EQ(std::get<UpgradeAccept>(decision).loop, LoopId{1});
  EXPECT_GT(std::get<UpgradeAccept>(decision).options.max_message_bytes, kMaxFrameBytes);
}

TEST(Upgrade, NeedsTheSubprotocol) {
  HttpRequest without = request("/xmpp-websocket");
  without.headers = {};
  const auto decision = decide_upgrade(without, LoopId{0}, 1);
  ASSERT_TRUE(std::holds_alternative<HttpResponse>(decision));
  EXPECT_EQ(std::get<HttpResponse>(decision).status, 400);
}

TEST(Upgrade, GoesToTheLoopOfTheSessionThatIsResumed) {
  const auto loop_for = [](const std::string& previd, std::uint32_t loops) {
    return std::get<UpgradeAccept>(decide_upgrade(request("/xmpp-websocket", {{"previd", previd}}), LoopId{0}, loops))
        .loop;
  };
  EXPECT_EQ(loop_for(kPrevidOfLoop1, 2), LoopId{1});
  EXPECT_EQ(loop_for(kPrevidOfLoop1, 1), LoopId{0});  // there is no such loop (any more)
  EXPECT_EQ(loop_for("something", 2), LoopId{0});
}

class BindingTest : public testing::Test {
 protected:
  void accept() {
    binding->accept(request("/xmpp-websocket", {{"room", "stand-up"}}), std::make_unique<FakeSocket>(loop, wire));
  }

  ManualLoop loop;
  Wire wire;
  fake::Doorkeeper doorkeeper;
  fake::House house;
  SeededRandom random{1};
  Sessions sessions{loop, doorkeeper, house, random, {.stream = {.domains = {"meet.example"}}}};
  std::unique_ptr<WebSocketBinding> binding = std::make_unique<WebSocketBinding>(loop, sessions);
};

TEST_F(BindingTest, CarriesFramesBothWays) {
  accept();
  wire.listener->on_text(R"(<open xmlns="urn:ietf:params:xml:ns:xmpp-framing" to="meet.example" version="1.0"/>)");
  EXPECT_THAT(wire.sent, ElementsAre(HasSubstr("<open "), HasSubstr("ANONYMOUS")));
}

TEST_F(BindingTest, AClosedSocketLeavesNothing) {
  accept();
  wire.listener->on_closed(close_code::kAbnormal);
  EXPECT_EQ(sessions.connections(), 0u);
  EXPECT_EQ(binding->open(), 0u);
  EXPECT_FALSE(wire.destroyed);  // not within its own call
  loop.run_ready();
  EXPECT_TRUE(wire.destroyed);
}

TEST_F(BindingTest, AnEndedStreamClosesTheSocketAndWaitsForIt) {
  accept();
  wire.listener->on_text("garbage");
  EXPECT_EQ(wire.closed, close_code::kNormal);
  EXPECT_EQ(binding->open(), 1u);
  wire.listener->on_closed(close_code::kNormal);
  loop.run_ready();
  EXPECT_TRUE(wire.destroyed);
}

TEST_F(BindingTest, MayGoBeforeItsSockets) {
  accept();
  binding.reset();
  EXPECT_TRUE(wire.destroyed);
  EXPECT_EQ(sessions.connections(), 0u);
}

TEST_F(BindingTest, AFullServerClosesTheSocket) {
  Sessions full(loop, doorkeeper, house, random, {.stream = {.domains = {"meet.example"}}, .max_connections = 0});
  binding = std::make_unique<WebSocketBinding>(loop, full);
  accept();
  EXPECT_THAT(wire.sent, testing::Contains(HasSubstr("resource-constraint")));
  EXPECT_EQ(wire.closed, close_code::kNormal);
  wire.listener->on_closed(close_code::kNormal);
  EXPECT_EQ(binding->open(), 0u);
  binding.reset();
}

}  // namespace
}  // namespace conclave::xmpp
