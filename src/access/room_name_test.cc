#include "access/room_name.h"

#include <gtest/gtest.h>

#include <unordered_set>

namespace conclave::access {
namespace {

std::string name_of(std::string_view text) {
  const auto room = canonical_room(text);
  return room ? room->name() : "refused: " + std::string(name_error_slug(room.error()));
}
NameError error_of(std::string_view text) {
  const auto room = canonical_room(text);
  EXPECT_FALSE(room) << text;
  return room ? NameError::Empty : room.error();
}

TEST(RoomName, LowerCasesWithFullUnicode) {
  EXPECT_EQ(name_of("Stand-Up"), "stand-up");
  EXPECT_EQ(name_of("ЗАЛ"), "зал");
  EXPECT_EQ(name_of("ΣΊΣΥΦΟΣ"), "σίσυφος");
}

TEST(RoomName, DecodesPercentEscapesOnce) {
  EXPECT_EQ(name_of("%D0%97%d0%b0%D0%BB"), "зал");
  EXPECT_EQ(name_of("my%20room"), "my room");
  EXPECT_EQ(error_of("a%252fb"), NameError::Forbidden);
  EXPECT_EQ(error_of("100%"), NameError::Encoding);
  EXPECT_EQ(error_of("%zz"), NameError::Encoding);
  EXPECT_EQ(error_of("%ff"), NameError::Encoding);
}

TEST(RoomName, EncodesItsNodeAsTheStockClientDoes) {
  EXPECT_EQ(canonical_room("Зал 1")->node(), "%d0%b7%d0%b0%d0%bb%201");
  EXPECT_EQ(canonical_room("a~b!c(d)*")->node(), "a~b!c(d)*");
}

TEST(RoomName, NodeComesBackAsTheSameRoom) {
  for (const char* text : {"stand-up", "Зал 1", "日本", "a~b!c", "straße"}) {
    for (const char* tenant : {"", "Acme", "Фирма"}) {
      const auto room = canonical_room(text, tenant);
      ASSERT_TRUE(room);
      EXPECT_EQ(room_from_node(room->node()), room);
      EXPECT_EQ(canonical_room(room->name(), room->tenant()), room);
    }
  }
}

TEST(RoomName, TenantStandsInBrackets) {
  const auto room = canonical_room("Board", "Acme");
  ASSERT_TRUE(room);
  EXPECT_EQ(room->key(), "[acme]board");
  EXPECT_EQ(room->node(), "[acme]board");
  EXPECT_EQ(room->path(), "acme/board");
  EXPECT_EQ(room_from_node("[Acme]board"), room);
  EXPECT_EQ(room_from_node("board", "acme"), room);
  EXPECT_NE(canonical_room("board"), room);
}

// A tenant is one label in the address of its rooms.
TEST(RoomName, ATenantWithADotHasOneName) {
  const auto room = canonical_room("board", "Acme.One");
  ASSERT_TRUE(room);
  EXPECT_EQ(room->key(), "[acme_one]board");
  EXPECT_EQ(room_from_node("board", "acme_one"), room);
  EXPECT_EQ(room_from_node("[acme.one]board"), room);
  EXPECT_EQ(room_in_link("/Acme.One/board"), room);
}

// access.md A23.
TEST(RoomName, A23_NoNameSmugglesATenantOrAPath) {
  for (const char* text : {"[t]a", "[t]x]a", "x]a", "[]a", "a/b", "a%2fb", "a%252fb", "a%5Db", "..%2f", "a\\b"}) {
    EXPECT_FALSE(canonical_room(text)) << text;
  }
  for (const char* node : {"[t]x]a", "x]a", "[]a", "[t]", "[t", "[t][u]a", "[t]a%2fb", "[[t]]a"}) {
    EXPECT_FALSE(room_from_node(node)) << node;
  }
  EXPECT_FALSE(room_from_node("[t]a", "u"));
}

// access.md A24: canonical-equal, refused, or another room; never two answers.
TEST(RoomName, A24_LookAlikesAreEqualRefusedOrDifferent) {
  EXPECT_EQ(name_of("A"), "a");
  EXPECT_EQ(name_of("ａ"), "a");                         // full-width
  EXPECT_EQ(name_of("\xE2\x84\xAA"), "k");               // Kelvin sign
  EXPECT_NE(name_of("а"), "a");                          // Cyrillic
  EXPECT_EQ(name_of("e\xCC\x81"), name_of("\xC3\xA9"));  // NFD and NFC
  EXPECT_NE(name_of("straße"), name_of("strasse"));
  EXPECT_EQ(name_of("STRASSE"), "strasse");
  EXPECT_NE(name_of("a."), name_of("a"));
  EXPECT_EQ(error_of("a\xE2\x80\x8D"), NameError::Forbidden);  // zero-width joiner
  EXPECT_EQ(error_of("a\xE2\x80\xAE"), NameError::Forbidden);  // right-to-left override
  EXPECT_EQ(error_of("a\xC2\xAD"), NameError::Forbidden);      // soft hyphen
  EXPECT_EQ(error_of("a\xEF\xBB\xBF"), NameError::Forbidden);  // byte order mark
  EXPECT_EQ(error_of("a\xE3\x85\xA4"), NameError::Forbidden);  // Hangul filler
  EXPECT_EQ(error_of("a "), NameError::Forbidden);
  EXPECT_EQ(error_of("%C2%A0a"), NameError::Forbidden);  // no-break space, a space after NFKC
  EXPECT_EQ(error_of("a%00b"), NameError::Forbidden);
  EXPECT_EQ(error_of("a\nb"), NameError::Forbidden);
}

TEST(RoomName, CanonicalFormIsStable) {
  for (const char* text : {"İstanbul", "ﬁn", "ǅ", "ΑΪ́", "①②", "㍿"}) {
    const auto once = canonical_room(text);
    ASSERT_TRUE(once) << text;
    EXPECT_EQ(canonical_room(once->name()), once) << text;
  }
}

// access.md A25.
TEST(RoomName, A25_TheServersOwnNamesAreReserved) {
  for (const char* text :
       {"focus", "FOCUS", "lobby.a", "Lobby.A", "__jicofo-health-check-1", "%66ocus", "ｆocus", "xmpp-websocket"}) {
    EXPECT_EQ(error_of(text), NameError::Reserved) << text;
  }
  EXPECT_EQ(room_from_node("[t]focus").error(), NameError::Reserved);
  EXPECT_EQ(name_of("lobby"), "lobby");
}

TEST(RoomName, LengthIsLimitedInItsCanonicalForm) {
  EXPECT_TRUE(canonical_room(std::string(kMaxRoomNameBytes, 'a')));
  EXPECT_EQ(error_of(std::string(kMaxRoomNameBytes + 1, 'a')), NameError::TooLong);
  EXPECT_EQ(error_of(std::string(1'000'000, 'a')), NameError::TooLong);
  EXPECT_EQ(canonical_room("a", std::string(kMaxTenantBytes + 1, 't')).error(), NameError::TooLong);
  std::string growing;  // one character of NFKC's worst: 3 bytes become 33
  for (int i = 0; i < 30; ++i) growing += "\xEF\xB7\xBA";
  EXPECT_FALSE(canonical_room(growing));
  EXPECT_EQ(error_of(""), NameError::Empty);
}

TEST(RoomName, OfABreakoutRoomIsItsMeetingsWithAnId) {
  const RoomName main = *canonical_room("board", "acme");
  const RoomName breakout = main.breakout("0c6e2a4e");
  EXPECT_EQ(breakout.main(), main);
  EXPECT_NE(breakout, main);
  EXPECT_EQ(std::hash<RoomName>{}(breakout), std::hash<RoomName>{}(main)) << "so they live on one loop";
  EXPECT_EQ(breakout.node(), "0c6e2a4e");
  EXPECT_EQ(breakout.key(), "[acme]board#0c6e2a4e");
  EXPECT_FALSE(canonical_room(breakout.key())) << "no text names it";
}

TEST(RoomName, IsAKeyOfMaps) {
  const std::unordered_set<RoomName> rooms{*canonical_room("a"), *canonical_room("A"), *canonical_room("a", "t")};
  EXPECT_EQ(rooms.size(), 2U);
  EXPECT_LT(*canonical_room("a"), *canonical_room("b"));
}

TEST(RoomInLink, IsReadAsAddressesAndListsShowIt) {
  EXPECT_EQ(room_in_link("Board")->key(), "board");
  EXPECT_EQ(room_in_link("/Board")->key(), "board");
  EXPECT_EQ(room_in_link("Acme/Board")->key(), "[acme]board");
  EXPECT_EQ(room_in_link("[acme]board")->key(), "[acme]board");
  EXPECT_EQ(room_in_link("board", "Acme")->key(), "[acme]board");
  EXPECT_EQ(room_in_link("/acme/board", "/acme")->key(), "[acme]board");
  EXPECT_EQ(room_in_link("acme/board", "other").error(), NameError::Forbidden);
  EXPECT_FALSE(room_in_link("[acme]board", "acme"));
  EXPECT_FALSE(room_in_link("acme/board/more"));
  EXPECT_FALSE(room_in_link(""));
}

}  // namespace
}  // namespace conclave::access
