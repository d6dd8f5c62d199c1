#include "sfu/control_path.h"

#include "sfu/conference_state.h"
#include "sfu/context.h"
#include "sfu/distribution.h"
#include "sfu/endpoint.h"
#include "sfu/feedback.h"
#include "sfu/rtp/rtcp.h"
#include "sfu/rtp/transport_feedback.h"

namespace conclave::sfu {
namespace {

void on_sender_report(Endpoint& sender, const rtp::SenderReport& report, TimePoint now) {
  const Endpoint::Stream* stream = sender.find_stream(report.ssrc);
  if (stream == nullptr) return;
  Encoding& encoding = stream->source->encodings[stream->encoding];
  if (stream->is_rtx) return encoding.rtx_statistics.sender_report(now, report.ntp);
  encoding.statistics.sender_report(now, report.ntp);
  for (const auto& receiver : sender.conference().endpoints) {
    if (receiver.get() != &sender) receiver->send_path().forward_report(now, *stream->source, stream->encoding, report);
  }
}

void on_reports(Endpoint& endpoint, const rtp::RtcpBlock& block, TimePoint now) {
  const auto reports = rtp::parse_reports(block);
  if (!reports) return endpoint.context().counters.malformed_rtcp.add();
  if (reports->sender_report) on_sender_report(endpoint, *reports->sender_report, now);
  int lost = 0;
  int videos = 0;
  int lost_of_all = 0;
  int streams = 0;
  for (const rtp::ReportBlock& report : reports->span()) {
    endpoint.send_path().round_trip_from(now, report);
    const SendStream* stream = endpoint.send_path().stream(report.ssrc);
    if (stream == nullptr || report.ssrc != stream->ssrc) continue;
    lost_of_all += report.fraction_lost;
    ++streams;
    if (!stream->source.is_video()) continue;
    lost += report.fraction_lost;
    ++videos;
  }
  if (streams > 0) endpoint.send_path().set_reported_loss(lost_of_all / 256.0 / streams);
  if (videos == 0) return;
  endpoint.send_path().downlink().lost(lost / 256.0 / videos);
  allocate_if_changed(endpoint, now);
}

void on_key_frame_request(Endpoint& receiver, std::uint32_t ssrc, TimePoint now) {
  SendStream* stream = receiver.send_path().stream(ssrc);
  if (stream == nullptr || !stream->source.is_video() || stream->projection.target() == kNoEncoding) return;
  if (!stream->receiver_limit.allow(now)) return receiver.context().counters.key_frames_held_back.add();
  request_key_frame(now, stream->source, stream->projection.target());
}

// Which packets came, and when.
void on_arrivals(Endpoint& receiver, const rtp::Feedback& feedback, TimePoint now) {
  Context& context = receiver.context();
  context.counters.transport_feedback_in.add();
  const auto arrivals = rtp::parse_transport_feedback(feedback.control);
  if (!arrivals) return context.counters.malformed_rtcp.add();
  receiver.send_path().downlink().feedback(now, *arrivals, receiver.send_path().round_trip(), context.fates);
  allocate_if_changed(receiver, now);
}

void on_transport_feedback(Endpoint& receiver, const rtp::RtcpBlock& block, TimePoint now) {
  const auto feedback = rtp::parse_feedback(block);
  if (!feedback) return receiver.context().counters.malformed_rtcp.add();
  if (block.count == rtp::rtcp::kTransportWide) return on_arrivals(receiver, *feedback, now);
  if (block.count != rtp::rtcp::kNack) return;
  SendStream* stream = receiver.send_path().stream(feedback->media);
  if (stream == nullptr) return;
  rtp::for_each_nack(feedback->control,
                     [&](std::uint16_t sequence) { receiver.send_path().answer_nack(now, *stream, sequence); });
}

void on_payload_feedback(Endpoint& receiver, const rtp::RtcpBlock& block, TimePoint now) {
  const auto feedback = rtp::parse_feedback(block);
  if (!feedback) return receiver.context().counters.malformed_rtcp.add();
  if (block.count == rtp::rtcp::kPli) {
    on_key_frame_request(receiver, feedback->media, now);
  } else if (block.count == rtp::rtcp::kFir) {
    rtp::for_each_fir(feedback->control, [&](std::uint32_t ssrc) { on_key_frame_request(receiver, ssrc, now); });
  } else if (const auto remb = block.count == rtp::rtcp::kApplicationLayer ? rtp::parse_remb(feedback->control) : std::nullopt) {
    receiver.context().counters.remb_in.add();
    receiver.send_path().downlink().remb(now, remb->bits_per_second);
    allocate_if_changed(receiver, now);
  }
}

}  // namespace

void receive_rtcp(Endpoint& endpoint, MutableBytes datagram) {
  SfuCounters& counters = endpoint.context().counters;
  counters.rtcp_in.add();
  if (endpoint.transport().srtp() == nullptr) return counters.before_keys.add();
  const auto length = endpoint.transport().srtp()->unprotect_rtcp(datagram);
  if (!length) return counters.srtp_refused.add();
  const TimePoint now = endpoint.context().now();
  endpoint.heard(now);
  rtp::RtcpReader reader(datagram.first(*length));
  while (const auto block = reader.next()) {
    switch (block->type) {
      case rtp::rtcp::kSenderReport:
      case rtp::rtcp::kReceiverReport:
        on_reports(endpoint, *block, now);
        break;
      case rtp::rtcp::kTransportFeedback:
        on_transport_feedback(endpoint, *block, now);
        break;
      case rtp::rtcp::kPayloadFeedback:
        on_payload_feedback(endpoint, *block, now);
        break;
      default:  // SDES, BYE, APP, XR end here
        break;
    }
  }
  if (!reader.well_formed()) counters.malformed_rtcp.add();
}

}  // namespace conclave::sfu
