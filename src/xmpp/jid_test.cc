#include "xmpp/jid.h"

#include <gtest/gtest.h>

namespace conclave::xmpp {
namespace {

TEST(Jid, SplitsAtTheFirstSlashAndTheAtSignBeforeIt) {
  const auto jid = Jid::parse("stand-up@conference.meet.example/a@b/c");
  ASSERT_TRUE(jid);
  EXPECT_EQ(*jid, (Jid{"stand-up", "conference.meet.example", "a@b/c"}));
  EXPECT_EQ(jid->str(), "stand-up@conference.meet.example/a@b/c");
}

// RFC 7622 §3.5, the examples that need no more of PRECIS than case and normal form.
TEST(Jid, TakesTheExamplesOfTheRfc) {
  for (const char* text : {"juliet@example.com", "juliet@example.com/foo", "juliet@example.com/foo bar",
                           "juliet@example.com/foo@bar", "foo\\20bar@example.com", "fussball@example.com",
                           "fu\xc3\x9f"
                           "ball@example.com",
                           "\xcf\x80@example.com", "king@example.com/\xe2\x99\x9a", "example.com", "example.com/foobar",
                           "a.example.com/b@example.net"}) {
    EXPECT_TRUE(Jid::parse(text)) << text;
  }
  EXPECT_EQ(Jid::parse("\xce\xa3@example.com")->node, "\xcf\x83");  // capital sigma becomes small
}

TEST(Jid, RefusesTheExamplesOfTheRfc) {
  for (const char* text : {"\"juliet\"@example.com", "foo bar@example.com", "juliet@example.com/", "@example.com/",
                           "@example.com", "", "juliet@", "/foobar", "..", ".d", "a..d", "d.."}) {
    EXPECT_FALSE(Jid::parse(text)) << text;
  }
}

TEST(Jid, ComparesLocalPartAndDomainWithoutCaseButNotTheResource) {
  EXPECT_EQ(Jid::parse("Ada@Meet.Example/R"), Jid::parse("ada@meet.example/R"));
  EXPECT_NE(Jid::parse("ada@meet.example/R"), Jid::parse("ada@meet.example/r"));
}

TEST(Jid, TakesTheDotOfAFullyQualifiedDomainAway) {
  EXPECT_EQ(Jid::parse("a@meet.example./r")->str(), "a@meet.example/r");
}

TEST(Jid, MeetsTwoSpellingsOfOneName) {
  // U+00FC, and u with U+0308.
  EXPECT_EQ(Jid::parse("\xc3\xbcnit@d"), Jid::parse("u\xcc\x88nit@d"));
}

TEST(Jid, RefusesControlAndInvisibleCharactersAndBrokenUtf8) {
  EXPECT_FALSE(Jid::parse("a\nb@d"));
  EXPECT_FALSE(Jid::parse("a@d/x\x7fy"));
  EXPECT_FALSE(
      Jid::parse("a\xe2\x80\x8b"
                 "b@d"));  // zero width space
  EXPECT_FALSE(Jid::parse("a\xff@d"));
}

TEST(Jid, TakesPartsOfExactlyTheLongestLength) {
  const std::string longest(kMaxJidPartBytes, 'a');
  EXPECT_TRUE(Jid::parse(longest + "@" + longest + "/" + longest));
  EXPECT_FALSE(Jid::parse(longest + "a@d"));
  EXPECT_FALSE(Jid::parse("d/" + longest + "a"));
  EXPECT_FALSE(Jid::parse(longest + "a"));
}

TEST(Jid, KeepsTheFormsThatRoomsUse) {
  EXPECT_EQ(Jid::parse("[acme]stand-up@lobby.meet.example")->node, "[acme]stand-up");
  EXPECT_EQ(Jid::parse("%C3%BCnit@conference.meet.example")->node, "%c3%bcnit");
}

TEST(Jid, KnowsItsBareAndFullForms) {
  const Jid jid{"a", "d", "r"};
  EXPECT_EQ(jid.bare().str(), "a@d");
  EXPECT_TRUE(jid.bare().is_bare());
  EXPECT_EQ(jid.bare().with_resource("s").str(), "a@d/s");
  EXPECT_TRUE(Jid{}.empty());
}

}  // namespace
}  // namespace conclave::xmpp
