#include "net/framed_front.h"

#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <mutex>
#include <string>

#include "net/test_client.h"

namespace conclave {
namespace {

using std::string_literals::operator""s;

std::string framed(std::string_view packet) {
  const auto head = frame_head(packet.size());
  return std::string(head.data(), head.size()) + std::string(packet);
}

// A Binding request as far as the front looks; the last byte names the loop.
std::string binding(char loop) {
  return "\x00\x01\x00\x08\x21\x12\xa4\x42 transaction "s + loop;
}

// Answers each packet with itself, three times over after "flood".
class Echo final : public FramedHandler {
 public:
  std::optional<LoopId> loop_of(Bytes first) override {
    const auto last = std::to_integer<int>(first.back());
    return last == '?' ? std::nullopt : std::optional(LoopId{static_cast<std::uint32_t>(last - '0')});
  }
  void connected(LoopId home, std::unique_ptr<FramedSocket> socket) override {
    const std::lock_guard lock(mutex);
    loops += std::to_string(home.value);
    auto echo = std::make_unique<One>(*this, std::move(socket));
    echoes.emplace(echo.get(), std::move(echo));
  }
  struct One final : FramedSocketListener {
    One(Echo& of, std::unique_ptr<FramedSocket> with) : all(of), socket(std::move(with)) { socket->set_listener(this); }
    void on_packet(MutableBytes packet) override {
      const std::string_view text = as_text(packet);
      if (text == "prove") return socket->proven();
      if (text == "flood") {
        const std::string media(1200, '\x90');
        for (int i = 0; i < 20'000; ++i) (socket->send(as_bytes(media)) ? all.sent : all.dropped) += 1;
        all.most_waiting = std::max(all.most_waiting.load(), socket->waiting_bytes());
        socket->send(as_bytes("\x14 control"));
        return;
      }
      socket->send(packet);
    }
    void on_closed() override {
      const std::lock_guard lock(all.mutex);
      ++all.closed;
      all.echoes.erase(this);
    }
    Echo& all;
    std::unique_ptr<FramedSocket> socket;
  };
  std::mutex mutex;  // guards echoes and loops, of two threads
  std::map<One*, std::unique_ptr<One>> echoes;
  std::string loops;
  std::atomic<int> sent{0}, dropped{0}, closed{0};
  std::atomic<std::size_t> most_waiting{0};
};

class FramedFrontTest : public ::testing::Test {
 protected:
  ~FramedFrontTest() override {
    other_.stop();
    loop_.stop();
    echo_.echoes.clear();
    front_.reset();
  }
  std::uint16_t listen(FramedFrontOptions options = {}) {
    options.loops = {loop_.net.get(), other_.net.get()};
    front_ = std::make_unique<FramedFront>(*loop_.net, echo_, std::move(options));
    CONCLAVE_CHECK(front_->listen(Address::v4(0x7f000001, 0), "JVB_TCP_PORT").has_value());
    loop_.start();
    other_.start();
    return front_->port();
  }
  static std::string read_packet(TestClient& client) {
    const std::string head = client.read_bytes(2);
    if (head.size() < 2) return "closed";
    return client.read_bytes(static_cast<std::size_t>(static_cast<unsigned char>(head[0])) << 8 |
                             static_cast<unsigned char>(head[1]));
  }

  Echo echo_;
  LoopThread loop_{0};
  LoopThread other_{1};
  std::unique_ptr<FramedFront> front_;
};

TEST_F(FramedFrontTest, EachConnectionGoesToTheLoopThatItsFirstPacketNames) {
  const std::uint16_t port = listen();
  for (const char loop : {'1', '0'}) {
    TestClient client(port);
    client.send(framed(binding(loop)) + framed("more"));
    EXPECT_EQ(read_packet(client), binding(loop));
    EXPECT_EQ(read_packet(client), "more");
  }
  EXPECT_EQ(echo_.loops, "10");
}

TEST_F(FramedFrontTest, PseudoTlsIsAnsweredAndForgotten) {
  TestClient client(listen());
  client.send(pseudo_tls_hello());
  EXPECT_EQ(client.read_bytes(pseudo_tls_answer().size()), pseudo_tls_answer());
  client.send(framed(binding('1')));
  EXPECT_EQ(read_packet(client), binding('1'));
}

TEST_F(FramedFrontTest, WhatIsNobodysOrNotUnderstoodIsClosed) {
  const std::uint16_t port = listen({.first_timeout = 200ms});
  for (const std::string& bytes : {framed(binding('?')), "GET / HTTP/1.1\r\n\r\n"s, "\x00"s}) {
    TestClient client(port);
    client.send(bytes);
    EXPECT_EQ(read_packet(client), "closed");
  }
  EXPECT_EQ(front_->counters().nobodys.value(), 1u);
  EXPECT_EQ(front_->counters().not_understood.value(), 1u);
  EXPECT_EQ(front_->counters().too_slow.value(), 1u);
}

TEST_F(FramedFrontTest, OneNetworkHasOnlySoManyConnectionsThatProveNothing) {
  const std::uint16_t port = listen({.max_unproven_of_network = 2});
  TestClient first(port), second(port);
  for (TestClient* client : {&first, &second}) {
    client->send(framed(binding('0')));
    EXPECT_EQ(read_packet(*client), binding('0'));
  }
  {
    TestClient third(port);
    third.send(framed(binding('0')));
    EXPECT_EQ(read_packet(third), "closed");
  }
  EXPECT_EQ(front_->counters().full.value(), 1u);
  first.send(framed("prove") + framed("done"));
  EXPECT_EQ(read_packet(first), "done");
  TestClient fourth(port);
  fourth.send(framed(binding('0')));
  EXPECT_EQ(read_packet(fourth), binding('0'));
}

TEST_F(FramedFrontTest, WhoStopsReadingLosesMediaAndCostsNoMemory) {
  const std::uint16_t port = listen();
  TestClient lazy(port, 4096);
  lazy.send(framed(binding('0')) + framed("flood"));
  TestClient other(port);
  other.send(framed(binding('0')) + framed("prompt"));
  EXPECT_EQ(read_packet(other), binding('0'));
  EXPECT_EQ(read_packet(other), "prompt") << "others are served meanwhile";
  lazy.send(framed("flood"));
  EXPECT_EQ(read_packet(lazy), binding('0'));
  std::string last;
  int controls = 0;
  for (int i = 0; i < 1'000 && controls < 2; ++i) controls += (last = read_packet(lazy)) == "\x14 control";
  EXPECT_EQ(controls, 2) << "what keeps the connection alive has its own place in the queue";
  EXPECT_GT(echo_.dropped, 10'000);
  EXPECT_LE(echo_.most_waiting, FramedSocket::kMaxWaitingBytes);
}

TEST_F(FramedFrontTest, APacketThatIsTooLongEndsTheConnection) {
  TestClient client(listen());
  client.send(framed(binding('0')));
  EXPECT_EQ(read_packet(client), binding('0'));
  client.send("\xff\xff"s);
  EXPECT_EQ(read_packet(client), "closed");
  EXPECT_EQ(echo_.closed, 1);
}

}  // namespace
}  // namespace conclave
