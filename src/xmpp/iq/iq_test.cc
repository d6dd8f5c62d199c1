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

TEST_F(DomainServicesTest, NoExternalServicesAreAlsoAnAnswer) {
  add_external_services(services, [](const Sender&) { return std::vector<ExternalService>{}; });
  EXPECT_EQ(ask(R"(<iq type="get" to="meet.example" id="e1"><services xmlns="urn:xmpp:extdisco:2"/></iq>)"),
            R"(<iq type="result" id="e1" from="meet.example"><services xmlns="urn:xmpp:extdisco:2"/></iq>)");
  EXPECT_THAT(ask(R"(<iq type="get" id="e1"><services xmlns="urn:xmpp:extdisco:1"/></iq>)"),
              HasSubstr(R"(<services xmlns="urn:xmpp:extdisco:1"/>)"));
}

TEST_F(DomainServicesTest, ListsExternalServices) {
  add_external_services(services, [](const Sender& asked_by) {
    return std::vector<ExternalService>{{.type = "stun", .host = "turn.meet.example", .transport = "udp"},
                                        {.type = "turns",
                                         .host = "turn.meet.example",
                                         .port = 5349,
                                         .transport = "tcp",
                                         .username = asked_by.jid.node,
                                         .password = "base64hmac",
                                         .expires = "2026-09-21T10:00:00Z"}};
  });
  EXPECT_EQ(
      ask(R"(<iq type="get" id="e1"><services xmlns="urn:xmpp:extdisco:2"/></iq>)"),
      R"(<iq type="result" id="e1"><services xmlns="urn:xmpp:extdisco:2">)"
      R"(<service xmlns="urn:xmpp:extdisco:2" type="stun" host="turn.meet.example" port="3478" transport="udp"/>)"
      R"(<service xmlns="urn:xmpp:extdisco:2" type="turns" host="turn.meet.example" port="5349" transport="tcp" username="u" password="base64hmac" )"
      R"(expires="2026-09-21T10:00:00Z" restricted="1"/></services></iq>)");
  EXPECT_THAT(ask(R"(<iq type="get" id="e1"><services xmlns="urn:xmpp:extdisco:2" type="stun"/></iq>)"),
              testing::Not(HasSubstr("turns")));
}

TEST_F(DomainServicesTest, TellsItsVersion) {
  add_version(services, "Conclave", "0.1.0");
  EXPECT_THAT(ask("<iq type='get' id='v'><query xmlns='jabber:iq:version'/></iq>"), HasSubstr(">0.1.0</version>"));
}

}  // namespace
}  // namespace conclave::xmpp
