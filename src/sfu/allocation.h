#pragma once
// Who receives which layer of which source (media.md 14): one receiver's wishes, the sources and the bandwidth in, layers out. Pure.
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sfu/layers.h"
#include "sfu/media.h"

namespace conclave::sfu {

// A ReceiverVideoConstraints message. What is missing is unchanged; `constraints` replaces the whole map (media.md 6.5).
struct ConstraintsChange {
  std::optional<int> last_n = std::nullopt;
  std::optional<std::vector<std::string>> selected = std::nullopt;
  std::optional<std::vector<std::string>> on_stage = std::nullopt;
  std::optional<int> default_max_height = std::nullopt;
  std::optional<std::vector<std::pair<std::string, int>>> constraints = std::nullopt;
};

// What one receiver asks for. Before the first message nothing is sent; a first message without a default means 180 (media.md 14.1).
class ReceiverConstraints {
 public:
  void apply(const ConstraintsChange& change);
  void set_last_n(int last_n) { last_n_ = last_n; }

  int last_n() const { return last_n_; }  // negative: unlimited
  int max_height(std::string_view source) const;
  std::span<const std::string> on_stage() const { return on_stage_; }
  std::span<const std::string> selected() const { return selected_; }

 private:
  bool asked_ = false;
  int last_n_ = -1;
  int default_max_height_ = 0;
  std::map<std::string, int, std::less<>> constraints_;
  std::vector<std::string> selected_;
  std::vector<std::string> on_stage_;
};

// Why a receiver is not sent more of a source than he is.
enum class LimitedBy : std::uint8_t { Sender, Constraint, Estimate };
std::string_view name(LimitedBy limit);  // "by sender", "by constraint", "by estimate"

struct AllocationSource {
  std::string_view name;
  bool enabled = true;  // its video type is not None
  bool is_screen = false;
  const Layers* layers = nullptr;
  LayerIndex current = {};  // what it has
  bool held = false;   // bandwidth is no reason for more now: the last time was too short ago
  // Out:
  int max_height = 0;
  LayerIndex layer = {};
  LayerIndex ideal = {};  // what it would have, did bandwidth not limit
  LimitedBy limited_by = LimitedBy::Sender;
};

struct Bandwidth {
  std::optional<std::int64_t> bps;  // for video; nothing: not limited
  bool may_exceed = true;           // for a screen on stage; not while the network is found to be full
};
struct AllocationSums {
  std::int64_t sent_bps = 0;
  std::int64_t ideal_bps = 0;
};

// `sources`: video of the others, by speech activity, dominant first. Fills the last fields of each; the order stays.
AllocationSums allocate(TimePoint now, const ReceiverConstraints& constraints, const Bandwidth& bandwidth, std::span<AllocationSource> sources);

}  // namespace conclave::sfu
