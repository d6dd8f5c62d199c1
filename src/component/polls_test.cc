#include "component/polls.h"

#include "component/component_fixture.h"

namespace conclave::component {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class PollsTest : public ComponentTest {
 protected:
  PollsTest() {
    listeners.add(polls);
    join(ada, "board", "<nick xmlns='http://jabber.org/protocol/nick'>Ada</nick>");
    join(kay, "board", "<nick xmlns='http://jabber.org/protocol/nick'>Kay</nick>");
    forget_sent();
  }
  void send(const room::Client& who, const Json& json) { say(polls, "board", who, json_message(json)); }
  static Json poll(const std::string& id) {
    return {{"type", "polls"},
            {"command", "new-poll"},
            {"pollId", id},
            {"question", "Tea?"},
            {"answers", {{{"name", "yes"}}, {{"name", "no"}}}}};
  }
  static Json vote(const std::string& id, Json answers) {
    return {{"type", "polls"}, {"command", "answer-poll"}, {"pollId", id}, {"answers", std::move(answers)}};
  }

  Polls polls{"polls.example", outbox};
  room::Client ada = host("ada");
  room::Client kay = guest("kay");
};

TEST_F(PollsTest, EverybodySeesAPollAndItsAnswersAlsoWhoeverAsked) {
  send(ada, poll("p1"));
  Json asked = poll("p1");
  asked["senderId"] = "ada";
  asked["senderName"] = "Ada";
  EXPECT_THAT(told(ada), ElementsAre(asked));
  EXPECT_THAT(told(kay), ElementsAre(asked));

  send(kay, vote("p1", {true, false}));
  Json answered = vote("p1", {true, false});
  answered["senderId"] = "kay";
  answered["senderName"] = "Kay";
  EXPECT_THAT(told(ada), ElementsAre(answered));
  EXPECT_THAT(told(kay), ElementsAre(answered));
}

TEST_F(PollsTest, ALaterVoteReplacesAndTheSameIsNotToldAgain) {
  send(ada, poll("p1"));
  send(kay, vote("p1", {true, false}));
  forget_sent();
  send(kay, vote("p1", {true, false}));
  EXPECT_THAT(told(ada), IsEmpty());
  send(kay, vote("p1", {false, true}));
  EXPECT_THAT(told(ada), SizeIs(1));

  const room::Client bo = guest("bo");
  join(bo, "board");
  const auto old = told(bo);
  ASSERT_THAT(old, SizeIs(1));
  EXPECT_EQ(old[0], (Json{{"type", "polls"},
                          {"command", "old-polls"},
                          {"polls",
                           {{{"pollId", "p1"},
                             {"senderId", "ada"},
                             {"senderName", "Ada"},
                             {"question", "Tea?"},
                             {"answers",
                              {{{"name", "yes"}, {"voters", Json::array()}},
                               {{"name", "no"}, {"voters", {{{"id", "kay"}, {"name", "Kay"}}}}}}}}}}}));
}

TEST_F(PollsTest, WithoutPollsNewcomersAreToldNothing) {
  const room::Client bo = guest("bo");
  join(bo, "board");
  EXPECT_THAT(told(bo), IsEmpty());
}

TEST_F(PollsTest, AnIdServesOnce) {
  send(ada, poll("p1"));
  forget_sent();
  send(ada, poll("p1"));
  EXPECT_EQ(refusal(ada), "not-allowed");
  EXPECT_THAT(told(kay), IsEmpty());
}

TEST_F(PollsTest, AMeetingHasNoMoreThanItMayHave) {
  for (std::size_t i = 0; i < kMaxPolls; ++i) send(ada, poll(std::to_string(i)));
  forget_sent();
  send(ada, poll("one more"));
  EXPECT_EQ(refusal(ada), "not-allowed");
  EXPECT_THAT(told(kay), IsEmpty());
}

TEST_F(PollsTest, TooLongIsRefused) {
  Json long_one = poll("p1");
  long_one["question"] = std::string(kMaxPollBytes, 'x');
  send(ada, long_one);
  EXPECT_EQ(refusal(ada), "not-allowed");
}

TEST_F(PollsTest, WhatIsMalformedChangesNothing) {
  for (const Json& json :
       {Json{{"type", "polls"}}, Json{{"type", "other"}, {"command", "new-poll"}}, vote("nowhere", {true}),
        Json{{"type", "polls"}, {"command", "new-poll"}, {"pollId", "p"}, {"question", "q"}, {"answers", {1, 2}}},
        Json{{"type", "polls"}, {"command", "new-poll"}, {"pollId", 7}, {"question", "q"}, {"answers", {"a"}}}}) {
    send(ada, json);
  }
  send(ada, poll("p1"));
  forget_sent();
  send(kay, vote("p1", {true}));
  send(kay, vote("p1", {"yes", "no"}));
  say(polls, "board", kay, "<json-message xmlns='http://jitsi.org/jitmeet'>{</json-message>");
  say(polls, "board", kay, "<body>hello</body>");
  EXPECT_THAT(told(ada), IsEmpty());
}

TEST_F(PollsTest, KeptToSomeAGuestAsksNone) {
  rooms.find(room_name("board"))->keep_to_some({access::Capability::CreatePoll});
  send(kay, poll("p1"));
  EXPECT_EQ(refusal(kay), "not-allowed");
  send(ada, poll("p2"));
  EXPECT_THAT(told(kay), SizeIs(1));
}

}  // namespace
}  // namespace conclave::component
