#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "focus/jingle/answer.h"
#include "focus/jingle/namespaces.h"
#include "focus/jingle/offer.h"
#include "focus/jingle/sources.h"
#include "focus/jingle/sources_codec.h"
#include "xmpp/parser.h"

namespace conclave::focus {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

xmpp::Element parse(std::string_view text) {
  xmpp::Parser parser;
  auto element = parser.parse(text);
  EXPECT_TRUE(element) << text;
  return element ? *element : xmpp::Element("broken");
}

SignalledSsrc video(std::uint32_t ssrc, std::string_view msid = "m1") {
  return {.ssrc = ssrc, .name = "77be20d3-v0", .kind = sfu::MediaKind::Video, .msid = std::string(msid)};
}

SourceSet simulcast() {
  return {.ssrcs = {video(1), video(2), video(3), video(11), video(12), video(13)},
          .groups = {{GroupSemantics::Sim, sfu::MediaKind::Video, {1, 2, 3}},
                     {GroupSemantics::Fid, sfu::MediaKind::Video, {1, 11}},
                     {GroupSemantics::Fid, sfu::MediaKind::Video, {2, 12}},
                     {GroupSemantics::Fid, sfu::MediaKind::Video, {3, 13}}}};
}

constexpr std::string_view kAccept =
    "<jingle xmlns='urn:xmpp:jingle:1' action='session-accept' sid='s'>"
    "<content xmlns='urn:xmpp:jingle:1' name='audio'><description xmlns='urn:xmpp:jingle:apps:rtp:1' media='audio'>"
    "<payload-type id='111' name='opus' clockrate='48000' channels='2'/>"
    "<rtp-hdrext xmlns='urn:xmpp:jingle:apps:rtp:rtp-hdrext:0' id='1' "
    "uri='urn:ietf:params:rtp-hdrext:ssrc-audio-level'/>"
    "<source xmlns='urn:xmpp:jingle:apps:rtp:ssma:0' ssrc='90' name='77be20d3-a0'><parameter name='msid' value='a "
    "b'/></source>"
    "</description><transport xmlns='urn:xmpp:jingle:transports:ice-udp:1' ufrag='abcd' pwd='0123456789abcdef012345'>"
    "<fingerprint xmlns='urn:xmpp:jingle:apps:dtls:0' hash='sha-256' "
    "setup='active'>AA:BB</fingerprint></transport></content>"
    "<content xmlns='urn:xmpp:jingle:1' name='video'><description xmlns='urn:xmpp:jingle:apps:rtp:1' media='video'>"
    "<payload-type id='100' name='VP8' clockrate='90000'/><payload-type id='96' name='rtx' clockrate='90000'>"
    "<parameter name='apt' value='100'/></payload-type></description></content></jingle>";

std::string replaced(std::string_view text, std::string_view from, std::string_view to) {
  std::string result(text);
  const std::size_t at = result.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return result.replace(at, from.size(), to);
}

TEST(Sources, AnnouncesOnlyTheFirstEncodingOfASimulcastSource) {
  const SourceSet stripped = strip_simulcast(simulcast());
  EXPECT_THAT(stripped.ssrcs, ElementsAre(video(1), video(11)));
  EXPECT_THAT(stripped.groups, ElementsAre(SsrcGroup{GroupSemantics::Fid, sfu::MediaKind::Video, {1, 11}}));
}

TEST(Sources, AnnouncesWhatIsAddedAgainUnderAnotherMsid) {
  SourceSet sources{.ssrcs = {video(1, "stream track")}, .groups = {}};
  EXPECT_EQ(announced(sources).ssrcs[0].msid, "stream track");
  sources.ssrcs[0].generation = 2;
  EXPECT_EQ(announced(sources).ssrcs[0].msid, "stream-2 track-2");
}

TEST(Sources, HandsTheSfuEncodingsInSimOrderWithTheirRetransmissions) {
  const std::vector<sfu::Source> sources = to_sfu(simulcast());
  ASSERT_EQ(sources.size(), 1u);
  EXPECT_THAT(sources[0].ssrcs, ElementsAre(1, 2, 3));
  EXPECT_THAT(sources[0].rtx, ElementsAre(11, 12, 13));
}

TEST(Sources, RefusesWhatOnePersonCouldUseAgainstAnother) {
  const auto error = [](const SourceSet& added, const std::set<std::uint32_t>& taken = {}) {
    const auto result = add_sources("77be20d3", {}, added, taken);
    return result ? std::string() : std::string(text_of(result.error()));
  };
  EXPECT_THAT(error({.ssrcs = {video(7)}, .groups = {}}, {7}), HasSubstr("already in use"));
  SignalledSsrc foreign = video(7);
  foreign.name = "a4c01f9e-v0";
  EXPECT_THAT(error({.ssrcs = {foreign}, .groups = {}}), HasSubstr("own endpoint id"));
  EXPECT_THAT(error({.ssrcs = {video(1)}, .groups = {{GroupSemantics::Fid, sfu::MediaKind::Video, {1, 2}}}}),
              HasSubstr("not a source"));
  EXPECT_THAT(error({.ssrcs = {video(1), video(2), video(3)},
                     .groups = {{GroupSemantics::Fid, sfu::MediaKind::Video, {1, 2, 3}}}}),
              HasSubstr("wrong number"));
  SourceSet many;
  for (std::uint32_t i = 1; i <= kMaxSsrcsPerEndpoint + 1; ++i) many.ssrcs.push_back(video(i));
  EXPECT_THAT(error(many), HasSubstr("too many"));
  EXPECT_EQ(error(simulcast()), "");
}

TEST(Sources, RefusesGroupsThatRunIntoEachOther) {
  const auto overlaps = [](std::vector<SsrcGroup> groups) {
    const auto result =
        add_sources("77be20d3", {}, {.ssrcs = {video(1), video(2), video(3)}, .groups = std::move(groups)}, {});
    return !result && result.error() == SourceError::GroupsOverlap;
  };
  EXPECT_TRUE(overlaps({{GroupSemantics::Fid, sfu::MediaKind::Video, {1, 1}}}));
  EXPECT_TRUE(overlaps(
      {{GroupSemantics::Fid, sfu::MediaKind::Video, {1, 2}}, {GroupSemantics::Fid, sfu::MediaKind::Video, {2, 1}}}));
  EXPECT_FALSE(overlaps({{GroupSemantics::Fid, sfu::MediaKind::Video, {1, 2}}}));
}

TEST(Sources, RemovalTakesTheGroupsAlong) {
  SourceSet current = simulcast();
  remove_sources(current, {.ssrcs = {video(3), video(13)}, .groups = {}});
  EXPECT_EQ(current.ssrcs.size(), 4u);
  EXPECT_EQ(current.groups.size(), 2u) << "SIM lost a member and is gone, as is the FID of 3";
}

TEST(SourcesCodec, XmlReadsBackWhatItWrote) {
  const SourcesByOwner sources{{"77be20d3", simulcast()}};
  const xmpp::Element jingle = parse(sources_jingle("source-add", "s", sources, false).str());
  const auto read = read_sources(jingle, "77be20d3");
  ASSERT_TRUE(read);
  EXPECT_EQ(*read, simulcast());
}

TEST(SourcesCodec, WritesTheCompactForm) {
  SourcesByOwner sources{{"77be20d3", strip_simulcast(simulcast())}};
  EXPECT_EQ(
      write_sources_json(sources).text(),
      R"({"sources":{"77be20d3":[[{"m":"m1","n":"77be20d3-v0","s":1},{"m":"m1","n":"77be20d3-v0","s":11}],[["f",1,11]]]}})");
}

TEST(SourcesCodec, NamesWhatIsWrong) {
  const auto error = [](std::string_view source) {
    const auto read =
        read_sources(parse("<jingle xmlns='urn:xmpp:jingle:1'><content><description xmlns='urn:xmpp:jingle:apps:rtp:1' "
                           "media='video'>" +
                           std::string(source) + "</description></content></jingle>"),
                     "a");
    return read ? std::string() : std::string(text_of(read.error()));
  };
  EXPECT_THAT(error("<source xmlns='urn:xmpp:jingle:apps:rtp:ssma:0'/>"), HasSubstr("no ssrc"));
  EXPECT_THAT(error("<source xmlns='urn:xmpp:jingle:apps:rtp:ssma:0' ssrc='4294967296'/>"), HasSubstr("between 1"));
  EXPECT_THAT(error("<source xmlns='urn:xmpp:jingle:apps:rtp:ssma:0' ssrc='0'/>"), HasSubstr("between 1"));
  EXPECT_THAT(error("<ssrc-group xmlns='urn:xmpp:jingle:apps:rtp:ssma:0' semantics='X'/>"), HasSubstr("FID"));
}

TEST(Offer, CarriesLiteralNamespacesWhereStockClientsLookForThem) {
  const Offer offer{.sid = "k0",
                    .initiator = "focus@auth.d/focus",
                    .bridge_session = "b",
                    .channel_url = "wss://h/colibri-ws/0/c/a?pwd=p",
                    .transport = {.ufrag = "uf",
                                  .pwd = "pw",
                                  .fingerprint = {"sha-256", "AA"},
                                  .candidates = {{"1", 2130706431, *Address::parse("198.51.100.24", 10000), "host"}},
                                  .channel_conference = "c",
                                  .channel_password = "p"},
                    .sources = {{"jvb", bridge_sources(5, 6)}},
                    .features = {.audio = true, .video = true, .rtx = true, .transport_cc = true}};
  const std::string text = write_session_initiate(offer).str();
  for (const std::string_view part :
       {"<fingerprint xmlns=\"urn:xmpp:jingle:apps:dtls:0\"", "<rtcp-fb xmlns=\"urn:xmpp:jingle:apps:rtp:rtcp-fb:0\"",
        "<rtp-hdrext xmlns=\"urn:xmpp:jingle:apps:rtp:rtp-hdrext:0\"",
        "<source xmlns=\"urn:xmpp:jingle:apps:rtp:ssma:0\"", "<ssrc-info xmlns=\"http://jitsi.org/jitmeet\"",
        "<group xmlns=\"urn:xmpp:jingle:apps:grouping:0\"", "<bridge-session xmlns=\"http://jitsi.org/protocol/focus\"",
        "<extmap-allow-mixed xmlns=\"urn:xmpp:jingle:apps:rtp:rtp-hdrext:0\"", "ip=\"198.51.100.24\"",
        "mixedmslabel mixedlabelvideo0"}) {
    EXPECT_THAT(text, HasSubstr(std::string(part)));
  }
  EXPECT_THAT(text, Not(HasSubstr("json-message")));
}

TEST(Offer, LeavesOutWhatTheClientCannot) {
  Offer offer;
  offer.features = {
      .audio = true, .video = false, .rtx = false, .transport_cc = false, .remb = false, .json_sources = true};
  const std::string text = write_session_initiate(offer).str();
  EXPECT_THAT(text, Not(HasSubstr("rtx")));
  EXPECT_THAT(text, Not(HasSubstr("transport-wide-cc")));
  EXPECT_THAT(text, Not(HasSubstr("VP8")));
  EXPECT_THAT(text, HasSubstr("json-message"));
}

TEST(Answer, ReadsTransportMediaAndSources) {
  const auto answer = read_answer(parse(kAccept), "77be20d3");
  ASSERT_TRUE(answer) << text_of(answer.error());
  EXPECT_EQ(answer->transport.ufrag, "abcd");
  EXPECT_EQ(answer->transport.fingerprints[0].value, "AA:BB");
  EXPECT_EQ(answer->media.extensions.audio_level, 1);
  ASSERT_EQ(answer->media.payload_types.size(), 3u);
  EXPECT_EQ(answer->media.payload_types[2].associated, 100);
  EXPECT_EQ(answer->sources.ssrcs[0].ssrc, 90u);
}

TEST(Answer, NamesThePartThatIsMissing) {
  const auto error = [](const std::string& text) {
    const auto answer = read_answer(parse(text), "77be20d3");
    return answer ? std::string() : std::string(text_of(answer.error()));
  };
  EXPECT_THAT(error("<jingle xmlns='urn:xmpp:jingle:1' action='session-accept'/>"), HasSubstr("no content"));
  EXPECT_THAT(error(replaced(kAccept, "pwd='0123456789abcdef012345'", "pwd='short'")), HasSubstr("ufrag or pwd"));
  EXPECT_THAT(error(replaced(kAccept, "id='111'", "id='128'")), HasSubstr("payload type"));
  EXPECT_THAT(error(replaced(kAccept, "id='111'", "id='72'")), HasSubstr("payload type"));
  EXPECT_THAT(error(replaced(kAccept, "value='100'", "value='x'")), HasSubstr("payload type"));
  EXPECT_THAT(
      error(replaced(
          kAccept, "<fingerprint xmlns='urn:xmpp:jingle:apps:dtls:0' hash='sha-256' setup='active'>AA:BB</fingerprint>",
          "")),
      HasSubstr("fingerprint"));
}

}  // namespace
}  // namespace conclave::focus
