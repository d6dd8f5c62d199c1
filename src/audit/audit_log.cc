#include "audit/audit_log.h"

#include <future>
#include <thread>
#include <utility>

#include "base/log.h"

namespace conclave::audit {

AuditLog::AuditLog(std::unique_ptr<AuditFile> file, std::size_t max_queued)
    : file_(std::move(file)), writer_("audit", 1, max_queued) {}

AuditLog::~AuditLog() = default;

void AuditLog::write(Loop& from, const Entry& entry) {
  const bool queued = writer_.run<bool>(
      from,
      [this, line = as_line(entry), time = entry.time] {
        if (const std::uint64_t missing = unsaid_.exchange(0); missing > 0) {
          append(as_line({.time = time, .act = "lost", .detail = std::to_string(missing) + " entries"}));
        }
        return append(line);
      },
      [](bool) {});
  if (!queued) lose("the queue is full");
}

bool AuditLog::append(const std::string& line) {
  if (file_->append(line)) {
    written_.fetch_add(1, std::memory_order_relaxed);
    return true;
  }
  lose("the file cannot be written");
  return false;
}

void AuditLog::lose(std::string_view why) {
  lost_.fetch_add(1, std::memory_order_relaxed);
  if (unsaid_.fetch_add(1) == 0) log::error("audit entries are being lost", {{"why", why}});
}

bool AuditLog::tail(Loop& reply_to, std::size_t lines, UniqueFunction<void(std::vector<std::string>)> reply) {
  return writer_.run<std::vector<std::string>>(
      reply_to, [this, lines] { return file_->tail(lines); }, std::move(reply));
}

void AuditLog::flush(Loop& any) {
  std::promise<void> reached;
  const auto mark = [&reached] {
    reached.set_value();
    return true;
  };
  while (!writer_.run<bool>(any, mark, [](bool) {})) std::this_thread::yield();
  reached.get_future().wait();
}

}  // namespace conclave::audit
