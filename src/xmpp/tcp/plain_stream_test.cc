#include "xmpp/tcp/plain_stream.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "xmpp/tcp/admission.h"

namespace conclave::xmpp::tcp {
namespace {

using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;
using Then = PlainStream::Then;

class PlainStreamTest : public testing::Test {
 protected:
  std::vector<std::string> domains{"meet.example", "auth.meet.example"};
  SeededRandom random{1};
  PlainStream stream{domains, random};
};

TEST_F(PlainStreamTest, RequiresTls) {
  const auto opened = stream.take(StreamOpening{"auth.meet.example", "1.0"});
  EXPECT_EQ(opened.then, Then::GoOn);
  EXPECT_THAT(opened.text,
              AllOf(HasSubstr(R"(from="auth.meet.example")"), HasSubstr("<required"), Not(HasSubstr("mechanism"))));
  const auto proceed = stream.take(Element("starttls", "urn:ietf:params:xml:ns:xmpp-tls"));
  EXPECT_EQ(proceed.then, Then::StartTls);
  EXPECT_EQ(proceed.text, R"(<proceed xmlns="urn:ietf:params:xml:ns:xmpp-tls"/>)");
}

TEST_F(PlainStreamTest, TakesNothingElse) {
  (void)stream.take(StreamOpening{"meet.example", "1.0"});
  for (const Element& early : {Element("auth", kSaslNamespace), Element("message"), Element("starttls")}) {
    const auto answer = stream.take(early);
    EXPECT_EQ(answer.then, Then::Close) << early.str();
    EXPECT_THAT(answer.text,
                AllOf(StartsWith("<stream:error"), HasSubstr("policy-violation"), EndsWith("</stream:stream>")));
  }
}

TEST_F(PlainStreamTest, AnswersAnErrorOnAStreamOfItsOwn) {
  EXPECT_THAT(stream.take(ParseError::NotWellFormed).text,
              AllOf(StartsWith("<?xml"), HasSubstr(R"(from="meet.example")"), HasSubstr("not-well-formed")));
  PlainStream other(domains, random);
  EXPECT_THAT(other.take(StreamOpening{"evil.example", "1.0"}).text, HasSubstr("host-unknown"));
  PlainStream old(domains, random);
  EXPECT_THAT(old.take(StreamOpening{"meet.example", ""}).text, HasSubstr("unsupported-version"));
}

TEST(Admission, CountsThoseWhoWaitAndThoseOfOneAddress) {
  Admission admission({.max_waiting = 4, .max_waiting_of_address = 2, .max_of_address = 3});
  EXPECT_TRUE(admission.admit("a"));
  EXPECT_TRUE(admission.admit("a"));
  EXPECT_FALSE(admission.admit("a")) << "two of it wait";
  admission.logged_in("a");
  EXPECT_TRUE(admission.admit("a"));
  admission.logged_in("a");
  admission.logged_in("a");
  EXPECT_FALSE(admission.admit("a")) << "three of it are there";
  for (const char* address : {"b", "c", "d", "e"}) EXPECT_TRUE(admission.admit(address));
  EXPECT_FALSE(admission.admit("f")) << "four wait";
  admission.left("b", Admission::Was::Waiting);
  EXPECT_TRUE(admission.admit("f"));
  admission.left("a", Admission::Was::LoggedIn);
  EXPECT_EQ(admission.waiting(), 4u);
  for (int i = 0; i < 2; ++i) admission.left("a", Admission::Was::LoggedIn);
  for (const char* address : {"c", "d", "e", "f"}) admission.left(address, Admission::Was::Waiting);
  EXPECT_EQ(admission.addresses(), 0u) << "nothing is kept of who is gone";
}

}  // namespace
}  // namespace conclave::xmpp::tcp
