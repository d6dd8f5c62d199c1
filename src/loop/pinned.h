#pragma once
#include "base/check.h"
#include "loop/loop.h"

namespace conclave {

// Base of objects that live on one loop: neither copied nor moved, and their public entries say `assert_here()`.
class Pinned {
 public:
  explicit Pinned(Loop& loop) : loop_(loop) {}
  Pinned(const Pinned&) = delete;
  Pinned& operator=(const Pinned&) = delete;
  Loop& loop() const { return loop_; }

 protected:
  ~Pinned() = default;
  void assert_here() const {
#ifdef CONCLAVE_CHECK_LOOPS
    CONCLAVE_CHECK(loop_.is_current());
#endif
  }

 private:
  Loop& loop_;
};

}  // namespace conclave
