#pragma once
// Who receives which encoding of which source (media.md 14): one receiver's wishes and the sources in, heights and encodings out. Pure.
// Bandwidth does not limit yet: it comes in here when the estimators are there.
#include <cstddef>
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

struct AllocationSource {
  std::string_view name;
  bool enabled = true;  // its video type is not None
  const Layers* layers = nullptr;
  // Out:
  int max_height = 0;
  int encoding = kNoEncoding;
};

// `sources`: video of the others, by speech activity, dominant first. Fills the two last fields of each; the order stays.
void allocate(const ReceiverConstraints& constraints, std::span<AllocationSource> sources);

}  // namespace conclave::sfu
