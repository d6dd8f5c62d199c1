#include "web/file_cache.h"

namespace conclave::web {

const FileCache::Entry* FileCache::find(const std::string& name) {
  const auto found = by_name_.find(name);
  if (found == by_name_.end()) return nullptr;
  entries_.splice(entries_.begin(), entries_, found->second);
  return &entries_.front();
}

void FileCache::put(SharedFile file, TimePoint now) {
  forget(file->name);
  if (file->bytes() > max_file_bytes_) return;
  bytes_ += file->bytes();
  entries_.push_front({std::move(file), now});
  by_name_[entries_.front().file->name] = entries_.begin();
  while (bytes_ > max_bytes_) forget(std::string(entries_.back().file->name));
}

void FileCache::forget(const std::string& name) {
  const auto found = by_name_.find(name);
  if (found == by_name_.end()) return;
  bytes_ -= found->second->file->bytes();
  entries_.erase(found->second);
  by_name_.erase(found);
}

}  // namespace conclave::web
