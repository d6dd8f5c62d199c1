#include "oidc/person.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "oidc/metadata.h"

namespace conclave::oidc {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Optional;
using testing::SizeIs;

auto values(std::string_view json, std::string_view claim) {
  return read_person(json, claim)->values;
}

TEST(ReadPerson, FindsNamesAndGroups) {
  const auto person = read_person(
      R"({"sub":"1","preferred_username":"ada","email":"a@x.example","email_verified":true,"picture":"https://x.example/a.png","groups":["a",5,"b"]})",
      "groups");
  ASSERT_TRUE(person.has_value());
  EXPECT_EQ(person->name, "ada");
  EXPECT_EQ(person->email, "a@x.example");
  EXPECT_EQ(person->picture, "https://x.example/a.png");
  EXPECT_THAT(person->values, Optional(ElementsAre("a", "b")));
  EXPECT_EQ(read_person(R"({"sub":"1","picture":"javascript:x"})", "")->picture, "");
  EXPECT_FALSE(read_person(R"({"name":"x"})", "").has_value());
  EXPECT_FALSE(read_person("[1]", "").has_value());
}

// A booking is made in that name, and moderators see it: whoever may write any address into a profile must not be taken
// for its owner.
TEST(ReadPerson, BelievesOnlyAnAddressThatTheProviderHasVerified) {
  const auto email = [](std::string_view verified) {
    return read_person(R"({"sub":"1","email":"boss@x.example")" + std::string(verified) + "}", "")->email;
  };
  EXPECT_EQ(email(R"(,"email_verified":true)"), "boss@x.example");
  EXPECT_EQ(email(R"(,"email_verified":"true")"), "boss@x.example");  // so some providers write it
  for (const auto* other : {"", R"(,"email_verified":false)", R"(,"email_verified":"false")", R"(,"email_verified":1)",
                            R"(,"email_verified":null)", R"(,"email_verified":["true"])"}) {
    EXPECT_EQ(email(other), "") << other;
  }
}

TEST(ReadPerson, FollowsDotsIntoObjects) {
  constexpr std::string_view kJson =
      R"({"sub":"1","realm_access":{"roles":["host"]},"https://x.example/roles":"one","flag":true,"no":false,"n":7})";
  EXPECT_THAT(values(kJson, "realm_access.roles"), Optional(ElementsAre("host")));
  EXPECT_THAT(values(kJson, "https://x.example/roles"), Optional(ElementsAre("one")));
  EXPECT_THAT(values(kJson, "flag"), Optional(ElementsAre("true")));
  EXPECT_THAT(values(kJson, "no"), Optional(SizeIs(0)));
  EXPECT_THAT(values(kJson, "n"), Optional(SizeIs(0)));
  EXPECT_EQ(values(kJson, "sub.x"), std::nullopt);
  EXPECT_EQ(values(kJson, "missing"), std::nullopt);
  EXPECT_EQ(values(kJson, ""), std::nullopt);
}

TEST(ReadPerson, CutsLongNamesBetweenCharacters) {
  const std::string name = std::string(kMaxNameBytes - 1, 'a') + "é";
  EXPECT_EQ(read_person(R"({"sub":"1","name":")" + name + "\"}", "")->name, std::string(kMaxNameBytes - 1, 'a'));
}

TEST(Complete, AddsWhatIsMissingOfTheSamePerson) {
  Person person{.subject = "1", .name = "Ada"};
  EXPECT_TRUE(complete(person, {.subject = "1", .name = "Other", .email = "a@x.example", .values = {{"host"}}}));
  EXPECT_EQ(person.name, "Ada");
  EXPECT_EQ(person.email, "a@x.example");
  EXPECT_TRUE(is_host(person, {"x", "host"}));
  EXPECT_FALSE(is_host(person, {"Host"}));
  EXPECT_FALSE(complete(person, {.subject = "2"}));
  EXPECT_FALSE(is_host({.subject = "1"}, {"host"}));
}

constexpr std::string_view kMetadata =
    R"({"issuer":"https://idp.example/r","authorization_endpoint":"https://idp.example/auth","token_endpoint":"https://t.example/token",
        "jwks_uri":"https://idp.example/keys","token_endpoint_auth_methods_supported":["client_secret_post"],
        "authorization_response_iss_parameter_supported":true})";

std::string with(std::string_view from, std::string_view to) {
  std::string text(kMetadata);
  text.replace(text.find(from), from.size(), to);
  return text;
}

TEST(ReadMetadata, TakesWhatALoginNeeds) {
  const auto metadata = read_metadata(kMetadata, "https://idp.example/r");
  ASSERT_TRUE(metadata.has_value()) << metadata.error();
  EXPECT_EQ(metadata->token_endpoint, "https://t.example/token");
  EXPECT_EQ(metadata->userinfo_endpoint, "");
  EXPECT_TRUE(metadata->secret_in_body);
  EXPECT_TRUE(metadata->names_itself);
  EXPECT_EQ(metadata_url("https://idp.example/r/"), "https://idp.example/r/.well-known/openid-configuration");
}

TEST(ReadMetadata, RefusesAnotherIssuerAndEndpointsThatMayNotBeUsed) {
  EXPECT_THAT(read_metadata(kMetadata, "https://idp.example").error(), HasSubstr("CONCLAVE_OIDC_ISSUER"));
  for (const auto* bad : {"http://t.example/token", "javascript:x", "/token", "", "https://t.example/token#x",
                          "https://u:p@t.example/"}) {
    EXPECT_FALSE(read_metadata(with("https://t.example/token", bad), "https://idp.example/r").has_value()) << bad;
  }
  EXPECT_FALSE(read_metadata("{}", "").has_value());
  EXPECT_FALSE(read_metadata("nonsense", "").has_value());
}

}  // namespace
}  // namespace conclave::oidc
