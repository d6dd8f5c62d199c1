#pragma once
// What /metrics shows: names and explanations. A name says its unit unless it counts things.
#include <cstdint>
#include <string_view>
#include <vector>

namespace conclave::server {

struct Common;
class Station;

struct Sample {
  std::string_view name;
  std::string_view type;  // counter or gauge
  std::string_view help;
  std::uint64_t value = 0;
};

// Of one station, on its loop; the same in the same order of each.
std::vector<Sample> plain_samples(Station& station);
// What is asked of others so that somebody can log in; kept on loop 0, once.
std::vector<Sample> credential_samples(const Common& common);

}  // namespace conclave::server
