#include "audit/audit_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace conclave::audit {
namespace {

std::filesystem::path old_file(const std::filesystem::path& path, unsigned number) {
  return path.string() + "." + std::to_string(number);
}

bool write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

}  // namespace

Result<std::unique_ptr<AuditFile>, std::string> AuditFile::open(FileOptions options) {
  std::unique_ptr<AuditFile> file(new AuditFile(std::move(options)));
  if (std::string problem = file->reopen(); !problem.empty()) return failure(std::move(problem));
  return file;
}

AuditFile::~AuditFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

std::string AuditFile::reopen() {
  std::error_code ignored;  // what cannot be made is reported by open()
  if (options_.path.has_parent_path()) std::filesystem::create_directories(options_.path.parent_path(), ignored);
  descriptor_ = ::open(options_.path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (descriptor_ < 0) return std::strerror(errno);
  struct stat about {};
  if (::fstat(descriptor_, &about) != 0 || !S_ISREG(about.st_mode)) return "It is not a regular file";
  size_ = static_cast<std::size_t>(about.st_size);
  char last = '\n';
  if (size_ > 0 && ::pread(descriptor_, &last, 1, static_cast<off_t>(size_ - 1)) < 0) return std::strerror(errno);
  in_line_ = last != '\n';
  return {};
}

bool AuditFile::append(std::string_view line) {
  if (size_ > 0 && size_ + line.size() + 1 > options_.max_bytes) rotate();
  if (descriptor_ < 0 && !reopen().empty()) return false;
  std::string text = in_line_ ? "\n" : "";
  text += line;
  text += '\n';
  if (!write_all(descriptor_, text)) {
    drop_what_was_cut_off();
    return false;
  }
  in_line_ = false;
  size_ += text.size();
  return true;
}

// A disk that is full takes the beginning of a line. What cannot be taken back is ended by the next one.
void AuditFile::drop_what_was_cut_off() {
  if (::ftruncate(descriptor_, static_cast<off_t>(size_)) == 0) return;
  struct stat about {};
  if (::fstat(descriptor_, &about) != 0) return;
  in_line_ = in_line_ || static_cast<std::size_t>(about.st_size) > size_;
  size_ = static_cast<std::size_t>(about.st_size);
}

void AuditFile::rotate() {
  ::close(std::exchange(descriptor_, -1));
  std::error_code ignored;  // a file that cannot be moved is appended to
  for (unsigned number = options_.kept; number > 1; --number) {
    std::filesystem::rename(old_file(options_.path, number - 1), old_file(options_.path, number), ignored);
  }
  if (options_.kept > 0) {
    std::filesystem::rename(options_.path, old_file(options_.path, 1), ignored);
  } else {
    std::filesystem::remove(options_.path, ignored);
  }
  size_ = 0;
  in_line_ = false;
}

std::vector<std::string> AuditFile::tail(std::size_t lines) const {
  std::vector<std::string> found;
  if (descriptor_ < 0 || lines == 0) return found;
  const std::size_t bytes = std::min(size_, kTailBytes);
  std::string text(bytes, '\0');
  const ssize_t read = ::pread(descriptor_, text.data(), bytes, static_cast<off_t>(size_ - bytes));
  text.resize(read > 0 ? static_cast<std::size_t>(read) : 0);
  if (bytes < size_) text.erase(0, text.find('\n') + 1);  // the first line is cut
  while (!text.empty() && found.size() < lines) {
    text.pop_back();  // the line's end
    const std::size_t before = text.rfind('\n');
    const std::size_t begin = before == std::string::npos ? 0 : before + 1;
    found.push_back(text.substr(begin));
    text.resize(begin);
  }
  std::ranges::reverse(found);
  return found;
}

}  // namespace conclave::audit
