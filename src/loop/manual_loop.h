#pragma once
#include <cstdint>
#include <map>
#include <vector>

#include "loop/loop.h"

namespace conclave {

// The loop of tests: time moves only when the test says so, and nothing runs but what became due.
class ManualLoop final : public Loop {
 public:
  explicit ManualLoop(LoopId id = LoopId{0}, TimePoint start = TimePoint(std::chrono::hours(1)),
                      WallTime wall = WallTime(std::chrono::seconds(1'790'000'000)));

  LoopId id() const override { return id_; }
  TimePoint now() const override { return now_; }
  WallTime wall_now() const override { return wall_start_ + std::chrono::floor<std::chrono::seconds>(now_ - start_); }
  bool is_current() const override { return true; }
  void post(UniqueFunction<void()> work) override { posted_.push_back(std::move(work)); }
  Timer after(Duration delay, UniqueFunction<void()> work) override;
  void at_turn_end(UniqueFunction<void()> work) override { turn_end_.push_back(std::move(work)); }

  // Runs everything posted, also what that posts, and the ends of turns.
  void run_ready();
  // Lets time pass; timers run in the order of their deadlines, each at its own `now`.
  void advance(Duration by);

 private:
  class Source;
  using Key = std::pair<TimePoint, std::uint64_t>;

  LoopId id_;
  TimePoint start_;
  TimePoint now_;
  WallTime wall_start_;
  std::uint64_t next_ = 0;
  std::vector<UniqueFunction<void()>> posted_;
  std::vector<UniqueFunction<void()>> turn_end_;
  std::map<Key, UniqueFunction<void()>> timers_;
};

}  // namespace conclave
