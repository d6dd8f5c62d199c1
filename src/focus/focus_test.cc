// Focus against real rooms and a real SFU, on virtual time; what clients would send is written out.
#include "focus/focus.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/log.h"
#include "focus/conference_request.h"
#include "focus/jingle/namespaces.h"
#include "focus/participant.h"
#include "loop/manual_loop.h"
#include "room/rooms.h"
#include "sfu/dtls/certificate.h"
#include "xmpp/parser.h"

namespace conclave::focus {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using xmpp::Element;

class SilentLog final : public access::DecisionLog {
 public:
  void decided(const access::Decided&) override {}
};

class SilentPort final : public sfu::DatagramPort {
 public:
  void send(const Address&, Bytes) override {}
};

class RecordingOutbox final : public xmpp::Outbox {
 public:
  void deliver(xmpp::SessionId to, Element stanza) override { sent[to.value].push_back(std::move(stanza)); }
  void disconnect(xmpp::SessionId, std::string_view) override {}
  std::map<std::uint64_t, std::vector<Element>> sent;
};

class FocusTest : public ::testing::Test {
 protected:
  FocusTest() { log::set_level(log::Level::Off); }

  std::string room_jid(const std::string& nick) { return "board@conference.d/" + nick; }
  std::uint64_t session(const std::string& nick) { return static_cast<std::uint64_t>(nick.back()); }

  void send(const std::string& nick, const std::string& xml, access::ClaimedRole role = access::ClaimedRole::Unsaid) {
    access::Identity identity = access::guest(nick);
    if (nick.starts_with("host")) {
      identity.kind = access::IdentityKind::Token;
      identity.claimed_role = role;
    }
    const auto stanza = xmpp::parse(xml);
    ASSERT_TRUE(stanza) << xml;
    rooms_.stanza({{xmpp::SessionId{session(nick)}, {nick, "d", "r"}}, identity}, *stanza);
    loop_.run_ready();
  }
  void join(const std::string& nick) {
    send(nick, "<presence to='" + room_jid(nick) + "'><x xmlns='http://jabber.org/protocol/muc'/></presence>",
         access::ClaimedRole::Moderator);
  }
  void leave(const std::string& nick) { send(nick, "<presence type='unavailable' to='" + room_jid(nick) + "'/>"); }

  // Everything that focus asked of a client since the last call.
  std::vector<Element> take(const std::string& nick) {
    auto stanzas = std::exchange(outbox_.sent[session(nick)], {});
    std::erase_if(stanzas, [](const Element& stanza) { return stanza.name() != "iq"; });
    return stanzas;
  }
  std::vector<std::string> take_texts(const std::string& nick) {
    std::vector<std::string> texts;
    for (const Element& stanza : take(nick)) texts.push_back(stanza.str());
    return texts;
  }

  void answer_features(const std::string& nick, std::string_view more = "") {
    for (const Element& iq : take(nick)) {
      if (iq.child("query", "http://jabber.org/protocol/disco#info") == nullptr) continue;
      send(nick,
           "<iq type='result' id='" + std::string(iq.attribute("id")) + "' to='" + room_jid("focus") +
               "'><query xmlns='http://jabber.org/protocol/disco#info'><feature var='urn:xmpp:jingle:apps:rtp:audio'/>"
               "<feature var='urn:xmpp:jingle:apps:rtp:video'/>" +
               std::string(more) + "</query></iq>");
    }
  }
  // The <jingle/> of the one session-initiate that he was sent.
  Element offer_to(const std::string& nick) {
    for (const Element& iq : take(nick)) {
      const Element* jingle = iq.child("jingle", ns::kJingle);
      if (jingle != nullptr && jingle->attribute("action") == "session-initiate") return *jingle;
    }
    ADD_FAILURE() << "no offer to " << nick;
    return Element("none");
  }
  void accept(const std::string& nick, const Element& offer, std::uint32_t ssrc) {
    send(nick, "<iq type='set' id='acc' to='" + room_jid("focus") +
                   "'><jingle xmlns='urn:xmpp:jingle:1' action='session-accept' sid='" +
                   std::string(offer.attribute("sid")) +
                   "'><content name='audio'><description xmlns='urn:xmpp:jingle:apps:rtp:1' media='audio'>"
                   "<payload-type id='111' name='opus' clockrate='48000'/><source "
                   "xmlns='urn:xmpp:jingle:apps:rtp:ssma:0' ssrc='" +
                   std::to_string(ssrc) + "' name='" + nick + "-a0'><parameter name='msid' value='" + nick +
                   " a'/></source></description><transport xmlns='urn:xmpp:jingle:transports:ice-udp:1' ufrag='abcd' "
                   "pwd='0123456789abcdef012345'><fingerprint xmlns='urn:xmpp:jingle:apps:dtls:0' hash='sha-256' "
                   "setup='active'>" +
                   fingerprint_ + "</fingerprint></transport></content></jingle></iq>");
  }
  // host1 and guest2 with accepted sessions.
  std::pair<Element, Element> two_in_a_meeting() {
    join("host1");
    join("guest2");
    answer_features("host1");
    answer_features("guest2");
    Element first = offer_to("host1");
    Element second = offer_to("guest2");
    accept("host1", first, 101);
    accept("guest2", second, 202);
    return {std::move(first), std::move(second)};
  }

  ManualLoop loop_;
  SeededRandom random_{7};
  access::PolicyBook policies_;
  access::Policy& policy_ = policies_.base;
  SilentLog log_;
  SilentPort port_;
  std::string origin_ = "wss://meet.example";
  dtls::Certificate certificate_{random_, WallTime(std::chrono::seconds(1'790'000'000))};
  std::string fingerprint_ = certificate_.fingerprint().value;
  sfu::Sfu sfu_{loop_, port_, certificate_, random_, {.advertised = {*Address::parse("192.0.2.1", 10000)}}};
  RecordingOutbox outbox_;
  Focus focus_{loop_, sfu_, random_, {.focus_jid = "focus@auth.d/focus", .channel_origin = origin_}};
  room::Rooms rooms_{loop_,
                     outbox_,
                     random_,
                     policies_,
                     {.muc_domain = "conference.d", .lobby_domain = "lobby.d", .focus_jid = "focus@auth.d"},
                     focus_,
                     log_};
};

TEST_F(FocusTest, InvitesNobodyUntilTwoAreThere) {
  join("host1");
  answer_features("host1");
  EXPECT_THAT(take("host1"), IsEmpty());
  join("guest2");
  answer_features("guest2");
  const std::string offer = offer_to("host1").str();
  EXPECT_THAT(offer, HasSubstr("url=\"wss://meet.example/colibri-ws/0/"));
  EXPECT_THAT(offer, HasSubstr("ip=\"192.0.2.1\""));
  EXPECT_THAT(offer, HasSubstr("mixedmslabel"));
  offer_to("guest2");
}

TEST_F(FocusTest, InvitesAClientThatDoesNotAnswerAsAPlainOne) {
  join("host1");
  join("guest2");
  EXPECT_THAT(take_texts("guest2"), Not(Contains(HasSubstr("session-initiate"))));
  loop_.advance(kFeaturesTimeout);
  EXPECT_THAT(offer_to("guest2").str(), Not(HasSubstr("rtx")));
}

TEST_F(FocusTest, WhatIsTakenBackAndAddedAgainHasAnotherMsid) {
  const auto [first, second] = two_in_a_meeting();
  take("host1");
  const auto change = [&](const std::string& action) {
    send("guest2", "<iq type='set' id='c' to='" + room_jid("focus") + "'><jingle xmlns='urn:xmpp:jingle:1' action='" +
                       action + "' sid='" + std::string(second.attribute("sid")) +
                       "'><content name='audio'><description xmlns='urn:xmpp:jingle:apps:rtp:1' media='audio'><source "
                       "xmlns='urn:xmpp:jingle:apps:rtp:ssma:0' ssrc='202' name='guest2-a0'><parameter name='msid' "
                       "value='guest2 a'/></source></description></content></jingle></iq>");
  };
  change("source-remove");
  EXPECT_THAT(take_texts("host1"), Contains(AllOf(HasSubstr("source-remove"), HasSubstr("value=\"guest2 a\""))));
  change("source-add");
  EXPECT_THAT(take_texts("host1"), Contains(AllOf(HasSubstr("source-add"), HasSubstr("value=\"guest2-1 a-1\""))));
  change("source-remove");
  EXPECT_THAT(take_texts("host1"), Contains(AllOf(HasSubstr("source-remove"), HasSubstr("value=\"guest2-1 a-1\""))));
}

TEST_F(FocusTest, WhoHasSsrcsRewrittenIsToldOfNoSourcesByJingle) {
  join("host1");
  join("guest2");
  answer_features("host1");
  const Element first = offer_to("host1");
  accept("host1", first, 101);
  answer_features("guest2", "<feature var='http://jitsi.org/ssrc-rewriting-1'/>");
  const Element second = offer_to("guest2");
  EXPECT_THAT(second.str(), HasSubstr("mixedmslabel"));
  EXPECT_THAT(second.str(), Not(HasSubstr("ssrc=\"101\"")));
  accept("guest2", second, 202);
  EXPECT_THAT(take_texts("guest2"), Not(Contains(HasSubstr("source-add"))));
  EXPECT_THAT(take_texts("host1"), Contains(HasSubstr("ssrc=\"202\""))) << "the others go on as before";
  leave("host1");
  EXPECT_THAT(take_texts("guest2"), Not(Contains(HasSubstr("source-remove"))));
}

TEST_F(FocusTest, TellsEverybodyElseOfSourcesOnce) {
  two_in_a_meeting();
  // host1 accepted before guest2 had sources, guest2 after host1 had some.
  EXPECT_THAT(take_texts("host1"), Contains(HasSubstr("action=\"source-add\"")).Times(1));
  const auto to_guest = take_texts("guest2");
  EXPECT_THAT(to_guest, Contains(HasSubstr("ssrc=\"101\"")).Times(1));
  EXPECT_THAT(to_guest, Not(Contains(HasSubstr("ssrc=\"202\""))));
}

TEST_F(FocusTest, RefusesAnSsrcThatSomebodyElseHas) {
  join("host1");
  join("guest2");
  answer_features("host1");
  answer_features("guest2");
  accept("host1", offer_to("host1"), 101);
  accept("guest2", offer_to("guest2"), 101);
  EXPECT_THAT(take_texts("guest2"), Contains(HasSubstr("already in use")));
}

TEST_F(FocusTest, RemovesTheSourcesOfWhoLeaves) {
  two_in_a_meeting();
  take("host1");
  join("guest3");
  leave("guest2");
  EXPECT_THAT(take_texts("host1"), Contains(AllOf(HasSubstr("action=\"source-remove\""), HasSubstr("ssrc=\"202\""))));
}

TEST_F(FocusTest, EndsALonelySessionAfterAWhileAndInvitesAnewWhenSomebodyComes) {
  two_in_a_meeting();
  take("host1");
  leave("guest2");
  take("host1");
  loop_.advance(kLonelyTimeout - 1ms);
  EXPECT_THAT(take("host1"), IsEmpty());
  loop_.advance(1ms);
  EXPECT_THAT(take_texts("host1"), Contains(AllOf(HasSubstr("session-terminate"), HasSubstr("<expired"))));
  join("guest3");
  answer_features("guest3");
  offer_to("host1");
}

TEST_F(FocusTest, AnswersARestartWithAResultAndANewOffer) {
  const auto [first, second] = two_in_a_meeting();
  take("guest2");
  const auto restart = [&](const Element& offer) {
    send("guest2", "<iq type='set' id='t' to='" + room_jid("focus") +
                       "'><jingle xmlns='urn:xmpp:jingle:1' action='session-terminate' sid='" +
                       std::string(offer.attribute("sid")) +
                       "'><reason><connectivity-error/></reason>"
                       "<bridge-session xmlns='http://jitsi.org/protocol/focus' restart='true' id='" +
                       std::string(offer.child("bridge-session", ns::kFocus)->attribute("id")) + "'/></jingle></iq>");
  };
  restart(second);
  const auto answers = take("guest2");
  ASSERT_THAT(answers, SizeIs(2));
  EXPECT_EQ(answers[0].attribute("type"), "result");
  const Element& offer = *answers[1].child("jingle", ns::kJingle);
  EXPECT_NE(offer.attribute("sid"), second.attribute("sid"));
  restart(offer);  // within 5 s of the first
  EXPECT_THAT(take_texts("guest2"), Contains(HasSubstr("resource-constraint")));
}

TEST_F(FocusTest, KnowsNoSessionButItsOwn) {
  two_in_a_meeting();
  take("guest2");
  send("guest2", "<iq type='set' id='x' to='" + room_jid("focus") +
                     "'><jingle xmlns='urn:xmpp:jingle:1' action='source-add' sid='foreign'/></iq>");
  EXPECT_THAT(take_texts("guest2"), Contains(AllOf(HasSubstr("item-not-found"), HasSubstr("unknown-session"))));
  send("guest2", "<iq type='set' id='y' to='" + room_jid("focus") + "'><jingle xmlns='urn:xmpp:jingle:1'/></iq>");
  EXPECT_THAT(take_texts("guest2"), Contains(HasSubstr("bad-request")));
}

class NobodySpeaks final : public MediaRules {
 public:
  bool may_send(const room::Room&, const room::Occupant& who, sfu::SourceClass which) const override {
    return which != sfu::SourceClass::Audio || who.nick.starts_with("host");
  }
};

TEST_F(FocusTest, UnmutingOneselfTakesTheRulesConsent) {
  const NobodySpeaks rules;
  focus_.set_rules(rules);
  join("host1");
  join("guest2");
  const auto unmute = [&](const std::string& who, const std::string& kind) {
    take(who);
    send(who, "<iq type='set' id='u1' to='" + room_jid("focus") + "'><mute xmlns='http://jitsi.org/jitmeet/" + kind +
                  "' jid='" + room_jid(who) + "'>false</mute></iq>");
    return take_texts(who);
  };
  EXPECT_THAT(unmute("guest2", "audio"), Contains(HasSubstr("not-allowed")));
  EXPECT_THAT(unmute("guest2", "video"), Contains(HasSubstr("type=\"result\"")));
  EXPECT_THAT(unmute("host1", "audio"), Contains(HasSubstr("type=\"result\"")));
}

TEST_F(FocusTest, OnlyAModeratorMutesAnotherAndNobodyUnmutes) {
  two_in_a_meeting();
  const auto mute = [&](const std::string& who, const std::string& target, const std::string& text) {
    take("host1");
    take("guest2");
    send(who, "<iq type='set' id='m' to='" + room_jid("focus") +
                  "'><mute xmlns='http://jitsi.org/jitmeet/audio' jid='" + room_jid(target) + "'>" + text +
                  "</mute></iq>");
    return take_texts(who);
  };
  EXPECT_THAT(mute("guest2", "host1", "true"), Contains(HasSubstr("not-allowed")));
  EXPECT_THAT(take("host1"), IsEmpty());
  EXPECT_THAT(mute("host1", "guest2", "false"), Contains(HasSubstr("not-allowed")));
  EXPECT_THAT(mute("host1", "nobody9", "true"), Contains(HasSubstr("item-not-found")));
  EXPECT_THAT(mute("guest2", "guest2", "false"), Contains(HasSubstr("type=\"result\"")));
  // Fullwidth letters: another spelling of the same room.
  send("host1", "<iq type='set' id='w' to='" + room_jid("focus") +
                    "'><mute xmlns='http://jitsi.org/jitmeet/audio' "
                    "jid='\uFF42oard@conference.d/guest2'>true</mute></iq>");
  EXPECT_THAT(take_texts("host1"), Contains(HasSubstr("type=\"result\"")));
  EXPECT_THAT(mute("host1", "guest2", "true"), Contains(HasSubstr("type=\"result\"")));
  EXPECT_THAT(take_texts("guest2"),
              Contains(AllOf(HasSubstr("jitmeet/audio"), HasSubstr("actor=\"board@conference.d/host1\""),
                             HasSubstr(">true<"))));
}

TEST(SourceChange, TellsOfAGroupThatJoinsKnownSsrcs) {
  const SignalledSsrc a{.ssrc = 1, .name = "x-v0", .kind = sfu::MediaKind::Video, .msid = "m"};
  const SignalledSsrc b{.ssrc = 2, .name = "x-v0", .kind = sfu::MediaKind::Video, .msid = "m"};
  const SourcesByOwner told{{"x", {.ssrcs = {a, b}, .groups = {}}}};
  const SourcesByOwner wanted{
      {"x", {.ssrcs = {a, b}, .groups = {{GroupSemantics::Fid, sfu::MediaKind::Video, {1, 2}}}}}};
  EXPECT_EQ(difference(told, wanted).added, wanted);
  EXPECT_EQ(difference(told, wanted).removed, told);
  EXPECT_TRUE(difference(wanted, wanted).added.empty());
}

TEST(ConferenceRequest, NamesWhatIsWrongWithTheRoom) {
  const room::MucDomain muc("conference.d");
  const auto error = [&](const std::string& attributes) {
    const auto iq =
        xmpp::parse("<iq type='set' id='c' to='focus.d'><conference xmlns='http://jitsi.org/protocol/focus' " +
                    attributes + "/></iq>");
    const auto request = read_conference_request(*iq, muc);
    return request ? std::string() : request.error().str();
  };
  EXPECT_THAT(error(""), HasSubstr("bad-request"));
  EXPECT_THAT(error("room='a@elsewhere'"), HasSubstr("bad-request"));
  EXPECT_THAT(error("room='focus@conference.d'"), HasSubstr("not-allowed"));
  EXPECT_EQ(error("room='a@conference.t.d' machine-uid='m'"), "");
}

}  // namespace
}  // namespace conclave::focus
