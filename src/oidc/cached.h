#pragma once
// A document of the provider: fetched when it is asked for, once for all who ask at the same time, kept for a while,
// and kept longer when the provider cannot be reached.
#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/unique_function.h"
#include "loop/pinned.h"

namespace conclave::oidc {

inline constexpr std::size_t kMaxWaiting = 1000;

// Why a login came to nothing on the provider's side.
struct Problem {
  enum class Kind {
    Unreachable,  // no answer, or too late
    Unusable,     // it answered, and what it said cannot be used or trusted
    Refused,      // it does not take the code
  };
  Kind kind = Kind::Unusable;
  std::string why{};  // for the log; holds no credential
};

// Lives on one loop. What its Fetch hands back later must not come after its end.
template <class T>
class Cached : public Pinned {
 public:
  using Value = std::shared_ptr<const T>;
  using Reply = UniqueFunction<void(Result<Value, Problem>)>;
  using Fetched = UniqueFunction<void(Result<T, Problem>)>;
  using Fetch = UniqueFunction<void(Fetched)>;

  Cached(Loop& loop, Duration life, Fetch fetch) : Pinned(loop), life_(life), fetch_(std::move(fetch)) {}

  // In this turn or a later one.
  void get(Reply reply) { get_younger_than(life_, std::move(reply)); }
  void get_younger_than(Duration age, Reply reply) {
    assert_here();
    if (value_ && loop().now() < fetched_at_ + age) return reply(value_);
    if (waiting_.size() >= kMaxWaiting)
      return reply(failure(Problem{Problem::Kind::Unreachable, "too many wait for it"}));
    waiting_.push_back(std::move(reply));
    if (waiting_.size() > 1) return;
    fetch_([this](Result<T, Problem> result) { fetched(std::move(result)); });
  }

 private:
  void fetched(Result<T, Problem> result) {
    auto waiting = std::exchange(waiting_, {});
    if (result) {
      value_ = std::make_shared<const T>(std::move(*result));
      fetched_at_ = loop().now();
    }
    for (Reply& reply : waiting) {
      if (value_) {
        reply(value_);
      } else {
        reply(failure(result.error()));
      }
    }
  }

  Duration life_;
  Fetch fetch_;
  Value value_;
  TimePoint fetched_at_{};
  std::vector<Reply> waiting_;
};

}  // namespace conclave::oidc
