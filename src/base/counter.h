#pragma once
// A number that only grows, written by one loop and read by any (metrics). Costs a plain add on x86-64.
#include <atomic>
#include <cstdint>

namespace conclave {

class Counter {
 public:
  void add(std::uint64_t n = 1) {
    value_.store(value_.load(std::memory_order_relaxed) + n, std::memory_order_relaxed);
  }
  std::uint64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

}  // namespace conclave
