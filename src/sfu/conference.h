#pragma once
// The media side of one room: its endpoints and who receives what. Made by Sfu::create_conference, owned by focus, lives on one loop.
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sfu/media.h"
#include "sfu/sfu.h"

namespace conclave::sfu {

enum class EndpointError : std::uint8_t {
  None,
  NoSuchEndpoint,
  TooManyEndpoints,
  Duplicate,
  BadFingerprint,   // none given, or none that is well-formed
  BadCredentials,   // ICE ufrag or pwd against RFC 8839 §5.4
  TooManySources,   // kMaxSourcesPerEndpoint (sfu/limits.h); nothing was changed
  BadSources,       // no ssrc or too many, rtx of another length, an ssrc twice; nothing was changed
};
std::string_view name(EndpointError error);

// Under which SSRCs an endpoint gets the sources of others: those that the senders use, or a fixed number of SSRCs of its own, told by the bridge
// channel (media.md 7), so that its description of the session stays small.
enum class SsrcUse : std::uint8_t { AsSent, Rewritten };

class Conference {
 public:
  ~Conference();  // closes every channel (1001 "endpoint closed") and forgets every endpoint

  // RTCP sender SSRCs of the bridge, announced as the "jvb" pseudo sources (media.md 2.9).
  std::uint32_t audio_ssrc() const;
  std::uint32_t video_ssrc() const;

  // Allocates ICE, DTLS and the bridge channel of a new endpoint. Nothing when a limit is reached or the id is taken.
  std::optional<LocalTransport> add_endpoint(const EndpointId& id, SsrcUse ssrcs = SsrcUse::AsSent);
  // The endpoint's answer: from now on its checks are answered with checks of ours, and the fingerprint is verified.
  EndpointError accept(const EndpointId& id, const RemoteTransport& remote, const MediaDescription& media);
  // Replaces the endpoint's sources. Receivers get them according to their constraints; ssrc uniqueness is focus' duty.
  EndpointError set_sources(const EndpointId& id, std::vector<Source> sources);
  // While set, packets of such sources of the endpoint are dropped (AV moderation). Nothing happens if there is no such
  // endpoint; a new one begins unmuted.
  void set_force_muted(const EndpointId& id, SourceClass which, bool muted);
  void remove_endpoint(const EndpointId& id);
  std::size_t endpoint_count() const;
  // The live state of its endpoints as JSON text: {"endpoints": […]}, as the admin API shows it. No credential.
  std::string debug_state() const;

  struct State;  // sfu/conference_state.h, for this folder alone
  explicit Conference(std::unique_ptr<State> state);

 private:
  friend class Sfu;
  std::unique_ptr<State> state_;
};

}  // namespace conclave::sfu
