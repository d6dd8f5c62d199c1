#pragma once
// One participant's media: identity, transport, what it sends, what it is sent. Holds state; what is done with it stands in
// receive_path, send_path, control_path, feedback, channel and sources. Lives on the SFU's loop, owned by its conference.
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sfu/allocation.h"
#include "sfu/bwe/feedback_generator.h"
#include "sfu/channel.h"
#include "sfu/conference.h"
#include "sfu/negotiated.h"
#include "sfu/published_source.h"
#include "sfu/send_path.h"
#include "sfu/speaker.h"
#include "sfu/traffic.h"
#include "sfu/transport.h"

namespace conclave::sfu {

struct Context;

class Endpoint {
 public:
  Endpoint(Context& context, Conference::State& conference, EndpointId id, SpeakerKey key);
  ~Endpoint();
  Endpoint(const Endpoint&) = delete;
  Endpoint& operator=(const Endpoint&) = delete;

  const EndpointId& id() const { return id_; }
  SpeakerKey key() const { return key_; }
  Context& context() const { return context_; }
  Conference::State& conference() const { return conference_; }

  Transport& transport() { return transport_; }
  const Transport& transport() const { return transport_; }
  SendPath& send_path() { return send_path_; }
  const SendPath& send_path() const { return send_path_; }
  const Negotiated& negotiated() const { return negotiated_; }
  void set_negotiated(const Negotiated& negotiated) { negotiated_ = negotiated; }

  // What it sends.
  struct Stream {
    std::uint32_t ssrc = 0;
    PublishedSource* source = nullptr;
    std::uint8_t encoding = 0;
    bool is_rtx = false;
  };
  const Stream* find_stream(std::uint32_t ssrc) const;
  std::span<const std::unique_ptr<PublishedSource>> sources() const { return sources_; }
  // Replaces the list and the table of SSRCs. The conference has attached and detached what changed.
  void take_sources(std::vector<std::unique_ptr<PublishedSource>> sources);
  std::vector<std::unique_ptr<PublishedSource>> give_sources() { return std::exchange(sources_, {}); }
  void set_force_muted(SourceClass which, bool muted) { force_muted_[static_cast<std::size_t>(which)] = muted; }
  bool force_muted(SourceClass which) const { return force_muted_[static_cast<std::size_t>(which)]; }
  bwe::FeedbackGenerator& feedback() { return feedback_; }
  SpeakerActivity& speech() { return speech_; }
  Traffic& received() { return received_; }  // SRTP
  const Traffic& received() const { return received_; }

  // What it wants.
  ReceiverConstraints& constraints() { return constraints_; }
  const ReceiverConstraints& constraints() const { return constraints_; }
  std::vector<std::string>& forwarded() { return forwarded_; }  // the last ForwardedSources
  EndpointChannel& channel() { return channel_; }
  const EndpointChannel& channel() const { return channel_; }

  // Time. `advance` runs what is due and sets the next time; `wake_by` asks for an earlier one.
  void advance(TimePoint now);
  void wake_by(TimePoint at);
  void set_wake_place(std::size_t place) { wake_place_ = place; }
  std::size_t wake_place() const { return wake_place_; }

  // From the transport.
  void transport_connected(TimePoint now);
  void transport_failed(std::string_view why);

  // Incoming activity: SRTP, SRTCP or ICE.
  void heard(TimePoint now) { last_heard_ = now; }
  // True if it has changed since the last call.
  bool update_connectivity(TimePoint now);
  bool active() const { return active_; }

 private:
  // Each kReportInterval: the rates, and what is counted by time.
  void take_stock(TimePoint now);
  // Allocates anew if it is time, and probes. When to come back.
  std::optional<TimePoint> try_network(TimePoint now);

  Context& context_;
  Conference::State& conference_;
  const EndpointId id_;
  const SpeakerKey key_;
  const TimePoint created_;
  Transport transport_;
  Negotiated negotiated_;
  SendPath send_path_;
  std::vector<std::unique_ptr<PublishedSource>> sources_;
  std::vector<Stream> streams_;  // sorted by ssrc
  std::array<bool, kSourceClasses> force_muted_{};
  bwe::FeedbackGenerator feedback_;
  SpeakerActivity speech_;
  ReceiverConstraints constraints_;
  std::vector<std::string> forwarded_;
  EndpointChannel channel_;
  std::size_t wake_place_ = 0;
  Traffic received_;
  TimePoint next_report_{};
  TimePoint stock_taken_{};
  TimePoint next_stats_{};
  std::optional<TimePoint> last_heard_;
  bool connected_ = false;
  bool had_channel_ = false;  // or was counted as one without
  bool failed_ = false;
  bool active_ = true;
};

}  // namespace conclave::sfu
