#pragma once
// The messages of the bridge channel (media.md 6.5): JSON text to values, and values to text. Pure. Sending and receiving: channel.h.
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"
#include "sfu/allocation.h"
#include "sfu/media.h"
#include "sfu/ssrc_slots.h"

namespace conclave::sfu {

enum class ChannelError : std::uint8_t {
  Malformed,  // not JSON, not an object, a field of another type than it has to be
  TooDeep,    // kMaxChannelDepth
  Unknown,    // of a colibriClass that we do not know
};
std::string_view name(ChannelError error);

struct ClientHello {};
struct LastNChange {
  int last_n = -1;
};
struct VideoTypeChange {
  std::string source;  // empty with the legacy VideoTypeMessage: the endpoint's first video source
  VideoType type = VideoType::Camera;
};
// To other endpoints, with `from` set and everything else as it came.
struct RelayedMessage {
  std::string to;  // empty: to all others
  std::string text;
};
struct RelayedStats {
  std::string text;
};
using ChannelMessage = std::variant<ClientHello, ConstraintsChange, LastNChange, VideoTypeChange, RelayedMessage, RelayedStats>;

// `from` is the endpoint whose channel it came by, whatever the message says of itself.
Result<ChannelMessage, ChannelError> parse_channel_message(std::string_view text, std::string_view from);

std::string server_hello_message();
// Most recent first; the first is the dominant speaker.
std::string dominant_speaker_message(std::span<const std::string> recent);
std::string forwarded_sources_message(std::span<const std::string> names);
std::string sender_constraints_message(std::string_view source, int max_height);
// VideoSourcesMap or AudioSourcesMap: these slots stand for these sources from now on; the others stay as they were.
std::string sources_map_message(MediaKind kind, std::span<const SsrcSlot* const> slots);
std::string connection_stats_message(std::int64_t downlink_bps);
std::string connectivity_message(std::string_view endpoint, bool active);

}  // namespace conclave::sfu
