#include "server/memory_keeper.h"

#include <malloc.h>

namespace conclave::server {
namespace {

constexpr Duration kInterval = 10s;

bool give_back() {
  const struct mallinfo2 heap = ::mallinfo2();
  return is_worth_giving_back(heap.fordblks, heap.uordblks) && ::malloc_trim(0) == 1;
}

}  // namespace

MemoryKeeper::MemoryKeeper(Loop& loop) : Pinned(loop), worker_("memory", 1, 1) {
  loop.post([this] { look_later(); });
}

void MemoryKeeper::look_later() {
  next_ = loop().after(kInterval, [this] {
    if (!worker_.run<bool>(loop(), give_back, [this](bool) { look_later(); })) look_later();
  });
}

}  // namespace conclave::server
