#pragma once
// What the SFU of one loop is doing now. A value; those of several loops are added up.
#include <cstddef>

#include "base/time.h"

namespace conclave::sfu {

struct Statistics {
  std::size_t conferences = 0;
  std::size_t silent_conferences = 0;  // in which nobody sends anything
  std::size_t silent_pairs = 0;        // of these, those of two endpoints: they talk to each other directly
  std::size_t largest_conference = 0;  // endpoints
  std::size_t endpoints = 0;
  std::size_t endpoints_in_silent_conferences = 0;
  std::size_t sending_audio = 0;
  std::size_t sending_video = 0;
  std::size_t sending_nothing = 0;
  std::size_t losing = 0;       // of what they are sent, more than kHighLoss
  std::size_t suspended = 0;    // to whom a source that they want is not sent for want of bandwidth
  std::size_t oversending = 0;  // to whom more is sent than the network is believed to carry
  double bps_in = 0;
  double bps_out = 0;
  double packets_per_second_in = 0;
  double packets_per_second_out = 0;
  double expected_in = 0;  // RTP packets in the last half second, and how many of these did not come
  double lost_in = 0;
  double sent = 0;  // RTP packets a second, and how many of these are lost by the receivers' reports
  double lost_out = 0;
  Duration round_trips{};  // added up, of so many endpoints for which it is known
  std::size_t round_trips_known = 0;

  static constexpr double kHighLoss = 0.1;

  double loss_in() const { return expected_in > 0 ? lost_in / expected_in : 0; }
  double loss_out() const { return sent > 0 ? lost_out / sent : 0; }
  void add(const Statistics& other);
};

}  // namespace conclave::sfu
