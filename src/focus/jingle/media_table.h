#pragma once
// The one table of payload types and header extensions that every offer carries (media.md 2.6, 2.7): all of a
// conference must share one numbering, since the SFU forwards payload types as they come.
#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace conclave::focus {

struct OfferedPayload {
  std::uint8_t id;
  std::string_view name;
  std::uint32_t clock_rate;
  std::uint8_t channels;
  std::uint8_t associated;      // rtx: the payload type that it retransmits; else 0
  std::string_view parameters;  // "name=value;name=value" of one fmtp line
  bool is_repairable;           // ccm fir, nack, nack pli
};

inline constexpr std::array<OfferedPayload, 2> kAudioPayloads{{
    {111, "opus", 48000, 2, 0, "minptime=10;useinbandfec=1", false},
    {126, "telephone-event", 8000, 1, 0, "", false},
}};

inline constexpr std::array<OfferedPayload, 8> kVideoPayloads{{
    {41, "AV1", 90000, 1, 0, "", true},
    {100, "VP8", 90000, 1, 0, "", true},
    {107, "H264", 90000, 1, 0, "profile-level-id=42e01f;level-asymmetry-allowed=1;packetization-mode=1", true},
    {101, "VP9", 90000, 1, 0, "", true},
    {42, "rtx", 90000, 1, 41, "", false},
    {96, "rtx", 90000, 1, 100, "", false},
    {97, "rtx", 90000, 1, 101, "", false},
    {99, "rtx", 90000, 1, 107, "", false},
}};

struct OfferedExtension {
  std::uint8_t id;
  std::string_view uri;
};

inline constexpr std::string_view kAudioLevelUri = "urn:ietf:params:rtp-hdrext:ssrc-audio-level";
inline constexpr std::string_view kAbsSendTimeUri = "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time";
inline constexpr std::string_view kTransportCcUri =
    "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01";
inline constexpr std::string_view kMidUri = "urn:ietf:params:rtp-hdrext:sdes:mid";
inline constexpr std::string_view kDependencyDescriptorUri =
    "https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension";

inline constexpr std::array<OfferedExtension, 3> kAudioExtensions{
    {{1, kAudioLevelUri}, {10, kMidUri}, {5, kTransportCcUri}}};
inline constexpr std::array<OfferedExtension, 4> kVideoExtensions{
    {{11, kDependencyDescriptorUri}, {10, kMidUri}, {3, kAbsSendTimeUri}, {5, kTransportCcUri}}};

}  // namespace conclave::focus
