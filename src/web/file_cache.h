#pragma once
// Files in memory, the ones that were asked for longest ago going first. Lives where its owner lives; no loop.
#include <cstddef>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/time.h"
#include "web/stored_file.h"

namespace conclave::web {

class FileCache {
 public:
  static constexpr std::size_t kMaxBytes = 96 * 1024 * 1024;      // with all codings
  static constexpr std::size_t kMaxFileBytes = 16 * 1024 * 1024;  // larger ones are read each time

  explicit FileCache(std::size_t max_bytes = kMaxBytes, std::size_t max_file_bytes = kMaxFileBytes)
      : max_bytes_(max_bytes), max_file_bytes_(max_file_bytes) {}

  struct Entry {
    SharedFile file;
    TimePoint checked;  // when the disk was last looked at
  };
  // Null: it is not here. The entry is good until the next call.
  const Entry* find(const std::string& name);
  void put(SharedFile file, TimePoint now);
  void forget(const std::string& name);

  std::size_t bytes() const { return bytes_; }

 private:
  std::size_t max_bytes_;
  std::size_t max_file_bytes_;
  std::size_t bytes_ = 0;
  std::list<Entry> entries_;  // the latest first
  std::unordered_map<std::string, std::list<Entry>::iterator> by_name_;
};

}  // namespace conclave::web
