#include "ldap/placeholders.h"

#include <gmock/gmock.h>

namespace conclave::ldap {
namespace {

using namespace std::string_view_literals;

const Insertions kAlice{.user = "alice@dept.example.com", .realm = "meet.example", .dn = "uid=alice,dc=example"};
const Insertions kBob{.user = "bob", .realm = "meet.example"};

TEST(Placeholders, MeanWhatSaslauthdSays) {
  EXPECT_EQ(expand_filter("(uid=%u)", kAlice), "(uid=alice@dept.example.com)");
  EXPECT_EQ(expand_filter("(uid=%U)", kAlice), "(uid=alice)");
  EXPECT_EQ(expand_filter("%d %r %s", kAlice), "dept.example.com meet.example xmpp");
  EXPECT_EQ(expand_filter("%1 %2 %3 %4", kAlice), "com example dept ");
  EXPECT_EQ(expand_filter("(member=%D)", kAlice), "(member=uid=alice,dc=example)");
  EXPECT_EQ(expand_filter("100%%", kAlice), "100%");
}

TEST(Placeholders, TakeTheRealmForTheDomainOfANameWithout) {
  EXPECT_EQ(expand_filter("%u %U %d %1 %2", kBob), "bob bob meet.example example meet");
}

TEST(Placeholders, A49InAFilterAreOneValueWhateverWasTyped) {
  // RFC 4515 §4, the examples of escaping.
  EXPECT_EQ(filter_value("Parens R Us (for all your parenthetical needs)"),
            "Parens R Us \\28for all your parenthetical needs\\29");
  EXPECT_EQ(filter_value("*"), "\\2a");
  EXPECT_EQ(filter_value("C:\\MyFile"), "C:\\5cMyFile");
  EXPECT_EQ(filter_value("\0\0\0\4"sv), "\\00\\00\\00\\04");
  EXPECT_EQ(filter_value("Lu\xc4\x8di\xc4\x87"), "Lu\\c4\\8di\\c4\\87");
  EXPECT_EQ(expand_filter("(uid=%u)", {.user = ")(uid=*", .realm = "r"}), "(uid=\\29\\28uid=\\2a)");
  EXPECT_EQ(expand_filter("(uid=%u)", {.user = "%D%u", .realm = "r", .dn = "dc=x"}), "(uid=%D%u)");
}

TEST(Placeholders, A49InADnAreOneValueWhateverWasTyped) {
  // RFC 4514 §4.
  EXPECT_EQ(dn_value("James \"Jim\" Smith, III"), "James \\\"Jim\\\" Smith\\, III");
  EXPECT_EQ(dn_value("Before\rAfter"), "Before\\0dAfter");
  EXPECT_EQ(dn_value("#hash"), "\\23hash");
  EXPECT_EQ(dn_value(" both "), "\\20both\\20");
  EXPECT_EQ(dn_value("a\0b"sv), "a\\00b");
  EXPECT_EQ(expand_dn("uid=%u,ou=people", {.user = "x,ou=admins", .realm = "r"}), "uid=x\\,ou\\=admins,ou=people");
}

TEST(Placeholders, AreKnownByTheirLetters) {
  EXPECT_EQ(unknown_placeholder("(&(uid=%u)(x=%9)(y=%%))"), std::nullopt);
  EXPECT_EQ(unknown_placeholder("(uid=%x)"), "%x");
  EXPECT_EQ(unknown_placeholder("(uid=%0)"), "%0");
  EXPECT_EQ(unknown_placeholder("uid=%"), "%");
  EXPECT_TRUE(uses_placeholder("(member=%D)", 'D'));
  EXPECT_FALSE(uses_placeholder("(member=%%D)", 'D'));
}

TEST(Placeholders, FiltersGetTheirBrackets) {
  EXPECT_EQ(with_brackets("uid=%u"), "(uid=%u)");
  EXPECT_EQ(with_brackets("(uid=%u)"), "(uid=%u)");
}

}  // namespace
}  // namespace conclave::ldap
