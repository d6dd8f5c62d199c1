// S24: explain says what the wire says; and the tokens that the command mints are the ones that it explains.
#include "ops/explain.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ops/startup.h"
#include "ops/token_command.h"

namespace conclave::ops {
namespace {

using access::RoomState;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

const WallTime kNow{std::chrono::seconds(1'800'000'000)};

Settings settings(Environment environment = {}) {
  environment["JWT_APP_SECRET"] = "0123456789abcdef0123456789abcdef";
  return load_settings({}, environment, std::nullopt);
}
std::string slug(const Explanation& explanation) {
  return std::string(access::slug_text(explanation.decision.reason.slug));
}
std::string token(TokenOrder order, const Settings& with = settings()) {
  return token_for(order, with, kNow);
}

TEST(Explain, S24_SaysOutcomeSlugAndRule) {
  const Explanation waits = explain({.room = "b", .token = {}}, settings(), kNow);
  EXPECT_EQ(slug(waits), "waits-for-host");
  const std::string text = as_text(waits);
  EXPECT_THAT(text, AllOf(HasSubstr("outcome   wait"), HasSubstr("waits-for-host"), HasSubstr("GUESTS=join"),
                          HasSubstr("=> room_open_or_may_start")));
  EXPECT_THAT(as_json(waits), AllOf(HasSubstr("\"slug\": \"waits-for-host\""), HasSubstr("\"outcome\": \"wait\"")));
}

TEST(Explain, S24_JudgesATokenWithoutShowingIt) {
  const std::string shown = token({.room = "a"});
  const Explanation host = explain({.room = "a", .token = shown}, settings(), kNow);
  EXPECT_EQ(slug(host), "host-by-claim");
  EXPECT_EQ(slug(explain({.room = "b", .token = shown}, settings(), kNow)), "room-claim-mismatch");
  EXPECT_EQ(slug(explain({.room = "a", .token = shown}, settings(), kNow + 3h)), "token-expired");
  for (const std::string& text : {as_text(host), as_json(host)}) {
    EXPECT_THAT(text, AllOf(Not(HasSubstr("eyJ")), Not(HasSubstr("0123456789abcdef0123456789abcdef"))));
  }
}

TEST(Explain, S24_ARoomsSectionIsWhatCountsThere) {
  const TomlFile file = parse_toml_file("[[rooms]]\nmatch = \"staff-*\"\nguests = \"deny\"\n", "c.toml");
  const Settings with = load_settings({}, {}, std::nullopt, file);
  EXPECT_EQ(explain({.room = "staff-1", .token = {}}, with, kNow).decision.outcome, access::Outcome::Login);
  EXPECT_EQ(explain({.room = "other", .token = {}}, with, kNow).decision.outcome, access::Outcome::Wait);
}

TEST(Explain, SaysWhatSaslSays) {
  const Explanation bad = explain({.room = "a", .token = token({.room = "a"}) + "x"}, settings(), kNow);
  EXPECT_EQ(bad.decision.outcome, access::Outcome::Refuse);
  EXPECT_EQ(bad.sasl_condition, "not-allowed");
  EXPECT_THAT(as_json(bad), HasSubstr("\"sasl\""));
}

TEST(Explain, NamesOfRoomsAreRead) {
  EXPECT_EQ(explain({.room = "Acme/Board", .token = {}}, settings(), kNow).room, "[acme]board");
  EXPECT_EQ(explain({.room = "[acme]board", .token = {}}, settings(), kNow).room, "[acme]board");
  EXPECT_EQ(slug(explain({.room = "focus", .token = {}}, settings(), kNow)), "name-reserved");
}

TEST(Explain, StatesChangeTheAnswer) {
  EXPECT_EQ(slug(explain({.room = "a", .token = {}, .state = RoomState::Open}, settings(), kNow)), "guest-may-join");
  EXPECT_EQ(slug(explain({.room = "a", .token = {}, .state = RoomState::Held}, settings(), kNow)), "host-left");
  EXPECT_EQ(slug(explain({.room = "a", .token = {}, .state = RoomState::Ended}, settings(), kNow)), "ended");
  EXPECT_EQ(room_state_named("held"), RoomState::Held);
  EXPECT_EQ(room_state_named("shut"), std::nullopt);
}

TEST(TokenCommand, EveryRoleIsWhatItSays) {
  const auto decided = [](const char* role) {
    const Explanation one =
        explain({.room = "a", .token = token({.room = "a", .role = role}), .state = RoomState::Open}, settings(), kNow);
    return std::string(access::role_text(one.decision.role));
  };
  EXPECT_EQ(decided("moderator"), "host");
  EXPECT_EQ(decided("Participant"), "participant");
  EXPECT_EQ(decided("visitor"), "visitor");
  EXPECT_EQ(decided("unsaid"), "host");
  EXPECT_THROW((void)token({.role = "boss"}), ConfigError);
}

TEST(TokenCommand, TenantsTokenIsForThatTenant) {
  const std::string shown = token({.room = "board", .tenant = "Acme"});
  EXPECT_EQ(slug(explain({.room = "acme/board", .token = shown}, settings(), kNow)), "host-by-claim");
  EXPECT_EQ(slug(explain({.room = "other/board", .token = shown}, settings(), kNow)), "tenant-mismatch");
  EXPECT_EQ(slug(explain({.room = "acme/board", .token = token({.room = "board"})}, settings(), kNow)),
            "tenant-mismatch");
}

TEST(TokenCommand, IsAcceptedWhateverIssuersAndAudiencesAre) {
  const Settings with = settings(
      {{"JWT_ACCEPTED_ISSUERS", "web"}, {"JWT_ACCEPTED_AUDIENCES", "here"}, {"JWT_ENABLE_DOMAIN_VERIFICATION", "1"}});
  EXPECT_EQ(slug(explain({.room = "a", .token = token({.room = "a"}, with)}, with, kNow)), "host-by-claim");
}

TEST(TokenCommand, NeverIsNever) {
  const std::string shown = token({.room = "a", .expires = "never"});
  EXPECT_EQ(slug(explain({.room = "a", .token = shown}, settings(), kNow + std::chrono::hours(100'000))),
            "host-by-claim");
  EXPECT_THROW((void)token({.room = "a", .expires = "soon"}), ConfigError);
  EXPECT_THROW((void)token({.room = "a/b"}), ConfigError);
}

TEST(TokenCommand, NeedsASecret) {
  EXPECT_THROW((void)token_for({}, load_settings({}, {{"CONCLAVE_AUTH", "none"}}, std::nullopt), kNow), ConfigError);
}

TEST(Startup, LinksKeepTheTokenInTheFragment) {
  EXPECT_EQ(guest_link(settings(), "Зал"), "https://localhost:8443/%d0%b7%d0%b0%d0%bb");
  EXPECT_EQ(host_link(settings(), "a", "T"), "https://localhost:8443/a#jwt=T");
}

TEST(Startup, SentencesSayEachPolicyInWords) {
  const auto text = [](Environment environment) {
    std::string all;
    for (const auto& line : policy_sentences(settings(std::move(environment)))) all += line + "\n";
    return all;
  };
  EXPECT_THAT(text({}), AllOf(HasSubstr("a token that makes them moderator"),
                              HasSubstr("Nobody becomes moderator for coming first.")));
  EXPECT_THAT(text({{"CONCLAVE_GUESTS", "deny"}}), HasSubstr("Guests are not let in"));
  EXPECT_THAT(text({{"CONCLAVE_GUESTS", "create"}, {"CONCLAVE_GUEST_ROOMS", "walk-in-*"}}),
              AllOf(HasSubstr("match walk-in-*"), HasSubstr("but in guests' rooms")));
  EXPECT_THAT(text({{"CONCLAVE_MODERATORS", "claimed"}}), HasSubstr("Only those are moderators"));
  EXPECT_THAT(text({{"CONCLAVE_HOST_LEFT", "end"}}), HasSubstr("ends for all"));
  EXPECT_THAT(text({{"CONCLAVE_TOKEN_EXPIRY", "remove"}}), HasSubstr("taken out"));
  EXPECT_THAT(text({{"CONCLAVE_AUTO_PROMOTE", "anyone"}}), HasSubstr("whoever came first"));
}

}  // namespace
}  // namespace conclave::ops
