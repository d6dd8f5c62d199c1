#include "xmpp/tcp/stream_parser.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace conclave::xmpp::tcp {
namespace {

using testing::ElementsAre;

constexpr std::string_view kHeader =
    "<?xml version='1.0'?><stream:stream to='meet.example' version='1.0' xmlns='jabber:client' "
    "xmlns:stream='http://etherx.jabber.org/streams'>";

std::string text_of(const Item& item) {
  if (const auto* opening = std::get_if<StreamOpening>(&item)) return "open " + opening->to + ' ' + opening->version;
  if (const auto* element = std::get_if<Element>(&item)) return element->str();
  if (const auto* error = std::get_if<ParseError>(&item)) return "error " + std::string(condition(*error));
  return "end";
}

std::vector<std::string> read(StreamParser& parser, std::string_view bytes) {
  std::vector<std::string> items;
  while (auto item = parser.next(bytes)) items.push_back(text_of(*item));
  EXPECT_TRUE(bytes.empty());
  return items;
}

class StreamParserTest : public testing::Test {
 protected:
  std::vector<std::string> after_header(std::string_view bytes) {
    parser.restart();
    EXPECT_EQ(read(parser, kHeader).size(), 1u);
    return read(parser, bytes);
  }
  StreamParser parser;
};

TEST_F(StreamParserTest, CutsAStreamIntoWhatItSays) {
  EXPECT_THAT(read(parser, std::string(kHeader) + "<iq id='1'><a/></iq> \n <presence/></stream:stream>"),
              ElementsAre("open meet.example 1.0", R"(<iq xmlns="jabber:client" id="1"><a/></iq>)",
                          R"(<presence xmlns="jabber:client"/>)", "end"));
}

TEST_F(StreamParserTest, SaysTheSameWhenBytesComeOneByOne) {
  const std::string all = std::string(kHeader) +
                          " <message><body>a &lt; b > \xc3\xa9</body></message>\n<r xmlns='urn:xmpp:sm:3'/>" +
                          "<a b='x>y' c=\"'\"/></stream:stream>";
  const auto whole = read(parser, all);
  EXPECT_EQ(whole.size(), 5u);
  parser.restart();
  std::vector<std::string> pieces;
  for (const char one : all) {
    for (auto& item : read(parser, {&one, 1})) pieces.push_back(std::move(item));
  }
  EXPECT_EQ(pieces, whole);
}

TEST_F(StreamParserTest, LeavesWhatComesBehindAnItem) {
  const std::string all = std::string(kHeader) + "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/><auth/>";
  std::string_view bytes = all;
  ASSERT_TRUE(parser.next(bytes));
  ASSERT_TRUE(parser.next(bytes));
  EXPECT_EQ(bytes, "<auth/>");
}

TEST_F(StreamParserTest, ResolvesPrefixesOfTheHeader) {
  EXPECT_THAT(read(parser,
                   "<s:stream to='a' version='1.0' xmlns:s='http://etherx.jabber.org/streams' "
                   "xmlns='jabber:client' xmlns:t='urn:t'><t:x/></s:stream>"),
              ElementsAre("open a 1.0", R"(<x xmlns="urn:t"/>)", "end"));
}

TEST_F(StreamParserTest, RefusesWhatRfc6120Forbids) {
  EXPECT_THAT(after_header("<iq>&lol;</iq>"), ElementsAre("error restricted-xml"));
  EXPECT_THAT(after_header("<iq><!-- x --></iq>"), ElementsAre("error restricted-xml"));
  EXPECT_THAT(after_header("<?php x?>"), ElementsAre("error restricted-xml"));
  EXPECT_THAT(after_header("<!DOCTYPE a [<!ENTITY b 'c'>]>"), ElementsAre("error not-well-formed"));
  EXPECT_THAT(after_header("<a></b>"), ElementsAre("error not-well-formed"));
  EXPECT_THAT(after_header("hello"), ElementsAre("error not-well-formed"));
  EXPECT_THAT(after_header(std::string(1, '\0') + "<a/>"), ElementsAre("error not-well-formed"));
}

TEST_F(StreamParserTest, RefusesADocumentTypeBeforeTheHeader) {
  EXPECT_THAT(read(parser, "<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c'>]>"), ElementsAre("error restricted-xml"));
}

TEST_F(StreamParserTest, RefusesOtherDocuments) {
  EXPECT_THAT(read(parser, "<stream to='a'>"), ElementsAre("error invalid-namespace"));
  parser.restart();
  EXPECT_THAT(read(parser, "GET / HTTP/1.1\r\n\r\n>"), ElementsAre("error not-well-formed"));
}

TEST_F(StreamParserTest, SaysNothingAfterAnEndOrAnError) {
  EXPECT_THAT(after_header("</stream:stream><iq/>"), ElementsAre("end"));
  EXPECT_THAT(read(parser, "<iq/>"), ElementsAre());
  EXPECT_THAT(after_header("</b><iq/>"), ElementsAre("error not-well-formed"));
  EXPECT_THAT(read(parser, "<iq/>"), ElementsAre());
}

TEST_F(StreamParserTest, BoundsHeaderTagAndElement) {
  EXPECT_THAT(read(parser, "<stream:stream to='" + std::string(kMaxHeaderBytes, 'x')),
              ElementsAre("error policy-violation"));
  EXPECT_THAT(after_header("<a b='" + std::string(kMaxTagBytes, 'x')), ElementsAre("error policy-violation"));
  EXPECT_THAT(after_header("<a>" + std::string(kMaxFrameBytes, 'x')), ElementsAre("error policy-violation"));
  EXPECT_THAT(after_header("<a>" + std::string(kMaxFrameBytes - 10, 'x')), ElementsAre());
  std::string deep;
  for (std::size_t i = 0; i <= kMaxDepth; ++i) deep += "<a>";
  EXPECT_THAT(after_header(deep), ElementsAre("error policy-violation"));
}

TEST_F(StreamParserTest, CountsNoKeepaliveAndNoEarlierElement) {
  EXPECT_THAT(after_header({}), ElementsAre());
  for (int i = 0; i < 300; ++i) EXPECT_THAT(read(parser, std::string(1024, ' ')), ElementsAre());
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(read(parser, "<a>" + std::string(100'000, 'x') + "</a>").size(), 1u);
  }
}

// Names are never the same, so that expat would keep them all.
TEST_F(StreamParserTest, BeginsAnewWithTheSameNamespacesBeforeItIsWorn) {
  EXPECT_THAT(read(parser,
                   "<stream:stream to='a' version='1.0' xmlns='jabber:client' xmlns:t='urn:t' "
                   "xmlns:stream='http://etherx.jabber.org/streams'>")
                  .size(),
              1u);
  for (int i = 0; i < 20'000; ++i) {
    const std::string name = std::string(80, 'n') + std::to_string(i);
    ASSERT_THAT(read(parser, "<t:" + name + "/>"), ElementsAre("<" + name + " xmlns=\"urn:t\"/>"));
  }
  EXPECT_THAT(read(parser, "</stream:stream>"), ElementsAre("end"));
}

}  // namespace
}  // namespace conclave::xmpp::tcp
