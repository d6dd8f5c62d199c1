#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "xmpp/iq/disco_info.h"
#include "xmpp/iq/domain_services.h"
#include "xmpp/iq/external_services.h"
#include "xmpp/iq/ping.h"
#include "xmpp/iq/version.h"
#include "xmpp/parser.h"

namespace conclave::xmpp {
namespace {

using testing::HasSubstr;

class DomainServicesTest : public testing::Test {
 protected:
  std::string ask(std::string_view iq) {
    const auto answer = services.handle(sender, *parse(iq));
    return answer ? answer->str(kClientNamespace) : "silence";
  }

  DomainServices services;
  Sender sender{SessionId{1}, {"u", "meet.example", "r"}};
};

TEST_F(DomainServicesTest, AnswersPing) {
  add_ping(services);
  EXPECT_EQ(
      ask(R"(<iq type="get" to="meet.example" from="u@meet.example/r" id="p1"><ping xmlns="urn:xmpp:ping"/></iq>)"),
      R"(<iq type="result" id="p1" from="meet.example" to="u@meet.example/r"/>)");
}

TEST_F(DomainServicesTest, WhatNobodyAnswersIsUnavailable) {
  add_ping(services);
  for (const char* iq : {"<iq type='get' id='1'><query xmlns='jabber:iq:roster'/></iq>",
                         "<iq type='set' id='1'><ping xmlns='urn:xmpp:ping'/></iq>",
                         "<iq type='get' id='_auth_1'><query xmlns='jabber:iq:auth'/></iq>",
                         "<iq type='set' id='_auth_2'><query xmlns='jabber:iq:auth'/></iq>"}) {
    EXPECT_THAT(ask(iq), HasSubstr("service-unavailable")) << iq;
  }
  EXPECT_THAT(ask("<iq type='get' id='1'/>"), HasSubstr("bad-request"));
}

TEST_F(DomainServicesTest, AnswersRequestsOnly) {
  EXPECT_EQ(ask("<iq type='result' id='1'/>"), "silence");
  EXPECT_EQ(ask("<iq type='error' id='1'/>"), "silence");
  EXPECT_EQ(ask("<message/>"), "silence");
}

TEST_F(DomainServicesTest, TellsWhatTheDomainIs) {
  add_disco_info(services,
                 {.identities = {{"server", "im", ""}, {"component", "end_conference", "endconference.meet.example"}},
                  .features = {"urn:xmpp:ping"}});
  EXPECT_EQ(
      ask(R"(<iq type="get" to="meet.example" id="d"><query xmlns="http://jabber.org/protocol/disco#info"/></iq>)"),
      R"(<iq type="result" id="d" from="meet.example"><query xmlns="http://jabber.org/protocol/disco#info">)"
      R"(<identity xmlns="http://jabber.org/protocol/disco#info" category="server" type="im"/>)"
      R"(<identity xmlns="http://jabber.org/protocol/disco#info" category="component" type="end_conference" name="endconference.meet.example"/>)"
      R"(<feature xmlns="http://jabber.org/protocol/disco#info" var="urn:xmpp:ping"/></query></iq>)");
  EXPECT_THAT(ask(R"(<iq type="get" id="d"><query xmlns="http://jabber.org/protocol/disco#info" node="x"/></iq>)"),
              HasSubstr("item-not-found"));
}

std::string told_services(std::string_view iq, const std::vector<ExternalService>& services) {
  const Element asked = *parse(iq);
  return asks_for_external_services(asked) ? external_services_answer(asked, services).str(kClientNamespace)
                                           : "silence";
}

constexpr const char* kAsks =
    R"(<iq type="get" to="meet.example" id="e1"><services xmlns="urn:xmpp:extdisco:2"/></iq>)";

RelayOptions relays() {
  return {.servers = {{.type = "stun", .host = "s.example", .port = 443, .transport = "udp"},
                      {.type = "turns", .host = "t.example", .port = 5349, .transport = "tcp"}},
          .secret = "north"};
}

TEST(ExternalServices, NoneAreAlsoAnAnswer) {
  EXPECT_EQ(told_services(kAsks, {}),
            R"(<iq type="result" id="e1" from="meet.example"><services xmlns="urn:xmpp:extdisco:2"/></iq>)");
  EXPECT_THAT(told_services(R"(<iq type="get" id="e1"><services xmlns="urn:xmpp:extdisco:1"/></iq>)", {}),
              HasSubstr(R"(<services xmlns="urn:xmpp:extdisco:1"/>)"));
}

TEST(ExternalServices, OtherQuestionsAreNotTheirs) {
  for (const char* iq :
       {"<iq type='set' id='1'><services xmlns='urn:xmpp:extdisco:2'/></iq>",
        "<iq type='get' id='1'><services xmlns='urn:xmpp:extdisco:3'/></iq>", "<iq type='get' id='1'/>",
        "<iq type='get' id='1'><credentials xmlns='urn:xmpp:extdisco:2'/></iq>", "<message/>"}) {
    EXPECT_EQ(told_services(iq, {}), "silence") << iq;
  }
}

TEST(ExternalServices, APasswordIsMadeFromTheSecretAndItsEnd) {
  // printf '1800086400:3f9c21ab' | openssl dgst -sha1 -hmac north -binary | base64
  EXPECT_EQ(
      told_services(kAsks, with_credentials(relays(), "3f9c21ab", WallTime(std::chrono::seconds(1'800'000'000)))),
      R"(<iq type="result" id="e1" from="meet.example"><services xmlns="urn:xmpp:extdisco:2">)"
      R"(<service xmlns="urn:xmpp:extdisco:2" type="stun" host="s.example" port="443" transport="udp"/>)"
      R"(<service xmlns="urn:xmpp:extdisco:2" type="turns" host="t.example" port="5349" transport="tcp" )"
      R"(username="1800086400:3f9c21ab" password="2lMlX0vXe9caVqW+UGPw7hsUB+U=" expires="2027-01-16T08:00:00Z" restricted="1"/>)"
      R"(</services></iq>)");
}

TEST(ExternalServices, WithoutASecretEverybodyGetsThePair) {
  RelayOptions options = relays();
  options.secret.clear();
  options.username = "u";
  options.password = "p";
  EXPECT_THAT(told_services(kAsks, with_credentials(options, "3f9c21ab", WallTime())),
              HasSubstr(R"(username="u" password="p" restricted="1")"));
}

TEST(ExternalServices, WhoIsNotLetInIsToldNoServerThatWantsCredentials) {
  const std::string said = told_services(kAsks, without_credentials(relays()));
  EXPECT_THAT(said, HasSubstr("s.example"));
  EXPECT_THAT(said, testing::Not(HasSubstr("turns")));
}

TEST(ExternalServices, OneTypeCanBeAskedFor) {
  EXPECT_THAT(told_services(R"(<iq type="get" id="e1"><services xmlns="urn:xmpp:extdisco:2" type="stun"/></iq>)",
                            with_credentials(relays(), "a", WallTime())),
              testing::Not(HasSubstr("turns")));
}

TEST_F(DomainServicesTest, TellsItsVersion) {
  add_version(services, "Conclave", "0.1.0");
  EXPECT_THAT(ask("<iq type='get' id='v'><query xmlns='jabber:iq:version'/></iq>"), HasSubstr(">0.1.0</version>"));
}

}  // namespace
}  // namespace conclave::xmpp
