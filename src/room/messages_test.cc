#include "room/messages.h"

#include <algorithm>

#include "room/room_fixture.h"

namespace conclave::room {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

class Messages : public RoomsTest {
 protected:
  Messages() {
    for (const Client& who : {ada, bo}) join(who, "board");
    forget_sent();
  }
  const Client ada = host("ada"), bo = guest("bo");
};

TEST_F(Messages, ToTheRoomReachEverybodyTheSenderIncludedWithTheirId) {
  send(
      bo,
      "<message type='groupchat' id='m1' from='ada@example/r' to='board@conference.example'><body>hi</body></message>");
  constexpr std::string_view kSeen =
      R"(<message type="groupchat" id="m1" from="board@conference.example/bo"><body>hi</body></message>)";
  EXPECT_EQ(only(ada), kSeen);
  EXPECT_EQ(only(bo), kSeen);
}

TEST_F(Messages, WithoutAnIdAreGivenOne) {
  send(bo, "<message type='groupchat' to='board@conference.example'><body>hi</body></message>");
  const auto seen = take_stanzas(ada);
  ASSERT_THAT(seen, SizeIs(1));
  EXPECT_EQ(seen[0].attribute("id").size(), 36u);
  EXPECT_EQ(take_stanzas(bo)[0].attribute("id"), seen[0].attribute("id"));
}

TEST_F(Messages, LoseTheServersWordsAndRepliesGetTheirNamespace_A35) {
  send(bo,
       "<message type='groupchat' id='m1' to='board@conference.example'><body>hi</body>"
       "<nick xmlns='http://jabber.org/protocol/nick'>Ada</nick><display-name "
       "xmlns='http://jitsi.org/protocol/display-name' source='token'>Ada</display-name>"
       "<delay xmlns='urn:xmpp:delay' stamp='2020-01-01T00:00:00Z'/><x xmlns='http://jabber.org/protocol/muc#user'/>"
       "<reply to='m0'/><json-message xmlns='http://jitsi.org/jitmeet'>{}</json-message></message>");
  EXPECT_EQ(
      only(ada),
      R"(<message type="groupchat" id="m1" from="board@conference.example/bo"><body>hi</body><reply xmlns="urn:xmpp:reply:0" to="m0"/><json-message xmlns="http://jitsi.org/jitmeet">{}</json-message></message>)");
}

TEST_F(Messages, ToOneReachHimOnlyAndAreNotReflected) {
  send(bo, "<message type='chat' id='m1' to='board@conference.example/ada'><body>psst</body></message>");
  EXPECT_EQ(only(ada),
            R"(<message type="chat" id="m1" from="board@conference.example/bo"><body>psst</body></message>)");
  EXPECT_THAT(take(bo), IsEmpty());
  send(bo, "<message type='chat' id='m2' to='board@conference.example/nobody'><body>psst</body></message>");
  EXPECT_THAT(only(bo), HasSubstr("<item-not-found "));
  send(bo, "<message type='groupchat' id='m3' to='board@conference.example/ada'><body>psst</body></message>");
  EXPECT_THAT(only(bo), HasSubstr("<bad-request "));
  send(bo, "<message type='chat' to='board@conference.example/focus'><body>psst</body></message>");
  EXPECT_THAT(take(bo), IsEmpty());
}

TEST_F(Messages, FromOutsideAreNotAcceptableWhetherTheRoomIsThereOrNot) {
  const Client eve = guest("eve");
  for (const std::string to :
       {"board@conference.example", "board@conference.example/ada", "absent@conference.example"}) {
    send(eve, "<message type='groupchat' id='m1' to='" + to + "'><body>hi</body></message>");
    EXPECT_THAT(only(eve), HasSubstr(R"(<error type="modify"><not-acceptable )")) << to;
  }
  EXPECT_THAT(take(ada), IsEmpty());
  send(eve, "<message type='error' to='board@conference.example'/>");
  EXPECT_THAT(take(eve), IsEmpty()) << "errors are not answered";
}

TEST_F(Messages, TooLongViolateThePolicy) {
  const std::string body = "<body>" + std::string(kMaxMessageBytes, 'x') + "</body></message>";
  send(bo, "<message type='groupchat' id='m1' to='board@conference.example'>" + body);
  EXPECT_THAT(only(bo), HasSubstr(R"(<policy-violation xmlns="urn:ietf:params:xml:ns:xmpp-stanzas"/>)"));
  send(bo, "<message type='chat' id='m1' to='board@conference.example/ada'>" + body);
  EXPECT_THAT(only(bo), HasSubstr("<policy-violation "));
  EXPECT_THAT(take(ada), IsEmpty());
}

TEST_F(Messages, AreKeptForLaterJoinersWithTimeAndName) {
  join(bo, "board", "<nick xmlns='http://jabber.org/protocol/nick'>Bo</nick>");
  send(bo, "<message type='groupchat' id='m1' to='board@conference.example'><body>hi</body></message>");
  const Client cy = guest("cy");
  join(cy, "board");
  const auto sent = take(cy);
  ASSERT_THAT(sent, SizeIs(6));
  EXPECT_EQ(
      sent[4],
      R"(<message type="groupchat" id="m1" from="board@conference.example/bo"><body>hi</body><delay xmlns="urn:xmpp:delay" stamp="2026-09-21T14:13:20Z"/><display-name xmlns="http://jitsi.org/protocol/display-name" source="guest">Bo</display-name></message>)");
  EXPECT_THAT(sent[5], HasSubstr("<subject/>"));
}

TEST_F(Messages, AreKeptInBoundsAndAsManyAsAreAskedFor) {
  for (std::size_t i = 0; i < kMaxHistory + 5; ++i) {
    send(bo, "<message type='groupchat' id='m" + std::to_string(i) +
                 "' to='board@conference.example'><body>hi</body></message>");
  }
  const auto kept = [&](const Client& who) {
    return std::ranges::count_if(take(who), [](const auto& text) { return text.find("<delay ") != std::string::npos; });
  };
  const Client cy = guest("cy"), di = guest("di"), ed = guest("ed");
  join(cy, "board");
  EXPECT_EQ(kept(cy), static_cast<std::ptrdiff_t>(kMaxHistory));
  const auto asks = [&](const Client& who, std::string_view history) {
    send(who, "<presence to='" + address("board", who.nick) + "'><x xmlns='http://jabber.org/protocol/muc'><history " +
                  std::string(history) + "/></x></presence>");
  };
  asks(di, "maxstanzas='2'");
  EXPECT_EQ(kept(di), 2);
  asks(ed, "maxchars='0'");
  EXPECT_EQ(kept(ed), 0);
}

TEST_F(Messages, WithASubjectAndABodyAreRefusedWhole) {
  send(ada, "<message type='groupchat' to='board@conference.example'><subject>T</subject><body>B</body></message>");
  EXPECT_THAT(only(ada), HasSubstr("not-acceptable"));
  EXPECT_THAT(take(bo), IsEmpty());
}

TEST_F(Messages, WithASubjectSetItForModeratorsOnly) {
  constexpr std::string_view kSubject =
      "<message type='groupchat' id='s1' to='board@conference.example'><subject>Weekly</subject></message>";
  send(bo, kSubject);
  EXPECT_THAT(only(bo), HasSubstr("<forbidden "));
  EXPECT_THAT(take(ada), IsEmpty());
  send(ada, kSubject);
  EXPECT_EQ(
      only(bo),
      R"(<message type="groupchat" id="s1" from="board@conference.example/ada"><subject>Weekly</subject></message>)");
  EXPECT_THAT(take(ada), SizeIs(1));
  const Client cy = guest("cy");
  join(cy, "board");
  EXPECT_EQ(take(cy).back(),
            R"(<message type="groupchat" from="board@conference.example/ada"><subject>Weekly</subject></message>)");
  send(ada, "<message type='groupchat' to='board@conference.example'><subject>" +
                std::string(kMaxSubjectBytes + 1, 'x') + "</subject></message>");
  EXPECT_THAT(take(ada).back(), HasSubstr("<policy-violation "));
}

class Iqs : public Messages {};

TEST_F(Iqs, BetweenOccupantsGoByNickBothWays) {
  send(bo, "<iq type='set' id='j1' to='board@conference.example/ada'><jingle xmlns='urn:xmpp:jingle:1'/></iq>");
  EXPECT_EQ(
      only(ada),
      R"(<iq type="set" id="j1" to="board@conference.example/ada" from="board@conference.example/bo"><jingle xmlns="urn:xmpp:jingle:1"/></iq>)");
  send(ada, "<iq type='result' id='j1' to='board@conference.example/bo'/>");
  EXPECT_THAT(only(bo), HasSubstr(R"(from="board@conference.example/ada")"));
  send(ada, "<iq type='error' id='j1' to='board@conference.example/bo'><error type='cancel'/></iq>");
  EXPECT_THAT(only(bo), HasSubstr(R"(<error type="cancel"/>)"));
  send(bo, "<iq type='set' id='j2' to='board@conference.example/nobody'><a xmlns='b'/></iq>");
  EXPECT_THAT(only(bo), HasSubstr("<item-not-found "));
  send(bo, "<iq type='result' id='j2' to='board@conference.example/nobody'/>");
  EXPECT_THAT(take(bo), IsEmpty()) << "responses are never answered";
}

TEST_F(Iqs, ToFocusGoToTheListenerWhichAnswersAsFocus) {
  send(
      bo,
      "<iq type='set' id='f1' to='board@conference.example/focus'><mute xmlns='http://jitsi.org/jitmeet/audio'/></iq>");
  EXPECT_THAT(listener.take(), ElementsAre("iq bo f1"));
  EXPECT_EQ(only(bo), R"(<iq type="result" id="f1" from="board@conference.example/focus"/>)");
}

TEST_F(Iqs, FromOutsideReachNobody) {
  const Client eve = guest("eve");
  for (const std::string to :
       {"board@conference.example/ada", "board@conference.example/focus", "absent@conference.example/x"}) {
    send(eve, "<iq type='set' id='j1' to='" + to + "'><a xmlns='b'/></iq>");
    EXPECT_THAT(only(eve), HasSubstr("<not-acceptable ")) << to;
  }
  EXPECT_THAT(take(ada), IsEmpty());
  EXPECT_THAT(listener.take(), IsEmpty());
}

TEST_F(Iqs, TooLargeAreRefused) {
  send(bo, "<iq type='set' id='j1' to='board@conference.example/ada'><a xmlns='b'>" +
               std::string(kMaxPrivateIqBytes, 'x') + "</a></iq>");
  EXPECT_THAT(only(bo), HasSubstr("<policy-violation "));
  send(bo, "<iq type='set' id='j2' to='board@conference.example/focus'><a xmlns='b'>" + std::string(kMaxIqBytes, 'x') +
               "</a></iq>");
  EXPECT_THAT(only(bo), HasSubstr("<policy-violation "));
  EXPECT_THAT(take(ada), IsEmpty());
}

TEST_F(Iqs, APingOfOneselfSaysStillInside) {
  send(bo, "<iq type='get' id='p1' to='board@conference.example/bo'><ping xmlns='urn:xmpp:ping'/></iq>");
  EXPECT_EQ(only(bo), R"(<iq type="result" id="p1" from="board@conference.example/bo"/>)");
}

TEST_F(Iqs, UnknownOnesAreAnswered) {
  send(bo, "<iq type='get' id='u1' to='board@conference.example'><query xmlns='jabber:iq:register'/></iq>");
  EXPECT_THAT(only(bo), HasSubstr("<service-unavailable "));
  send(bo, "<iq type='get' id='u2' to='conference.example'><query xmlns='jabber:iq:register'/></iq>");
  EXPECT_THAT(only(bo), HasSubstr("<service-unavailable "));
  send(bo, "<iq type='get' id='u3' to='a%5cb@conference.example'><query xmlns='jabber:iq:register'/></iq>");
  EXPECT_THAT(only(bo), HasSubstr("<item-not-found "));
}

constexpr std::string_view kInfo = "<query xmlns='http://jabber.org/protocol/disco#info'/></iq>";

TEST_F(Iqs, DiscoOfARoomIsForThoseInside) {
  send(bo, "<iq type='get' id='d1' to='board@conference.example'>" + std::string(kInfo));
  const std::string meeting = rooms.find(room_name("board"))->meeting_id();
  EXPECT_EQ(
      only(bo),
      R"(<iq type="result" id="d1" from="board@conference.example"><query xmlns="http://jabber.org/protocol/disco#info"><identity xmlns="http://jabber.org/protocol/disco#info" category="conference" type="text" name="board"/><feature xmlns="http://jabber.org/protocol/disco#info" var="http://jabber.org/protocol/muc"/><feature xmlns="http://jabber.org/protocol/disco#info" var="muc_hidden"/><feature xmlns="http://jabber.org/protocol/disco#info" var="muc_nonanonymous"/><feature xmlns="http://jabber.org/protocol/disco#info" var="muc_open"/><feature xmlns="http://jabber.org/protocol/disco#info" var="muc_temporary"/><feature xmlns="http://jabber.org/protocol/disco#info" var="muc_unmoderated"/><feature xmlns="http://jabber.org/protocol/disco#info" var="muc_unsecured"/><x xmlns="jabber:x:data" type="result"><field xmlns="jabber:x:data" var="FORM_TYPE" type="hidden"><value xmlns="jabber:x:data">http://jabber.org/protocol/muc#roominfo</value></field><field xmlns="jabber:x:data" var="muc#roominfo_meetingId"><value xmlns="jabber:x:data">)" +
          meeting +
          R"(</value></field><field xmlns="jabber:x:data" var="muc#roominfo_created_timestamp"><value xmlns="jabber:x:data">1790000000000</value></field></x></query></iq>)");
  const Client eve = guest("eve");
  for (const std::string room : {"board", "absent"}) {
    send(eve, "<iq type='get' id='d1' to='" + address(room) + "'>" + std::string(kInfo));
    EXPECT_THAT(only(eve), HasSubstr(R"(<error type="auth"><forbidden )"));
  }
}

TEST_F(Iqs, DiscoOfTheServiceListsNoRooms) {
  const Client eve = guest("eve");
  send(eve, "<iq type='get' id='d1' to='conference.example'>" + std::string(kInfo));
  EXPECT_THAT(only(eve), HasSubstr(R"(var="http://jabber.org/protocol/muc")"));
  send(eve,
       "<iq type='get' id='d2' to='conference.example'><query xmlns='http://jabber.org/protocol/disco#items'/></iq>");
  EXPECT_EQ(
      only(eve),
      R"(<iq type="result" id="d2" from="conference.example"><query xmlns="http://jabber.org/protocol/disco#items"/></iq>)");
}

class OwnerConfig : public Messages {
 protected:
  void set(const Client& who, std::string_view fields) {
    send(who,
         "<iq type='set' id='o1' to='board@conference.example'><query xmlns='http://jabber.org/protocol/muc#owner'>"
         "<x xmlns='jabber:x:data' type='submit'>" +
             std::string(fields) + "</x></query></iq>");
  }
  static std::string field(std::string_view var, std::string_view value) {
    return "<field var='" + std::string(var) + "'><value>" + std::string(value) + "</value></field>";
  }
  const std::string kSecret = "muc#roomconfig_roomsecret";
  const std::string kLocked = "muc#roomconfig_passwordprotectedroom";
};

TEST_F(OwnerConfig, IsForOwners_S11_A33) {
  constexpr std::string_view kGet =
      "<iq type='get' id='o1' to='board@conference.example'><query xmlns='http://jabber.org/protocol/muc#owner'/></iq>";
  for (const Client& who : {bo, guest("eve")}) {
    send(who, kGet);
    EXPECT_THAT(only(who), HasSubstr(R"(<error type="auth"><forbidden )"));
  }
  set(bo, field(kSecret, "x"));
  EXPECT_THAT(only(bo), HasSubstr(R"(<error type="auth"><forbidden )"));
  send(ada, kGet);
  const std::string form = only(ada);
  EXPECT_THAT(form, HasSubstr(R"(var="muc#roomconfig_roomsecret")"));
  EXPECT_THAT(form, HasSubstr(R"(var="muc#roomconfig_whois")"));
  EXPECT_THAT(form, HasSubstr("muc#roomconfig_membersonly"));
  policy.lobby_exists = false;
  send(ada, kGet);
  EXPECT_THAT(only(ada), Not(HasSubstr("membersonly"))) << "clients then say that there are no lobbies";
}

TEST_F(OwnerConfig, APasswordLocksTheRoomAndIsToldToNobody) {
  set(ada, field(kSecret, "s3cret") + field(kLocked, "1"));
  constexpr std::string_view kChanged =
      R"(<message type="groupchat" from="board@conference.example"><x xmlns="http://jabber.org/protocol/muc#user"><status xmlns="http://jabber.org/protocol/muc#user" code="104"/></x></message>)";
  EXPECT_THAT(take(ada), ElementsAre(kChanged, R"(<iq type="result" id="o1" from="board@conference.example"/>)"));
  EXPECT_EQ(only(bo), kChanged);
  const Client cy = guest("cy");
  join(cy, "board");
  EXPECT_THAT(only(cy), HasSubstr(R"(<error type="auth"><not-authorized )"));
  const auto with = [&](std::string_view password) {
    send(cy, "<presence to='board@conference.example/cy'><x xmlns='http://jabber.org/protocol/muc'><password>" +
                 std::string(password) + "</password></x></presence>");
  };
  with("wrong");
  EXPECT_THAT(only(cy), HasSubstr("<not-authorized "));
  with("s3cret");
  EXPECT_TRUE(inside("board", cy));
  take(cy);
  send(cy, "<iq type='get' id='d1' to='board@conference.example'>" + std::string(kInfo));
  EXPECT_THAT(only(cy), HasSubstr(R"(var="muc_passwordprotected")"));
  send(ada,
       "<iq type='get' id='o2' to='board@conference.example'><query "
       "xmlns='http://jabber.org/protocol/muc#owner'/></iq>");
  EXPECT_THAT(take(ada).back(), Not(HasSubstr("s3cret")));
  const Client di = host("di");
  join(di, "board");
  EXPECT_TRUE(inside("board", di)) << "hosts need none";
  set(ada, field(kSecret, "") + field(kLocked, "0"));
  const Client ed = guest("ed");
  join(ed, "board");
  EXPECT_TRUE(inside("board", ed));
}

TEST_F(OwnerConfig, PasswordsCannotBeGuessedForEver) {
  set(ada, field(kSecret, "s3cret"));
  const Client cy = guest("cy");
  const std::string guess =
      "<presence to='board@conference.example/cy'><x "
      "xmlns='http://jabber.org/protocol/muc'><password>x</password></x></presence>";
  for (std::size_t i = 0; i < kMaxWrongPasswords; ++i) send(cy, guess);
  take(cy);
  send(cy, guess);
  EXPECT_THAT(only(cy), HasSubstr("<resource-constraint "));
}

TEST_F(OwnerConfig, KnowsItsFieldsOnlyAndSaysWhatItCannotDo) {
  set(ada, field("muc#roomconfig_persistentroom", "1") + field("muc#roominfo_meetingId", "mine"));
  EXPECT_THAT(only(ada), HasSubstr(R"(type="result")"));
  EXPECT_NE(rooms.find(room_name("board"))->meeting_id(), "mine");
  policy.lobby_exists = false;
  set(ada, field("muc#roomconfig_membersonly", "true") + field(kSecret, "x"));
  EXPECT_THAT(only(ada), HasSubstr("<feature-not-implemented "));
  set(ada, field(kSecret, std::string(kMaxPasswordBytes + 1, 'x')));
  EXPECT_THAT(only(ada), HasSubstr("<not-acceptable "));
  const Client cy = guest("cy");
  join(cy, "board");
  EXPECT_TRUE(inside("board", cy)) << "nothing was set";
}

}  // namespace
}  // namespace conclave::room
