#include "sfu/channel.h"

#include <algorithm>

#include "base/same_secret.h"
#include "sfu/bridge_channel.h"
#include "sfu/conference_state.h"
#include "sfu/context.h"
#include "sfu/distribution.h"
#include "sfu/endpoint.h"
#include "sfu/limits.h"
#include "sfu/speaking.h"

namespace conclave::sfu {

bool TokenBucket::take(TimePoint now, double amount) {
  if (filled_ != TimePoint{}) {
    tokens_ = std::min(burst_, tokens_ + per_second_ * std::chrono::duration<double>(now - filled_).count());
  }
  filled_ = now;
  if (tokens_ < amount) return false;
  tokens_ -= amount;
  return true;
}

// What server/ holds. Outlives the endpoint if need be; then it is deaf.
class EndpointChannel::Token final : public Sfu::Channel {
 public:
  explicit Token(EndpointChannel& channel) : channel_(&channel) {}
  ~Token() override {
    if (channel_ == nullptr) return;
    channel_->writer_ = nullptr;
    channel_->token_ = nullptr;
  }
  void message(std::string_view text) override {
    if (channel_ != nullptr) channel_->receive(text);
  }
  void detach() { channel_ = nullptr; }

 private:
  EndpointChannel* channel_;
};

EndpointChannel::EndpointChannel(Endpoint& endpoint)
    : endpoint_(endpoint),
      password_(endpoint.context().random.token(24)),
      messages_(kChannelMessagesPerSecond, kChannelMessageBurst),
      bytes_(kChannelBytesPerSecond, kChannelByteBurst) {}

EndpointChannel::~EndpointChannel() { close(1001, "endpoint closed"); }

bool EndpointChannel::accepts(std::string_view password) const { return same_secret(password_, password); }

void EndpointChannel::send(std::string_view message) const {
  if (writer_ == nullptr) return;
  endpoint_.context().counters.channel_messages_out.add();
  writer_->send_text(message);
}

void EndpointChannel::send_slots(MediaKind kind) const {
  const SsrcSlots* slots = endpoint_.send_path().slots(kind);
  if (slots == nullptr) return;
  std::vector<const SsrcSlot*> used;
  for (const SsrcSlot& slot : slots->all()) {
    if (slot.stream != nullptr) used.push_back(&slot);
  }
  if (!used.empty()) send(sources_map_message(kind, used));
}

void EndpointChannel::close(std::uint16_t code, std::string_view reason) {
  if (writer_ == nullptr) return;
  // Forgotten first: closing may destroy the token at once.
  ChannelWriter* writer = std::exchange(writer_, nullptr);
  std::exchange(token_, nullptr)->detach();
  writer->close(code, reason);
}

std::unique_ptr<Sfu::Channel> EndpointChannel::open(ChannelWriter& writer) {
  close(1000, "replaced");
  auto token = std::make_unique<Token>(*this);
  writer_ = &writer;
  token_ = token.get();
  endpoint_.context().counters.channels_opened.add();

  send(server_hello_message());
  tell_sender(endpoint_);
  send(forwarded_sources_message(endpoint_.forwarded()));
  send_slots(MediaKind::Video);
  send_slots(MediaKind::Audio);
  for (const auto& other : endpoint_.conference().endpoints) {
    if (!other->active()) send(connectivity_message(other->id(), false));
  }
  tell_dominant_speaker(endpoint_);
  return token;
}

namespace {

// media.md 6.5: in a large conference, statistics go to those who see or hear the sender.
bool watches(const Endpoint& receiver, const Endpoint& sender) {
  const auto& recent = sender.conference().speaker.recent();
  if (std::find(recent.begin(), recent.end(), sender.key()) != recent.end()) return true;
  return std::any_of(sender.sources().begin(), sender.sources().end(), [&](const auto& source) {
    const SendStream* stream = receiver.send_path().stream(*source);
    return stream != nullptr && stream->max_height != 0;
  });
}

void set_video_type(Endpoint& sender, const VideoTypeChange& change) {
  for (const auto& source : sender.sources()) {
    if (!source->is_video()) continue;
    if (!change.source.empty() && source->description.name != change.source) continue;
    source->told_type = change.type;
    sender.conference().allocation_due = true;
    return;
  }
}

void relay(Endpoint& sender, const RelayedMessage& message) {
  for (const auto& other : sender.conference().endpoints) {
    if (other.get() == &sender || (!message.to.empty() && other->id() != message.to)) continue;
    other->channel().send(message.text);
  }
}

void relay(Endpoint& sender, const RelayedStats& stats) {
  const auto& endpoints = sender.conference().endpoints;
  for (const auto& other : endpoints) {
    if (other.get() == &sender || (endpoints.size() > kMaxStatsBroadcast && !watches(*other, sender))) continue;
    other->channel().send(stats.text);
  }
}

struct Apply {
  Endpoint& endpoint;
  TimePoint now;

  void operator()(const ClientHello&) const { endpoint.channel().send(server_hello_message()); }
  void operator()(const ConstraintsChange& change) const {
    endpoint.constraints().apply(change);
    allocate_for(endpoint, now);
  }
  void operator()(const LastNChange& change) const {
    endpoint.constraints().set_last_n(change.last_n);
    allocate_for(endpoint, now);
  }
  void operator()(const VideoTypeChange& change) const { set_video_type(endpoint, change); }
  void operator()(const RelayedMessage& message) const { relay(endpoint, message); }
  void operator()(const RelayedStats& stats) const { relay(endpoint, stats); }
};

}  // namespace

void EndpointChannel::receive(std::string_view text) {
  Context& context = endpoint_.context();
  const TimePoint now = context.now();
  context.counters.channel_messages.add();
  if (text.size() > kMaxChannelMessageBytes) return context.counters.channel_oversized.add();
  if (!messages_.take(now, 1) || !bytes_.take(now, static_cast<double>(text.size()))) return context.counters.channel_too_fast.add();
  const auto message = parse_channel_message(text, endpoint_.id());
  if (!message) {
    (message.error() == ChannelError::Unknown ? context.counters.channel_unknown : context.counters.channel_malformed).add();
    return;
  }
  std::visit(Apply{endpoint_, now}, *message);
}

}  // namespace conclave::sfu
