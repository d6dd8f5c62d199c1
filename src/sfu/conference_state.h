#pragma once
// What a conference is: its endpoints, the slots of their sources, and who takes part in the fan-out. Its verbs stand in conference.cc
// (membership), fan_out, distribution (who receives what), speaking, sources and channel. Lives on the SFU's loop; owned by Conference.
#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/time.h"
#include "sfu/conference.h"
#include "sfu/context.h"
#include "sfu/endpoint.h"
#include "sfu/loudest.h"
#include "sfu/packet_sink.h"
#include "sfu/speaker.h"

namespace conclave::sfu {

struct Conference::State {
  State(Context& of, ConferenceListener& to);
  ~State();

  Context& context;
  ConferenceListener& listener;
  const std::string id;  // path part of the bridge channel: hard to guess, though the password is what protects it
  const std::uint32_t audio_ssrc;
  const std::uint32_t video_ssrc;
  const TimePoint created;

  std::vector<std::unique_ptr<Endpoint>> endpoints;
  std::unordered_map<EndpointId, Endpoint*> by_id;
  std::vector<PacketSink*> sinks;
  std::vector<PublishedSource*> slots;  // null: free
  SpeakerKey next_key = 1;
  DominantSpeaker speaker;
  LoudestSpeakers loudest;

  bool allocation_due = false;
  bool sender_constraints_due = false;
  std::optional<TimePoint> settled_at;  // allocate then: layers have changed
  TimePoint next_speaker_check{};
  TimePoint next_connectivity_check{};

  Endpoint* find(const EndpointId& endpoint) const {
    const auto found = by_id.find(endpoint);
    return found == by_id.end() ? nullptr : found->second;
  }
  Endpoint* find(SpeakerKey key) const;
  // Each kTick.
  void tick(TimePoint now);
};

// All or nothing: replaces the sources of `endpoint`, keeping the state of those that are the same (sources.cc).
EndpointError replace_sources(Conference::State& conference, Endpoint& endpoint, std::vector<Source> sources);
void remove_sources(Conference::State& conference, Endpoint& endpoint);

}  // namespace conclave::sfu
