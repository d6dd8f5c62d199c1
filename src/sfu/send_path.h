#pragma once
// What goes to one receiver: for each source of the others a stream, and the last steps of a packet: rewrite, number, protect, send.
// Lives on the SFU's loop, owned by the receiving endpoint. No allocation in wants() and send().
#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <unordered_map>
#include <vector>

#include "base/time.h"
#include "sfu/downlink.h"
#include "sfu/key_frames.h"
#include "sfu/packet_sink.h"
#include "sfu/projection.h"
#include "sfu/published_source.h"
#include "sfu/retransmission.h"
#include "sfu/rtp/rtcp.h"
#include "sfu/ssrc_slots.h"
#include "sfu/traffic.h"

namespace conclave::sfu {

struct Context;
class Endpoint;

// One source as one receiver gets it.
class SendStream {
 public:
  explicit SendStream(PublishedSource& from) : source(from), projection(from.is_video()) {}

  PublishedSource& source;
  Projection projection;
  OutboundSsrc* primary = nullptr;       // null: it has no SSRC to this receiver now, and is not sent
  OutboundSsrc* rtx = nullptr;           // null if the source has none
  std::uint32_t ssrc = 0;                // of `primary`, as the receiver knows it
  std::uint32_t rtx_ssrc = 0;
  SsrcSlot* slot = nullptr;              // with SSRC rewriting, while it has one
  std::unique_ptr<SentHistory> history;  // video, once it was allocated
  std::uint8_t last_payload_type = 0;    // of what was forwarded last
  int max_height = 0;                    // effective, from the allocation, as are the following
  LayerIndex ideal;
  LimitedBy limited_by = LimitedBy::Constraint;
  std::optional<TimePoint> downgraded;   // when bandwidth last took a layer away
  ReceiverKeyFrameLimit receiver_limit;
  KeyFrameGap switch_gap{kSwitchGap};
  // The last sender reports that went out, for the round trip: middle 32 bits of NTP, and when.
  struct ReportSent {
    std::uint32_t ntp = 0;
    TimePoint at{};
  };
  std::array<ReportSent, 4> reports_sent{};
  std::size_t next_report = 0;
};

class SendPath final : public PacketSink {
 public:
  SendPath(Context& context, Endpoint& receiver) : context_(context), receiver_(receiver) {}

  bool wants(const IncomingPacket& packet) const override;
  void send(const IncomingPacket& packet) override;

  // Before the first source: the receiver gets all under SSRCs of slots.
  void rewrite_ssrcs();
  // Sees to it that the stream has SSRCs, if need be those of a slot that was not used after `idle_since`. False: none is to be had. The caller
  // tells the receiver if `stream.slot` has changed.
  bool take_slot(TimePoint now, SendStream& stream, TimePoint idle_since);
  // Null: the receiver knows sources by the SSRCs of their senders.
  const SsrcSlots* slots(MediaKind kind) const;

  // Sources of others come and go; the slot says where.
  void attach(PublishedSource& source);
  void detach(const PublishedSource& source);
  SendStream* stream(const PublishedSource& source) const {
    return source.slot < streams_.size() ? streams_[source.slot].get() : nullptr;
  }
  // By the SSRC that the receiver knows, primary or RTX.
  SendStream* stream(std::uint32_t ssrc) const;
  std::span<const std::unique_ptr<SendStream>> streams() const { return streams_; }
  void set_target(TimePoint now, SendStream& stream, LayerIndex layer);

  // RTCP
  enum class Resend : std::uint8_t { Asked, Probe };  // a probe goes by RTX or not at all, and need not have been lost
  void answer_nack(TimePoint now, SendStream& stream, std::uint16_t sequence, Resend why = Resend::Asked);
  void forward_report(TimePoint now, const PublishedSource& source, int encoding, const rtp::SenderReport& report);
  void round_trip_from(TimePoint now, const rtp::ReportBlock& block);
  // Sends what was written into the context's scratch buffer.
  void send_rtcp(std::size_t length);
  Duration round_trip() const { return round_trip_; }
  bool round_trip_known() const { return round_trip_known_; }
  // Of all that it is sent, the share that its last report says is lost.
  double reported_loss() const { return reported_loss_; }
  void set_reported_loss(double share) { reported_loss_ = share; }
  Traffic& sent() { return sent_; }  // SRTP
  const Traffic& sent() const { return sent_; }
  Downlink& downlink() { return downlink_; }
  const Downlink& downlink() const { return downlink_; }
  // At least so many bytes, if there is a way to send any (padding.cc).
  void send_padding(TimePoint now, std::size_t bytes);
  std::size_t remembered_ssrcs() const { return outbound_.size(); }

 private:
  struct Outgoing;
  struct Slots {
    SsrcSlots audio;
    SsrcSlots video;
  };
  OutboundSsrc* outbound(std::uint32_t ssrc);
  std::uint32_t draw_ssrc() const;
  struct Ssrcs {
    OutboundSsrc* primary = nullptr;
    OutboundSsrc* rtx = nullptr;
    std::uint32_t ssrc = 0;
    std::uint32_t rtx_ssrc = 0;
  };
  static void use(SendStream& stream, const Ssrcs& ssrcs);
  static void release(SendStream& stream);  // its SSRCs, and its slot if it has one
  bool take_audio_slot(const IncomingPacket& packet, SendStream& stream);
  std::uint16_t next_rtx(OutboundSsrc& rtx);
  void fill_hole(TimePoint now, SendStream& stream, std::uint16_t sequence);
  // Writes, protects, sends. The transport number is drawn here unless one is given.
  bool transmit(TimePoint now, const Outgoing& packet);
  bool send_empty(TimePoint now);  // a packet of padding

  Context& context_;
  Endpoint& receiver_;
  std::unique_ptr<Slots> slots_;
  std::vector<std::unique_ptr<SendStream>> streams_;  // by the source's place in the conference
  std::unordered_map<std::uint32_t, OutboundSsrc> outbound_;
  std::uint16_t transport_sequence_ = 0;
  Duration round_trip_ = 100ms;
  bool round_trip_known_ = false;
  double reported_loss_ = 0;
  Traffic sent_;
  Downlink downlink_;
};

}  // namespace conclave::sfu
