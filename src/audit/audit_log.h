#pragma once
// Takes entries from every loop and writes them in a thread of its own. Losing entries is said in the log, in the
// metrics and, as soon as there is place, in the audit log itself.
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "audit/audit_file.h"
#include "audit/entry.h"
#include "base/unique_function.h"
#include "loop/loop.h"
#include "loop/workers.h"

namespace conclave::audit {

class AuditLog {
 public:
  static constexpr std::size_t kMaxQueued = 4'096;

  AuditLog(std::unique_ptr<AuditFile> file, std::size_t max_queued = kMaxQueued);
  ~AuditLog();

  // From any loop, which is `from` and outlives this. Never blocks.
  void write(Loop& from, const Entry& entry);
  // The last lines, oldest first, on `reply_to`. False if there is too much to do.
  bool tail(Loop& reply_to, std::size_t lines, UniqueFunction<void(std::vector<std::string>)> reply);
  // Waits until everything is in the file. Not on a loop: for the end of the program.
  void flush(Loop& any);

  std::uint64_t written() const { return written_.load(std::memory_order_relaxed); }
  std::uint64_t lost() const { return lost_.load(std::memory_order_relaxed); }  // queue full, disk full

 private:
  void lose(std::string_view why);
  bool append(const std::string& line);  // on the worker

  std::unique_ptr<AuditFile> file_;  // the worker's
  // Written by loops and the worker.
  std::atomic<std::uint64_t> written_{0};
  std::atomic<std::uint64_t> lost_{0};
  std::atomic<std::uint64_t> unsaid_{0};  // lost since the file was told
  Workers writer_;                        // last: its thread uses the others
};

}  // namespace conclave::audit
