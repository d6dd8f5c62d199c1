#include "service/gateways.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "loop/manual_loop.h"
#include "xmpp/parser.h"

namespace conclave::service {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Outcome = Gateways::Outcome;

class RecordingOutbox final : public xmpp::Outbox {
 public:
  void deliver(xmpp::SessionId to, xmpp::Element stanza) override { sent[to.value].push_back(std::move(stanza)); }
  void disconnect(xmpp::SessionId, std::string_view) override {}
  std::map<std::uint64_t, std::vector<xmpp::Element>> sent;
};

class GatewaysTest : public testing::Test {
 protected:
  void attach(std::uint64_t session, std::string_view participants, std::string_view stats = "supports_sip") {
    const std::string text =
        "<presence><stats xmlns='http://jitsi.org/protocol/colibri'><stat name='participants' value='" +
        std::string(participants) + "'/><stat name='" + std::string(stats) + "' value='true'/></stats></presence>";
    gateways.said(xmpp::SessionId{session}, *xmpp::parse(text));
  }
  void dial(bool transcribes = false) {
    gateways.dial(access::canonical_room("board").value(), "c", transcribes,
                  dial_order({.to = "+1"}, "board@conference.example", nullptr));
  }
  // The id of the one order that it got since the last call; "" if there was none.
  std::string order(std::uint64_t session) {
    const auto sent = std::exchange(outbox.sent[session], {});
    return sent.empty() ? std::string() : std::string(sent.back().attribute("id"));
  }
  void answer(std::uint64_t session, const std::string& id, std::string_view type, std::string_view payload = {}) {
    gateways.iq(xmpp::SessionId{session},
                *xmpp::parse("<iq type='" + std::string(type) + "' id='" + id + "'>" + std::string(payload) + "</iq>"));
  }
  static constexpr std::string_view kRef = "<ref xmlns='urn:xmpp:rayo:1' uri='xmpp:r@g'/>";

  ManualLoop loop;
  RecordingOutbox outbox;
  SeededRandom random{1};
  Brewery brewery{{"jigasibrewery", "internal.example", {}}, "focus@auth.example/focus", outbox};
  std::vector<std::pair<Outcome, std::string>> told;
  Gateways gateways{loop, brewery, random,
                    [this](const Gateways::Report& report) { told.emplace_back(report.outcome, report.resource); }};
};

TEST_F(GatewaysTest, AsksTheOneWithTheLeastToDoThatCan) {
  attach(1, "5");
  attach(2, "3");
  attach(3, "0", "supports_transcription");
  attach(4, "0", "shutdown_in_progress");
  dial();
  EXPECT_EQ(order(1), "");
  const std::string id = order(2);
  answer(1, id, "result", kRef);
  EXPECT_THAT(told, IsEmpty()) << "it was not asked";
  answer(2, id, "result", kRef);
  EXPECT_THAT(told, ElementsAre(std::pair(Outcome::Called, std::string("r@g"))));
  dial(true);
  EXPECT_NE(order(3), "");
}

TEST_F(GatewaysTest, AsksTwoOthersWhenOneFailsOrIsSilentOrGone) {
  for (std::uint64_t i = 1; i <= 4; ++i) attach(i, std::to_string(i));
  dial();
  const std::string first = order(1);
  answer(1, first, "error");
  const std::string second = order(2);
  EXPECT_NE(second, "");
  loop.advance(kGatewayTimeout);
  answer(2, second, "result", kRef);
  EXPECT_THAT(told, IsEmpty()) << "too late";
  EXPECT_NE(order(3), "");
  gateways.gone(xmpp::SessionId{3});
  EXPECT_EQ(order(4), "");
  EXPECT_THAT(told, ElementsAre(std::pair(Outcome::Failed, std::string())));
}

TEST_F(GatewaysTest, SaysThatThereIsNone) {
  dial();
  EXPECT_THAT(told, ElementsAre(std::pair(Outcome::NoneThere, std::string())));
}

TEST_F(GatewaysTest, EndsACallAtTheGatewayThatMadeIt) {
  attach(1, "0");
  dial();
  answer(1, order(1), "result", kRef);
  gateways.hang_up("unknown@g");
  EXPECT_EQ(order(1), "");
  gateways.hang_up("r@g");
  EXPECT_NE(order(1), "");
  gateways.hang_up("r@g");
  EXPECT_EQ(order(1), "") << "once";
}

}  // namespace
}  // namespace conclave::service
