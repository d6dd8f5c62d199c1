#include "sfu/sfu.h"

#include <utility>

#include "base/check.h"
#include "sfu/conference_state.h"
#include "sfu/sfu_state.h"

namespace conclave::sfu {
namespace {

void deliver(Context& context) {
  // A listener may cause further events, and may remove those of an endpoint that it removes.
  while (!context.events.empty()) {
    const PendingEvent event = std::move(context.events.front());
    context.events.erase(context.events.begin());
    switch (event.kind) {
      case PendingEvent::Kind::Connected:
        event.listener->endpoint_connected(event.endpoint);
        break;
      case PendingEvent::Kind::Failed:
        event.listener->endpoint_failed(event.endpoint, event.why);
        break;
      case PendingEvent::Kind::DominantSpeaker:
        event.listener->dominant_speaker_changed(event.endpoint);
        break;
    }
  }
}

void run_tick(Context& context) {
  const TimePoint now = context.now();
  context.wakes.run(now, [now](Endpoint& endpoint) { endpoint.advance(now); });
  for (const auto& [id, conference] : context.conferences) conference->tick(now);
  const SfuCounters& counters = context.counters;
  context.rate_in.sample(now, {.packets = counters.datagrams_in.value(), .bytes = counters.bytes_in.value()});
  context.rate_out.sample(now, {.packets = counters.datagrams_out.value(), .bytes = counters.bytes_out.value()});
  if (!context.events.empty()) deliver(context);
  if (context.wakes.size() > 0) {
    keep_ticking(context);
  }
}

Endpoint* find_endpoint(const Context& context, std::string_view conference, std::string_view endpoint, std::string_view password) {
  const auto found = context.conferences.find(std::string(conference));
  if (found == context.conferences.end()) return nullptr;
  Endpoint* candidate = found->second->find(EndpointId(endpoint));
  return candidate != nullptr && candidate->channel().accepts(password) ? candidate : nullptr;
}

}  // namespace

void keep_ticking(Context& context) {
  if (context.tick.is_set()) return;
  context.tick = context.loop.after(kTick, [&context] {
    context.tick.cancel();
    run_tick(context);
  });
}

Sfu::State::State(Loop& loop, DatagramPort& port, const dtls::Certificate& certificate, Random& random, SfuOptions with)
    : options(std::move(with)),
      own_srtp(options.srtp == nullptr ? std::make_unique<srtp::Library>() : nullptr),
      context(loop, port, certificate, random, options, own_srtp ? *own_srtp : *options.srtp) {}

Sfu::Sfu(Loop& loop, DatagramPort& port, const dtls::Certificate& certificate, Random& random, SfuOptions options)
    : Pinned(loop), state_(std::make_unique<State>(loop, port, certificate, random, std::move(options))) {}

Sfu::~Sfu() { CONCLAVE_CHECK(state_->context.conferences.empty()); }

std::unique_ptr<Conference> Sfu::create_conference(ConferenceListener& listener) {
  assert_here();
  if (state_->context.wakes.size() >= state_->options.max_endpoints) return nullptr;
  return std::make_unique<Conference>(std::make_unique<Conference::State>(state_->context, listener));
}

void Sfu::receive(const Address& from, MutableBytes datagram) {
  assert_here();
  route(state_->context, from, datagram);
  if (!state_->context.events.empty()) deliver(state_->context);
}

void Sfu::receive_over_tcp(const Address& path, const Address& peer, MutableBytes packet) {
  assert_here();
  route(state_->context, path, packet, &peer);
  if (!state_->context.events.empty()) deliver(state_->context);
}

void Sfu::path_closed(const Address& path) {
  assert_here();
  Endpoint* endpoint = state_->context.ingress.by_address(path);
  if (endpoint != nullptr) endpoint->transport().path_closed(state_->context.now(), path);
  if (!state_->context.events.empty()) deliver(state_->context);
}

bool Sfu::knows(const Address& address) const {
  assert_here();
  return state_->context.ingress.by_address(address) != nullptr;
}

void Sfu::set_tcp(std::vector<TcpAddress> addresses) {
  assert_here();
  state_->context.tcp = std::move(addresses);
}

std::unique_ptr<Sfu::Channel> Sfu::open_channel(std::string_view conference, std::string_view endpoint, std::string_view password,
                                                ChannelWriter& writer) {
  assert_here();
  Endpoint* found = find_endpoint(state_->context, conference, endpoint, password);
  return found == nullptr ? nullptr : found->channel().open(writer);
}

bool Sfu::would_open_channel(std::string_view conference, std::string_view endpoint, std::string_view password) const {
  assert_here();
  return find_endpoint(state_->context, conference, endpoint, password) != nullptr;
}

const SfuCounters& Sfu::counters() const { return state_->context.counters; }

}  // namespace conclave::sfu
