#include "base/check.h"

#include <atomic>
#include <cstdlib>
#include <string>

#include "base/log.h"

namespace conclave {
namespace {
std::atomic<std::uint64_t> found{0};

std::string place(const char* file, int line) { return std::string(file) + ":" + std::to_string(line); }
}  // namespace

void check_failed(const char* condition, const char* file, int line) {
  log::error("check failed, stopping", {{"condition", condition}, {"place", place(file, line)}});
  log::flush();
  std::abort();
}

bool bug_found(const char* condition, const char* file, int line) {
  found.fetch_add(1, std::memory_order_relaxed);
  log::error("bug", {{"condition", condition}, {"place", place(file, line)}});
#ifdef CONCLAVE_CHECK_LOOPS
  log::flush();
  std::abort();
#else
  return true;
#endif
}

std::uint64_t bugs_found() { return found.load(std::memory_order_relaxed); }

}  // namespace conclave
