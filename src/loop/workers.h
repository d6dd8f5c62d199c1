#pragma once
// A few threads for what would stall a loop: hashing, disk, libraries that block. Results come back to a loop as any
// message does.
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "loop/loop.h"

namespace conclave {

class Workers {
 public:
  // `max_queue`: pieces of work that may wait for a thread.
  Workers(std::string name, unsigned threads, std::size_t max_queue);
  // Waits for what runs; what waits is dropped, as is the answer to what ran (its loop is stopping).
  ~Workers();
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  // From any thread. `work` runs on a worker, then `done(result)` on `reply_to`, which must outlive this object. False
  // if the queue is full: neither is called then, and the caller says "busy". `work` must not throw.
  template <class T>
  [[nodiscard]] bool run(Loop& reply_to, UniqueFunction<T()> work, UniqueFunction<void(T)> done) {
    return push([&reply_to, work = std::move(work), done = std::move(done)]() mutable {
      reply_to.post([result = work(), done = std::move(done)]() mutable { done(std::move(result)); });
    });
  }

  std::size_t queued() const;

 private:
  bool push(UniqueFunction<void()> job);
  void serve();

  const std::string name_;
  const std::size_t max_queue_;
  mutable std::mutex mutex_;  // guards jobs_ and stopping_
  std::condition_variable wake_;
  std::deque<UniqueFunction<void()>> jobs_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace conclave
