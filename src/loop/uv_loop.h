#pragma once
#include <uv.h>

#include <atomic>
#include <mutex>
#include <thread>
#include <vector>

#include "loop/loop.h"

namespace conclave {

// The loop of production, on libuv. Made on any thread; becomes the loop of the thread that calls run().
class UvLoop final : public Loop {
 public:
  explicit UvLoop(LoopId id);
  ~UvLoop() override;
  UvLoop(const UvLoop&) = delete;
  UvLoop& operator=(const UvLoop&) = delete;

  LoopId id() const override { return id_; }
  TimePoint now() const override;
  WallTime wall_now() const override;
  bool is_current() const override { return thread_.load(std::memory_order_relaxed) == std::this_thread::get_id(); }
  void post(UniqueFunction<void()> work) override;
  Timer after(Duration delay, UniqueFunction<void()> work) override;
  void at_turn_end(UniqueFunction<void()> work) override;

  // Returns after stop(). Objects that hold handles of this loop must be gone before the loop is destroyed.
  void run();
  // From any thread.
  void stop();
  // For net/ alone, which registers its sockets here.
  uv_loop_t* raw() { return &loop_; }
  // Longest time that one turn has taken since the last call, for the stall detector.
  Duration take_longest_turn();

 private:
  void drain_mailbox();
  void drain_turn_end();

  LoopId id_;
  uv_loop_t loop_{};
  uv_async_t wakeup_{};
  uv_prepare_t prepare_{};
  uv_check_t check_{};
  std::atomic<std::thread::id> thread_{};
  std::mutex mutex_;  // guards mailbox_ and stopping_, which other threads write
  std::vector<UniqueFunction<void()>> mailbox_;
  bool stopping_ = false;
  std::vector<UniqueFunction<void()>> turn_end_;
  std::uint64_t woke_at_ns_ = 0;
  Duration longest_turn_{};
};

}  // namespace conclave
