#include "component/room_metadata.h"

#include "component/component_fixture.h"

namespace conclave::component {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class RoomMetadataTest : public ComponentTest {
 protected:
  RoomMetadataTest() {
    listeners.add(component);
    join(ada, "board");
    join(kay, "board");
    forget_sent();
  }
  void set(const room::Client& who, const Json& json) {
    xmpp::Element element("room_metadata", kJitmeet);
    element.set("room", "board@conference.example").set_text(json.dump());
    say(component, "board", who, element.str());
  }
  void set(const room::Client& who, const std::string& key, const Json& data) {
    set(who, Json{{"key", key}, {"data", data}, {"type", "room_metadata"}});
  }
  Json last(const room::Client& who) {
    const auto all = told(who);
    return all.empty() ? Json() : all.back()["metadata"];
  }

  std::vector<xmpp::ExternalService> relays;
  RoomMetadata component{"metadata.example", outbox, [this](const room::Occupant&) { return relays; }};
  room::Client ada = host("ada");
  room::Client kay = guest("kay");
};

TEST_F(RoomMetadataTest, ComesBeforeOnesOwnPresence) {
  const room::Client bo = guest("bo");
  join(bo, "board");
  const auto sent = take(bo);
  ASSERT_FALSE(sent.empty());
  EXPECT_EQ(sent.front(),
            R"(<message from="metadata.example"><json-message xmlns="http://jitsi.org/jitmeet" )"
            R"(room="board@conference.example">{&quot;metadata&quot;:{},&quot;type&quot;:&quot;room_metadata&quot;})"
            R"(</json-message></message>)");
}

TEST_F(RoomMetadataTest, A41_WhoComesInIsToldTheRelaysAndIsNotToldThemAgain) {
  relays = {
      {.type = "stun", .host = "s.example", .port = 443, .transport = "udp"},
      {.type = "turn", .host = "t.example", .port = 443, .transport = "tcp", .username = "1:bo", .password = "pw"}};
  const room::Client bo = guest("bo");
  join(bo, "board");
  EXPECT_EQ(last(bo)["services"], Json::parse(R"([{"type":"stun","host":"s.example","port":"443","transport":"udp"},
                            {"type":"turn","host":"t.example","port":"443","transport":"tcp","username":"1:bo",
                             "password":"pw","restricted":true}])"));
  EXPECT_THAT(told(kay), IsEmpty());
  set(ada, "whiteboard", 1);
  EXPECT_EQ(last(bo), (Json{{"whiteboard", 1}}));
}

TEST_F(RoomMetadataTest, AModeratorsWordGoesToAllWithWhatWasThere) {
  set(ada, "whiteboard", {{"collabDetails", {{"roomId", "w1"}}}});
  set(ada, "permissions", {{"groupChatRestricted", false}});
  EXPECT_EQ(last(kay), (Json{{"whiteboard", {{"collabDetails", {{"roomId", "w1"}}}}},
                             {"permissions", {{"groupChatRestricted", false}}}}));
}

TEST_F(RoomMetadataTest, TheSameAgainIsNotTold) {
  set(ada, "whiteboard", 1);
  forget_sent();
  set(ada, "whiteboard", 1);
  EXPECT_THAT(told(kay), IsEmpty());
}

TEST_F(RoomMetadataTest, OthersAndServersKeysAreRefused) {
  set(kay, "whiteboard", 1);
  for (const char* key : {"moderators", "participants", "services", "visitorsEnabled", "allownersEnabled"}) {
    set(ada, key, 1);
  }
  EXPECT_THAT(told(ada), IsEmpty());
}

TEST_F(RoomMetadataTest, WhatIsMalformedChangesNothing) {
  set(ada, Json("text"));
  set(ada, Json{{"key", 1}, {"data", 1}});
  set(ada, Json{{"key", "k"}});
  say(component, "board", ada, "<room_metadata xmlns='http://jitsi.org/jitmeet'>{</room_metadata>");
  say(component, "board", ada, "<room_metadata xmlns='http://jitsi.org/jitmeet'/>");
  say(component, "board", ada, "<room_metadata/>");
  EXPECT_THAT(told(kay), IsEmpty());
}

TEST_F(RoomMetadataTest, A5_WhatIsNestedBeyondMeasureIsNoJsonWhoeverSaysIt) {
  for (const room::Client& who : {kay, ada}) {
    say(component, "board", who,
        "<room_metadata xmlns='http://jitsi.org/jitmeet'>{\"key\":\"a\",\"data\":" + std::string(16'000, '[') +
            std::string(16'000, ']') + "}</room_metadata>");
  }
  EXPECT_THAT(told(kay), IsEmpty());
}

TEST_F(RoomMetadataTest, A43_NoKeyOfThePrototype) {
  set(ada, "__proto__", {{"x", 1}});
  EXPECT_EQ(refusal(ada), "not-allowed");
  EXPECT_THAT(told(kay), IsEmpty());
}

TEST_F(RoomMetadataTest, IsNoStore) {
  set(ada, "big", std::string(kMaxMetadataBytes / 2, 'x'));
  EXPECT_FALSE(last(kay).is_null());
  set(ada, "more", std::string(kMaxMetadataBytes / 2, 'x'));
  EXPECT_EQ(refusal(ada), "not-allowed");
  EXPECT_THAT(told(kay), IsEmpty());
}

TEST_F(RoomMetadataTest, TranscribingGoesByTheFeature) {
  room::Client scribe = host("scribe");
  scribe.visitor.identity.features = access::FeatureSet{"transcription"};
  room::Client chief = host("chief");
  chief.visitor.identity.features = access::FeatureSet{};
  join(scribe, "board");
  join(chief, "board");
  forget_sent();
  set(chief, "recording", {{"isTranscribingEnabled", true}});
  EXPECT_THAT(told(kay), IsEmpty());
  set(scribe, "recording", {{"isTranscribingEnabled", true}, {"other", 1}});
  EXPECT_EQ(last(kay), (Json{{"recording", {{"isTranscribingEnabled", true}}}}));
}

TEST_F(RoomMetadataTest, ChatKeptToSome) {
  set(ada, "permissions", {{"groupChatRestricted", true}});
  forget_sent();
  send(kay, "<message type='groupchat' to='board@conference.example'><body>hi</body></message>");
  EXPECT_THAT(only(kay), HasSubstr("not-allowed"));
  send(ada, "<message type='groupchat' to='board@conference.example'><body>hi</body></message>");
  EXPECT_THAT(only(kay), HasSubstr("<body>hi</body>"));
  send(kay, "<message type='chat' to='board@conference.example/ada'><body>psst</body></message>");
  EXPECT_THAT(take(ada).back(), HasSubstr("psst"));
}

TEST_F(RoomMetadataTest, StartMutedOfAnOldClientsModerator) {
  const std::string said =
      "<presence to='board@conference.example/%'><startmuted xmlns='http://jitsi.org/jitmeet/start-muted' audio='true' "
      "video='false'/></presence>";
  const auto by = [&](const std::string& nick) { return std::string(said).replace(said.find('%'), 1, nick); };
  send(kay, by("kay"));
  EXPECT_TRUE(last(ada).is_null());
  send(ada, by("ada"));
  EXPECT_EQ(last(kay), (Json{{"startMuted", {{"audio", true}, {"video", false}}}}));
  send(ada, by("ada"));
  EXPECT_TRUE(last(kay).is_null());
}

TEST_F(RoomMetadataTest, ModerationMutesNewcomersAndLeavesNoTrace) {
  set(ada, "startMuted", {{"audio", true}, {"video", false}});
  room::Room& room = *rooms.find(room_name("board"));
  component.moderated(room, sfu::SourceClass::Audio, true);
  component.moderated(room, sfu::SourceClass::Camera, true);
  EXPECT_EQ(last(kay)["startMuted"], (Json{{"audio", true}, {"video", true}}));
  component.moderated(room, sfu::SourceClass::Audio, false);
  component.moderated(room, sfu::SourceClass::Camera, false);
  EXPECT_EQ(last(kay)["startMuted"], (Json{{"audio", true}, {"video", false}}));
}

TEST_F(RoomMetadataTest, WhatModeratorsChooseWhileItIsModeratedCountsAfterwards) {
  const std::string hand =
      "<presence to='board@conference.example/ada'><startmuted xmlns='http://jitsi.org/jitmeet/start-muted' "
      "audio='false' video='false'/>%</presence>";
  const auto old_client = [&](const std::string& more) { return std::string(hand).replace(hand.find('%'), 1, more); };
  send(ada, old_client(""));
  room::Room& room = *rooms.find(room_name("board"));
  component.moderated(room, sfu::SourceClass::Audio, true);
  EXPECT_EQ(last(kay)["startMuted"], (Json{{"audio", true}, {"video", false}}));
  forget_sent();
  send(ada, old_client("<raised/>"));
  EXPECT_TRUE(last(kay).is_null()) << "his client says it in each presence";
  set(ada, "startMuted", {{"audio", false}, {"video", true}});
  EXPECT_EQ(last(kay)["startMuted"], (Json{{"audio", true}, {"video", true}}));
  forget_sent();
  send(ada, old_client("<lowered/>"));
  EXPECT_TRUE(last(kay).is_null()) << "what was said since by message counts";
  component.moderated(room, sfu::SourceClass::Audio, false);
  EXPECT_EQ(last(kay)["startMuted"], (Json{{"audio", false}, {"video", true}}));
}

TEST_F(RoomMetadataTest, SaysWhetherThereIsALobby) {
  policy.lobby_exists = true;
  send(ada,
       "<iq type='set' id='c1' to='board@conference.example'><query xmlns='http://jabber.org/protocol/muc#owner'>"
       "<x xmlns='jabber:x:data' type='submit'><field var='muc#roomconfig_membersonly'><value>true</value></field></x>"
       "</query></iq>");
  EXPECT_EQ(last(kay), (Json{{"lobbyEnabled", true}}));
}

}  // namespace
}  // namespace conclave::component
