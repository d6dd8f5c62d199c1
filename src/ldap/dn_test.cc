#include "ldap/dn.h"

#include <gmock/gmock.h>

namespace conclave::ldap {
namespace {

TEST(NormalisedDn, IsOneSpellingForOneEntry) {
  EXPECT_EQ(normalised_dn("uid=alice,ou=people,dc=example"), "uid=alice,ou=people,dc=example");
  EXPECT_EQ(normalised_dn("UID=Alice, OU=People , DC=Example"), "uid=alice,ou=people,dc=example");
  EXPECT_EQ(normalised_dn("cn=a\\2cb,dc=x"), normalised_dn("cn=a\\,b,dc=x"));
  EXPECT_EQ(normalised_dn("cn=a+uid=b,dc=x"), normalised_dn("UID=b+CN=a,dc=x"));
}

TEST(NormalisedDn, KeepsApartWhatIsNotOneEntry) {
  EXPECT_NE(normalised_dn("cn=a,cn=b,dc=x"), normalised_dn("cn=a\\,cn=b,dc=x"));
  EXPECT_NE(normalised_dn("cn=a,dc=x"), normalised_dn("uid=a,dc=x"));
}

TEST(NormalisedDn, RefusesWhatIsNone) {
  EXPECT_EQ(normalised_dn("alice"), std::nullopt);
  EXPECT_EQ(normalised_dn("alice@example.com"), std::nullopt);
  EXPECT_EQ(normalised_dn(std::string_view("cn=a\0,dc=x", 10)), std::nullopt);
  EXPECT_EQ(normalised_dn(""), "");
}

}  // namespace
}  // namespace conclave::ldap
