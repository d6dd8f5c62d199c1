#include "xmpp/framing.h"

#include <gtest/gtest.h>

#include <regex>

#include "xmpp/parser.h"

namespace conclave::xmpp {
namespace {

// The bytes that stock clients compare (signalling.md 1.2 and 2).
TEST(Framing, SpellsFramesAsStockClientsExpect) {
  EXPECT_EQ(kCloseFrame, R"(<close xmlns="urn:ietf:params:xml:ns:xmpp-framing" />)");
  EXPECT_EQ(kSaslSuccessFrame, R"(<success xmlns="urn:ietf:params:xml:ns:xmpp-sasl"/>)");
  EXPECT_EQ(
      open_frame({"meet.example", "s1"}),
      R"(<open xmlns="urn:ietf:params:xml:ns:xmpp-framing" from="meet.example" id="s1" version="1.0" xml:lang="en"/>)");
  EXPECT_EQ(
      stream_error_frame({"policy-violation"}),
      R"(<stream:error xmlns:stream="http://etherx.jabber.org/streams"><policy-violation xmlns="urn:ietf:params:xml:ns:xmpp-streams"/></stream:error>)");
  EXPECT_EQ(sm_enabled_frame("00abc", 60s), R"(<enabled xmlns="urn:xmpp:sm:3" resume="true" id="00abc" max="60"/>)");
  EXPECT_EQ(sm_resumed_frame("00abc", 7), R"(<resumed xmlns="urn:xmpp:sm:3" previd="00abc" h="7"/>)");
  EXPECT_EQ(sm_ack_frame(5), R"(<a xmlns="urn:xmpp:sm:3" h="5"/>)");
  EXPECT_EQ(sm_failed_frame("item-not-found"),
            R"(<failed xmlns="urn:xmpp:sm:3"><item-not-found xmlns="urn:ietf:params:xml:ns:xmpp-stanzas"/></failed>)");
}

TEST(Framing, AFailureGivesTheClientItsReason) {
  const std::string frame = sasl_failure_frame({"not-allowed", "Invalid signature"});
  EXPECT_EQ(frame,
            "<failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><not-allowed/><text>Invalid signature</text></failure>");
  EXPECT_EQ(sasl_failure_frame({"not-authorized"}),
            "<failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><not-authorized/></failure>");
  EXPECT_TRUE(parse(sasl_failure_frame({"not-allowed", "</text>&"})));
}

TEST(Framing, AStreamErrorCarriesTextAndDetails) {
  EXPECT_EQ(
      stream_error_frame({"undefined-condition", "why", {Element("x", "urn:x")}}),
      R"(<stream:error xmlns:stream="http://etherx.jabber.org/streams"><undefined-condition xmlns="urn:ietf:params:xml:ns:xmpp-streams"/>)"
      R"(<text xmlns="urn:ietf:params:xml:ns:xmpp-streams">why</text><x xmlns="urn:x"/></stream:error>)");
}

TEST(Framing, EveryFrameIsADocumentOfItsOwn) {
  for (const std::string& frame :
       {open_frame({"a", "b"}), features_frame({Element("bind", kBindNamespace)}), stream_error_frame({"reset"}),
        sasl_challenge_frame("x"), std::string(kCloseFrame), std::string(kSmRequestFrame)}) {
    EXPECT_TRUE(parse(frame)) << frame;
  }
}

}  // namespace
}  // namespace conclave::xmpp
