#include "loop/workers.h"

#include <pthread.h>

namespace conclave {

Workers::Workers(std::string name, unsigned threads, std::size_t max_queue)
    : name_(std::move(name)), max_queue_(max_queue) {
  for (unsigned i = 0; i < threads; ++i) {
    threads_.emplace_back([this] { serve(); });
    constexpr std::size_t kLongestName = 15;  // of Linux
    pthread_setname_np(threads_.back().native_handle(), name_.substr(0, kLongestName).c_str());
  }
}

Workers::~Workers() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

bool Workers::push(UniqueFunction<void()> job) {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_ || jobs_.size() >= max_queue_) return false;
    jobs_.push_back(std::move(job));
  }
  wake_.notify_one();
  return true;
}

std::size_t Workers::queued() const {
  const std::lock_guard lock(mutex_);
  return jobs_.size();
}

void Workers::serve() {
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait(lock, [this] { return stopping_ || !jobs_.empty(); });
    if (stopping_) return;
    UniqueFunction<void()> job = std::move(jobs_.front());
    jobs_.pop_front();
    lock.unlock();
    job();
    lock.lock();
  }
}

}  // namespace conclave
