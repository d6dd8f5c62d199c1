#pragma once
// The values in which focus and the SFU speak about media. No XML here, no packets there.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/address.h"

namespace conclave::sfu {

// The MUC resource of the occupant (docs/glossary.md): 8 hexadecimal digits with stock clients.
using EndpointId = std::string;

enum class MediaKind : std::uint8_t { Audio, Video };
enum class VideoType : std::uint8_t { None, Camera, Desktop, DesktopHighFps };
// What moderation tells apart: a shared screen is a video source of its own (signalling.md 6.2).
enum class SourceClass : std::uint8_t { Audio, Camera, Desktop };
inline constexpr std::size_t kSourceClasses = 3;

// One audio or video source of an endpoint. Video: `ssrcs` are the encodings in SIM order (lowest first), one if there is no simulcast.
struct Source {
  std::string name;  // "<endpoint>-v0"
  MediaKind kind = MediaKind::Audio;
  VideoType video_type = VideoType::Camera;
  std::vector<std::uint32_t> ssrcs;
  // rtx[i] retransmits ssrcs[i] (FID group); 0 = none. Same length as ssrcs, or empty.
  std::vector<std::uint32_t> rtx;
};

struct PayloadType {
  std::uint8_t id = 0;
  std::string codec;  // lower case: opus, red, telephone-event, vp8, vp9, h264, av1, rtx
  std::uint32_t clock_rate = 90000;
  std::optional<std::uint8_t> associated;  // rtx: apt
};

// Ids of RTP header extensions as negotiated with one endpoint; 0 = not negotiated.
struct ExtensionIds {
  std::uint8_t audio_level = 0;            // RFC 6464
  std::uint8_t abs_send_time = 0;
  std::uint8_t transport_cc = 0;
  std::uint8_t mid = 0;                    // RFC 8843
  std::uint8_t dependency_descriptor = 0;  // AV1 RTP specification
};

// What one endpoint accepted of the offer.
struct MediaDescription {
  std::vector<PayloadType> payload_types;
  ExtensionIds extensions;
};

struct Fingerprint {
  std::string hash;   // "sha-256"
  std::string value;  // "AA:BB:…"
};

struct TransportCandidate {
  std::string foundation;
  std::uint32_t priority = 0;
  Address address;
  std::string type = "host";  // host, srflx, relay
  std::string protocol = "udp";       // udp; tcp or ssltcp: peers open connections to it (tcptype passive)
  std::optional<Address> related = {};  // of srflx: the address behind the NAT
};

// What the SFU offers for one endpoint; focus writes it into session-initiate.
struct LocalTransport {
  std::string ufrag;
  std::string pwd;
  Fingerprint fingerprint;
  std::vector<TransportCandidate> candidates;
  std::string channel_conference;  // path parts of the bridge channel's WebSocket
  std::string channel_password;
};

// What the endpoint answered. Candidates may be empty: its addresses are then learnt from its checks (RFC 8445 §7.3.1.3).
struct RemoteTransport {
  std::string ufrag;
  std::string pwd;
  std::vector<Fingerprint> fingerprints;
  std::vector<TransportCandidate> candidates;
};

}  // namespace conclave::sfu
