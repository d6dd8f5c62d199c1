#include "sfu/rtp/rtcp.h"

#include <algorithm>

namespace conclave::rtp {
namespace {

constexpr std::uint32_t kRembName = 0x52454d42;  // "REMB"
constexpr std::size_t kReportBlockBytes = 24;

void write_block_header(ByteWriter& writer, std::uint8_t count, std::uint8_t type, std::size_t body_bytes) {
  writer.u8(static_cast<std::uint8_t>(0x80 | count));
  writer.u8(type);
  writer.u16(static_cast<std::uint16_t>(body_bytes / 4));  // length in words, less one: the header's own
}

void write_report_block(ByteWriter& writer, const ReportBlock& block) {
  writer.u32(block.ssrc);
  writer.u8(block.fraction_lost);
  writer.u24(static_cast<std::uint32_t>(std::clamp(block.cumulative_lost, -0x800000, 0x7fffff)) & 0xffffff);
  writer.u32(block.highest_sequence);
  writer.u32(block.jitter);
  writer.u32(block.last_sr);
  writer.u32(block.delay_since_last_sr);
}

ReportBlock read_report_block(ByteReader& reader) {
  ReportBlock block;
  block.ssrc = reader.u32();
  block.fraction_lost = reader.u8();
  const std::uint32_t lost = reader.u24();
  block.cumulative_lost = (lost & 0x800000) != 0 ? static_cast<std::int32_t>(lost) - 0x1000000 : static_cast<std::int32_t>(lost);
  block.highest_sequence = reader.u32();
  block.jitter = reader.u32();
  block.last_sr = reader.u32();
  block.delay_since_last_sr = reader.u32();
  return block;
}

}  // namespace

std::optional<RtcpBlock> RtcpReader::next() {
  if (reader_.left() == 0) return std::nullopt;
  well_formed_ = false;
  const std::uint8_t first = reader_.u8();
  RtcpBlock block;
  block.type = reader_.u8();
  block.count = first & 0x1f;
  block.body = reader_.bytes(std::size_t{4} * reader_.u16());
  if (!reader_.ok() || first >> 6 != 2 || block.type < 192 || block.type > 223) {
    reader_.skip(reader_.left());
    return std::nullopt;
  }
  if ((first & 0x20) != 0) {  // padding, RFC 3550 §6.4.1: in the last block only
    const std::size_t padding = block.body.empty() ? 0 : std::to_integer<std::size_t>(block.body.back());
    if (padding == 0 || padding > block.body.size()) {
      reader_.skip(reader_.left());
      return std::nullopt;
    }
    block.body = block.body.first(block.body.size() - padding);
  }
  well_formed_ = true;
  return block;
}

std::optional<Reports> parse_reports(const RtcpBlock& block) {
  ByteReader reader(block.body);
  Reports reports;
  reports.sender = reader.u32();
  if (block.type == rtcp::kSenderReport) {
    SenderReport report;
    report.ssrc = reports.sender;
    report.ntp = reader.u64();
    report.rtp_timestamp = reader.u32();
    report.packets = reader.u32();
    report.octets = reader.u32();
    reports.sender_report = report;
  } else if (block.type != rtcp::kReceiverReport) {
    return std::nullopt;
  }
  if (!reader.ok() || reader.left() < block.count * kReportBlockBytes) return std::nullopt;
  for (; reports.count < block.count; ++reports.count) reports.blocks[reports.count] = read_report_block(reader);
  return reports;
}

std::optional<Feedback> parse_feedback(const RtcpBlock& block) {
  ByteReader reader(block.body);
  Feedback feedback;
  feedback.sender = reader.u32();
  feedback.media = reader.u32();
  feedback.control = reader.bytes(reader.left());
  if (!reader.ok()) return std::nullopt;
  return feedback;
}

std::optional<Remb> parse_remb(Bytes control) {
  ByteReader reader(control);
  if (reader.u32() != kRembName) return std::nullopt;
  Remb remb;
  remb.ssrc_count = reader.u8();
  const std::uint32_t value = reader.u24();  // 6 bits of exponent, 18 of mantissa
  const std::uint32_t exponent = value >> 18;
  const std::uint64_t mantissa = value & 0x3ffff;
  if (!reader.ok() || reader.left() < remb.ssrc_count * 4 || (exponent > 46 && mantissa != 0)) return std::nullopt;
  remb.bits_per_second = exponent > 46 ? 0 : mantissa << exponent;
  return remb;
}

void write_sender_report(ByteWriter& writer, const SenderReport& report, std::span<const ReportBlock> blocks) {
  blocks = blocks.first(std::min(blocks.size(), kMaxReportBlocks));
  write_block_header(writer, static_cast<std::uint8_t>(blocks.size()), rtcp::kSenderReport, 24 + blocks.size() * kReportBlockBytes);
  writer.u32(report.ssrc);
  writer.u64(report.ntp);
  writer.u32(report.rtp_timestamp);
  writer.u32(report.packets);
  writer.u32(report.octets);
  for (const ReportBlock& block : blocks) write_report_block(writer, block);
}

void write_receiver_report(ByteWriter& writer, std::uint32_t sender, std::span<const ReportBlock> blocks) {
  blocks = blocks.first(std::min(blocks.size(), kMaxReportBlocks));
  write_block_header(writer, static_cast<std::uint8_t>(blocks.size()), rtcp::kReceiverReport, 4 + blocks.size() * kReportBlockBytes);
  writer.u32(sender);
  for (const ReportBlock& block : blocks) write_report_block(writer, block);
}

void write_cname(ByteWriter& writer, std::uint32_t ssrc, std::string_view cname) {
  cname = cname.substr(0, 255);
  const std::size_t item = 2 + cname.size();
  const std::size_t padded = (item + 1 + 3) / 4 * 4;  // at least one zero ends the list
  write_block_header(writer, 1, rtcp::kSourceDescription, 4 + padded);
  writer.u32(ssrc);
  writer.u8(1);
  writer.u8(static_cast<std::uint8_t>(cname.size()));
  writer.bytes(as_bytes(cname));
  writer.fill(padded - item);
}

void write_bye(ByteWriter& writer, std::uint32_t ssrc) {
  write_block_header(writer, 1, rtcp::kBye, 4);
  writer.u32(ssrc);
}

void write_pli(ByteWriter& writer, std::uint32_t sender, std::uint32_t media) {
  write_block_header(writer, rtcp::kPli, rtcp::kPayloadFeedback, 8);
  writer.u32(sender);
  writer.u32(media);
}

void write_fir(ByteWriter& writer, std::uint32_t sender, std::uint32_t media, std::uint8_t command) {
  write_block_header(writer, rtcp::kFir, rtcp::kPayloadFeedback, 16);
  writer.u32(sender);
  writer.u32(0);  // RFC 5104 §4.3.1.2: unused
  writer.u32(media);
  writer.u8(command);
  writer.u24(0);
}

void write_nack(ByteWriter& writer, std::uint32_t sender, std::uint32_t media, std::span<const std::uint16_t> sequences) {
  const auto item_end = [&](std::size_t begin) {
    std::size_t end = begin + 1;
    while (end < sequences.size()) {
      const auto distance = static_cast<std::uint16_t>(sequences[end] - sequences[begin]);
      if (distance == 0 || distance > 16) break;
      ++end;
    }
    return end;
  };
  std::size_t items = 0;
  for (std::size_t i = 0; i < sequences.size(); i = item_end(i)) ++items;
  write_block_header(writer, rtcp::kNack, rtcp::kTransportFeedback, 8 + 4 * items);
  writer.u32(sender);
  writer.u32(media);
  for (std::size_t i = 0; i < sequences.size();) {
    const std::size_t end = item_end(i);
    std::uint16_t mask = 0;
    for (std::size_t k = i + 1; k < end; ++k) {
      mask = static_cast<std::uint16_t>(mask | 1 << (static_cast<std::uint16_t>(sequences[k] - sequences[i]) - 1));
    }
    writer.u16(sequences[i]);
    writer.u16(mask);
    i = end;
  }
}

}  // namespace conclave::rtp
