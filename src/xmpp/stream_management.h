#pragma once
// XEP-0198 for one session: what was received, what was sent and not yet acknowledged. Pure; it outlives connections.
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "base/random.h"
#include "loop/loop.h"

namespace conclave::xmpp {

inline constexpr std::size_t kMaxUnackedStanzas = 2000;  // a room of 500 sends 500 presences to who joins it
inline constexpr std::size_t kMaxUnackedBytes = 4 * 1024 * 1024;
inline constexpr std::uint32_t kUnackedBeforeRequest = 5;  // signalling.md 2.5

// Resumption ids: [A-Za-z0-9]{34}. The first two characters name the loop, so that a new connection can be brought to
// the session before its stream starts; the other 32 are the secret (190 bits).
inline constexpr std::size_t kResumptionLoopCharacters = 2;
inline constexpr std::uint32_t kMaxLoops = 62 * 62;
std::string make_resumption_id(LoopId loop, Random& random);
// Nothing for a text that make_resumption_id cannot have made. Whether the loop exists is the caller's question.
std::optional<LoopId> loop_of_resumption_id(std::string_view id);

class StreamManagement {
 public:
  enum class Ack { Fine, TooHigh };

  bool enabled() const { return enabled_; }
  bool resumable() const { return !resumption_id_.empty(); }
  const std::string& resumption_id() const { return resumption_id_; }

  // Counters start at zero here. An empty id: acknowledgements without resumption.
  void enable(std::string resumption_id);

  void count_received() { received_ += enabled_ ? 1 : 0; }
  std::uint32_t received() const { return received_; }  // our h

  // Keeps a copy for retransmission. False: the queue is full, the session has to end.
  [[nodiscard]] bool sent(std::string_view stanza);
  // True once when it is time to ask with <r/>; until the next ack not again.
  bool take_request();
  // The connection is another one now: what was asked on the old one is not answered any more.
  void moved();
  // The client's h. Going backwards is ignored: it acknowledges nothing.
  Ack acknowledged(std::uint32_t h);

  const std::deque<std::string>& unacked() const { return unacked_; }
  std::uint32_t sent_count() const { return sent_; }

 private:
  bool enabled_ = false;
  bool request_outstanding_ = false;
  std::string resumption_id_;
  std::uint32_t received_ = 0;  // all counters wrap at 2^32 (XEP-0198 §4)
  std::uint32_t sent_ = 0;
  std::uint32_t since_request_ = 0;
  std::deque<std::string> unacked_;
  std::size_t unacked_bytes_ = 0;
};

}  // namespace conclave::xmpp
