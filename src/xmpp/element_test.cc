#include "xmpp/element.h"

#include <gtest/gtest.h>

#include "xmpp/parser.h"

namespace conclave::xmpp {
namespace {

TEST(Element, WritesTheClientNamespaceAtTheRootOnly) {
  Element presence("presence");
  presence.set("to", "stand-up@conference.meet.example/3f9c21ab");
  presence.add("stats-id", kClientNamespace).set_text("Ada-x");
  EXPECT_EQ(
      presence.str(),
      R"(<presence xmlns="jabber:client" to="stand-up@conference.meet.example/3f9c21ab"><stats-id>Ada-x</stats-id></presence>)");
  EXPECT_EQ(presence.str(kClientNamespace),
            R"(<presence to="stand-up@conference.meet.example/3f9c21ab"><stats-id>Ada-x</stats-id></presence>)");
}

TEST(Element, WritesEveryOtherNamespaceOnTheElementItself) {
  Element iq("iq");
  iq.add("query", "http://jabber.org/protocol/disco#info").add("feature", "http://jabber.org/protocol/disco#info");
  EXPECT_EQ(iq.str(), R"(<iq xmlns="jabber:client"><query xmlns="http://jabber.org/protocol/disco#info">)"
                      R"(<feature xmlns="http://jabber.org/protocol/disco#info"/></query></iq>)");
}

TEST(Element, DeclaresTheClientNamespaceAgainBelowAnotherOne) {
  Element forwarded("forwarded", "urn:xmpp:forward:0");
  forwarded.add("message", kClientNamespace);
  EXPECT_EQ(forwarded.str(), R"(<forwarded xmlns="urn:xmpp:forward:0"><message xmlns="jabber:client"/></forwarded>)");
}

TEST(Element, EscapesWhatWouldEndTextOrAttribute) {
  Element body("body");
  body.set("a", "\"<&>'\n").set_text("]]> & <b>\r");
  EXPECT_EQ(body.str(kClientNamespace), "<body a=\"&quot;&lt;&amp;&gt;'&#10;\">]]&gt; &amp; &lt;b&gt;&#13;</body>");
}

TEST(Element, LeavesOutCharactersThatXmlCannotCarry) {
  Element body("body");
  body.set_text(
      std::string("a\0b\x0b"
                  "c\x1f",
                  6));
  EXPECT_EQ(body.str(kClientNamespace), "<body>abc</body>");
}

TEST(Element, WritesAttributesOfANamespaceWithTheirOwnPrefix) {
  Element element("x", "urn:x");
  element.set("xml:lang", "en").set("{urn:y}z", "1");
  EXPECT_EQ(element.str(), R"(<x xmlns="urn:x" xml:lang="en" xmlns:a0="urn:y" a0:z="1"/>)");
  EXPECT_EQ(parse(element.str())->attribute("{urn:y}z"), "1");
}

TEST(Element, TellsAnEmptyAttributeFromAnAbsentOne) {
  Element iq("iq");
  iq.set("id", "").set("to", "a").set("to", "b");
  EXPECT_TRUE(iq.has_attribute("id"));
  EXPECT_FALSE(iq.has_attribute("from"));
  EXPECT_EQ(iq.attribute("to"), "b");
  EXPECT_FALSE(iq.remove_attribute("to").has_attribute("to"));
}

TEST(Element, FindsChildrenByNameAndNamespace) {
  Element message("message");
  message.add("x", "urn:a").set_text("first");
  message.add("x", "urn:b").set_text("second");
  EXPECT_EQ(message.child_text("x"), "first");
  EXPECT_EQ(std::as_const(message).child("x", "urn:b")->text(), "second");
  EXPECT_EQ(message.child("y"), nullptr);
  EXPECT_EQ(message.remove_children("x", "urn:a"), 1u);
  EXPECT_EQ(message.child_text("x"), "second");
}

TEST(Element, EstimatesItsSizeNotAboveTheTruth) {
  Element message("message");
  message.set("id", "1").add("body", kClientNamespace).set_text("hello");
  message.add("x", "urn:a").set("b", "c");
  EXPECT_LE(message.size_estimate(), message.str().size());
  EXPECT_GE(message.size_estimate() * 2, message.str().size());
}

TEST(Element, A43_EstimatesItsWrittenForm) {
  Element message("message");
  message.set("id", "\"\"\"").set_text(std::string(1'000, '"'));
  EXPECT_LE(message.size_estimate(), message.str().size());
  EXPECT_GE(message.size_estimate(), 6'000u);
}

}  // namespace
}  // namespace conclave::xmpp
