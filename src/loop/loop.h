#pragma once
// A loop: one thread, one event queue, the rooms that were placed on it. What belongs to a loop is touched on its thread only.
#include <cstdint>
#include <memory>

#include "base/strong_id.h"
#include "base/time.h"
#include "base/unique_function.h"

namespace conclave {

using LoopId = StrongId<struct LoopTag, std::uint32_t>;

// A running timer; destroying or reassigning it cancels it. Lives on the loop that made it.
class Timer {
 public:
  class Source {
   public:
    virtual ~Source() = default;
  };
  Timer() = default;
  explicit Timer(std::unique_ptr<Source> source) : source_(std::move(source)) {}
  void cancel() { source_.reset(); }
  bool is_set() const { return source_ != nullptr; }

 private:
  std::unique_ptr<Source> source_;
};

class Loop {
 public:
  virtual ~Loop() = default;

  virtual LoopId id() const = 0;
  // Both clocks stand still during one turn.
  virtual TimePoint now() const = 0;
  virtual WallTime wall_now() const = 0;
  virtual bool is_current() const = 0;

  // From any thread: runs `work` on this loop in a later turn, in the order of posting per posting thread. What is posted after the
  // loop has stopped is dropped.
  virtual void post(UniqueFunction<void()> work) = 0;

  // On this loop only. `work` may destroy or restart its own timer.
  [[nodiscard]] virtual Timer after(Duration delay, UniqueFunction<void()> work) = 0;

  // On this loop only: runs `work` once, when what is ready now has been handled and before the loop sleeps. For writing batches.
  virtual void at_turn_end(UniqueFunction<void()> work) = 0;

  // Destroys `object` after this turn: nothing is deleted inside its own callback.
  template <class T>
  void destroy_later(std::unique_ptr<T> object) {
    post([owned = std::move(object)]() mutable { owned.reset(); });
  }
};

}  // namespace conclave
