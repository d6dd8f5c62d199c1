#include "ops/oidc_settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "access/mint.h"

namespace conclave::ops {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::optional<oidc::Options> read(const Environment& environment) {
  const CommandLine command_line;
  const std::optional<EnvFile> file;
  return read_oidc(SettingReader(command_line, environment, file));
}
std::string error_of(const Environment& environment) {
  try {
    (void)read(environment);
    return "none";
  } catch (const ConfigError& error) {
    return error.what();
  }
}
Environment with(Environment more) {
  more.emplace("CONCLAVE_OIDC_ISSUER", "https://login.example/realm");
  more.emplace("CONCLAVE_OIDC_CLIENT_ID", "meet");
  return more;
}

TEST(OidcSettings, AreReadWhenAnIssuerIsNamed) {
  EXPECT_FALSE(read({}).has_value());
  const auto options = read(with({{"CONCLAVE_OIDC_CLIENT_SECRET", "s3cret"},
                                  {"CONCLAVE_OIDC_HOST_CLAIM", "groups"},
                                  {"CONCLAVE_OIDC_HOST_VALUES", "teachers, staff"},
                                  {"CONCLAVE_OIDC_NAME", "the school"},
                                  {"CONCLAVE_OIDC_TOKEN_LIFE", "10 minutes"}}));
  EXPECT_EQ(options->issuer, "https://login.example/realm");
  EXPECT_EQ(options->client_id, "meet");
  EXPECT_EQ(options->client_secret, "s3cret");
  EXPECT_EQ(options->scopes, "openid profile email");
  EXPECT_THAT(options->host_values, ElementsAre("teachers", "staff"));
  EXPECT_EQ(options->token_life, std::chrono::minutes(10));
}

TEST(OidcSettings, SayWhatIsWrong) {
  EXPECT_THAT(error_of({{"CONCLAVE_OIDC_CLIENT_ID", "meet"}}), HasSubstr("CONCLAVE_OIDC_ISSUER"));
  EXPECT_THAT(error_of({{"CONCLAVE_OIDC_ISSUER", "https://login.example"}}), HasSubstr("CONCLAVE_OIDC_CLIENT_ID"));
  EXPECT_THAT(error_of(with({{"CONCLAVE_OIDC_ISSUER", "http://login.example"}})), HasSubstr("https"));
  EXPECT_EQ(error_of(with({{"CONCLAVE_OIDC_ISSUER", "http://127.0.0.1:3000"}})), "none");
  EXPECT_THAT(error_of(with({{"CONCLAVE_OIDC_SCOPES", "profile"}})), HasSubstr("openid"));
  EXPECT_THAT(error_of(with({{"CONCLAVE_OIDC_HOST_CLAIM", "groups"}})), HasSubstr("CONCLAVE_OIDC_HOST_VALUES"));
  EXPECT_THAT(error_of(with({{"CONCLAVE_OIDC_HOST_VALUES", "a"}})), HasSubstr("CONCLAVE_OIDC_HOST_CLAIM"));
  EXPECT_THAT(error_of(with({{"CONCLAVE_OIDC_CA_FILE", "/nowhere"}})), HasSubstr("CONCLAVE_OIDC_CA_FILE"));
  EXPECT_THAT(error_of(with({{"CONCLAVE_OIDC_TOKEN_LIFE", "1s"}})), HasSubstr("CONCLAVE_OIDC_TOKEN_LIFE"));
}

TEST(OidcTokens, AreGoodForTheirRoomAndItsTenantOnly) {
  oidc::Options options;
  options.token_secret = "0123456789abcdef0123456789abcdef";
  const access::TokenVerifier verifier({oidc_token_issuer(options)});
  const WallTime now(std::chrono::seconds(1'800'000'000));
  const auto scope_of = [&](const std::string& subject, const std::string& tenant) {
    const access::TokenWish wish{.issuer = std::string(oidc::kTokenIssuer),
                                 .audience = std::string(oidc::kTokenIssuer),
                                 .subject = subject,
                                 .room = "a",
                                 .user_id = "ada",
                                 .tenant = tenant,
                                 .expires = now + std::chrono::seconds(60)};
    return verifier.verify(access::mint_token(wish, options.token_secret), now)->scope;
  };
  const auto good_for = [&](const access::Scope& scope, std::string_view name, std::string_view tenant) {
    return access::covers(scope, *access::canonical_room(name, tenant), now) == access::ScopeVerdict::InScope;
  };
  const auto plain = scope_of(std::string(oidc::kNoTenant), "");
  EXPECT_TRUE(good_for(plain, "a", ""));
  EXPECT_FALSE(good_for(plain, "b", ""));
  EXPECT_FALSE(good_for(plain, "a", "t"));
  const auto tenants = scope_of("t", "t");
  EXPECT_TRUE(good_for(tenants, "a", "t"));
  EXPECT_FALSE(good_for(tenants, "a", ""));
  EXPECT_FALSE(good_for(tenants, "a", "u"));
}

}  // namespace
}  // namespace conclave::ops
