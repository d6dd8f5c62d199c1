#pragma once
// Gives memory back to the system. A burst (500 people join, half of them leave) takes buffers that are free again a
// second later, but the allocator keeps their pages; an operator then sees a server that never shrinks. It is done
// on a thread of its own, and seldom: a loop that allocates meanwhile waits for milliseconds. The packet path does not.
#include <cstddef>

#include "loop/loop.h"
#include "loop/pinned.h"
#include "loop/workers.h"

namespace conclave::server {

// In bytes. True if so much lies free, beside what is used, that giving it back is worth the page faults of the next
// burst.
constexpr bool is_worth_giving_back(std::size_t free, std::size_t used) {
  constexpr std::size_t kAlwaysKept = std::size_t{2} * 1024 * 1024;
  return free > kAlwaysKept && free > used / 8;
}

// Lives on loop 0.
class MemoryKeeper : Pinned {
 public:
  explicit MemoryKeeper(Loop& loop);

 private:
  void look_later();

  Workers worker_;
  Timer next_;
  std::size_t given_ = 0;  // bytes that were free after the last time
};

}  // namespace conclave::server
