#pragma once
// The file that the audit log is appended to. Blocks: used by one thread that may.
#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace conclave::audit {

struct FileOptions {
  static constexpr std::size_t kMaxBytes = 16 * 1024 * 1024;
  static constexpr unsigned kKept = 5;

  std::filesystem::path path;
  std::size_t max_bytes = kMaxBytes;  // then it becomes <path>.1, that <path>.2, …
  unsigned kept = kKept;              // of the old ones; the oldest is deleted
};

class AuditFile {
 public:
  // Appends to what is there; makes it with mode 0600. The error says what is wrong with it.
  static Result<std::unique_ptr<AuditFile>, std::string> open(FileOptions options);
  ~AuditFile();
  AuditFile(const AuditFile&) = delete;
  AuditFile& operator=(const AuditFile&) = delete;

  // False: nothing of it stays, as far as the disk allows.
  bool append(std::string_view line);
  // The last lines of the current file, oldest first; no further back than kTailBytes.
  std::vector<std::string> tail(std::size_t lines) const;
  static constexpr std::size_t kTailBytes = 512 * 1024;

 private:
  explicit AuditFile(FileOptions options) : options_(std::move(options)) {}
  std::string reopen();
  void rotate();
  void drop_what_was_cut_off();

  FileOptions options_;
  int descriptor_ = -1;
  std::size_t size_ = 0;
  bool in_line_ = false;  // the file ends in a line without its end
};

}  // namespace conclave::audit
