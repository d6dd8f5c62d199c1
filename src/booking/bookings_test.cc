#include "booking/bookings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>

#include "loop/manual_loop.h"
#include "net/fake_fetcher.h"
#include "net/http_client.h"
#include "net/http_server.h"
#include "net/test_client.h"

namespace conclave::booking {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;
using Answer = Result<Booking, BookingFailure>;
using Failed = BookingFailure::Kind;

class BookingsTest : public ::testing::Test {
 protected:
  void ask(const std::string& name, const std::string& owner = "ada@meet.example") {
    bookings_.ask(name, owner, [this](Answer answer) { answers_.push_back(std::move(answer)); });
  }

  ManualLoop loop_;
  FakeFetcher fetcher_;
  Bookings bookings_{loop_, fetcher_, {.base_url = "https://booking.example/api", .ca_file = "ca.pem"}};
  std::vector<Answer> answers_;
};

TEST_F(BookingsTest, AsksAsTheProtocolSays) {
  ask("[tenant]stand up&name=x");
  const HttpClientRequest& request = fetcher_.next();
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.url, "https://booking.example/api/conference");
  EXPECT_THAT(request.body, HasSubstr("name=%5Btenant%5Dstand%20up%26name%3Dx&start_time=2026-"));
  EXPECT_THAT(request.body, HasSubstr(".000%2B0000&mail_owner=ada%40meet.example"));
  EXPECT_EQ(request.ca_file, "ca.pem");
  EXPECT_EQ(request.timeout, 20s);
  fetcher_.answer(201, R"({"id":7,"duration":60})");
  ASSERT_THAT(answers_, SizeIs(1));
  EXPECT_EQ(answers_[0]->id, "7");
}

TEST_F(BookingsTest, A31AsksOnceForARoomHoweverManyPeopleAsk) {
  for (int i = 0; i < 5; ++i) ask("a");
  EXPECT_THAT(fetcher_.sent, SizeIs(1));
  fetcher_.answer(200, R"({"id":7})");
  EXPECT_THAT(answers_, SizeIs(5));
  ask("a");
  EXPECT_THAT(answers_, SizeIs(6));
  EXPECT_THAT(fetcher_.sent, SizeIs(0));
}

TEST_F(BookingsTest, LooksAtTheBookingInTheWay) {
  ask("a");
  fetcher_.answer(409, R"({"conflict_id":"x/../7"})");
  EXPECT_EQ(fetcher_.next().method, "GET");
  EXPECT_EQ(fetcher_.next().url, "https://booking.example/api/conference/x%2F..%2F7");
  EXPECT_EQ(fetcher_.next().body, "");
  fetcher_.answer(200, R"({"id":7,"name":"a"})");
  ASSERT_THAT(answers_, SizeIs(1));
  EXPECT_EQ(answers_[0]->id, "7");
}

TEST_F(BookingsTest, HandsTheServersNoOnAndRemembersItForAWhile) {
  ask("a");
  fetcher_.answer(403, R"({"message":"Not before nine."})");
  ask("a");
  ASSERT_THAT(answers_, SizeIs(2));
  for (const Answer& answer : answers_) {
    ASSERT_FALSE(answer.has_value());
    EXPECT_EQ(answer.error().kind, Failed::Denied);
    EXPECT_EQ(answer.error().code, 403);
    EXPECT_EQ(answer.error().text, "Not before nine.");
  }
  loop_.advance(Bookings::kRememberFailure);
  ask("a");
  EXPECT_THAT(fetcher_.sent, SizeIs(1));
}

TEST_F(BookingsTest, A31TriesAgainWhenTheServerIsDownOrBrokenAndThenGivesUp) {
  ask("a");
  fetcher_.fail(HttpClientError::Kind::Timeout);
  EXPECT_THAT(fetcher_.sent, SizeIs(0));
  loop_.advance(3s);
  fetcher_.answer(500, R"({"message":"crash"})");
  loop_.advance(3s);
  fetcher_.fail(HttpClientError::Kind::Connect);
  loop_.advance(60s);
  EXPECT_THAT(fetcher_.sent, SizeIs(0));
  ASSERT_THAT(answers_, SizeIs(1));
  EXPECT_EQ(answers_[0].error().kind, Failed::Unreachable);
  EXPECT_EQ(answers_[0].error().code, 500);
}

TEST_F(BookingsTest, A31TakesRedirectsHugeAnswersAndNonsenseForNoAnswer) {
  const auto unreachable = [&](auto answer) {
    ask(std::to_string(answers_.size()));
    answer();
    EXPECT_THAT(fetcher_.sent, SizeIs(0));
    EXPECT_EQ(answers_.back().error().kind, Failed::Unreachable);
  };
  unreachable([&] { fetcher_.answer(302, "", {{"Location", "http://127.0.0.1/"}}); });
  unreachable([&] { fetcher_.fail(HttpClientError::Kind::TooLarge); });
  unreachable([&] { fetcher_.answer(200, "<html>"); });
  unreachable([&] { fetcher_.answer(204, ""); });
  EXPECT_THAT(answers_, SizeIs(4));
}

TEST_F(BookingsTest, TellsTheServerWhenTheRoomHasEnded) {
  ask("a");
  fetcher_.answer(200, R"({"id":"7 8"})");
  bookings_.started("a");
  bookings_.ended("a");
  EXPECT_EQ(fetcher_.next().method, "DELETE");
  EXPECT_EQ(fetcher_.next().url, "https://booking.example/api/conference/7%208");
  fetcher_.answer(200, "");
  EXPECT_EQ(bookings_.size(), 0u);
  bookings_.ended("a");
  EXPECT_THAT(fetcher_.sent, SizeIs(0));
}

// Who is refused is refused for himself: the next one has the same right to be asked for.
TEST_F(BookingsTest, OnePersonsAnswerLocksNobodyElseOut) {
  ask("a", "eve@meet.example");
  fetcher_.answer(403, R"({"message":"Not you."})");
  ask("a", "ada@meet.example");
  EXPECT_THAT(fetcher_.next().body, HasSubstr("mail_owner=ada%40meet.example"));
  fetcher_.answer(200, R"({"id":7})");
  ASSERT_THAT(answers_, SizeIs(2));
  EXPECT_EQ(answers_[1]->id, "7");
  ask("a", "eve@meet.example");  // the room is booked: who may start it by the rules may
  EXPECT_TRUE(answers_.back().has_value());
  EXPECT_THAT(fetcher_.sent, SizeIs(0));
}

TEST_F(BookingsTest, AsksForTheNextPersonWhenTheFirstIsDenied) {
  ask("a", "eve@meet.example");
  ask("a", "ada@meet.example");
  ask("a", "eve@meet.example");
  EXPECT_THAT(fetcher_.sent, SizeIs(1));  // one question at a time: never two bookings of one room
  fetcher_.answer(403, R"({"message":"Not you."})");
  EXPECT_THAT(answers_, SizeIs(2));
  EXPECT_THAT(fetcher_.next().body, HasSubstr("mail_owner=ada%40meet.example"));
  fetcher_.answer(200, R"({"id":7})");
  ASSERT_THAT(answers_, SizeIs(3));
  EXPECT_TRUE(answers_[2].has_value());
}

TEST_F(BookingsTest, WhoWaitsHearsThatTheServerIsDownAndOnlyTheAskerIsRemembered) {
  ask("a", "eve@meet.example");
  ask("a", "ada@meet.example");
  for (int i = 0; i < 3; ++i) {
    fetcher_.fail(HttpClientError::Kind::Connect);
    loop_.advance(3s);
  }
  ASSERT_THAT(answers_, SizeIs(2));
  EXPECT_EQ(answers_[1].error().kind, Failed::Unreachable);
  ask("a", "eve@meet.example");
  EXPECT_THAT(fetcher_.sent, SizeIs(0));
  ask("a", "ada@meet.example");
  EXPECT_THAT(fetcher_.sent, SizeIs(1));
}

TEST_F(BookingsTest, GivesBackWhatNobodyUses) {
  ask("a");
  ask("a");
  fetcher_.answer(200, R"({"id":7})");
  bookings_.unused("a");  // one of the two has gone; the other may be about to start the room
  EXPECT_THAT(fetcher_.sent, SizeIs(0));
  EXPECT_EQ(bookings_.size(), 1u);
  bookings_.unused("a");
  EXPECT_EQ(fetcher_.next().method, "DELETE");
  EXPECT_EQ(bookings_.size(), 0u);
}

// Two people are granted it; the first has his meeting, which is over before the second has begun.
TEST_F(BookingsTest, KeepsABookingWhileSomebodyIsAboutToUseIt) {
  ask("a");
  ask("a");
  fetcher_.answer(200, R"({"id":7})");
  bookings_.started("a");
  bookings_.ended("a");
  EXPECT_THAT(fetcher_.sent, SizeIs(0));
  bookings_.started("a");
  bookings_.ended("a");
  EXPECT_EQ(fetcher_.next().method, "DELETE");
  EXPECT_EQ(bookings_.size(), 0u);
}

// A meeting that ends while the next one is being booked says nothing about that: who waits is granted a booking that
// is there.
TEST_F(BookingsTest, NeverGrantsABookingThatItGaveBack) {
  ask("a");
  bookings_.ended("a");
  fetcher_.answer(200, R"({"id":7})");
  ASSERT_THAT(answers_, SizeIs(1));
  EXPECT_TRUE(answers_[0].has_value());
  EXPECT_THAT(fetcher_.sent, SizeIs(0));
  EXPECT_EQ(bookings_.size(), 1u);
}

TEST_F(BookingsTest, RemembersOnlySoManyRefusalsOfARoom) {
  for (std::size_t i = 0; i <= Bookings::kMaxRefused; ++i) {
    ask("a", std::to_string(i));
    fetcher_.answer(403, "{}");
  }
  ask("a", "0");
  EXPECT_THAT(fetcher_.sent, SizeIs(0));
  ask("a", std::to_string(Bookings::kMaxRefused));
  EXPECT_THAT(fetcher_.sent, SizeIs(1));
  fetcher_.answer(403, "{}");
  loop_.advance(Bookings::kRememberFailure);
  EXPECT_EQ(bookings_.size(), 0u);
}

TEST_F(BookingsTest, BoundsThePeopleWhoWait) {
  for (std::size_t i = 0; i <= Bookings::kMaxWaiting; ++i) ask("a");
  ASSERT_THAT(answers_, SizeIs(1));
  EXPECT_EQ(answers_[0].error().kind, Failed::Unreachable);
}

TEST(BookingClient, MayEndBeforeTheAnswer) {
  ManualLoop loop;
  FakeFetcher fetcher;
  {
    BookingClient client(loop, fetcher, {.base_url = "http://x"});
    client.book("a", "b", [](Answer) { FAIL(); });
  }
  fetcher.answer(200, R"({"id":7})");
}

// A booking server of our own on a real socket, through the real client.
class BookingServer final : public HttpHandler {
 public:
  HttpResponse request(const HttpRequest& request) override {
    seen += request.method + " " + request.path + " " + std::string(request.headers.find("Content-Type").value_or("")) +
            "\n";
    if (request.method == "POST") return HttpResponse::json(409, R"({"conflict_id":7})");
    return HttpResponse::json(200, R"({"id":7,"name":"a","duration":60})");
  }
  UpgradeDecision upgrade(const HttpRequest&) override { return HttpResponse::text(403, "no"); }
  void websocket(Loop&, HttpRequest, std::unique_ptr<WebSocket>) override {}
  std::string seen;
};

TEST(Bookings, WorkOverRealSockets) {
  BookingServer handler;
  LoopThread loop(0);
  auto server = std::move(*HttpServer::listen(*loop.net, handler, {.address = Address::v4(0x7f000001, 0)}));
  auto client = std::make_unique<HttpClient>(loop.loop);
  auto bookings = std::make_unique<Bookings>(
      loop.loop, *client, BookingOptions{.base_url = "http://127.0.0.1:" + std::to_string(server->port())});
  std::promise<std::string> id;
  loop.start();
  loop.loop.post([&] {
    bookings->ask("a", "ada", [&](Answer answer) { id.set_value(answer ? answer->id : answer.error().text); });
  });
  EXPECT_EQ(id.get_future().get(), "7");
  loop.stop();
  EXPECT_EQ(handler.seen, "POST /conference application/x-www-form-urlencoded\nGET /conference/7 \n");
  bookings.reset();
  client.reset();
  server.reset();
}

}  // namespace
}  // namespace conclave::booking
