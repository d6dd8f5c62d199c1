#include "component/file_sharing.h"

#include "component/component_fixture.h"

namespace conclave::component {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

class FileSharingTest : public ComponentTest {
 protected:
  FileSharingTest() {
    listeners.add(files);
    join(ada, "board", "<nick xmlns='http://jabber.org/protocol/nick'>Ada</nick>");
    join(kay, "board");
    forget_sent();
  }
  void add(const room::Client& who, const Json& file) { raw(who, "add", file.dump()); }
  void raw(const room::Client& who, std::string_view type, const std::string& text) {
    xmpp::Element element("file-sharing", kJitmeet);
    element.set("type", type).set_text(text);
    say(files, "board", who, element.str());
  }
  void remove(const room::Client& who, std::string_view id) {
    say(files, "board", who,
        "<file-sharing xmlns='http://jitsi.org/jitmeet' type='remove' fileId='" + std::string(id) + "'/>");
  }
  static Json file(const std::string& id) { return {{"fileId", id}, {"fileName", "plan.pdf"}, {"fileSize", 17}}; }

  FileSharing files{"filesharing.example", outbox};
  room::Client ada = host("ada");
  room::Client kay = participant("kay");
};

TEST_F(FileSharingTest, IsToldToTheOthersWithItsAuthorAsTheServerKnowsHim) {
  Json forged = file("f1");
  forged["authorParticipantId"] = "kay";
  forged["authorParticipantName"] = "Kay";
  add(ada, forged);
  EXPECT_THAT(told(ada), IsEmpty());
  EXPECT_THAT(told(kay), ::testing::ElementsAre(Json({{"type", "file-sharing"},
                                                      {"event", "add"},
                                                      {"file",
                                                       {{"fileId", "f1"},
                                                        {"fileName", "plan.pdf"},
                                                        {"fileSize", 17},
                                                        {"authorParticipantId", "ada"},
                                                        {"authorParticipantJid", "ada@example/r"},
                                                        {"authorParticipantName", "Ada"},
                                                        {"conferenceFullName", "board@conference.example"}}}})));
}

TEST_F(FileSharingTest, WhoComesLaterIsGivenTheListIfThereIsOne) {
  room::Client early = guest("early");
  join(early, "board");
  EXPECT_THAT(told(early), IsEmpty());
  add(ada, file("f1"));
  add(kay, file("f2"));
  remove(kay, "f2");
  room::Client late = guest("late");
  join(late, "board");
  const auto list = told(late);
  ASSERT_THAT(list, SizeIs(1));
  EXPECT_EQ(list[0]["event"], "list");
  EXPECT_THAT(list[0]["files"], SizeIs(1));
  EXPECT_EQ(list[0]["files"]["f1"]["fileName"], "plan.pdf");
}

TEST_F(FileSharingTest, IsTakenAwayByItsAuthorOrAModerator) {
  add(ada, file("f1"));
  add(kay, file("f2"));
  forget_sent();
  remove(kay, "f1");
  EXPECT_EQ(refusal(kay), "forbidden");
  remove(ada, "f2");
  EXPECT_THAT(told(kay),
              ::testing::ElementsAre(Json({{"type", "file-sharing"}, {"event", "remove"}, {"fileId", "f2"}})));
}

TEST_F(FileSharingTest, TakesTheFeatureWhereTheCredentialListsFeatures) {
  room::Client without = participant("without");
  without.visitor.identity.features = access::FeatureSet{"recording"};
  room::Client with = participant("with");
  with.visitor.identity.features = access::FeatureSet{"file-upload"};
  join(without, "board");
  join(with, "board");
  forget_sent();
  add(without, file("f1"));
  EXPECT_EQ(refusal(without), "forbidden");
  EXPECT_THAT(told(kay), IsEmpty());
  add(with, file("f1"));
  EXPECT_THAT(told(kay), SizeIs(1));
}

TEST_F(FileSharingTest, AnIdServesOnce) {
  add(ada, file("f1"));
  forget_sent();
  add(kay, file("f1"));
  EXPECT_THAT(told(ada), IsEmpty());
}

TEST_F(FileSharingTest, TooManyAndTooLongIsRefused) {
  for (std::size_t i = 0; i < kMaxFiles; ++i) add(ada, file("f" + std::to_string(i)));
  forget_sent();
  add(ada, file("one more"));
  EXPECT_EQ(refusal(ada), "not-allowed");
  raw(ada, "add", std::string(kMaxFileBytes + 1, 'x'));
  EXPECT_EQ(refusal(ada), "not-allowed");
}

TEST_F(FileSharingTest, WhatIsMalformedChangesNothing) {
  for (const char* text : {"", "{", "[]", "{}", R"({"fileId":7})", R"({"fileId":""})"}) raw(ada, "add", text);
  raw(ada, "other", R"({"fileId":"f1"})");
  remove(ada, "nothing");
  EXPECT_THAT(told(kay), IsEmpty());
}

}  // namespace
}  // namespace conclave::component
