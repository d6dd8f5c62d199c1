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

TEST_F(PollsTest, AMeetingHasNoMoreThanItMayHaveAndAPersonHasAShare) {
  for (std::size_t i = 0; i < kMaxPollsOfPerson; ++i) send(kay, poll("kay" + std::to_string(i)));
  EXPECT_THAT(told(ada), SizeIs(kMaxPollsOfPerson));
  forget_sent();
  send(kay, poll("one more"));
  EXPECT_EQ(refusal(kay), "not-allowed");
  for (std::size_t i = 0; kMaxPollsOfPerson * (i + 1) < kMaxPolls; ++i) {
    const room::Client other = guest("g" + std::to_string(i));
    join(other, "board");
    for (std::size_t k = 0; k < kMaxPollsOfPerson; ++k) send(other, poll(other.nick + std::to_string(k)));
  }
  forget_sent();
  send(ada, poll("one more"));
  EXPECT_EQ(refusal(ada), "not-allowed");
  EXPECT_THAT(told(kay), IsEmpty());
}

TEST_F(PollsTest, A43_TooManyAnswersAreRefused) {
  Json many = poll("p1");
  many["answers"] = Json(std::vector<std::string>(kMaxChoices + 1, "x"));
  send(kay, many);
  EXPECT_EQ(refusal(kay), "not-allowed");
  many["answers"].erase(0);
  send(kay, many);
  EXPECT_THAT(told(ada), SizeIs(1));
}

// Whatever names, answers and votes there are: the one stanza has its limit.
TEST_F(PollsTest, A43_WhatANewcomerIsToldIsBoundedAsItIsWritten) {
  std::vector<room::Client> people;
  for (int i = 0; i < 12; ++i) {
    people.push_back(guest("g" + std::to_string(i)));
    join(people.back(), "board",
         "<nick xmlns='http://jabber.org/protocol/nick'>" + std::string(i % 2 ? 160 : 5, '"') + "</nick>");
  }
  for (std::size_t i = 0; i < kMaxPolls; ++i) {
    Json one = poll(std::to_string(i));
    one["answers"] = Json(std::vector<std::string>(kMaxChoices, "\""));
    send(people[i % people.size()], one);
    for (const room::Client& who : people) send(who, vote(std::to_string(i), std::vector<bool>(kMaxChoices, true)));
  }
  forget_sent();
  const room::Client bo = guest("bo");
  join(bo, "board");
  std::size_t bytes = 0;
  for (const xmpp::Element& stanza : take_stanzas(bo)) {
    if (stanza.child("json-message", kJitmeet)) bytes += stanza.str().size();
  }
  EXPECT_LE(bytes, kMaxListBytes + 512);
  EXPECT_GE(bytes, kMaxListBytes / 2) << "the limit was not tried";

  send(people[0], vote("0", std::vector<bool>(kMaxChoices, false)));
  EXPECT_THAT(told(bo), SizeIs(1)) << "to take a vote back is always possible";
}

TEST_F(PollsTest, A43_OnePersonCannotTakeTheWholeList) {
  const room::Client eve = guest("eve");
  join(eve, "board", "<nick xmlns='http://jabber.org/protocol/nick'>" + std::string(160, '"') + "</nick>");
  for (std::size_t i = 0; i < kMaxPollsOfPerson; ++i) {
    Json one = poll(std::to_string(i));
    one["answers"] = Json(std::vector<std::string>(kMaxChoices, "x"));
    send(eve, one);
    send(eve, vote(std::to_string(i), std::vector<bool>(kMaxChoices, true)));
  }
  EXPECT_EQ(refusal(eve), "not-allowed");
  forget_sent();
  send(ada, poll("ada's"));
  send(kay, vote("ada's", {true, false}));
  EXPECT_THAT(told(ada), SizeIs(2));
}

TEST_F(PollsTest, A53_TextsThatXmlCannotCarryAreNotTaken) {
  Json in_question = poll("p1");
  in_question["question"] = "a\uFFFEb";
  Json in_answer = poll("p2");
  in_answer["answers"] = {"x", "\x01"};
  Json in_id = poll("p\uFFFF");
  for (const Json& json : {in_question, in_answer, in_id}) {
    xmpp::Element element("json-message", kJitmeet);
    say(polls, "board", kay, element.set_text(json.dump(-1, ' ', true)).str());
  }
  EXPECT_THAT(told(ada), IsEmpty());
}

TEST_F(PollsTest, A43_OnlyWhatIsKnownIsPassedOn) {
  Json with_more = poll("p1");
  with_more["__proto__"] = {{"x", 1}};
  with_more["answers"][0]["voters"] = {"somebody"};
  send(kay, with_more);
  auto asked = told(ada);
  ASSERT_THAT(asked, SizeIs(1));
  EXPECT_FALSE(asked[0].contains("__proto__"));
  EXPECT_EQ(asked[0]["answers"], (Json{{{"name", "yes"}}, {{"name", "no"}}}));
  Json vote_with_more = vote("p1", {true, false});
  vote_with_more["roomJid"] = "other";
  send(kay, vote_with_more);
  ASSERT_THAT(asked = told(ada), SizeIs(1));
  EXPECT_FALSE(asked[0].contains("roomJid"));
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
        Json{{"type", "polls"}, {"command", "new-poll"}, {"pollId", "p"}, {"question", "q"}, {"answers", {"a", ""}}},
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
