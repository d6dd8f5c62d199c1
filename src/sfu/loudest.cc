#include "sfu/loudest.h"

namespace conclave::sfu {
namespace {

constexpr double kSmoothing = 0.5;
constexpr std::uint8_t kAudible = 27;  // loudness of -100 dBov

}  // namespace

bool LoudestSpeakers::heard(TimePoint now, SpeakerKey who, std::uint8_t loudness) {
  if (places_ == 0) return true;
  Place* free = nullptr;
  Place* softest = nullptr;
  for (std::size_t i = 0; i < places_; ++i) {
    Place& place = held_[i];
    if (place.who == who && !is_free(now, place)) {
      place.energy += kSmoothing * (loudness - place.energy);
      place.last = now;
      if (loudness >= kAudible) place.sounded = now;
      return true;
    }
    if (is_free(now, place)) {
      free = &place;
    } else if (softest == nullptr || place.energy < softest->energy) {
      softest = &place;
    }
  }
  if (loudness < kAudible) return false;
  if (free == nullptr && loudness > softest->energy + kLouder) free = softest;
  if (free == nullptr) return false;
  *free = {.who = who, .energy = static_cast<double>(loudness), .last = now, .sounded = now};
  return true;
}

}  // namespace conclave::sfu
