#include "sfu/allocation.h"

#include <algorithm>

namespace conclave::sfu {
namespace {

constexpr int kDefaultMaxHeight = 180;

std::size_t position(std::span<const std::string> names, std::string_view name) {
  return static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin());
}

}  // namespace

void ReceiverConstraints::apply(const ConstraintsChange& change) {
  if (change.last_n) last_n_ = *change.last_n;
  if (change.selected) selected_ = *change.selected;
  if (change.on_stage) on_stage_ = *change.on_stage;
  if (change.default_max_height) {
    default_max_height_ = *change.default_max_height;
  } else if (!asked_) {
    default_max_height_ = kDefaultMaxHeight;
  }
  if (change.constraints) {
    constraints_.clear();
    for (const auto& [name, height] : *change.constraints) constraints_.insert_or_assign(name, height);
  }
  asked_ = true;
}

int ReceiverConstraints::max_height(std::string_view source) const {
  const auto found = constraints_.find(source);
  return found == constraints_.end() ? default_max_height_ : found->second;
}

void allocate(const ReceiverConstraints& constraints, std::span<AllocationSource> sources) {
  // On stage, then selected, each in the order given; then the rest as they speak.
  std::vector<std::pair<std::size_t, AllocationSource*>> order;
  order.reserve(sources.size());
  const std::size_t on_stage = constraints.on_stage().size();
  for (AllocationSource& source : sources) {
    source.max_height = 0;
    source.encoding = kNoEncoding;
    if (!source.enabled) continue;
    std::size_t rank = position(constraints.on_stage(), source.name);
    if (rank == on_stage) rank += position(constraints.selected(), source.name);
    order.emplace_back(rank, &source);
  }
  std::stable_sort(order.begin(), order.end(), [](const auto& a, const auto& b) { return a.first < b.first; });

  std::size_t left = kMaxForwardedVideos;
  if (constraints.last_n() >= 0) left = std::min(left, static_cast<std::size_t>(constraints.last_n()));
  for (const auto& [rank, source] : order) {
    if (left == 0) break;
    const int height = constraints.max_height(source->name);
    if (height == 0) continue;
    --left;
    source->max_height = height;
    source->encoding = source->layers->choose(height);
  }
}

}  // namespace conclave::sfu
