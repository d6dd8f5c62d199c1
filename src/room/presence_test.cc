#include "room/presence.h"

#include "room/room_fixture.h"

namespace conclave::room {
namespace {

using access::Role;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

class Presence : public RoomsTest {};

TEST_F(Presence, IsKeptWholeAndSentToLaterJoiners) {
  const Client ada = host("ada"), bo = guest("bo"), cy = guest("cy");
  join(ada, "board");
  join(bo, "board", "<stats-id>Kaci</stats-id>");
  forget_sent();
  send(bo,
       "<presence to='board@conference.example/bo'><show>away</show><jitsi_participant_raisedHand/>"
       "<SourceInfo>{\"bo-a0\":{\"muted\":true}}</SourceInfo><mine xmlns='urn:third-party'>7</mine>"
       "<c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='n' ver='v'/></presence>");
  constexpr std::string_view kPublished =
      R"(<presence from="board@conference.example/bo"><show>away</show><jitsi_participant_raisedHand/><SourceInfo>{&quot;bo-a0&quot;:{&quot;muted&quot;:true}}</SourceInfo><mine xmlns="urn:third-party">7</mine><c xmlns="http://jabber.org/protocol/caps" hash="sha-1" node="n" ver="v"/>)";
  const std::string to_ada = only(ada);
  EXPECT_THAT(to_ada, HasSubstr(kPublished));
  EXPECT_THAT(only(bo), HasSubstr(R"(<status xmlns="http://jabber.org/protocol/muc#user" code="110"/>)"));
  join(cy, "board");
  const auto sent = take(cy);
  ASSERT_THAT(sent, SizeIs(5));
  EXPECT_EQ(sent[2], to_ada);
}

TEST_F(Presence, LosesWhatOnlyTheServerMaySay_A34) {
  const Client ada = host("ada"), bo = guest("bo");
  join(ada, "board");
  take(ada);
  join(
      bo, "board",
      "<identity><user><name>Ada</name></user></identity><permissions xmlns='http://jitsi.org/jitmeet'/>"
      "<x xmlns='http://jabber.org/protocol/muc#user'><item affiliation='owner' role='moderator'/><status "
      "code='110'/></x>"
      "<x xmlns='vcard-temp:x:update'/><status xmlns='http://jabber.org/protocol/muc#user' code='307'/><flip_device/>"
      "<conference-properties xmlns='http://jitsi.org/protocol/focus'/><bridgeNotAvailable "
      "xmlns='http://jitsi.org/protocol/focus'/><startmuted xmlns='http://jitsi.org/jitmeet/start-muted' audio='true'/>"
      "<kept/>");
  EXPECT_EQ(
      only(ada),
      R"(<presence from="board@conference.example/bo"><kept/><x xmlns="http://jabber.org/protocol/muc#user"><item xmlns="http://jabber.org/protocol/muc#user" affiliation="none" role="participant" jid="bo@example/r"/></x></presence>)");
}

TEST_F(Presence, OfAVerifiedPersonHasTheCredentialsNameAndNoMailAddress_S17) {
  Client ada = host("ada");
  ada.visitor.identity.display = {.name = "Ada",
                                  .email = "ada@example.org",
                                  .avatar = "https://example.org/a.png",
                                  .user_id = "7",
                                  .group = "acme",
                                  .verified = true};
  const Client bo = guest("bo");
  join(ada, "board",
       "<nick xmlns='http://jabber.org/protocol/nick'>Somebody else</nick><email>x@example.org</email>"
       "<avatar-url>https://elsewhere.example/</avatar-url>");
  join(bo, "board", "<nick xmlns='http://jabber.org/protocol/nick'>Bo</nick><email>bo@example.org</email>");
  const auto sent = take(bo);
  EXPECT_THAT(
      sent[1],
      HasSubstr(
          R"(<presence from="board@conference.example/ada"><nick xmlns="http://jabber.org/protocol/nick">Ada</nick><identity><user><id>7</id><name>Ada</name><avatar>https://example.org/a.png</avatar></user><group>acme</group></identity><x )"));
  EXPECT_THAT(sent[2], HasSubstr("<email>bo@example.org</email>"));
  EXPECT_THAT(sent[2], Not(HasSubstr("identity")));
}

TEST_F(Presence, WhoMayNotChooseHisNameHasNoneButTheCredentials) {
  const std::string nick = "<nick xmlns='http://jabber.org/protocol/nick'>Chosen</nick>";
  Client ada = host("ada"), eve = participant("eve");
  eve.visitor.identity.features = access::FeatureSet{"name-readonly"};
  const Client bo = guest("bo");
  join(ada, "board");
  join(eve, "board", nick);
  join(bo, "board");
  EXPECT_THAT(take(bo)[2], ::testing::AllOf(HasSubstr("board@conference.example/eve"), Not(HasSubstr("Chosen"))));
  send(eve, "<presence to='board@conference.example/eve'>" + nick + "</presence>");
  EXPECT_THAT(only(bo), Not(HasSubstr("Chosen")));
}

TEST_F(Presence, A43_ACredentialsNameIsCleanedAsAnyOther) {
  Client ada = host("ada");
  ada.visitor.identity.display.name = "Ada\xE2\x80\xAE" + std::string(500, 'x');
  ada.visitor.identity.display.verified = true;
  const Client bo = guest("bo");
  join(ada, "board");
  join(bo, "board");
  const std::string name = "Ada" + std::string(kMaxDisplayNameBytes - 3, 'x');
  EXPECT_THAT(take(bo)[1], HasSubstr(">" + name + "</nick><identity><user><name>" + name + "</name>"));
}

TEST_F(Presence, SaysWhomRecordersLeaveOutByHisCredentialOnly_S17) {
  Client ada = host("ada");
  ada.visitor.identity.display.verified = true;
  ada.visitor.identity.hidden_from_recorder = true;
  const Client bo = guest("bo");
  join(ada, "board");
  join(bo, "board", "<identity><user><hidden-from-recorder>true</hidden-from-recorder></user></identity>");
  const auto sent = take(bo);
  EXPECT_THAT(sent,
              ::testing::Contains(::testing::AllOf(
                  HasSubstr("board@conference.example/ada"),
                  HasSubstr("<identity><user><hidden-from-recorder>true</hidden-from-recorder></user></identity>"))));
  EXPECT_THAT(take(ada), ::testing::Each(Not(::testing::AllOf(HasSubstr("example/bo"), HasSubstr("hidden")))));
}

TEST_F(Presence, TooLargeIsDroppedAndTheLastGoodOneStays) {
  const Client ada = host("ada"), bo = guest("bo");
  join(ada, "board");
  join(bo, "board", "<good/>");
  forget_sent();
  send(bo,
       "<presence to='board@conference.example/bo'><big>" + std::string(kMaxPresenceBytes, 'x') + "</big></presence>");
  EXPECT_THAT(only(bo), HasSubstr("<not-acceptable "));
  EXPECT_THAT(take(ada), SizeIs(0));
  EXPECT_NE(rooms.find(room_name("board"))->find("bo")->presence.child("good"), nullptr);
}

TEST_F(Presence, OfFocusIsTheServersAndAChangeIsToldToAll) {
  const Client ada = host("ada"), bo = guest("bo");
  join(ada, "board");
  take(ada);
  std::vector<xmpp::Element> children;
  children.emplace_back("conference-properties", "http://jitsi.org/protocol/focus");
  rooms.find(room_name("board"))->set_focus_presence(children);
  constexpr std::string_view kFocus =
      R"(<presence from="board@conference.example/focus"><conference-properties xmlns="http://jitsi.org/protocol/focus"/><x xmlns="http://jabber.org/protocol/muc#user"><item xmlns="http://jabber.org/protocol/muc#user" affiliation="owner" role="moderator" jid="focus@auth.example/focus"/></x></presence>)";
  EXPECT_EQ(only(ada), kFocus);
  join(bo, "board");
  EXPECT_EQ(take(bo)[0], kFocus);
}

TEST_F(Presence, OfTypesThatAreNoneOfOursAreIgnored) {
  const Client ada = host("ada"), bo = guest("bo");
  join(ada, "board");
  take(ada);
  for (const std::string_view type : {"error", "probe", "subscribe"}) {
    for (const Client& who : {ada, bo}) {
      send(who, "<presence type='" + std::string(type) + "' to='board@conference.example/" + who.nick + "'/>");
      EXPECT_THAT(take(who), SizeIs(0));
    }
  }
  EXPECT_TRUE(inside("board", ada));
}

}  // namespace
}  // namespace conclave::room
