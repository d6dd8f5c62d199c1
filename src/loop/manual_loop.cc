#include "loop/manual_loop.h"

#include <utility>

namespace conclave {

class ManualLoop::Source final : public Timer::Source {
 public:
  Source(ManualLoop& loop, Key key) : loop_(loop), key_(key) {}
  ~Source() override { loop_.timers_.erase(key_); }

 private:
  ManualLoop& loop_;
  Key key_;
};

ManualLoop::ManualLoop(LoopId id, TimePoint start, WallTime wall) : id_(id), start_(start), now_(start), wall_start_(wall) {}

Timer ManualLoop::after(Duration delay, UniqueFunction<void()> work) {
  const Key key{now_ + delay, next_++};
  timers_.emplace(key, std::move(work));
  return Timer(std::make_unique<Source>(*this, key));
}

void ManualLoop::run_ready() {
  while (!posted_.empty() || !turn_end_.empty()) {
    auto batch = std::exchange(posted_, {});
    for (auto& work : batch) work();
    auto ends = std::exchange(turn_end_, {});
    for (auto& work : ends) work();
  }
}

void ManualLoop::advance(Duration by) {
  const TimePoint target = now_ + by;
  run_ready();
  while (!timers_.empty() && timers_.begin()->first.first <= target) {
    now_ = timers_.begin()->first.first;
    UniqueFunction<void()> work = std::move(timers_.begin()->second);
    timers_.erase(timers_.begin());
    work();
    run_ready();
  }
  now_ = target;
}

}  // namespace conclave
