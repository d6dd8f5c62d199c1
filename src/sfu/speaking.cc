#include "sfu/speaking.h"

#include <string>
#include <vector>

#include "sfu/bridge_channel.h"
#include "sfu/conference_state.h"
#include "sfu/distribution.h"

namespace conclave::sfu {
namespace {

std::string message(const Conference::State& conference) {
  std::vector<std::string> recent;
  for (const SpeakerKey key : conference.speaker.recent()) {
    if (const Endpoint* endpoint = conference.find(key)) recent.push_back(endpoint->id());
  }
  return dominant_speaker_message(recent);
}

}  // namespace

void find_dominant_speaker(Conference::State& conference, TimePoint now) {
  std::vector<DominantSpeaker::Candidate> candidates;
  candidates.reserve(conference.endpoints.size());
  for (const auto& endpoint : conference.endpoints) candidates.push_back({endpoint->key(), &endpoint->speech()});
  if (!conference.speaker.evaluate(now, candidates)) return;
  const Endpoint* dominant = conference.find(conference.speaker.recent().front());
  if (CONCLAVE_BUG_IF(dominant == nullptr)) return;
  conference.context.counters.dominant_speaker_changes.add();
  const std::string text = message(conference);
  for (const auto& endpoint : conference.endpoints) {
    if (endpoint->channel().is_open()) endpoint->channel().send(text);
  }
  conference.context.events.push_back(
      {PendingEvent::Kind::DominantSpeaker, &conference, &conference.listener, dominant->id(), {}});
  conference.allocation_due = true;
}

void tell_dominant_speaker(Endpoint& endpoint) {
  if (endpoint.conference().speaker.any()) endpoint.channel().send(message(endpoint.conference()));
}

void forget_speaker(Conference::State& conference, const Endpoint& endpoint) { conference.speaker.remove(endpoint.key()); }

}  // namespace conclave::sfu
