#include "access/revocation.h"

#include <gtest/gtest.h>

namespace conclave::access {
namespace {

using Kind = Revocation::Kind;

constexpr WallTime kNow{std::chrono::seconds(1'700'000'000)};

Identity holder() {
  Identity identity;
  identity.kind = IdentityKind::Token;
  identity.subject = "token:app/app/meet/ada";
  identity.proof = {.via = Proof::Via::Bearer, .issuer = "app", .key_id = "k1", .jti = "t-1", .token_hash = "abc"};
  identity.proof.issued_at = kNow;
  return identity;
}

bool revoked(const Revocation& revocation, const Identity& identity) {
  RevocationList list;
  EXPECT_TRUE(list.add(revocation));
  EXPECT_EQ(list.find(identity) != nullptr, revocation.covers(identity));
  return list.find(identity) != nullptr;
}

TEST(Revocation, NamesACredentialByAnyOfItsNames) {
  EXPECT_TRUE(revoked({.kind = Kind::TokenId, .value = "t-1"}, holder()));
  EXPECT_TRUE(revoked({.kind = Kind::TokenHash, .value = "abc"}, holder()));
  EXPECT_TRUE(revoked({.kind = Kind::KeyId, .value = "k1"}, holder()));
  EXPECT_TRUE(revoked({.kind = Kind::Subject, .value = "token:app/app/meet/ada"}, holder()));
  EXPECT_FALSE(revoked({.kind = Kind::TokenId, .value = "t-2"}, holder()));
  EXPECT_FALSE(revoked({.kind = Kind::TokenId, .value = "abc"}, holder())) << "a hash is no jti";
}

TEST(Revocation, OfOneIssuerLeavesTheOthersAlone) {
  EXPECT_TRUE(revoked({.kind = Kind::TokenId, .value = "t-1", .issuer = "app"}, holder()));
  EXPECT_FALSE(revoked({.kind = Kind::TokenId, .value = "t-1", .issuer = "other"}, holder()));
}

TEST(Revocation, BeforeAMomentSparesWhatWasIssuedLater) {
  Revocation revocation{.kind = Kind::Subject, .value = holder().subject, .issued_before = kNow};
  EXPECT_FALSE(revoked(revocation, holder()));
  revocation.issued_before = kNow + 1s;
  EXPECT_TRUE(revoked(revocation, holder()));
  Identity undated = holder();
  undated.proof.issued_at.reset();
  revocation.issued_before = kNow;
  EXPECT_TRUE(revoked(revocation, undated));
}

TEST(Revocation, OfAnAccountCoversPasswordAndLdapNotATokenOfThatName) {
  Identity alice;
  alice.kind = IdentityKind::Password;
  alice.subject = "account:alice";
  EXPECT_TRUE(revoked({.kind = Kind::Account, .value = "alice"}, alice));
  alice.kind = IdentityKind::Ldap;
  alice.subject = "ldap:uid=alice,dc=example";
  EXPECT_TRUE(revoked({.kind = Kind::Account, .value = "uid=alice,dc=example"}, alice));
  alice.kind = IdentityKind::Token;
  EXPECT_FALSE(revoked({.kind = Kind::Account, .value = "alice"}, alice));
}

TEST(Revocation, CoversOfAGuestOnlyTheTicketThatHeActsBy) {
  Identity back = guest("g", Proof::Ticket::InScope);
  back.proof.wallet = "w-1";
  EXPECT_FALSE(revoked({.kind = Kind::Subject, .value = back.subject}, back));
  EXPECT_FALSE(revoked({.kind = Kind::Wallet, .value = "w-1"}, guest("g")));
  EXPECT_FALSE(revoked({.kind = Kind::Wallet, .value = "w-2"}, back));
  EXPECT_TRUE(revoked({.kind = Kind::Wallet, .value = "w-1"}, back));
}

// A personal link, given by holder() an hour after he came.
Identity link() {
  Identity identity;
  identity.kind = IdentityKind::Token;
  identity.subject = "token:links/links/meet/gina";
  identity.proof = {.issuer = "links", .jti = "l-1", .token_hash = "def", .issued_at = kNow + 1h};
  identity.proof.giver = Giver{.subject_hash = giver_name(holder().subject),
                               .issuer = "app",
                               .jti = "t-1",
                               .token_hash = "abc",
                               .key_id = "k1",
                               .wallet = "w-1"};
  return identity;
}

TEST(Revocation, OfAGiverIsOneOfHisLinks) {
  EXPECT_TRUE(revoked({.kind = Kind::Subject, .value = holder().subject}, link()));
  EXPECT_TRUE(revoked({.kind = Kind::TokenId, .value = "t-1", .issuer = "app"}, link()));
  EXPECT_TRUE(revoked({.kind = Kind::TokenHash, .value = "abc"}, link()));
  EXPECT_TRUE(revoked({.kind = Kind::KeyId, .value = "k1"}, link()));
  EXPECT_TRUE(revoked({.kind = Kind::Wallet, .value = "w-1"}, link()));
  EXPECT_TRUE(revoked({.kind = Kind::TokenId, .value = "l-1"}, link())) << "the link itself too";
  EXPECT_FALSE(revoked({.kind = Kind::TokenId, .value = "t-1", .issuer = "other"}, link()));
  EXPECT_FALSE(revoked({.kind = Kind::Subject, .value = "token:app/app/meet/eve"}, link()));
  EXPECT_FALSE(revoked({.kind = Kind::Subject, .value = holder().subject, .issued_before = kNow + 1h}, link()));
  EXPECT_TRUE(revoked({.kind = Kind::Subject, .value = holder().subject, .issued_before = kNow + 2h}, link()));
}

TEST(Revocation, OfAnAccountIsOneOfItsLinks) {
  for (const char* subject : {"account:alice", "ldap:alice"}) {
    Identity by_alice = link();
    by_alice.proof.giver = Giver{.subject_hash = giver_name(subject)};
    EXPECT_TRUE(revoked({.kind = Kind::Account, .value = "alice"}, by_alice));
    EXPECT_FALSE(revoked({.kind = Kind::Account, .value = "bob"}, by_alice));
  }
}

// An account that was locked: what it gave until then is gone, what it is itself is the accounts' business.
TEST(Revocation, OfTheLinksOfAGiverSparesHimAndHisLaterLinks) {
  const Revocation given{.kind = Kind::Giver, .value = holder().subject, .issued_before = kNow + 2h};
  EXPECT_TRUE(revoked(given, link()));
  EXPECT_FALSE(revoked(given, holder()));
  Identity later = link();
  later.proof.issued_at = kNow + 2h;
  EXPECT_FALSE(revoked(given, later));
  EXPECT_FALSE(revoked({.kind = Kind::Giver, .value = "account:bob"}, link()));
}

TEST(RevocationList, ForgetsTheGiverWithTheRevocation) {
  RevocationList list;
  const Revocation subject{.kind = Kind::Subject, .value = "account:alice"};
  const Revocation account{.kind = Kind::Account, .value = "alice"};
  Identity by_alice = link();
  by_alice.proof.giver = Giver{.subject_hash = giver_name("account:alice")};
  EXPECT_TRUE(list.add(subject));
  EXPECT_TRUE(list.add(account));
  EXPECT_TRUE(list.remove(account.id()));
  EXPECT_NE(list.find(by_alice), nullptr) << "the subject is still revoked";
  EXPECT_TRUE(list.remove(subject.id()));
  EXPECT_EQ(list.find(by_alice), nullptr);
}

TEST(RevocationList, ReplacesOneOfTheSameCredentialAndRemovesById) {
  RevocationList list;
  const Revocation first{.kind = Kind::TokenId, .value = "t-1", .made = kNow};
  EXPECT_TRUE(list.add(first));
  EXPECT_TRUE(list.add({.kind = Kind::TokenId, .value = "t-1", .made = kNow, .note = "again"}));
  EXPECT_TRUE(list.add({.kind = Kind::TokenId, .value = "t-1", .issuer = "app", .made = kNow}));
  ASSERT_EQ(list.all().size(), 2u);
  EXPECT_TRUE(list.remove(first.id()));
  EXPECT_FALSE(list.remove(first.id()));
  EXPECT_EQ(list.size(), 1u);
  EXPECT_NE(list.find(holder()), nullptr) << "the issuer's own is still there";
}

TEST(RevocationList, ForgetsWhatHasExpiredAnyway) {
  RevocationList list;
  EXPECT_TRUE(list.add({.kind = Kind::TokenId, .value = "t-1", .until = kNow}));
  EXPECT_TRUE(list.add({.kind = Kind::TokenId, .value = "t-2"}));
  list.expire(kNow - 1s);
  EXPECT_EQ(list.size(), 2u);
  list.expire(kNow);
  ASSERT_EQ(list.size(), 1u);
  EXPECT_EQ(list.all().front().value, "t-2");
}

TEST(RevocationList, RefusesMoreThanItsLimit) {
  RevocationList list;
  for (std::size_t i = 0; i < kMaxRevocations; ++i) {
    ASSERT_TRUE(list.add({.kind = Kind::TokenId, .value = std::to_string(i)}));
  }
  EXPECT_FALSE(list.add({.kind = Kind::TokenId, .value = "one more"}));
  EXPECT_EQ(list.size(), kMaxRevocations);
  EXPECT_TRUE(list.add({.kind = Kind::TokenId, .value = "7", .note = "known"})) << "replacing is no growth";
}

}  // namespace
}  // namespace conclave::access
