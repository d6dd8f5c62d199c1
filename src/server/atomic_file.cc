#include "server/atomic_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <system_error>

namespace conclave::server {
namespace {

bool write_and_sync(const std::filesystem::path& file, const std::string& text) {
  const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (descriptor < 0) return false;
  const bool written = ::write(descriptor, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  const bool synced = ::fsync(descriptor) == 0;
  return ::close(descriptor) == 0 && written && synced;
}

}  // namespace

bool write_atomically(const std::filesystem::path& file, const std::string& text) {
  const std::filesystem::path fresh = file.string() + ".new";
  std::error_code error;
  if (!write_and_sync(fresh, text)) return false;
  std::filesystem::rename(fresh, file, error);
  if (error) return false;
  // The name is on the disk only when its folder is.
  const int folder = ::open(file.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) return false;
  const bool synced = ::fsync(folder) == 0;
  return ::close(folder) == 0 && synced;
}

}  // namespace conclave::server
