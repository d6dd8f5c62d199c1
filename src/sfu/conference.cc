#include "sfu/conference.h"

#include <algorithm>

#include "sfu/bridge_channel.h"
#include "sfu/conference_state.h"
#include "sfu/distribution.h"
#include "sfu/limits.h"
#include "sfu/speaking.h"

namespace conclave::sfu {
namespace {

std::uint32_t draw_ssrc(Random& random) {
  std::uint32_t ssrc = 0;
  while (ssrc == 0) ssrc = static_cast<std::uint32_t>(random.number());
  return ssrc;
}

void check_connectivity(Conference::State& conference, TimePoint now) {
  for (const auto& endpoint : conference.endpoints) {
    if (!endpoint->update_connectivity(now)) continue;
    SfuCounters& counters = conference.context.counters;
    (endpoint->active() ? counters.endpoints_returned : counters.endpoints_silent).add();
    const std::string text = connectivity_message(endpoint->id(), endpoint->active());
    for (const auto& other : conference.endpoints) other->channel().send(text);
  }
}

void expire_layers(const Conference::State& conference, TimePoint now) {
  for (PublishedSource* source : conference.slots) {
    if (source == nullptr || !source->is_video() || !source->layers.expire()) continue;
    conference.context.counters.layer_changes.add();
    choose_again(*source, now);
  }
}

}  // namespace

std::string_view name(EndpointError error) {
  switch (error) {
    case EndpointError::None: return "none";
    case EndpointError::NoSuchEndpoint: return "no such endpoint";
    case EndpointError::TooManyEndpoints: return "too many endpoints";
    case EndpointError::Duplicate: return "duplicate endpoint";
    case EndpointError::BadFingerprint: return "no usable fingerprint";
    case EndpointError::BadCredentials: return "bad ICE credentials";
    case EndpointError::TooManySources: return "too many sources";
    case EndpointError::BadSources: return "inconsistent sources";
  }
  return "";
}

Conference::State::State(Context& of, ConferenceListener& to)
    : context(of),
      listener(to),
      id(of.random.hex(16)),
      audio_ssrc(draw_ssrc(of.random)),
      video_ssrc(draw_ssrc(of.random)),
      created(of.now()),
      loudest(of.options.loudest_speakers),
      next_speaker_check(of.now() + kSpeakerInterval),
      next_connectivity_check(of.now() + kConnectivityInterval) {
  context.conferences.emplace(id, this);
  context.counters.conferences_created.add();
}

Conference::State::~State() {
  context.conferences.erase(id);
  context.counters.conferences_ended.add();
  const auto lived = std::chrono::duration_cast<std::chrono::milliseconds>(context.now() - created).count();
  context.counters.conference_milliseconds.add(static_cast<std::uint64_t>(lived));
  std::erase_if(context.events, [this](const PendingEvent& event) { return event.conference == this; });
  // Sources refer to each other's endpoints: all links go before the first endpoint does.
  for (const auto& endpoint : endpoints) remove_sources(*this, *endpoint);
  sinks.clear();
  endpoints.clear();
}

Endpoint* Conference::State::find(SpeakerKey key) const {
  const auto found = std::find_if(endpoints.begin(), endpoints.end(), [&](const auto& e) { return e->key() == key; });
  return found == endpoints.end() ? nullptr : found->get();
}

void Conference::State::tick(TimePoint now) {
  if (now >= next_speaker_check) {
    next_speaker_check = now + kSpeakerInterval;
    find_dominant_speaker(*this, now);
  }
  if (now >= next_connectivity_check) {
    next_connectivity_check = now + kConnectivityInterval;
    check_connectivity(*this, now);
    expire_layers(*this, now);
  }
  if (settled_at && now >= *settled_at) {
    settled_at.reset();
    allocation_due = true;
  }
  if (allocation_due) allocate_all(*this, now);
  if (sender_constraints_due) tell_senders(*this);
}

Conference::Conference(std::unique_ptr<State> state) : state_(std::move(state)) {}
Conference::~Conference() = default;

std::uint32_t Conference::audio_ssrc() const { return state_->audio_ssrc; }
std::uint32_t Conference::video_ssrc() const { return state_->video_ssrc; }
std::size_t Conference::endpoint_count() const { return state_->endpoints.size(); }

std::optional<LocalTransport> Conference::add_endpoint(const EndpointId& id, SsrcUse ssrcs) {
  State& s = *state_;
  if (id.empty() || s.find(id) != nullptr || s.endpoints.size() >= kMaxEndpointsPerConference ||
      s.context.wakes.size() >= s.context.options.max_endpoints) {
    return std::nullopt;
  }
  auto endpoint = std::make_unique<Endpoint>(s.context, s, id, s.next_key++);
  if (ssrcs == SsrcUse::Rewritten) endpoint->send_path().rewrite_ssrcs();
  for (PublishedSource* source : s.slots) {
    if (source != nullptr) endpoint->send_path().attach(*source);
  }
  LocalTransport local;
  endpoint->transport().describe(local);
  local.channel_conference = s.id;
  local.channel_password = endpoint->channel().password();
  s.by_id.emplace(id, endpoint.get());
  s.sinks.push_back(&endpoint->send_path());
  s.endpoints.push_back(std::move(endpoint));
  s.allocation_due = true;
  return local;
}

EndpointError Conference::accept(const EndpointId& id, const RemoteTransport& remote, const MediaDescription& media) {
  Endpoint* endpoint = state_->find(id);
  if (endpoint == nullptr) return EndpointError::NoSuchEndpoint;
  const TimePoint now = state_->context.now();
  const EndpointError error = endpoint->transport().accept(now, remote);
  if (error != EndpointError::None) return error;
  endpoint->set_negotiated(Negotiated(media));
  endpoint->wake_by(now);
  return EndpointError::None;
}

EndpointError Conference::set_sources(const EndpointId& id, std::vector<Source> sources) {
  Endpoint* endpoint = state_->find(id);
  if (endpoint == nullptr) return EndpointError::NoSuchEndpoint;
  return replace_sources(*state_, *endpoint, std::move(sources));
}

void Conference::set_force_muted(const EndpointId& id, SourceClass which, bool muted) {
  if (Endpoint* endpoint = state_->find(id)) endpoint->set_force_muted(which, muted);
}

void Conference::remove_endpoint(const EndpointId& id) {
  State& s = *state_;
  Endpoint* endpoint = s.find(id);
  if (endpoint == nullptr) return;
  remove_sources(s, *endpoint);
  forget_speaker(s, *endpoint);
  s.by_id.erase(id);
  std::erase(s.sinks, static_cast<PacketSink*>(&endpoint->send_path()));
  std::erase_if(s.context.events, [&](const PendingEvent& event) { return event.conference == &s && event.endpoint == id; });
  const auto found = std::find_if(s.endpoints.begin(), s.endpoints.end(), [&](const auto& e) { return e.get() == endpoint; });
  const std::unique_ptr<Endpoint> gone = std::move(*found);
  s.endpoints.erase(found);
}

}  // namespace conclave::sfu
