#include "component/speaker_stats.h"

#include "component/component_fixture.h"

namespace conclave::component {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

class SpeakerStatsTest : public ComponentTest {
 protected:
  SpeakerStatsTest() {
    listeners.add(stats);
    join(ada, "board", "<nick xmlns='http://jabber.org/protocol/nick'>Ada</nick>");
    join(kay, "board", "<nick xmlns='http://jabber.org/protocol/nick'>Kay</nick>");
  }
  void speaks(const room::Client& who, bool silence = false) {
    say(stats, "board", who,
        std::string("<speakerstats xmlns='http://jitsi.org/jitmeet' room='board@conference.example' silence='") +
            (silence ? "true" : "false") + "'/>");
  }
  // What somebody who joins now is told.
  Json users() {
    const room::Client newcomer = guest("n" + std::to_string(++newcomers_));
    join(newcomer, "board");
    const auto all = told(newcomer);
    leave(newcomer, "board");
    return all.empty() ? Json() : all[0]["users"];
  }
  std::int64_t spoken(const std::string& nick) { return users()[nick]["totalDominantSpeakerTime"].get<std::int64_t>(); }

  SpeakerStats stats{"speakerstats.example", outbox, loop};
  room::Client ada = host("ada");
  room::Client kay = guest("kay");

 private:
  int newcomers_ = 0;
};

TEST_F(SpeakerStatsTest, NobodySpokeNobodyIsTold) {
  EXPECT_TRUE(users().is_null());
}

TEST_F(SpeakerStatsTest, TimeGoesToWhoeverIsDominant) {
  speaks(ada);
  loop.advance(3s);
  speaks(kay);
  loop.advance(2s);
  EXPECT_EQ(spoken("ada"), 3000);
  EXPECT_EQ(spoken("kay"), 2000);
  speaks(kay);  // again: the same turn
  loop.advance(1s);
  EXPECT_EQ(spoken("kay"), 3000);
}

TEST_F(SpeakerStatsTest, SilenceDoesNotCount) {
  speaks(ada);
  loop.advance(3s);
  speaks(ada, true);
  loop.advance(10s);
  EXPECT_EQ(spoken("ada"), 3000);
  speaks(ada);
  loop.advance(1s);
  EXPECT_EQ(spoken("ada"), 4000);
}

TEST_F(SpeakerStatsTest, WhoOnlyWatchesDoesNotSpeak) {
  const room::Client viv = token("viv", access::ClaimedRole::Visitor);
  join(viv, "board");
  speaks(ada);
  loop.advance(3s);
  speaks(viv);
  loop.advance(2s);
  EXPECT_EQ(spoken("ada"), 5000);
  EXPECT_FALSE(users().contains("viv"));
}

TEST_F(SpeakerStatsTest, WhoHasLeftIsRememberedByName) {
  speaks(ada);
  loop.advance(3s);
  EXPECT_EQ(users()["ada"]["displayName"], "");
  leave(ada, "board");
  loop.advance(5s);
  const Json all = users();
  EXPECT_EQ(all["ada"]["displayName"], "Ada");
  EXPECT_EQ(all["ada"]["totalDominantSpeakerTime"], 3000);
}

TEST_F(SpeakerStatsTest, FacesAreKeptUpToALimit) {
  for (std::size_t i = 0; i <= kMaxFaceLandmarks; ++i) {
    say(stats, "board", kay,
        "<faceLandmarks xmlns='http://jitsi.org/jitmeet' room='board@conference.example' faceExpression='happy' "
        "timestamp='" +
            std::to_string(1000 + i) + "' duration='3'/>");
  }
  const Json faces = users()["kay"]["faceLandmarks"];
  ASSERT_THAT(faces, SizeIs(kMaxFaceLandmarks));
  EXPECT_EQ(faces[0], (Json{{"faceExpression", "happy"}, {"timestamp", 1001}, {"duration", 3}}));
}

TEST_F(SpeakerStatsTest, A43_WhatANewcomerIsToldIsBoundedAsItIsWritten) {
  for (int i = 0; i < 60; ++i) {
    const room::Client who = guest("n" + std::to_string(i));
    join(who, "board", "<nick xmlns='http://jabber.org/protocol/nick'>" + std::string(160, '"') + "</nick>");
    for (int k = 0; k < 50; ++k) {
      say(stats, "board", who,
          "<faceLandmarks xmlns='http://jitsi.org/jitmeet' faceExpression='" +
              std::string("&lt;&lt;&lt;&lt;&lt;&lt;&lt;&lt;") + "' timestamp='1' duration='3'/>");
    }
    leave(who, "board");
  }
  const room::Client bo = guest("bo");
  join(bo, "board");
  std::size_t bytes = 0;
  for (const xmpp::Element& stanza : take_stanzas(bo)) {
    if (stanza.child("json-message", kJitmeet)) bytes += stanza.str().size();
  }
  EXPECT_LE(bytes, kMaxStatsBytes + 512);
  EXPECT_GE(bytes, kMaxStatsBytes / 2) << "the limit was not tried";
}

TEST_F(SpeakerStatsTest, MalformedFacesAreNotKept) {
  for (const char* attributes : {"", "faceExpression='happy' timestamp='x' duration='1'",
                                 "faceExpression='happy' timestamp='99999999999999999999' duration='1'"}) {
    say(stats, "board", kay, std::string("<faceLandmarks xmlns='http://jitsi.org/jitmeet' ") + attributes + "/>");
  }
  EXPECT_TRUE(users().is_null() || !users().contains("kay"));
}

}  // namespace
}  // namespace conclave::component
