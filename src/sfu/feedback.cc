#include "sfu/feedback.h"

#include <array>

#include "sfu/conference_state.h"
#include "sfu/context.h"
#include "sfu/endpoint.h"
#include "sfu/rtp/rtcp.h"

namespace conclave::sfu {

void request_key_frame(TimePoint now, PublishedSource& source, int encoding) {
  Endpoint& sender = source.owner;
  Context& context = sender.context();
  if (!sender.transport().ready() || encoding < 0 || static_cast<std::size_t>(encoding) >= source.encodings.size()) return;
  if (!source.key_frame_gap.allow(now)) return context.counters.key_frames_held_back.add();
  ByteWriter writer(context.scratch);
  rtp::write_pli(writer, sender.conference().video_ssrc, source.encodings[static_cast<std::size_t>(encoding)].ssrc);
  sender.send_path().send_rtcp(writer.position());
  context.counters.key_frames_requested.add();
}

void send_nacks(Endpoint& sender, Encoding& encoding, TimePoint now) {
  std::array<std::uint16_t, kMaxMissing> missing;
  const std::size_t count = encoding.nack.due(now, missing);
  if (count == 0) return;
  Context& context = sender.context();
  ByteWriter writer(context.scratch);
  rtp::write_nack(writer, sender.conference().video_ssrc, encoding.ssrc, std::span(missing).first(count));
  sender.send_path().send_rtcp(writer.position());
  context.counters.nacks_sent.add(count);
}

void send_due_nacks(Endpoint& sender, TimePoint now) {
  for (const auto& source : sender.sources()) {
    for (Encoding& encoding : source->encodings) send_nacks(sender, encoding, now);
  }
}

void send_receiver_reports(Endpoint& sender, TimePoint now) {
  std::array<rtp::ReportBlock, rtp::kMaxReportBlocks> blocks;
  std::size_t count = 0;
  const auto flush = [&] {
    ByteWriter writer(sender.context().scratch);
    rtp::write_receiver_report(writer, sender.conference().video_ssrc, std::span(blocks).first(count));
    sender.send_path().send_rtcp(writer.position());
    count = 0;
  };
  const auto add = [&](rtp::ReceptionStatistics& statistics, std::uint32_t ssrc) {
    if (!statistics.any()) return;
    blocks[count++] = statistics.report(now, ssrc);
    if (count == blocks.size()) flush();
  };
  for (const auto& source : sender.sources()) {
    for (Encoding& encoding : source->encodings) {
      add(encoding.statistics, encoding.ssrc);
      if (encoding.rtx != 0) add(encoding.rtx_statistics, encoding.rtx);
    }
  }
  if (count > 0) flush();
}

void send_transport_feedback(Endpoint& sender, TimePoint now) {
  const std::uint32_t ours = sender.conference().video_ssrc;
  const std::uint32_t media = sender.sources().empty() ? ours : sender.sources().front()->primary_ssrc();
  for (;;) {
    ByteWriter writer(sender.context().scratch);
    if (!sender.feedback().write(now, writer, ours, media)) return;
    sender.send_path().send_rtcp(writer.position());
  }
}

}  // namespace conclave::sfu
