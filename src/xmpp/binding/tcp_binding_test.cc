#include "xmpp/binding/tcp_binding.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>

#include "loop/manual_loop.h"
#include "xmpp/fake_peers.h"

namespace conclave::xmpp {
namespace {

using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

constexpr std::string_view kHeader =
    "<?xml version='1.0'?><stream:stream to='meet.example' version='1.0' xmlns='jabber:client' "
    "xmlns:stream='http://etherx.jabber.org/streams'>";
constexpr std::string_view kStartTls = "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>";
constexpr std::string_view kLogin = "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='ANONYMOUS'/>";
constexpr std::string_view kBind = "<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>";

// What the test keeps of a socket, which the binding owns.
struct Wire {
  std::string take() { return std::exchange(sent, {}); }
  void say(std::string_view bytes) {
    if (listener != nullptr) listener->on_bytes(bytes);
  }

  TcpSocketListener* listener = nullptr;
  std::string sent;
  bool tls = false;
  bool tls_works = true;
  bool closed = false;
};

class FakeSocket final : public TcpSocket {
 public:
  FakeSocket(Loop& loop, Wire& wire) : TcpSocket(loop), wire_(wire) {}
  ~FakeSocket() override { wire_.closed = true; }
  void set_listener(TcpSocketListener* listener) override { wire_.listener = listener; }
  void write(std::string_view bytes) override { wire_.sent += bytes; }
  bool start_tls() override { return wire_.tls = wire_.tls_works; }
  void close() override { wire_.closed = true; }
  std::size_t buffered_bytes() const override { return 0; }
  Address peer() const override { return Address::v4(0x7f000001, 5000); }

 private:
  Wire& wire_;
};

class TcpBindingTest : public testing::Test {
 protected:
  void connect(Wire& of) { binding.connected(std::make_unique<FakeSocket>(loop, of)); }
  void secure(Wire& of) {
    connect(of);
    of.say(std::string(kHeader) + std::string(kStartTls));
    ASSERT_TRUE(of.tls) << of.sent;
    of.listener->on_tls();
    of.take();
  }
  void bind(Wire& of) {
    secure(of);
    for (const std::string_view bytes : {kHeader, kLogin, kHeader, kBind}) of.say(bytes);
    of.take();
  }

  Wire& another() { return wires.emplace_back(); }

  std::deque<Wire> wires;  // outlives the binding
  Wire& wire = another();
  ManualLoop loop;
  fake::Doorkeeper doorkeeper;
  fake::House house;
  SeededRandom random{1};
  std::vector<std::string> domains{"meet.example"};
  Sessions sessions{loop, doorkeeper, house, random, {.stream = {.domains = domains}}};
  TcpBinding binding{loop, sessions, domains, random, {.max_waiting = 3}};
};

TEST_F(TcpBindingTest, OffersLoginOnlyInsideTls) {
  connect(wire);
  wire.say(kHeader);
  EXPECT_THAT(wire.take(), AllOf(HasSubstr("starttls"), Not(HasSubstr("ANONYMOUS"))));
  wire.say(kStartTls);
  EXPECT_THAT(wire.take(), HasSubstr("<proceed"));
  EXPECT_EQ(sessions.connections(), 0u);
  wire.listener->on_tls();
  wire.say(kHeader);
  EXPECT_THAT(wire.take(), AllOf(HasSubstr("ANONYMOUS"), Not(HasSubstr("starttls"))));
  wire.say(kLogin);
  EXPECT_THAT(wire.take(), HasSubstr("<success"));
  wire.say(std::string(kHeader) + std::string(kBind));
  EXPECT_THAT(wire.take(), HasSubstr("<jid"));
  ASSERT_EQ(house.bound.size(), 1u);
  EXPECT_TRUE(house.last_request.confidential);
  EXPECT_EQ(house.last_request.peer.port(), 5000);
}

TEST_F(TcpBindingTest, PassesStanzasBothWays) {
  bind(wire);
  wire.say("<message to='a@meet.example'><bo");
  wire.say("dy>hi</body></message><presence/>");
  ASSERT_EQ(house.stanzas.size(), 2u);
  EXPECT_EQ(house.stanzas.front().child("body")->text(), "hi");
  sessions.deliver(house.bound.front().first, Element("message"));
  EXPECT_THAT(wire.take(), HasSubstr("<message"));
}

TEST_F(TcpBindingTest, EndsWithTheStream) {
  bind(wire);
  wire.say("</stream:stream>");
  EXPECT_EQ(wire.take(), "</stream:stream>");
  EXPECT_TRUE(wire.closed);
  EXPECT_EQ(binding.open(), 0u);
  EXPECT_EQ(sessions.sessions(), 0u);
}

TEST_F(TcpBindingTest, RefusesWhatIsSaidInClear) {
  for (const std::string_view early : {kLogin, kBind, std::string_view("<message/>")}) {
    Wire& plain = another();
    connect(plain);
    plain.say(std::string(kHeader) + std::string(early));
    EXPECT_THAT(plain.sent, AllOf(HasSubstr("policy-violation"), EndsWith("</stream:stream>"))) << early;
    EXPECT_TRUE(plain.closed);
    loop.run_ready();
  }
  EXPECT_EQ(binding.counters().not_secured.value(), 3u);
  EXPECT_EQ(sessions.connections(), 0u);
}

// What an attacker puts behind the request in clear must never be taken for what the client says inside (RFC 3207 §6).
TEST_F(TcpBindingTest, TakesNothingThatCameBehindTheRequestForTls) {
  connect(wire);
  wire.say(std::string(kHeader) + std::string(kStartTls) + std::string(kHeader) + std::string(kLogin));
  EXPECT_FALSE(wire.tls);
  EXPECT_THAT(wire.sent, HasSubstr("policy-violation"));
  EXPECT_TRUE(wire.closed);
}

TEST_F(TcpBindingTest, AnswersWhatIsNoXmlInsideTls) {
  secure(wire);
  wire.say("<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'b'>]>");
  EXPECT_THAT(wire.sent, AllOf(HasSubstr("restricted-xml"), EndsWith("</stream:stream>")));
  EXPECT_TRUE(wire.closed);
}

TEST_F(TcpBindingTest, GivesTlsAndLoginAWhile) {
  connect(wire);
  Wire& slow = another();
  secure(slow);
  loop.advance(10s);
  EXPECT_THAT(wire.sent, HasSubstr("connection-timeout"));
  EXPECT_TRUE(wire.closed);
  EXPECT_FALSE(slow.closed);
  loop.advance(kHandshakeTimeout);
  EXPECT_THAT(slow.sent, HasSubstr("connection-timeout"));
  EXPECT_TRUE(slow.closed);
}

TEST_F(TcpBindingTest, TakesOnlySoManyThatHaveNotLoggedIn) {
  bind(another());
  for (int i = 1; i < 4; ++i) connect(another());
  loop.run_ready();
  EXPECT_FALSE(wires.back().closed);
  Wire& more = another();
  connect(more);
  loop.run_ready();
  EXPECT_TRUE(more.closed);
  EXPECT_EQ(binding.counters().refused.value(), 1u);
  wires[4].listener->on_closed();
  loop.run_ready();
  connect(wire);
  loop.run_ready();
  EXPECT_FALSE(wire.closed);
}

TEST_F(TcpBindingTest, ResumesOnANewConnection) {
  bind(wire);
  wire.say("<enable xmlns='urn:xmpp:sm:3' resume='true'/>");
  const auto enabled = parse(wire.take());
  ASSERT_TRUE(enabled);
  const std::string id(enabled->attribute("id"));
  wire.listener->on_closed();
  loop.run_ready();
  EXPECT_EQ(sessions.hibernated(), 1u);
  sessions.deliver(house.bound.front().first, Element("message").set("id", "kept"));
  doorkeeper.users = 0;  // so that the same name comes again
  Wire& again = another();
  secure(again);
  for (const std::string_view bytes : {kHeader, kLogin, kHeader}) again.say(bytes);
  again.take();
  again.say("<resume xmlns='urn:xmpp:sm:3' h='0' previd='" + id + "'/>");
  EXPECT_THAT(again.take(), AllOf(HasSubstr("<resumed"), HasSubstr("kept")));
}

TEST_F(TcpBindingTest, EndsWhenTlsCannotBegin) {
  connect(wire);
  wire.tls_works = false;
  wire.say(std::string(kHeader) + std::string(kStartTls));
  EXPECT_TRUE(wire.closed);
  loop.run_ready();
  EXPECT_EQ(binding.open(), 0u);
}

}  // namespace
}  // namespace conclave::xmpp
