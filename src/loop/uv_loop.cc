#include "loop/uv_loop.h"

#include <utility>

#include "base/check.h"

namespace conclave {
namespace {

// libuv closes a handle only in a later turn, so the timer's memory outlives its Timer until then.
struct UvTimer {
  uv_timer_t handle{};
  UniqueFunction<void()> work;
  bool closed = false;
};

class UvTimerSource final : public Timer::Source {
 public:
  explicit UvTimerSource(UvTimer* timer) : timer_(timer) {}
  ~UvTimerSource() override {
    timer_->closed = true;
    uv_timer_stop(&timer_->handle);
    uv_close(reinterpret_cast<uv_handle_t*>(&timer_->handle),
             [](uv_handle_t* handle) { delete static_cast<UvTimer*>(handle->data); });
  }

 private:
  UvTimer* timer_;
};

}  // namespace

UvLoop::UvLoop(LoopId id) : id_(id) {
  CONCLAVE_CHECK(uv_loop_init(&loop_) == 0);
  wakeup_.data = prepare_.data = check_.data = this;
  CONCLAVE_CHECK(uv_async_init(&loop_, &wakeup_, [](uv_async_t* handle) {
                   static_cast<UvLoop*>(handle->data)->drain_mailbox();
                 }) == 0);
  uv_prepare_init(&loop_, &prepare_);
  uv_prepare_start(&prepare_, [](uv_prepare_t* handle) {
    auto* self = static_cast<UvLoop*>(handle->data);
    self->drain_turn_end();
    if (self->woke_at_ns_ != 0) {
      const auto busy = std::chrono::nanoseconds(uv_hrtime() - self->woke_at_ns_);
      self->longest_turn_ = std::max<Duration>(self->longest_turn_, busy);
    }
  });
  uv_check_init(&loop_, &check_);
  uv_check_start(&check_, [](uv_check_t* handle) { static_cast<UvLoop*>(handle->data)->woke_at_ns_ = uv_hrtime(); });
  // Neither of the two keeps an otherwise empty loop alive; the mailbox does, until stop().
  uv_unref(reinterpret_cast<uv_handle_t*>(&prepare_));
  uv_unref(reinterpret_cast<uv_handle_t*>(&check_));
}

UvLoop::~UvLoop() {
  mailbox_.clear();
  turn_end_.clear();
  uv_close(reinterpret_cast<uv_handle_t*>(&wakeup_), nullptr);
  uv_close(reinterpret_cast<uv_handle_t*>(&prepare_), nullptr);
  uv_close(reinterpret_cast<uv_handle_t*>(&check_), nullptr);
  uv_run(&loop_, UV_RUN_DEFAULT);
  CONCLAVE_CHECK(uv_loop_close(&loop_) == 0);
}

TimePoint UvLoop::now() const { return TimePoint(std::chrono::milliseconds(uv_now(&loop_))); }

WallTime UvLoop::wall_now() const {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

void UvLoop::post(UniqueFunction<void()> work) {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return;
    mailbox_.push_back(std::move(work));
  }
  uv_async_send(&wakeup_);
}

Timer UvLoop::after(Duration delay, UniqueFunction<void()> work) {
  auto* timer = new UvTimer{};
  timer->work = std::move(work);
  timer->handle.data = timer;
  uv_timer_init(&loop_, &timer->handle);
  const auto rounded_up = std::chrono::ceil<std::chrono::milliseconds>(delay).count();
  uv_timer_start(
      &timer->handle,
      [](uv_timer_t* handle) {
        // The work may destroy the Timer, and with it itself, so it runs from here.
        UniqueFunction<void()> once = std::move(static_cast<UvTimer*>(handle->data)->work);
        if (once) once();
      },
      static_cast<std::uint64_t>(std::max<std::int64_t>(0, rounded_up)), 0);
  return Timer(std::make_unique<UvTimerSource>(timer));
}

void UvLoop::at_turn_end(UniqueFunction<void()> work) { turn_end_.push_back(std::move(work)); }

void UvLoop::run() {
  thread_.store(std::this_thread::get_id(), std::memory_order_relaxed);
  uv_run(&loop_, UV_RUN_DEFAULT);
}

void UvLoop::stop() {
  post([this] {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    uv_stop(&loop_);
  });
}

Duration UvLoop::take_longest_turn() { return std::exchange(longest_turn_, Duration{}); }

void UvLoop::drain_mailbox() {
  std::vector<UniqueFunction<void()>> batch;
  {
    const std::lock_guard lock(mutex_);
    batch.swap(mailbox_);
  }
  for (auto& work : batch) work();
}

void UvLoop::drain_turn_end() {
  // Work may ask for more: that belongs to the same turn, or the loop would sleep on it.
  while (!turn_end_.empty()) {
    std::vector<UniqueFunction<void()>> batch;
    batch.swap(turn_end_);
    for (auto& work : batch) work();
  }
}

}  // namespace conclave
