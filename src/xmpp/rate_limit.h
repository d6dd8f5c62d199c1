#pragma once
// How fast one session may send (signalling.md 5.15). Excess is delayed, not dropped: order stays. Pure; time is passed
// in.
#include <array>
#include <cstddef>
#include <deque>
#include <optional>

#include "base/time.h"
#include "xmpp/element.h"

namespace conclave::xmpp {

inline constexpr std::size_t kMaxDelayedStanzas = 100;
inline constexpr std::size_t kMaxDelayedBytes = 512 * 1024;

struct Rate {
  double per_second;
  Duration burst = 2s;  // so long a stretch at full rate may come at once
};

struct RateLimits {
  Rate presence{4};
  Rate iq{15};
  Rate message{3};
  // Bytes of all stanzas together, as written: a room spreads presences and messages to all who are inside, and an IQ
  // may be for one of them. What comes at once fits many times into the kMaxUnackedBytes of whoever gets it.
  Rate spread{.per_second = 16 * 1024, .burst = 4s};
  Rate control{20};  // <r/>, <a/>: not delayed, beyond it the stream ends
  std::size_t max_delayed = kMaxDelayedStanzas;
  std::size_t max_delayed_bytes = kMaxDelayedBytes;

  static RateLimits none();  // for load tests
};

class TokenBucket {
 public:
  explicit TokenBucket(Rate rate);
  // `amount` may be more than there is: it is owed, and nothing goes until it is paid back.
  bool take(TimePoint now, double amount = 1);
  // When take() will succeed; `now` if it would already.
  TimePoint ready_at(TimePoint now) const;

 private:
  double filled(TimePoint now) const;

  double per_second_;
  double capacity_;
  double tokens_;
  TimePoint at_{};
};

class Throttle {
 public:
  explicit Throttle(const RateLimits& limits);

  // Takes a stanza in; false: too much is waiting already, the stream has to end with policy-violation.
  [[nodiscard]] bool push(TimePoint now, Element stanza);
  // The next stanza whose turn it is.
  std::optional<Element> pop(TimePoint now);
  // When pop() will have something; nothing if none waits.
  std::optional<TimePoint> deadline(TimePoint now) const;
  [[nodiscard]] bool control(TimePoint now) { return control_.take(now); }
  std::size_t delayed() const { return waiting_.size(); }

 private:
  TokenBucket& bucket(const Element& stanza);
  const TokenBucket& bucket(const Element& stanza) const;
  TimePoint ready_at(TimePoint now, const Element& stanza) const;

  TokenBucket presence_;
  TokenBucket iq_;
  TokenBucket message_;
  TokenBucket spread_;
  TokenBucket control_;
  std::size_t max_delayed_;
  std::size_t max_delayed_bytes_;
  std::size_t waiting_bytes_ = 0;
  std::deque<Element> waiting_;
};

}  // namespace conclave::xmpp
