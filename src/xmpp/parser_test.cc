#include "xmpp/parser.h"

#include <gtest/gtest.h>

namespace conclave::xmpp {
namespace {

ParseError error_for(std::string_view document) {
  const auto parsed = parse(document);
  EXPECT_FALSE(parsed) << document.substr(0, 200);
  return parsed ? ParseError{} : parsed.error();
}

std::string nested(std::size_t depth) {
  std::string text;
  for (std::size_t i = 0; i < depth; ++i) text += "<a>";
  for (std::size_t i = 0; i < depth; ++i) text += "</a>";
  return text;
}

TEST(Parser, ReadsNamesNamespacesAttributesAndText) {
  const auto iq = parse(R"(<iq xmlns="jabber:client" type="get" to="meet.example" id="e1">)"
                        R"(<services xmlns="urn:xmpp:extdisco:2"><x/>te&amp;<y/>xt</services></iq>)");
  ASSERT_TRUE(iq);
  EXPECT_TRUE(iq->is("iq", kClientNamespace));
  EXPECT_EQ(iq->attribute("id"), "e1");
  EXPECT_EQ(iq->attributes().size(), 3u);
  const Element* services = iq->child("services", "urn:xmpp:extdisco:2");
  ASSERT_NE(services, nullptr);
  EXPECT_EQ(services->text(), "te&xt");
  EXPECT_TRUE(services->child("x", "urn:xmpp:extdisco:2") != nullptr);
}

TEST(Parser, ResolvesPrefixesThatTheFrameDeclares) {
  const auto features = parse(
      R"(<stream:features xmlns:stream="http://etherx.jabber.org/streams"><x:a xmlns:x="urn:x"/></stream:features>)");
  ASSERT_TRUE(features);
  EXPECT_TRUE(features->is("features", "http://etherx.jabber.org/streams"));
  EXPECT_EQ(features->str(), R"(<features xmlns="http://etherx.jabber.org/streams"><a xmlns="urn:x"/></features>)");
  EXPECT_EQ(error_for("<stream:features/>"), ParseError::NotWellFormed);
}

TEST(Parser, TakesAnElementWithoutNamespaceForAStanza) {
  EXPECT_TRUE(parse("<presence/>")->is("presence", kClientNamespace));
}

TEST(Parser, NamesForeignAttributesByTheirNamespace) {
  const auto element = parse(R"(<a xmlns:y="urn:y" y:b="1" b="2" xml:lang="de"/>)");
  EXPECT_EQ(element->attribute("{urn:y}b"), "1");
  EXPECT_EQ(element->attribute("b"), "2");
  EXPECT_EQ(element->attribute("xml:lang"), "de");
}

TEST(Parser, TakesAnXmlDeclarationAndUtf8) {
  EXPECT_EQ(parse("<?xml version='1.0' encoding='UTF-8'?><a>\xc3\xbc</a>")->text(), "\xc3\xbc");
}

TEST(Parser, ReadsCdataAsText) {
  EXPECT_EQ(parse("<a><![CDATA[<b>]]></a>")->text(), "<b>");
}

TEST(Parser, RefusesEverythingThatIsNotOneDocument) {
  for (const char* text : {"", " ", "a", "<a>", "<a/><b/>", "<a/>x", "</a>", "<a b=1/>", "<a b='1' b='2'/>",
                           "<a>\xff</a>", "<a>&#0;</a>", "<a>&#x1;</a>", "<a", "<a xmlns:x=''><x:b/></a>"}) {
    EXPECT_EQ(error_for(text), ParseError::NotWellFormed) << text;
  }
}

// They pass expat, but a browser that is sent them again drops the whole frame.
TEST(Parser, RefusesNamesThatCannotBeWrittenAgain) {
  EXPECT_EQ(error_for("<x:a:b xmlns:x='urn:x'/>"), ParseError::NotWellFormed);
  EXPECT_EQ(error_for("<a xmlns:x='urn:x' x:a:b='1'/>"), ParseError::NotWellFormed);
  EXPECT_EQ(error_for("<xml:a/>"), ParseError::NotWellFormed);
}

TEST(Parser, RefusesWhatXmppRestricts) {
  EXPECT_EQ(error_for("<!DOCTYPE a><a/>"), ParseError::Restricted);
  EXPECT_EQ(error_for("<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"), ParseError::Restricted);
  EXPECT_EQ(error_for("<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>"), ParseError::Restricted);
  EXPECT_EQ(error_for("<a>&nbsp;</a>"), ParseError::Restricted);
  EXPECT_EQ(error_for("<a b='&x;'/>"), ParseError::Restricted);
  EXPECT_EQ(error_for("<a><?php x ?></a>"), ParseError::Restricted);
  EXPECT_EQ(error_for("<a><!-- --></a>"), ParseError::Restricted);
}

TEST(Parser, RefusesEntitiesThatMultiplyWithoutExpandingThem) {
  std::string bomb = "<!DOCTYPE a [<!ENTITY e0 'xxxxxxxxxx'>";
  for (int i = 1; i < 20; ++i) {
    bomb += "<!ENTITY e" + std::to_string(i) + " '";
    for (int n = 0; n < 10; ++n) bomb += "&e" + std::to_string(i - 1) + ";";
    bomb += "'>";
  }
  EXPECT_EQ(error_for(bomb + "]><a>&e19;</a>"), ParseError::Restricted);
}

TEST(Parser, TakesAFrameOfExactlyTheLongestLength) {
  const std::string most = "<a>" + std::string(kMaxFrameBytes - 7, 'x') + "</a>";
  ASSERT_EQ(most.size(), kMaxFrameBytes);
  EXPECT_TRUE(parse(most));
  EXPECT_EQ(error_for(most + " "), ParseError::TooBig);
}

TEST(Parser, TakesExactlyTheGreatestDepth) {
  EXPECT_TRUE(parse(nested(kMaxDepth)));
  EXPECT_EQ(error_for(nested(kMaxDepth + 1)), ParseError::TooBig);
}

TEST(Parser, TakesExactlyTheMostElements) {
  const auto with = [](std::size_t elements) {
    std::string text = "<a>";
    for (std::size_t i = 1; i < elements; ++i) text += "<b/>";
    return text + "</a>";
  };
  EXPECT_TRUE(parse(with(kMaxElements)));
  EXPECT_EQ(error_for(with(kMaxElements + 1)), ParseError::TooBig);
}

TEST(Parser, TakesExactlyTheMostAttributes) {
  const auto with = [](std::size_t attributes) {
    std::string text = "<a";
    for (std::size_t i = 0; i < attributes; ++i) text += " b" + std::to_string(i) + "=''";
    return text + "/>";
  };
  EXPECT_TRUE(parse(with(kMaxAttributes)));
  EXPECT_EQ(error_for(with(kMaxAttributes + 1)), ParseError::TooBig);
}

TEST(Parser, TakesNamesOfExactlyTheLongestLength) {
  const std::string name(kMaxNameBytes, 'n');
  EXPECT_TRUE(parse("<" + name + " " + name + "=''/>"));
  EXPECT_EQ(error_for("<n" + name + "/>"), ParseError::TooBig);
  EXPECT_EQ(error_for("<a n" + name + "=''/>"), ParseError::TooBig);
  const std::string xmlns(kMaxNamespaceBytes, 'u');
  EXPECT_TRUE(parse("<a xmlns='" + xmlns + "'/>"));
  EXPECT_EQ(error_for("<a xmlns='u" + xmlns + "'/>"), ParseError::TooBig);
}

TEST(Parser, IsGoodForTheNextFrameAfterABadOne) {
  Parser parser;
  EXPECT_FALSE(parser.parse("<a><b>"));
  EXPECT_FALSE(parser.parse("<!DOCTYPE a><a/>"));
  EXPECT_FALSE(parser.parse(nested(kMaxDepth + 1)));
  EXPECT_EQ(parser.parse("<c>d</c>")->str(kClientNamespace), "<c>d</c>");
}

TEST(Parser, SaysTheConditionsOfTheRfc) {
  EXPECT_EQ(condition(ParseError::NotWellFormed), "not-well-formed");
  EXPECT_EQ(condition(ParseError::Restricted), "restricted-xml");
  EXPECT_EQ(condition(ParseError::TooBig), "policy-violation");
}

}  // namespace
}  // namespace conclave::xmpp
