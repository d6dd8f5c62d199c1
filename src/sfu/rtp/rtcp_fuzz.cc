// Every parser of RTCP over the same bytes.
#include <array>
#include <cstdint>
#include <vector>

#include "base/check.h"
#include "sfu/rtp/rtcp.h"
#include "sfu/rtp/transport_feedback.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace conclave;
  rtp::RtcpReader reader(std::as_bytes(std::span(data, size)));
  while (const auto block = reader.next()) {
    if (const auto reports = rtp::parse_reports(*block)) CONCLAVE_CHECK(reports->count <= rtp::kMaxReportBlocks);
    const auto feedback = rtp::parse_feedback(*block);
    if (!feedback) continue;
    std::size_t asked = 0;
    rtp::for_each_nack(feedback->control, [&](std::uint16_t) { ++asked; });
    CONCLAVE_CHECK(asked <= feedback->control.size() / 4 * 17);
    rtp::for_each_fir(feedback->control, [&](std::uint32_t) { ++asked; });
    (void)rtp::parse_remb(feedback->control);
    if (const auto transport = rtp::parse_transport_feedback(feedback->control)) {
      std::vector<std::optional<rtp::FeedbackTime>> statuses;
      (void)rtp::for_each_status(*transport, [&](std::uint16_t, auto time) { statuses.push_back(time); });
      CONCLAVE_CHECK(statuses.size() <= rtp::kMaxParsedStatuses);
      std::array<std::byte, 1500> buffer;
      ByteWriter writer(buffer);
      (void)rtp::write_transport_feedback(writer, {}, statuses);
      CONCLAVE_CHECK(writer.ok());
    }
  }
  return 0;
}
