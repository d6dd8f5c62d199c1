#include "sfu/rtp/transport_feedback.h"

#include <algorithm>
#include <array>

namespace conclave::rtp {
namespace {

constexpr int kVectorSymbols = 7;  // of two bits
constexpr std::size_t kFixedControlBytes = 8;

std::size_t run_length(std::span<const std::uint8_t> symbols) {
  std::size_t n = 1;
  while (n < symbols.size() && n < 0x1fff && symbols[n] == symbols[0]) ++n;
  return n;
}

// One chunk for the front of `symbols`; says how many it took.
std::uint16_t chunk_for(std::span<const std::uint8_t> symbols, std::size_t& taken) {
  const std::size_t run = run_length(symbols);
  if (run >= kVectorSymbols || run == symbols.size()) {
    taken = run;
    return static_cast<std::uint16_t>(std::size_t{symbols[0]} << 13 | run);  // |0| S (2) | run length (13) |
  }
  taken = std::min<std::size_t>(kVectorSymbols, symbols.size());
  std::uint16_t chunk = 0xc000;  // |1|1| seven symbols |
  for (std::size_t i = 0; i < taken; ++i) chunk = static_cast<std::uint16_t>(chunk | symbols[i] << (12 - 2 * i));
  return chunk;
}

}  // namespace

std::size_t write_transport_feedback(ByteWriter& writer, const FeedbackHeader& header,
                                     std::span<const std::optional<FeedbackTime>> statuses) {
  statuses = statuses.first(std::min(statuses.size(), kMaxFeedbackStatuses));
  const auto first = std::find_if(statuses.begin(), statuses.end(), [](const auto& s) { return s.has_value(); });
  if (first == statuses.end()) return 0;

  // The reference is rounded down (also below zero), so that the first delta is not negative.
  const FeedbackTime reference = (**first - (((**first % kReferenceUnits) + kReferenceUnits) % kReferenceUnits)) / kReferenceUnits;
  std::array<std::uint8_t, kMaxFeedbackStatuses> symbols;
  std::array<std::int16_t, kMaxFeedbackStatuses> deltas;
  std::size_t symbol_count = 0;
  std::size_t delta_count = 0;
  std::size_t delta_bytes = 0;
  FeedbackTime last = reference * kReferenceUnits;
  for (const auto& status : statuses) {
    if (!status) {
      symbols[symbol_count++] = 0;
      continue;
    }
    const FeedbackTime delta = *status - last;
    if (delta < INT16_MIN || delta > INT16_MAX) break;
    const bool small = delta >= 0 && delta <= 255;
    symbols[symbol_count++] = small ? 1 : 2;
    deltas[delta_count++] = static_cast<std::int16_t>(delta);
    delta_bytes += small ? 1 : 2;
    last = *status;
  }

  std::array<std::uint16_t, kMaxFeedbackStatuses> chunks;
  std::size_t chunk_count = 0;
  for (std::size_t done = 0; done < symbol_count;) {
    std::size_t taken = 0;
    chunks[chunk_count++] = chunk_for(std::span(symbols).subspan(done, symbol_count - done), taken);
    done += taken;
  }

  const std::size_t bytes = 8 + kFixedControlBytes + chunk_count * 2 + delta_bytes;
  const std::size_t padding = (4 - bytes % 4) % 4;
  writer.u8(static_cast<std::uint8_t>((padding != 0 ? 0xa0 : 0x80) | 15));
  writer.u8(205);
  writer.u16(static_cast<std::uint16_t>((bytes + padding) / 4));
  writer.u32(header.sender);
  writer.u32(header.media);
  writer.u16(header.base_sequence);
  writer.u16(static_cast<std::uint16_t>(symbol_count));
  writer.u24(static_cast<std::uint32_t>(reference) & 0xffffff);
  writer.u8(header.count);
  for (std::size_t i = 0; i < chunk_count; ++i) writer.u16(chunks[i]);
  for (std::size_t i = 0; i < delta_count; ++i) {
    if (deltas[i] >= 0 && deltas[i] <= 255) {
      writer.u8(static_cast<std::uint8_t>(deltas[i]));
    } else {
      writer.u16(static_cast<std::uint16_t>(deltas[i]));
    }
  }
  if (padding != 0) {
    writer.fill(padding - 1);
    writer.u8(static_cast<std::uint8_t>(padding));
  }
  return symbol_count;
}

std::optional<TransportFeedback> parse_transport_feedback(Bytes control) {
  ByteReader reader(control);
  TransportFeedback feedback;
  feedback.base_sequence = reader.u16();
  feedback.status_count = reader.u16();
  const std::uint32_t reference = reader.u24();
  feedback.count = reader.u8();
  feedback.reference = FeedbackTime{reference} * kReferenceUnits;
  if ((reference & 0x800000) != 0) feedback.reference -= FeedbackTime{0x1000000} * kReferenceUnits;
  feedback.chunks_and_deltas = reader.bytes(reader.left());
  if (!reader.ok()) return std::nullopt;
  return feedback;
}

namespace detail {
namespace {

int symbols_of(std::uint16_t chunk) {
  if ((chunk & 0x8000) == 0) return chunk & 0x1fff;
  return (chunk & 0x4000) == 0 ? 14 : kVectorSymbols;
}

}  // namespace

StatusCursor::StatusCursor(const TransportFeedback& feedback)
    : chunks_(feedback.chunks_and_deltas), deltas_(feedback.chunks_and_deltas), time_(feedback.reference) {
  // The deltas begin where the chunks that cover all statuses end.
  for (std::int32_t covered = 0; covered < feedback.status_count && deltas_.ok();) {
    const int symbols = symbols_of(deltas_.u16());
    if (symbols == 0) ok = false;
    if (!ok) break;
    covered += symbols;
  }
  ok = ok && deltas_.ok();
}

std::uint8_t StatusCursor::next_symbol() {
  if (!ok) return 0;
  if (left_in_chunk_ == 0) {
    chunk_ = chunks_.u16();
    left_in_chunk_ = symbols_of(chunk_);
  }
  --left_in_chunk_;
  if ((chunk_ & 0x8000) == 0) return chunk_ >> 13 & 3;
  if ((chunk_ & 0x4000) == 0) return chunk_ >> left_in_chunk_ & 1;
  return chunk_ >> (2 * left_in_chunk_) & 3;
}

std::optional<FeedbackTime> StatusCursor::next_time(std::uint8_t symbol) {
  if (symbol != 1 && symbol != 2) return std::nullopt;
  time_ += symbol == 1 ? FeedbackTime{deltas_.u8()} : FeedbackTime{static_cast<std::int16_t>(deltas_.u16())};
  ok = ok && deltas_.ok();
  return time_;
}

}  // namespace detail
}  // namespace conclave::rtp
