#include "sfu/allocation.h"

#include <algorithm>

namespace conclave::sfu {
namespace {

constexpr int kDefaultMaxHeight = 180;
constexpr int kPreferredHeight = 360;
constexpr double kPreferredFps = 30;
constexpr std::int64_t kOversend = 500'000;  // media.md 14.4
constexpr double kUpgradeMargin = 1.10;
constexpr double kKeepMargin = 0.97;

std::size_t position(std::span<const std::string> names, std::string_view name) {
  return static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin());
}

// The layers that one source may be given, and how far it has come.
struct Wish {
  AllocationSource* source;
  bool on_stage;
  std::vector<Layer> layers;  // in the order of the bit rate
  int preferred = -1;         // up to there it goes at once, when on stage
  int oversend = -1;          // up to there it may exceed the bandwidth a little
  int had = -1;               // what it has now
  int at = -1;

  std::int64_t bps_at(int index) const { return index < 0 ? 0 : layers[static_cast<std::size_t>(index)].bps; }
  int top() const { return static_cast<int>(layers.size()) - 1; }
  // A step up has to leave something over, and what one has may be kept a little too dear: else small changes would make it flap.
  bool fits(int index, std::int64_t available) const {
    if (index > std::max(had, 0) && source->held) return false;  // from nothing to the lowest it may go at any time
    const auto bps = static_cast<double>(bps_at(index));
    return bps * (index > had ? kUpgradeMargin : kKeepMargin) <= static_cast<double>(available);
  }
  bool reached_preferred() const { return at >= preferred || (source->held && at >= std::max(had, 0)); }
};

// media.md 14.3. Never empty.
void keep_suitable(Wish& wish, std::span<const Layer> all, int max_height) {
  const bool unlimited = max_height == kUnlimitedHeight;
  const bool camera = !wish.source->is_screen;
  const bool measured = std::any_of(all.begin(), all.end(), [](const Layer& l) { return l.bps > 0; });
  int lowest = all.front().height;
  double best_fps = 0;
  for (const Layer& layer : all) {
    lowest = std::min(lowest, layer.height);
    best_fps = std::max(best_fps, layer.fps);
  }
  const bool prefers = camera && (unlimited || max_height > kDefaultMaxHeight);
  for (const Layer& layer : all) {
    if (measured && layer.bps == 0) continue;
    const bool within = unlimited || layer.height <= max_height;
    const bool smooth = layer.height < kPreferredHeight || layer.fps >= std::min(kPreferredFps, best_fps);
    if (layer.height == lowest || (within && (!prefers || smooth))) wish.layers.push_back(layer);
  }
  if (wish.layers.empty()) wish.layers.push_back(all.front());
  if (!camera) {
    wish.preferred = wish.top();
    const int highest = wish.layers.back().height;
    const auto first = std::find_if(wish.layers.begin(), wish.layers.end(), [&](const Layer& l) { return l.height == highest; });
    if (wish.on_stage) wish.oversend = static_cast<int>(first - wish.layers.begin());
  } else {
    const int preferred = prefers ? std::max(kPreferredHeight, wish.layers.front().height) : wish.layers.back().height;
    for (int i = 0; i <= wish.top(); ++i) {
      if (wish.layers[static_cast<std::size_t>(i)].height <= preferred) wish.preferred = i;
    }
  }
  for (int i = 0; i <= wish.top(); ++i) {
    if (!wish.source->current.none() && wish.layers[static_cast<std::size_t>(i)].index <= wish.source->current) wish.had = i;
  }
}

// One step of media.md 14.4. Returns what it costs.
std::int64_t improve(Wish& wish, std::int64_t remaining, bool may_exceed) {
  const std::int64_t before = wish.bps_at(wish.at);
  const std::int64_t available = remaining + before;
  if (wish.on_stage && wish.at < 0) {
    for (int i = 0; i <= wish.preferred; ++i) {
      if (wish.fits(i, available)) wish.at = i;
    }
  } else if (wish.at < wish.top() && wish.fits(wish.at + 1, available)) {
    ++wish.at;
  }
  if (wish.at >= 0) {
    for (int i = wish.at + 1; i <= wish.top(); ++i) {
      if (wish.bps_at(i) <= wish.bps_at(wish.at) && wish.fits(i, available)) wish.at = i;
    }
  }
  if (may_exceed) {
    for (int i = wish.at + 1; i <= wish.oversend; ++i) {
      if (wish.bps_at(i) <= available + kOversend) wish.at = i;
    }
  }
  return wish.bps_at(wish.at) - before;
}

void share(std::span<Wish> wishes, const Bandwidth& bandwidth) {
  std::int64_t remaining = *bandwidth.bps;
  for (;;) {
    const std::int64_t before = remaining;
    bool moved = false;
    for (Wish& wish : wishes) {
      const int at = wish.at;
      remaining -= improve(wish, remaining, bandwidth.may_exceed && &wish == wishes.data());
      moved |= wish.at != at;
      if (wish.on_stage && !wish.reached_preferred()) break;
    }
    if (remaining == before && !moved) return;
  }
}

}  // namespace

std::string_view name(LimitedBy limit) {
  switch (limit) {
    case LimitedBy::Sender: return "by sender";
    case LimitedBy::Constraint: return "by constraint";
    case LimitedBy::Estimate: return "by estimate";
  }
  return "";
}

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

AllocationSums allocate(TimePoint now, const ReceiverConstraints& constraints, const Bandwidth& bandwidth, std::span<AllocationSource> sources) {
  // On stage, then selected, each in the order given; then the rest as they speak. A screen goes first within each.
  struct Place {
    std::size_t rank;
    AllocationSource* source;
  };
  std::vector<Place> order;
  order.reserve(sources.size());
  const std::size_t on_stage = constraints.on_stage().size();
  for (AllocationSource& source : sources) {
    source.max_height = 0;
    source.layer = source.ideal = LayerIndex();
    source.limited_by = source.enabled ? LimitedBy::Constraint : LimitedBy::Sender;
    if (!source.enabled) continue;
    std::size_t rank = position(constraints.on_stage(), source.name);
    if (rank == on_stage) rank += position(constraints.selected(), source.name);
    order.push_back({rank, &source});
  }
  const auto group = [&](const Place& place) { return place.rank < on_stage ? 0 : place.rank < on_stage + constraints.selected().size() ? 1 : 2; };
  std::stable_sort(order.begin(), order.end(), [&](const Place& a, const Place& b) {
    if (group(a) != group(b)) return group(a) < group(b);
    if (group(a) < 2 && a.source->is_screen != b.source->is_screen) return a.source->is_screen;
    return a.rank < b.rank;
  });

  std::size_t left = kMaxForwardedVideos;
  if (constraints.last_n() >= 0) left = std::min(left, static_cast<std::size_t>(constraints.last_n()));
  std::vector<Wish> wishes;
  wishes.reserve(std::min(left, order.size()));
  for (const auto& [rank, source] : order) {
    if (left == 0) break;
    const int height = constraints.max_height(source->name);
    if (height == 0) continue;
    --left;
    source->max_height = height;
    const std::span<const Layer> all = source->layers->all(now);
    if (all.empty()) continue;
    keep_suitable(wishes.emplace_back(Wish{.source = source, .on_stage = rank < on_stage, .layers = {}}), all, height);
    source->limited_by = wishes.back().layers.back().index == all.back().index ? LimitedBy::Sender : LimitedBy::Constraint;
  }

  if (bandwidth.bps) share(wishes, bandwidth);
  AllocationSums sums;
  for (Wish& wish : wishes) {
    if (!bandwidth.bps) wish.at = wish.top();
    wish.source->ideal = wish.layers.back().index;
    if (wish.at >= 0) wish.source->layer = wish.layers[static_cast<std::size_t>(wish.at)].index;
    if (wish.at < wish.top()) wish.source->limited_by = LimitedBy::Estimate;
    sums.sent_bps += wish.bps_at(wish.at);
    sums.ideal_bps += wish.layers.back().bps;
  }
  return sums;
}

}  // namespace conclave::sfu
