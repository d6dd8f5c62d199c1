#include "server/memory_keeper.h"

#include <malloc.h>

#include <algorithm>

namespace conclave::server {
namespace {

constexpr Duration kInterval = 10s;

// Bytes that lie free and were not given back by now; the allocator goes on counting those that were.
std::size_t give_back(std::size_t given) {
  const struct mallinfo2 heap = ::mallinfo2();
  const std::size_t free = std::max(heap.fordblks, given) - given;
  if (!is_worth_giving_back(free, heap.uordblks)) return std::min(given, heap.fordblks);
  ::malloc_trim(0);
  return ::mallinfo2().fordblks;
}

}  // namespace

MemoryKeeper::MemoryKeeper(Loop& loop) : Pinned(loop), worker_("memory", 1, 1) {
  loop.post([this] { look_later(); });
}

void MemoryKeeper::look_later() {
  next_ = loop().after(kInterval, [this] {
    const bool queued = worker_.run<std::size_t>(
        loop(), [given = given_] { return give_back(given); },
        [this](std::size_t given) {
          given_ = given;
          look_later();
        });
    if (!queued) look_later();
  });
}

}  // namespace conclave::server
