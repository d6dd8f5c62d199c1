#pragma once
// Namespaces of media signalling (XEP-0166, 0167, 0176, 0320, 0338, 0339, 0293, 0294, and Jitsi's own).
#include <string_view>

namespace conclave::focus::ns {

inline constexpr std::string_view kJingle = "urn:xmpp:jingle:1";
inline constexpr std::string_view kJingleErrors = "urn:xmpp:jingle:errors:1";
inline constexpr std::string_view kRtp = "urn:xmpp:jingle:apps:rtp:1";
inline constexpr std::string_view kRtcpFeedback = "urn:xmpp:jingle:apps:rtp:rtcp-fb:0";
inline constexpr std::string_view kHeaderExtensions = "urn:xmpp:jingle:apps:rtp:rtp-hdrext:0";
inline constexpr std::string_view kSources = "urn:xmpp:jingle:apps:rtp:ssma:0";
inline constexpr std::string_view kIceUdp = "urn:xmpp:jingle:transports:ice-udp:1";
inline constexpr std::string_view kDtls = "urn:xmpp:jingle:apps:dtls:0";
inline constexpr std::string_view kGrouping = "urn:xmpp:jingle:apps:grouping:0";
inline constexpr std::string_view kColibri = "http://jitsi.org/protocol/colibri";
inline constexpr std::string_view kFocus = "http://jitsi.org/protocol/focus";
inline constexpr std::string_view kJitmeet = "http://jitsi.org/jitmeet";

}  // namespace conclave::focus::ns
