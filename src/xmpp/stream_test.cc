#include "xmpp/stream.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "xmpp/parser.h"

namespace conclave::xmpp {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

constexpr std::string_view kOpen =
    R"(<open xmlns="urn:ietf:params:xml:ns:xmpp-framing" to="meet.example" version="1.0"/>)";
constexpr std::string_view kAnonymous = R"(<auth xmlns="urn:ietf:params:xml:ns:xmpp-sasl" mechanism="ANONYMOUS"/>)";
constexpr std::string_view kBind =
    R"(<iq xmlns="jabber:client" type="set" id="_bind_auth_2"><bind xmlns="urn:ietf:params:xml:ns:xmpp-bind"/></iq>)";
constexpr std::string_view kUser = "f3b1c2d4-0000-4000-8000-000000000001";

std::string error_frame(std::string_view condition) {
  return R"(<stream:error xmlns:stream="http://etherx.jabber.org/streams"><)" + std::string(condition) +
         R"( xmlns="urn:ietf:params:xml:ns:xmpp-streams"/></stream:error>)";
}

class StreamTest : public testing::Test {
 protected:
  std::vector<std::string> frames() {
    std::vector<std::string> out;
    while (const auto output = stream.next_output()) {
      if (const auto* header = std::get_if<StreamHeader>(&*output)) out.push_back(open_frame(*header));
      if (const auto* sent = std::get_if<stream_output::Sent>(&*output)) out.push_back(sent->element);
      if (const auto* error = std::get_if<StreamError>(&*output)) out.push_back(stream_error_frame(*error));
    }
    return out;
  }
  void receive(std::string_view frame) {
    const auto element = parse(frame);
    if (!element) return stream.fail({std::string(condition(element.error()))});
    if (!element->is("open", kFramingNamespace)) return stream.receive(*element);
    stream.open({std::string(element->attribute("to")), std::string(element->attribute("version"))});
  }
  template <class Event>
  std::optional<Event> event() {
    auto next = stream.next_event();
    if (!next || !std::holds_alternative<Event>(*next)) return std::nullopt;
    return std::get<Event>(std::move(*next));
  }
  void open() {
    receive(kOpen);
    EXPECT_TRUE(event<stream_event::Opened>());
    stream.offer({"ANONYMOUS", "X-STEPS"});
  }
  void login() {
    open();
    receive(kAnonymous);
    EXPECT_TRUE(event<stream_event::WantsAuthentication>());
    stream.authenticated(kUser);
    receive(kOpen);
    frames();
  }
  void bind() {
    login();
    receive(kBind);
    EXPECT_TRUE(event<stream_event::WantsBind>());
    stream.bound({std::string(kUser), "meet.example", "RES"});
    frames();
  }
  // The error ends the stream, with the event, and nothing after that is read.
  void expect_error(std::string_view condition) {
    const auto sent = frames();
    ASSERT_FALSE(sent.empty());
    EXPECT_EQ(sent.back(), error_frame(condition));
    const auto ended = event<stream_event::Ended>();
    ASSERT_TRUE(ended);
    EXPECT_EQ(ended->by, stream_event::Ended::By::Error);
    EXPECT_EQ(ended->condition, condition);
    receive(kOpen);
    EXPECT_THAT(frames(), IsEmpty());
  }

  StreamOptions options{.domains = {"meet.example", "guest.meet.example"}};
  SeededRandom random{1};
  Stream stream{options, random};
};

TEST_F(StreamTest, OpensAndOffersMechanisms) {
  receive(kOpen);
  const auto opened = event<stream_event::Opened>();
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->to, "meet.example");
  stream.offer({"ANONYMOUS"});
  const auto sent = frames();
  ASSERT_EQ(sent.size(), 2u);
  EXPECT_THAT(sent[0], StartsWith(R"(<open xmlns="urn:ietf:params:xml:ns:xmpp-framing" from="meet.example" id=")"));
  EXPECT_THAT(sent[0], HasSubstr(R"( version="1.0")"));
  EXPECT_EQ(
      sent[1],
      R"(<stream:features xmlns:stream="http://etherx.jabber.org/streams" xmlns="jabber:client">)"
      R"(<mechanisms xmlns="urn:ietf:params:xml:ns:xmpp-sasl"><mechanism xmlns="urn:ietf:params:xml:ns:xmpp-sasl">ANONYMOUS</mechanism>)"
      R"(</mechanisms></stream:features>)");
}

TEST_F(StreamTest, LogsInRestartsAndBinds) {
  open();
  frames();
  receive(kAnonymous);
  const auto wanted = event<stream_event::WantsAuthentication>();
  ASSERT_TRUE(wanted);
  EXPECT_EQ(wanted->start.mechanism, "ANONYMOUS");
  EXPECT_EQ(wanted->start.initial_response, "");
  stream.authenticated(kUser);
  EXPECT_THAT(frames(), ElementsAre(R"(<success xmlns="urn:ietf:params:xml:ns:xmpp-sasl"/>)"));

  options.features.emplace_back("c", "http://jabber.org/protocol/caps");
  receive(kOpen);
  EXPECT_THAT(frames(),
              ElementsAre(StartsWith("<open "),
                          R"(<stream:features xmlns:stream="http://etherx.jabber.org/streams" xmlns="jabber:client">)"
                          R"(<bind xmlns="urn:ietf:params:xml:ns:xmpp-bind"/><sm xmlns="urn:xmpp:sm:3"/>)"
                          R"(<c xmlns="http://jabber.org/protocol/caps"/></stream:features>)"));

  receive(kBind);
  ASSERT_TRUE(event<stream_event::WantsBind>());
  stream.bound({std::string(kUser), "meet.example", "RES"});
  EXPECT_THAT(
      frames(),
      ElementsAre(R"(<iq xmlns="jabber:client" type="result" id="_bind_auth_2">)"
                  R"(<bind xmlns="urn:ietf:params:xml:ns:xmpp-bind"><jid xmlns="urn:ietf:params:xml:ns:xmpp-bind">)"
                  R"(f3b1c2d4-0000-4000-8000-000000000001@meet.example/RES</jid></bind></iq>)"));
  EXPECT_EQ(stream.state(), Stream::State::Bound);
}

TEST_F(StreamTest, AnAliasIsTheDomainOfItsUsers) {
  receive(R"(<open xmlns="urn:ietf:params:xml:ns:xmpp-framing" to="Guest.Meet.Example" version="1.0"/>)");
  EXPECT_EQ(event<stream_event::Opened>()->to, "guest.meet.example");
  EXPECT_THAT(frames().at(0), HasSubstr(R"(from="guest.meet.example")"));
}

TEST_F(StreamTest, AnotherDomainIsUnknown) {
  receive(R"(<open xmlns="urn:ietf:params:xml:ns:xmpp-framing" to="elsewhere.example" version="1.0"/>)");
  const auto sent = frames();
  EXPECT_THAT(sent, ElementsAre(HasSubstr(R"(from="meet.example")"), error_frame("host-unknown")));
}

TEST_F(StreamTest, ARestartMayNotChangeTheDomain) {
  open();
  receive(kAnonymous);
  event<stream_event::WantsAuthentication>();
  stream.authenticated(kUser);
  receive(R"(<open xmlns="urn:ietf:params:xml:ns:xmpp-framing" to="guest.meet.example" version="1.0"/>)");
  expect_error("host-unknown");
}

TEST_F(StreamTest, AnOldVersionIsUnsupported) {
  receive(R"(<open xmlns="urn:ietf:params:xml:ns:xmpp-framing" to="meet.example"/>)");
  expect_error("unsupported-version");
}

TEST_F(StreamTest, NothingGoesBeforeOpen) {
  receive("<stream xmlns='http://etherx.jabber.org/streams'/>");
  expect_error("bad-format");
}

TEST_F(StreamTest, AStanzaBeforeOpenIsNotAuthorized) {
  receive("<presence xmlns='jabber:client'/>");
  expect_error("not-authorized");
}

TEST_F(StreamTest, AStanzaBeforeLoginIsNotAuthorized) {
  open();
  receive("<message xmlns='jabber:client' to='a@meet.example'/>");
  expect_error("not-authorized");
}

TEST_F(StreamTest, AStanzaWhileTheLoginIsCheckedIsNotAuthorized) {
  open();
  receive(kAnonymous);
  event<stream_event::WantsAuthentication>();
  receive("<presence xmlns='jabber:client'/>");
  expect_error("not-authorized");
}

TEST_F(StreamTest, AStanzaBeforeBindIsNotAuthorized) {
  login();
  receive("<presence xmlns='jabber:client'/>");
  expect_error("not-authorized");
}

TEST_F(StreamTest, LegacyLoginIsAnsweredWithAnError) {
  open();
  frames();
  receive(
      R"(<iq xmlns="jabber:client" type="get" to="meet.example" id="_auth_1"><query xmlns="jabber:iq:auth"><username>ada</username></query></iq>)");
  EXPECT_THAT(
      frames(),
      ElementsAre(R"(<iq xmlns="jabber:client" type="error" id="_auth_1" from="meet.example"><error type="cancel">)"
                  R"(<service-unavailable xmlns="urn:ietf:params:xml:ns:xmpp-stanzas"/></error></iq>)"));
  receive(R"(<iq xmlns="jabber:client" type="set" id="_auth_2"><query xmlns="jabber:iq:auth"/></iq>)");
  EXPECT_THAT(frames(), ElementsAre(HasSubstr(R"(type="error" id="_auth_2")")));
  EXPECT_EQ(stream.state(), Stream::State::Unproven);
}

TEST_F(StreamTest, RefusesAsTheAuthenticatorSays) {
  open();
  receive(kAnonymous);
  event<stream_event::WantsAuthentication>();
  frames();
  stream.refuse({"not-allowed", "token required"});
  EXPECT_THAT(
      frames(),
      ElementsAre(
          "<failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><not-allowed/><text>token required</text></failure>"));
}

TEST_F(StreamTest, AMechanismThatWasNotOfferedIsInvalid) {
  open();
  frames();
  receive(R"(<auth xmlns="urn:ietf:params:xml:ns:xmpp-sasl" mechanism="PLAIN">AGEAYg==</auth>)");
  EXPECT_THAT(frames(),
              ElementsAre("<failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><invalid-mechanism/></failure>"));
}

TEST_F(StreamTest, BrokenBase64IsAnIncorrectEncoding) {
  open();
  frames();
  receive(R"(<auth xmlns="urn:ietf:params:xml:ns:xmpp-sasl" mechanism="ANONYMOUS">%%%</auth>)");
  EXPECT_THAT(frames(),
              ElementsAre("<failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><incorrect-encoding/></failure>"));
}

TEST_F(StreamTest, ALongResponseIsMalformed) {
  open();
  frames();
  receive(R"(<auth xmlns="urn:ietf:params:xml:ns:xmpp-sasl" mechanism="ANONYMOUS">)" +
          std::string(kMaxSaslBytes / 3 * 4 + 8, 'A') + "</auth>");
  EXPECT_THAT(frames(),
              ElementsAre("<failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><malformed-request/></failure>"));
}

TEST_F(StreamTest, TooManyFailuresEndTheStream) {
  open();
  for (int i = 0; i < kMaxSaslAttempts; ++i) {
    EXPECT_EQ(stream.state(), Stream::State::Unproven);
    receive(kAnonymous);
    event<stream_event::WantsAuthentication>();
    stream.refuse({});
  }
  EXPECT_EQ(event<stream_event::Ended>()->condition, "policy-violation");
}

TEST_F(StreamTest, TakesMechanismsOfSeveralSteps) {
  open();
  frames();
  receive(R"(<auth xmlns="urn:ietf:params:xml:ns:xmpp-sasl" mechanism="X-STEPS">aGVsbG8=</auth>)");
  EXPECT_EQ(event<stream_event::WantsAuthentication>()->start.initial_response, "hello");
  stream.challenge("who");
  EXPECT_THAT(frames(), ElementsAre(R"(<challenge xmlns="urn:ietf:params:xml:ns:xmpp-sasl">d2hv</challenge>)"));
  receive(R"(<response xmlns="urn:ietf:params:xml:ns:xmpp-sasl">bWU=</response>)");
  EXPECT_EQ(event<stream_event::WantsNextStep>()->response, "me");
  stream.authenticated("ada");
  EXPECT_THAT(frames(), ElementsAre(std::string(kSaslSuccessFrame)));
}

TEST_F(StreamTest, AnAbortedLoginMayBeTriedAgain) {
  open();
  frames();
  receive(kAnonymous);
  event<stream_event::WantsAuthentication>();
  receive(R"(<abort xmlns="urn:ietf:params:xml:ns:xmpp-sasl"/>)");
  EXPECT_THAT(frames(), ElementsAre("<failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><aborted/></failure>"));
  stream.authenticated("late");  // an answer to the aborted one
  EXPECT_EQ(stream.state(), Stream::State::Unproven);
  receive(kAnonymous);
  EXPECT_TRUE(event<stream_event::WantsAuthentication>());
}

TEST_F(StreamTest, AUserNameThatIsNoAddressIsNotLetIn) {
  open();
  receive(kAnonymous);
  event<stream_event::WantsAuthentication>();
  frames();
  stream.authenticated("a@b/c");
  EXPECT_THAT(frames(), ElementsAre(HasSubstr("<temporary-auth-failure/>")));
}

TEST_F(StreamTest, MalformedXmlEndsTheStream) {
  bind();
  receive("<message><body></message>");
  expect_error("not-well-formed");
}

TEST_F(StreamTest, EntitiesEndTheStream) {
  bind();
  receive("<!DOCTYPE a [<!ENTITY b 'c'>]><message>&b;</message>");
  expect_error("restricted-xml");
}

TEST_F(StreamTest, AFrameThatIsTooBigEndsTheStream) {
  bind();
  receive("<message><body>" + std::string(kMaxFrameBytes, 'x') + "</body></message>");
  expect_error("policy-violation");
}

TEST_F(StreamTest, MalformedXmlAsTheFirstFrameStillGetsAnOpenStream) {
  receive("garbage");
  EXPECT_THAT(frames(), ElementsAre(StartsWith("<open "), error_frame("not-well-formed")));
}

TEST_F(StreamTest, EndsWhenTheClientDoes) {
  bind();
  stream.finish();
  EXPECT_THAT(frames(), IsEmpty());
  EXPECT_EQ(event<stream_event::Ended>()->by, stream_event::Ended::By::Client);
}

TEST_F(StreamTest, HandsStanzasUp) {
  bind();
  receive("<presence xmlns='jabber:client' to='stand-up@conference.meet.example/f3b1c2d4'/>");
  EXPECT_EQ(event<stream_event::Stanza>()->stanza.attribute("to"), "stand-up@conference.meet.example/f3b1c2d4");
}

TEST_F(StreamTest, AnUnknownElementIsUnsupported) {
  bind();
  receive("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
  expect_error("unsupported-stanza-type");
}

TEST_F(StreamTest, ReadsStreamManagement) {
  bind();
  receive(R"(<enable xmlns="urn:xmpp:sm:3" resume="true"/>)");
  EXPECT_TRUE(event<stream_event::WantsEnable>()->resume);
  receive(R"(<r xmlns="urn:xmpp:sm:3"/>)");
  EXPECT_TRUE(event<stream_event::AckRequested>());
  receive(R"(<a xmlns="urn:xmpp:sm:3" h="4294967295"/>)");
  EXPECT_EQ(event<stream_event::Ack>()->h, 4294967295u);
  receive(R"(<resume xmlns="urn:xmpp:sm:3" h="0" previd="x"/>)");
  EXPECT_THAT(frames(), ElementsAre(sm_failed_frame("unexpected-request")));
  receive(R"(<a xmlns="urn:xmpp:sm:3" h="-1"/>)");
  expect_error("bad-format");
}

TEST_F(StreamTest, StreamManagementIsEnabledOnlyAfterBind) {
  login();
  receive(R"(<enable xmlns="urn:xmpp:sm:3" resume="true"/>)");
  EXPECT_THAT(frames(), ElementsAre(sm_failed_frame("unexpected-request")));
}

TEST_F(StreamTest, ResumesInsteadOfBinding) {
  login();
  receive(R"(<resume xmlns="urn:xmpp:sm:3" h="4" previd="00abc"/>)");
  const auto wanted = event<stream_event::WantsResume>();
  ASSERT_TRUE(wanted);
  EXPECT_EQ(wanted->previd, "00abc");
  EXPECT_EQ(wanted->h, 4u);
  stream.resumed("00abc", 9);
  EXPECT_THAT(frames(), ElementsAre(R"(<resumed xmlns="urn:xmpp:sm:3" previd="00abc" h="9"/>)"));
  EXPECT_EQ(stream.state(), Stream::State::Bound);
}

TEST_F(StreamTest, ARefusedResumeLeavesBindOpen) {
  login();
  receive(R"(<resume xmlns="urn:xmpp:sm:3" h="4" previd="00abc"/>)");
  event<stream_event::WantsResume>();
  stream.refuse_resume("item-not-found");
  EXPECT_THAT(
      frames(),
      ElementsAre(
          R"(<failed xmlns="urn:xmpp:sm:3"><item-not-found xmlns="urn:ietf:params:xml:ns:xmpp-stanzas"/></failed>)"));
  receive(kBind);
  EXPECT_TRUE(event<stream_event::WantsBind>());
}

TEST_F(StreamTest, WhatIsPushedComesBeforeTheAddress) {
  Element query("query", "http://jabber.org/protocol/disco#info");
  query.add("feature", "http://jabber.org/protocol/disco#info").set("var", "urn:xmpp:ping");
  options.pushed = query;
  login();
  receive(kBind);
  EXPECT_TRUE(event<stream_event::WantsBind>());
  stream.bound({std::string(kUser), "meet.example", "RES"});
  EXPECT_THAT(frames(),
              ElementsAre(R"(<message xmlns="jabber:client" from="meet.example" to=")" + std::string(kUser) +
                              R"(@meet.example/RES"><query xmlns="http://jabber.org/protocol/disco#info">)"
                              R"(<feature xmlns="http://jabber.org/protocol/disco#info" var="urn:xmpp:ping"/>)"
                              R"(</query></message>)",
                          HasSubstr("_bind_auth_2")));
}

TEST_F(StreamTest, SendsNothingBeforeLogin) {
  open();
  frames();
  stream.send("<message/>");
  EXPECT_THAT(frames(), IsEmpty());
}

}  // namespace
}  // namespace conclave::xmpp
