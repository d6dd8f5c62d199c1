#pragma once
// Whose sound goes out where only the loudest speakers are heard (media.md 15.2): a few places, which their holders keep while they sound and
// lose only to somebody clearly louder. Pure; owned by the conference; no allocation.
#include <array>
#include <cstddef>
#include <cstdint>

#include "base/time.h"
#include "sfu/speaker.h"

namespace conclave::sfu {

inline constexpr std::size_t kMostLoudest = 16;

class LoudestSpeakers {
 public:
  // 0: everybody is heard.
  explicit LoudestSpeakers(std::size_t places) : places_(places < kMostLoudest ? places : kMostLoudest) {}
  // A packet of that speaker has come; `loudness` is 127 less the level of RFC 6464. True if it goes out.
  bool heard(TimePoint now, SpeakerKey who, std::uint8_t loudness);

 private:
  static constexpr Duration kExpiry = 150ms;  // without a packet
  static constexpr Duration kHold = 500ms;    // without sound: the end of a word is not cut off
  static constexpr int kLouder = 6;           // dB, by which a holder is outdone
  struct Place {
    SpeakerKey who = 0;
    double energy = 0;  // smoothed
    TimePoint last{};
    TimePoint sounded{};
  };
  bool is_free(TimePoint now, const Place& place) const {
    return place.who == 0 || now - place.last > kExpiry || now - place.sounded > kHold;
  }

  std::size_t places_;
  std::array<Place, kMostLoudest> held_{};
};

}  // namespace conclave::sfu
