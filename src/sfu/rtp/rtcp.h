#pragma once
// RTCP (RFC 3550 §6, RFC 4585 §6, RFC 5104 §4.3.1, draft-alvestrand-rmcat-remb): compound packets read block by block and written
// into a buffer. Nothing is owned, nothing allocated. Transport-wide feedback has its own file, transport_feedback.h.
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "base/byte_reader.h"

namespace conclave::rtp {

namespace rtcp {
inline constexpr std::uint8_t kSenderReport = 200;
inline constexpr std::uint8_t kReceiverReport = 201;
inline constexpr std::uint8_t kSourceDescription = 202;
inline constexpr std::uint8_t kBye = 203;
inline constexpr std::uint8_t kApplication = 204;
inline constexpr std::uint8_t kTransportFeedback = 205;
inline constexpr std::uint8_t kPayloadFeedback = 206;
inline constexpr std::uint8_t kExtendedReport = 207;
// Formats of the two feedback types.
inline constexpr std::uint8_t kNack = 1;
inline constexpr std::uint8_t kTransportWide = 15;
inline constexpr std::uint8_t kPli = 1;
inline constexpr std::uint8_t kFir = 4;
inline constexpr std::uint8_t kApplicationLayer = 15;  // REMB
}  // namespace rtcp

inline constexpr std::size_t kMaxReportBlocks = 31;  // RFC 3550 §6.4.1: five bits

struct RtcpBlock {
  std::uint8_t count = 0;  // report count, source count or feedback format
  std::uint8_t type = 0;
  Bytes body;              // behind the four bytes of header, without padding
};

// Walks a compound packet. Ends at the first block that is not RTCP or runs past the packet; what came before it counts.
class RtcpReader {
 public:
  explicit RtcpReader(Bytes compound) : reader_(compound) {}
  std::optional<RtcpBlock> next();
  // After next() has returned nothing: whether the whole compound was read.
  bool well_formed() const { return well_formed_; }

 private:
  ByteReader reader_;
  bool well_formed_ = true;
};

struct ReportBlock {
  std::uint32_t ssrc = 0;
  std::uint8_t fraction_lost = 0;
  std::int32_t cumulative_lost = 0;  // 24 bits on the wire
  std::uint32_t highest_sequence = 0;
  std::uint32_t jitter = 0;
  std::uint32_t last_sr = 0;
  std::uint32_t delay_since_last_sr = 0;  // in 1/65536 s
};

struct SenderReport {
  std::uint32_t ssrc = 0;
  std::uint64_t ntp = 0;
  std::uint32_t rtp_timestamp = 0;
  std::uint32_t packets = 0;
  std::uint32_t octets = 0;
};

// Fills what fits of `out`; the rest of the blocks is not read.
struct Reports {
  std::uint32_t sender = 0;
  std::optional<SenderReport> sender_report;
  std::array<ReportBlock, kMaxReportBlocks> blocks;
  std::size_t count = 0;
  std::span<const ReportBlock> span() const { return std::span(blocks).first(count); }
};
// SR or RR.
std::optional<Reports> parse_reports(const RtcpBlock& block);

struct Feedback {
  std::uint32_t sender = 0;
  std::uint32_t media = 0;
  Bytes control;  // what follows the two SSRCs
};
std::optional<Feedback> parse_feedback(const RtcpBlock& block);

// Calls visit(sequence) for each one asked for: RFC 4585 §6.2.1, 17 at most for each item.
template <class Visit>
void for_each_nack(Bytes control, Visit visit) {
  ByteReader reader(control);
  while (reader.left() >= 4) {
    const std::uint16_t first = reader.u16();
    const std::uint16_t mask = reader.u16();
    visit(first);
    for (int i = 0; i < 16; ++i) {
      if ((mask >> i & 1) != 0) visit(static_cast<std::uint16_t>(first + i + 1));
    }
  }
}

// Calls visit(ssrc) for each entry of a FIR (RFC 5104 §4.3.1.1).
template <class Visit>
void for_each_fir(Bytes control, Visit visit) {
  ByteReader reader(control);
  while (reader.left() >= 8) {
    visit(reader.u32());
    reader.skip(4);
  }
}

struct Remb {
  std::uint64_t bits_per_second = 0;
  std::size_t ssrc_count = 0;
};
std::optional<Remb> parse_remb(Bytes control);

void write_sender_report(ByteWriter& writer, const SenderReport& report, std::span<const ReportBlock> blocks = {});
// At most kMaxReportBlocks.
void write_receiver_report(ByteWriter& writer, std::uint32_t sender, std::span<const ReportBlock> blocks);
void write_cname(ByteWriter& writer, std::uint32_t ssrc, std::string_view cname);
void write_bye(ByteWriter& writer, std::uint32_t ssrc);
void write_pli(ByteWriter& writer, std::uint32_t sender, std::uint32_t media);
void write_fir(ByteWriter& writer, std::uint32_t sender, std::uint32_t media, std::uint8_t command);
// `sequences` ascending (with wrap); neighbours share an item.
void write_nack(ByteWriter& writer, std::uint32_t sender, std::uint32_t media, std::span<const std::uint16_t> sequences);

}  // namespace conclave::rtp
