#include "xmpp/stanza.h"

#include <gtest/gtest.h>

#include "xmpp/parser.h"
#include "xmpp/stanza_check.h"

namespace conclave::xmpp {
namespace {

std::string answer(std::string_view stanza) {
  const StanzaCheck check = check_stanza(*parse(stanza));
  if (check.verdict == StanzaVerdict::Pass) return "pass";
  return check.answer ? check.answer->str(kClientNamespace) : "silence";
}

TEST(Stanza, AnswersGoBackWhereTheRequestCameFrom) {
  const auto ping =
      parse(R"(<iq type="get" to="meet.example" from="u@meet.example/r" id="p1"><ping xmlns="urn:xmpp:ping"/></iq>)");
  EXPECT_EQ(result_of(*ping).str(kClientNamespace),
            R"(<iq type="result" id="p1" from="meet.example" to="u@meet.example/r"/>)");
  EXPECT_EQ(error_of(*ping, errors::kForbidden).str(kClientNamespace),
            R"(<iq type="error" id="p1" from="meet.example" to="u@meet.example/r"><error type="auth">)"
            R"(<forbidden xmlns="urn:ietf:params:xml:ns:xmpp-stanzas"/></error></iq>)");
}

TEST(Stanza, AnErrorCarriesItsText) {
  EXPECT_EQ(error_element({"wait", "resource-constraint", "Full"}).str(kClientNamespace),
            R"(<error type="wait"><resource-constraint xmlns="urn:ietf:params:xml:ns:xmpp-stanzas"/>)"
            R"(<text xmlns="urn:ietf:params:xml:ns:xmpp-stanzas">Full</text></error>)");
}

TEST(Stanza, TellsRequestsFromResponses) {
  EXPECT_TRUE(is_iq_request(*parse("<iq type='get' id='1'/>")));
  EXPECT_FALSE(is_iq_request(*parse("<iq type='get'/>")));
  EXPECT_FALSE(is_iq_request(*parse("<iq type='get' id='1' xmlns='urn:x'/>")));
  EXPECT_FALSE(is_iq_request(*parse("<message type='get' id='1'/>")));
  EXPECT_TRUE(is_iq_response(*parse("<iq type='error' id='1'/>")));
  EXPECT_FALSE(is_iq_response(*parse("<iq type='set' id='1'/>")));
}

TEST(StanzaCheck, PassesWhatIsForTheLayersAbove) {
  EXPECT_EQ(answer("<presence/>"), "pass");
  EXPECT_EQ(answer("<message to='a@b/c' type='groupchat'/>"), "pass");
  EXPECT_EQ(answer("<iq type='result' id='1'/>"), "pass");
  EXPECT_EQ(answer("<iq type='get' id='1' to='meet.example'><query xmlns='jabber:iq:auth'/></iq>"), "pass");
}

TEST(StanzaCheck, RefusesASecondBind) {
  EXPECT_EQ(
      answer(R"(<iq type="set" id="b2"><bind xmlns="urn:ietf:params:xml:ns:xmpp-bind"/></iq>)"),
      R"(<iq type="error" id="b2"><error type="cancel"><not-allowed xmlns="urn:ietf:params:xml:ns:xmpp-stanzas"/></error></iq>)");
}

TEST(StanzaCheck, GrantsTheOldSessionRequest) {
  EXPECT_EQ(
      answer(R"(<iq type="set" id="_session_auth_2"><session xmlns="urn:ietf:params:xml:ns:xmpp-session"/></iq>)"),
      R"(<iq type="result" id="_session_auth_2"/>)");
}

TEST(StanzaCheck, RefusesAMalformedAddressWithoutRepeatingIt) {
  EXPECT_EQ(
      answer("<message to='@@' id='m'/>"),
      R"(<message type="error" id="m"><error type="modify"><jid-malformed xmlns="urn:ietf:params:xml:ns:xmpp-stanzas"/></error></message>)");
}

TEST(StanzaCheck, RefusesIqsThatNobodyCouldAnswer) {
  for (const char* iq : {"<iq type='get'><a/></iq>", "<iq type='what' id='1'><a/></iq>", "<iq id='1'><a/></iq>",
                         "<iq type='get' id='1'/>", "<iq type='set' id='1'><a/><b/></iq>"}) {
    EXPECT_NE(answer(iq).find("bad-request"), std::string::npos) << iq;
  }
}

TEST(StanzaCheck, NeverAnswersAnErrorOrAResult) {
  EXPECT_EQ(answer("<message to='@@' type='error'/>"), "silence");
  EXPECT_EQ(answer("<iq type='result'/>"), "silence");
  EXPECT_EQ(answer("<iq type='error'/>"), "silence");
}

}  // namespace
}  // namespace conclave::xmpp
