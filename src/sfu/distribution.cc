#include "sfu/distribution.h"

#include <algorithm>
#include <vector>

#include "sfu/bridge_channel.h"
#include "sfu/conference_state.h"

namespace conclave::sfu {
namespace {

// Video sources by speech activity: recent speakers first, then as they came.
std::vector<PublishedSource*> by_activity(const Conference::State& conference) {
  std::vector<const Endpoint*> order;
  for (const SpeakerKey key : conference.speaker.recent()) {
    if (const Endpoint* endpoint = conference.find(key)) order.push_back(endpoint);
  }
  const std::size_t speakers = order.size();
  for (const auto& endpoint : conference.endpoints) {
    const auto end = order.begin() + static_cast<std::ptrdiff_t>(speakers);
    if (std::find(order.begin(), end, endpoint.get()) == end) order.push_back(endpoint.get());
  }
  std::vector<PublishedSource*> result;
  for (const Endpoint* endpoint : order) {
    for (const auto& source : endpoint->sources()) {
      if (source->is_video()) result.push_back(source.get());
    }
  }
  return result;
}

// With SSRC rewriting: what is to be sent gets the SSRCs of a slot, and the receiver is told of those that have changed before their packets.
void give_slots(Endpoint& receiver, std::span<AllocationSource> sources, std::span<SendStream* const> streams, TimePoint now) {
  if (receiver.send_path().slots(MediaKind::Video) == nullptr) return;
  for (std::size_t i = 0; i < sources.size(); ++i) {
    if (!sources[i].layer.none() && streams[i]->slot != nullptr) streams[i]->slot->used = now;
  }
  std::vector<const SsrcSlot*> changed;
  for (std::size_t i = 0; i < sources.size(); ++i) {
    if (sources[i].layer.none() || streams[i]->slot != nullptr) continue;
    if (receiver.send_path().take_slot(now, *streams[i], now - 1us)) {
      changed.push_back(streams[i]->slot);
    } else {
      sources[i].layer = LayerIndex();
      receiver.context().counters.slots_busy.add();
    }
  }
  if (!changed.empty()) receiver.channel().send(sources_map_message(MediaKind::Video, changed));
}

void apply(Endpoint& receiver, std::span<PublishedSource* const> ordered, TimePoint now) {
  std::vector<AllocationSource> sources;
  std::vector<SendStream*> streams;
  for (PublishedSource* source : ordered) {
    SendStream* stream = receiver.send_path().stream(*source);
    if (stream == nullptr || &source->owner == &receiver) continue;
    sources.push_back({.name = source->description.name,
                       .enabled = source->enabled(),
                       .is_screen = source->source_class() == SourceClass::Desktop,
                       .layers = &source->layers,
                       .current = stream->projection.target_layer(),
                       .held = stream->downgraded && now - *stream->downgraded < kUpgradeHold});
    streams.push_back(stream);
  }
  Downlink& downlink = receiver.send_path().downlink();
  const Bandwidth bandwidth = downlink.bandwidth(now);
  downlink.allocated(now, bandwidth, allocate(now, receiver.constraints(), bandwidth, sources));
  give_slots(receiver, sources, streams, now);
  std::vector<std::string> forwarded;
  for (std::size_t i = 0; i < sources.size(); ++i) {
    SendStream& stream = *streams[i];
    stream.max_height = sources[i].max_height;
    stream.ideal = sources[i].ideal;
    stream.limited_by = sources[i].limited_by;
    // While a queue runs empty layers go and come back at once; that is no verdict on what the network carries.
    if (!downlink.draining() && sources[i].limited_by == LimitedBy::Estimate && sources[i].layer < sources[i].current) stream.downgraded = now;
    receiver.send_path().set_target(now, stream, sources[i].layer);
    if (!sources[i].layer.none()) forwarded.emplace_back(sources[i].name);
  }
  if (forwarded == receiver.forwarded()) return;
  receiver.forwarded() = std::move(forwarded);
  if (receiver.channel().is_open()) receiver.channel().send(forwarded_sources_message(receiver.forwarded()));
}

int greatest_wanted(const Conference::State& conference, const PublishedSource& source) {
  int greatest = 0;
  for (const auto& receiver : conference.endpoints) {
    const SendStream* stream = receiver->send_path().stream(source);
    if (stream == nullptr || &stream->source != &source) continue;
    if (stream->max_height < 0) return kUnlimitedHeight;
    greatest = std::max(greatest, stream->max_height);
  }
  return greatest;
}

}  // namespace

void allocate_all(Conference::State& conference, TimePoint now) {
  conference.allocation_due = false;
  conference.sender_constraints_due = true;
  const std::vector<PublishedSource*> ordered = by_activity(conference);
  for (const auto& receiver : conference.endpoints) apply(*receiver, ordered, now);
}

void allocate_for(Endpoint& receiver, TimePoint now) {
  receiver.conference().sender_constraints_due = true;
  apply(receiver, by_activity(receiver.conference()), now);
}

void allocate_if_changed(Endpoint& receiver, TimePoint now) {
  if (receiver.send_path().downlink().should_allocate(now)) apply(receiver, by_activity(receiver.conference()), now);
}

void choose_again(const PublishedSource& source, TimePoint now) {
  Conference::State& conference = source.owner.conference();
  // What it costs is known a while later.
  conference.settled_at = now + kSettleTime;
  const std::vector<PublishedSource*> ordered = by_activity(conference);
  for (const auto& receiver : conference.endpoints) {
    const SendStream* stream = receiver->send_path().stream(source);
    if (stream != nullptr && stream->max_height != 0) apply(*receiver, ordered, now);
  }
}

void tell_senders(Conference::State& conference) {
  conference.sender_constraints_due = false;
  for (PublishedSource* source : conference.slots) {
    if (source == nullptr || !source->is_video()) continue;
    const int height = greatest_wanted(conference, *source);
    if (source->told_max_height == height || !source->owner.channel().is_open()) continue;
    source->told_max_height = height;
    source->owner.channel().send(sender_constraints_message(source->description.name, height));
  }
}

void tell_sender(Endpoint& sender) {
  for (const auto& source : sender.sources()) {
    if (!source->is_video()) continue;
    source->told_max_height = greatest_wanted(sender.conference(), *source);
    sender.channel().send(sender_constraints_message(source->description.name, *source->told_max_height));
  }
}

}  // namespace conclave::sfu
