#include "web/site_path.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace conclave::web {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Kind = SitePath::Kind;

SitePath with_tenants(std::string_view path) {
  return site_path(path, true);
}

TEST(SitePath, MeansARoomsPageWhereNoFileIs) {
  const SitePath room = with_tenants("/stand-up");
  EXPECT_EQ(room.kind, Kind::Files);
  EXPECT_THAT(room.files, ElementsAre("/stand-up"));
  EXPECT_TRUE(room.page);
  EXPECT_TRUE(with_tenants("/").page);
  EXPECT_TRUE(with_tenants("/stand up.2026").page);
  EXPECT_TRUE(with_tenants("/caf\xc3\xa9").page);
}

TEST(SitePath, MeansARoomOfATenantBelowItsName) {
  const SitePath room = with_tenants("/acme/stand-up");
  EXPECT_EQ(room.tenant, "acme");
  EXPECT_THAT(room.files, ElementsAre("/stand-up"));
  EXPECT_TRUE(room.page);
  const SitePath file = with_tenants("/acme/libs/app.js");
  EXPECT_EQ(file.tenant, "acme");
  EXPECT_THAT(file.files, ElementsAre("/libs/app.js"));
  EXPECT_FALSE(file.page);
  EXPECT_THAT(with_tenants("/acme/manifest.json").files, ElementsAre("/manifest.json"));
}

TEST(SitePath, KnowsNoTenantsWhereThereAreNone) {
  EXPECT_EQ(site_path("/acme/stand-up", false).kind, Kind::Nothing);
  EXPECT_EQ(site_path("/acme/config.js", false).kind, Kind::Nothing);
  EXPECT_TRUE(site_path("/stand-up", false).page);
  EXPECT_THAT(site_path("/libs/app.js", false).files, ElementsAre("/libs/app.js"));
}

TEST(SitePath, KnowsTheConfigurationOfEachTenant) {
  EXPECT_EQ(with_tenants("/config.js").kind, Kind::Config);
  const SitePath acme = with_tenants("/acme/config.js");
  EXPECT_EQ(acme.kind, Kind::Config);
  EXPECT_EQ(acme.tenant, "acme");
  EXPECT_EQ(with_tenants("/interface_config.js").kind, Kind::InterfaceConfig);
  EXPECT_EQ(with_tenants("/acme/interface_config.js").kind, Kind::InterfaceConfig);
  EXPECT_EQ(with_tenants("/a/b/config.js").kind, Kind::Nothing);
}

TEST(SitePath, FindsTheIframeApiWhereBuildsPutIt) {
  EXPECT_THAT(with_tenants("/external_api.js").files, ElementsAre("/external_api.js", "/libs/external_api.min.js"));
}

TEST(SitePath, AnswersNoMissingFileWithAPage) {
  for (const std::string_view path : {"/app.js", "/libs/x", "/acme/all.css", "/images/none.png", "/static/a/b"})
    EXPECT_FALSE(with_tenants(path).page) << path;
}

TEST(SitePath, MeansNothingForHiddenNamesAndForNamesThatWouldBreakAPage) {
  for (const std::string_view path :
       {"/.git/config", "/.env", "/acme/.env", "/libs/.x", "/a'b/room", "/a\"b/room", "/<x>/room", "/a\\b/room",
        "/a\nb/room", "/$x/config.js", "/a&b/config.js", "room", "/a/b/c"})
    EXPECT_EQ(with_tenants(path).kind, Kind::Nothing) << path;
  for (const std::string_view path : {"/a'b", "/a<b", "/a:b", "/a?b"}) EXPECT_FALSE(with_tenants(path).page) << path;
  EXPECT_THAT(with_tenants("/.well-known/x").files, ElementsAre("/.well-known/x"));
  EXPECT_THAT(with_tenants("/" + std::string(600, 'a') + "/r").files, IsEmpty());
}

}  // namespace
}  // namespace conclave::web
