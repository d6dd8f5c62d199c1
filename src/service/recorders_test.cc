#include "service/recorders.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "base/log.h"
#include "loop/manual_loop.h"
#include "xmpp/parser.h"

namespace conclave::service {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Outcome = Recorders::Outcome;

class RecordingOutbox final : public xmpp::Outbox {
 public:
  void deliver(xmpp::SessionId to, xmpp::Element stanza) override { sent[to].push_back(std::move(stanza)); }
  void disconnect(xmpp::SessionId, std::string_view) override {}
  std::map<xmpp::SessionId, std::vector<xmpp::Element>> sent;
};

class RecordersTest : public testing::Test {
 protected:
  RecordersTest() { log::set_level(log::Level::Off); }

  void attach(std::uint64_t session, std::string_view busy = "idle", std::string_view health = "healthy") {
    const auto presence =
        xmpp::parse("<presence><jibri-status xmlns='http://jitsi.org/protocol/jibri'><busy-status status='" +
                    std::string(busy) + "'/><health-status xmlns='http://jitsi.org/protocol/health' status='" +
                    std::string(health) + "'/></jibri-status></presence>");
    const xmpp::SessionId id{session};
    if (!brewery.has(id)) {
      const xmpp::Sender sender{id, {"jibri", "auth.example", std::to_string(session)}};
      ASSERT_EQ(brewery.presence(sender, brewery.address().with_resource("j" + std::to_string(session)), *presence),
                Brewery::Change::In);
    }
    recorders.said(id, *presence);
    outbox.sent.clear();
  }
  Outcome start(const std::string& id) {
    return recorders.start(access::canonical_room("board").value(), {.session_id = id, .room = "board@x", .wish = {}});
  }
  // The actions that were ordered since the last call.
  std::vector<std::string> orders(std::uint64_t session) {
    std::vector<std::string> actions;
    for (const xmpp::Element& stanza : std::exchange(outbox.sent[xmpp::SessionId{session}], {})) {
      const xmpp::Element* jibri = stanza.child("jibri", kJibri);
      if (jibri == nullptr || stanza.attribute("type") != "set") continue;
      actions.emplace_back(jibri->attribute("action"));
      last_id = stanza.attribute("id");
    }
    return actions;
  }
  void says(std::uint64_t session, const std::string& id, std::string_view status, std::string_view more = {}) {
    recorders.iq(
        xmpp::SessionId{session},
        *xmpp::parse("<iq type='set' id='w' from='a@b/c'><jibri xmlns='http://jitsi.org/protocol/jibri' status='" +
                     std::string(status) + "' session_id='" + id + "' " + std::string(more) + "/></iq>"));
  }
  void answers(std::uint64_t session, std::string_view type, std::string_view jibri = {}) {
    recorders.iq(xmpp::SessionId{session}, *xmpp::parse("<iq type='" + std::string(type) + "' id='" + last_id + "'>" +
                                                        std::string(jibri) + "</iq>"));
  }
  std::vector<std::string> told() { return std::exchange(reports, {}); }

  ManualLoop loop;
  RecordingOutbox outbox;
  SeededRandom random{1};
  Options options{.brewery_domain = "internal.example", .retries = 2};
  Brewery brewery{{"jibribrewery", "internal.example", {}}, "focus@auth.example/focus", outbox};
  std::vector<std::string> reports;
  std::string last_id;
  Recorders recorders{loop, brewery, random, options, [this](const Recorders::Report& report) {
                        const auto state = report.state == RecordingStatus::State::On    ? "on "
                                           : report.state == RecordingStatus::State::Off ? "off "
                                                                                         : "pending ";
                        reports.push_back(state + report.session_id + ' ' + report.failure);
                      }};
};

TEST_F(RecordersTest, SaysWhetherAnyCould) {
  EXPECT_EQ(start("a"), Outcome::NoneThere);
  attach(1, "idle", "unhealthy");
  EXPECT_EQ(start("a"), Outcome::NoneThere);
  attach(1, "busy");
  EXPECT_EQ(start("a"), Outcome::AllBusy);
  attach(1);
  EXPECT_EQ(start("a"), Outcome::Taken);
  EXPECT_EQ(start("b"), Outcome::AllBusy) << "it does not say yet that it is busy, but we know";
}

TEST_F(RecordersTest, FollowsARecording) {
  attach(1);
  EXPECT_EQ(start("a"), Outcome::Taken);
  EXPECT_THAT(orders(1), ElementsAre("start"));
  answers(1, "result", "<jibri xmlns='http://jitsi.org/protocol/jibri' status='pending'/>");
  EXPECT_THAT(told(), IsEmpty());
  says(1, "a", "on");
  says(1, "a", "on");
  EXPECT_THAT(told(), ElementsAre("on a "));
  loop.advance(1h);
  EXPECT_THAT(told(), IsEmpty());
  says(1, "other", "off");
  EXPECT_THAT(told(), IsEmpty()) << "it was not asked for that";
  says(1, "a", "off", "failure_reason='error'");
  EXPECT_THAT(told(), ElementsAre("off a error"));
  EXPECT_EQ(recorders.running(), 0u);
  EXPECT_EQ(start("b"), Outcome::Taken);
}

TEST_F(RecordersTest, AsksAnotherOneUntilItWasEnough) {
  for (std::uint64_t i = 1; i <= 4; ++i) attach(i);
  EXPECT_EQ(start("a"), Outcome::Taken);
  EXPECT_THAT(orders(1), ElementsAre("start"));
  answers(1, "error");
  EXPECT_THAT(orders(2), ElementsAre("start"));
  answers(2, "result", "<jibri xmlns='http://jitsi.org/protocol/jibri' status='off' failure_reason='busy'/>");
  EXPECT_THAT(orders(3), ElementsAre("start"));
  EXPECT_THAT(told(), IsEmpty());
  says(3, "a", "off", "should_retry='true'");
  EXPECT_THAT(orders(4), IsEmpty());
  EXPECT_THAT(told(), ElementsAre("off a error")) << "two retries";
}

TEST_F(RecordersTest, AsksNoOtherWhenThatWouldNotHelp) {
  attach(1);
  attach(2);
  EXPECT_EQ(start("a"), Outcome::Taken);
  says(1, "a", "off", "failure_reason='error' should_retry='false'");
  EXPECT_THAT(orders(2), IsEmpty());
  EXPECT_THAT(told(), ElementsAre("off a error"));
}

TEST_F(RecordersTest, StopsOneThatIsSilentAndAsksAnother) {
  attach(1);
  attach(2);
  EXPECT_EQ(start("a"), Outcome::Taken);
  answers(1, "result", "<jibri xmlns='http://jitsi.org/protocol/jibri' status='pending'/>");
  loop.advance(options.pending_timeout);
  EXPECT_THAT(orders(1), ElementsAre("start", "stop"));
  EXPECT_THAT(orders(2), ElementsAre("start"));
  says(1, "a", "on");
  EXPECT_THAT(told(), IsEmpty()) << "too late";
  says(2, "a", "on");
  EXPECT_THAT(told(), ElementsAre("on a "));
}

TEST_F(RecordersTest, NoticesOneThatIsGone) {
  attach(1);
  attach(2);
  EXPECT_EQ(start("a"), Outcome::Taken);
  recorders.gone(xmpp::SessionId{1});
  EXPECT_THAT(orders(2), ElementsAre("start"));
  says(2, "a", "on");
  recorders.gone(xmpp::SessionId{2});
  EXPECT_THAT(told(), ElementsAre("on a ", "off a error"));
  EXPECT_EQ(recorders.attached(), 0u);
}

TEST_F(RecordersTest, StopsWithoutAReport) {
  attach(1);
  EXPECT_EQ(start("a"), Outcome::Taken);
  says(1, "a", "on");
  (void)told();
  recorders.stop("a");
  recorders.stop("unknown");
  EXPECT_THAT(orders(1), ElementsAre("start", "stop"));
  says(1, "a", "off");
  EXPECT_THAT(told(), IsEmpty());
  EXPECT_EQ(start("b"), Outcome::AllBusy) << "until it says that it is idle";
  attach(1);
  EXPECT_EQ(start("b"), Outcome::Taken);
}

TEST_F(RecordersTest, TheBreweryKeepsNamesApart) {
  attach(1);
  const xmpp::Sender second{xmpp::SessionId{2}, {"jibri", "auth.example", "2"}};
  for (const char* nick : {"j1", "focus", ""}) {
    EXPECT_EQ(brewery.presence(second, brewery.address().with_resource(nick), xmpp::Element("presence")),
              Brewery::Change::Nothing);
    EXPECT_EQ(outbox.sent[second.session].back().attribute("type"), "error");
  }
  EXPECT_EQ(brewery.presence(second, brewery.address().with_resource("j2"), xmpp::Element("presence")),
            Brewery::Change::In);
  EXPECT_EQ(brewery.presence(second, brewery.address().with_resource("j2"),
                             xmpp::Element("presence").set("type", "unavailable")),
            Brewery::Change::Out);
  EXPECT_EQ(brewery.size(), 1u);
}

}  // namespace
}  // namespace conclave::service
