#include "ops/account_settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ops/settings.h"

namespace conclave::ops {
namespace {

const std::string kJibri = "0123456789abcdef0123";
const std::string kRecorder = "3210fedcba9876543210";

Settings from(const Environment& environment) {
  return load_settings({}, environment, std::nullopt);
}

TEST(AttachedServices, HaveAPortWhereOneHasAPassword) {
  EXPECT_FALSE(from({}).transports.xmpp_port);
  EXPECT_FALSE(from({{"XMPP_PORT", "5222"}}).transports.xmpp_port);
  EXPECT_EQ(from({{"JIBRI_XMPP_PASSWORD", kJibri}}).transports.xmpp_port, 5222);
  EXPECT_EQ(from({{"JIBRI_XMPP_PASSWORD", kJibri}, {"XMPP_PORT", "15222"}}).transports.xmpp_port, 15222);
  EXPECT_FALSE(from({{"JIBRI_XMPP_PASSWORD", kJibri}, {"CONCLAVE_XMPP_TCP", "0"}}).transports.xmpp_port);
  EXPECT_EQ(from({{"CONCLAVE_XMPP_TCP", "1"}}).transports.xmpp_port, 5222);
}

TEST(AttachedServices, AreKnownByTheirAccounts) {
  const auto none = from({{"XMPP_DOMAIN", "meet.example"}}).accounts.attached;
  EXPECT_EQ(none.jibri, "");
  EXPECT_EQ(none.brewery_domain, "internal-muc.meet.example");
  const auto some = from({{"XMPP_DOMAIN", "meet.example"},
                          {"XMPP_AUTH_DOMAIN", "auth.example"},
                          {"JIBRI_XMPP_USER", "Rec"},
                          {"JIBRI_XMPP_PASSWORD", kJibri},
                          {"JIBRI_RECORDER_PASSWORD", kRecorder},
                          {"JIBRI_BREWERY_MUC", "JibriBrewery2"},
                          {"JIBRI_PENDING_TIMEOUT", "2 minutes"},
                          {"JIBRI_REQUEST_RETRIES", "0"}})
                        .accounts.attached;
  EXPECT_EQ(some.jibri, "service:rec@auth.example");
  EXPECT_EQ(some.recorder, "service:recorder@hidden.meet.example");
  EXPECT_EQ(some.jigasi, "");
  EXPECT_EQ(some.jibri_brewery, "jibribrewery2");
  EXPECT_EQ(some.pending_timeout, 120s);
  EXPECT_EQ(some.retries, 0);
}

TEST(AttachedServices, MeetInARoomThatHasAName) {
  EXPECT_THROW((void)from({{"JIBRI_BREWERY_MUC", "a@b"}}), ConfigError);
  EXPECT_THROW((void)from({{"JIGASI_BREWERY_MUC", "a b"}}), ConfigError);
}

}  // namespace
}  // namespace conclave::ops
