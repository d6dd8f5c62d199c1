#include "xmpp/stream_management.h"

#include <algorithm>

#include "base/check.h"

namespace conclave::xmpp {
namespace {

constexpr std::string_view kDigits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr std::size_t kSecretCharacters = 32;

}  // namespace

std::string make_resumption_id(LoopId loop, Random& random) {
  CONCLAVE_CHECK(loop.value < kMaxLoops);
  return std::string{kDigits[loop.value / 62], kDigits[loop.value % 62]} + random.token(kSecretCharacters);
}

std::optional<LoopId> loop_of_resumption_id(std::string_view id) {
  if (id.size() != kResumptionLoopCharacters + kSecretCharacters) return std::nullopt;
  if (id.find_first_not_of(kDigits) != std::string_view::npos) return std::nullopt;
  return LoopId{static_cast<std::uint32_t>(kDigits.find(id[0]) * 62 + kDigits.find(id[1]))};
}

void StreamManagement::enable(std::string resumption_id) {
  enabled_ = true;
  resumption_id_ = std::move(resumption_id);
}

bool StreamManagement::sent(std::string_view stanza) {
  if (!enabled_) return true;
  if (unacked_.size() >= kMaxUnackedStanzas || unacked_bytes_ + stanza.size() > kMaxUnackedBytes) return false;
  unacked_.emplace_back(stanza);
  unacked_bytes_ += stanza.size();
  ++sent_;
  ++since_request_;
  return true;
}

bool StreamManagement::take_request() {
  if (request_outstanding_ || since_request_ < kUnackedBeforeRequest || unacked_.size() < kUnackedBeforeRequest)
    return false;
  request_outstanding_ = true;
  since_request_ = 0;
  return true;
}

void StreamManagement::moved() {
  request_outstanding_ = false;
  since_request_ = static_cast<std::uint32_t>(unacked_.size());
}

StreamManagement::Ack StreamManagement::acknowledged(std::uint32_t h) {
  request_outstanding_ = false;
  const std::uint32_t missing = sent_ - h;  // wraps as the counters do
  if (missing <= unacked_.size()) {
    for (std::size_t n = unacked_.size() - missing; n > 0; --n) {
      unacked_bytes_ -= unacked_.front().size();
      unacked_.pop_front();
    }
    return Ack::Fine;
  }
  // Either something old or something that was never sent: half of the circle lies behind, half ahead.
  return missing < 0x8000'0000u ? Ack::Fine : Ack::TooHigh;
}

}  // namespace conclave::xmpp
