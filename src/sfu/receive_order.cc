#include "sfu/receive_order.h"

#include <algorithm>

namespace conclave::sfu {

ReceiveOrder::Result ReceiveOrder::received(std::uint16_t sequence) {
  const bool started = unwrapper_.started();
  const std::int64_t before = unwrapper_.highest();
  const std::int64_t value = unwrapper_.unwrap(sequence);
  const auto bit = [](std::int64_t s) { return static_cast<std::size_t>(s % kOrderWindow); };
  if (!started) {
    seen_.set(bit(value));
    return {Arrival::New, value};
  }
  if (value > before) {
    const std::int64_t steps = std::min(value - before, kOrderWindow);
    for (std::int64_t s = value - steps + 1; s < value; ++s) seen_.reset(bit(s));
    seen_.set(bit(value));
    return {Arrival::New, value};
  }
  if (before - value >= kOrderWindow || value < 0) return {Arrival::TooLate, value};
  if (seen_.test(bit(value))) return {Arrival::Duplicate, value};
  seen_.set(bit(value));
  return {Arrival::New, value};
}

ReceiveOrder::Result ReceiveOrder::received_again(std::uint16_t sequence) {
  // Retransmissions follow the stream. One far ahead would make all that is to come look late.
  if (!unwrapper_.started() || unwrapper_.peek(sequence) > unwrapper_.highest() + kMaxLead) return {Arrival::TooLate, 0};
  return received(sequence);
}

std::optional<std::int64_t> ReceiveOrder::number(std::int64_t sequence) {
  const std::int64_t remembered = std::min<std::int64_t>(dropped_, kRememberedDrops);
  std::int64_t later = 0;
  for (std::int64_t i = 0; i < remembered; ++i) later += drops_[static_cast<std::size_t>(i)] > sequence ? 1 : 0;
  if (later == remembered && dropped_ > remembered) return std::nullopt;  // before everything that is remembered
  highest_numbered_ = std::max(highest_numbered_, sequence);
  return sequence - (dropped_ - later);
}

void ReceiveOrder::drop(std::int64_t sequence) {
  if (sequence < std::max(highest_numbered_, last_drop_)) return;
  last_drop_ = sequence;
  drops_[static_cast<std::size_t>(dropped_) % kRememberedDrops] = sequence;
  ++dropped_;
}

}  // namespace conclave::sfu
