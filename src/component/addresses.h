#pragma once
// Where the components are found (signalling.md 3.2): hosts below the XMPP domain. Values; any thread.
#include <algorithm>
#include <array>
#include <string>
#include <string_view>

namespace conclave::component {

struct Addresses {
  explicit Addresses(const std::string& domain)
      : av_moderation("avmoderation." + domain),
        breakout_rooms("breakout." + domain),
        end_conference("endconference." + domain),
        file_sharing("filesharing." + domain),
        polls("polls." + domain),
        speaker_stats("speakerstats." + domain),
        room_metadata("metadata." + domain),
        visitors("visitors." + domain) {}

  std::string av_moderation;
  std::string breakout_rooms;  // and of those rooms the domain
  std::string end_conference;
  std::string file_sharing;
  std::string polls;
  std::string speaker_stats;
  std::string room_metadata;
  std::string visitors;

  bool has(std::string_view host) const {
    const std::array all{&av_moderation, &breakout_rooms, &end_conference, &file_sharing,
                         &polls,         &speaker_stats,  &room_metadata,  &visitors};
    return std::ranges::any_of(all, [host](const std::string* one) { return *one == host; });
  }
};

}  // namespace conclave::component
