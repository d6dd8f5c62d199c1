#include "web/root.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <openssl/evp.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>

#include "web/content_type.h"
#include "web/gzip.h"

namespace conclave::web {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }
  void replace(int fd) {
    if (fd_ >= 0) ::close(fd_);
    fd_ = fd;
  }
  int release() { return std::exchange(fd_, -1); }

 private:
  int fd_;
};

// Waits for no writer of a FIFO; what is no regular file is looked at next and refused.
constexpr int kRead = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;

// Where openat2 is not to be had (some containers): step by step, without following any link.
int open_step_by_step(int root, std::string_view relative) {
  Descriptor folder(::fcntl(root, F_DUPFD_CLOEXEC, 0));
  while (folder.get() >= 0) {
    const std::size_t slash = relative.find('/');
    const std::string segment(relative.substr(0, slash));
    if (segment.empty() || segment == "." || segment == "..") return -1;
    if (slash == std::string_view::npos) return ::openat(folder.get(), segment.c_str(), kRead | O_NOFOLLOW);
    folder.replace(::openat(folder.get(), segment.c_str(), O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    relative.remove_prefix(slash + 1);
  }
  return -1;
}

std::optional<std::string> content_of(int fd, std::size_t size) {
  std::string content(size, '\0');
  std::size_t done = 0;
  while (done < size) {
    const ssize_t count = ::read(fd, content.data() + done, size - done);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return std::nullopt;
    done += static_cast<std::size_t>(count);
  }
  return content;
}

std::int64_t modified_of(const struct stat& status) {
  return static_cast<std::int64_t>(status.st_mtim.tv_sec) * 1'000'000'000 + status.st_mtim.tv_nsec;
}

}  // namespace

std::string etag_of(std::string_view content) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  EVP_Digest(content.data(), content.size(), digest.data(), nullptr, EVP_sha256(), nullptr);
  constexpr std::size_t kBytes = 12;
  std::string result = "\"";
  for (std::size_t i = 0; i < kBytes; ++i) {
    result.push_back("0123456789abcdef"[digest[i] >> 4]);
    result.push_back("0123456789abcdef"[digest[i] & 15]);
  }
  return result + "\"";
}

Root::Root(const std::string& directory, RootOptions options)
    : fd_(::open(directory.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)), options_(options) {}

Root::~Root() {
  if (fd_ >= 0) ::close(fd_);
}

int Root::open(const std::string& name) const {
  if (fd_ < 0 || name.size() < 2 || name.front() != '/' || name.find('\0') != std::string::npos) return -1;
  const std::string relative = name.substr(1);
  open_how how{};
  how.flags = static_cast<decltype(how.flags)>(kRead);
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
  const long fd = ::syscall(SYS_openat2, fd_, relative.c_str(), &how, sizeof how);
  if (fd >= 0) return static_cast<int>(fd);
  return errno == ENOSYS || errno == EPERM ? open_step_by_step(fd_, relative) : -1;
}

std::optional<std::string> Root::text(const std::string& name) const {
  const Descriptor file(open(name));
  struct stat status {};
  if (file.get() < 0 || ::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode)) return std::nullopt;
  const auto size = static_cast<std::size_t>(status.st_size);
  if (size > options_.max_file_bytes) return std::nullopt;
  return content_of(file.get(), size);
}

SharedFile Root::read(const std::string& name, const SharedFile& known) const {
  const Descriptor file(open(name));
  struct stat status {};
  if (file.get() < 0 || ::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode)) return nullptr;
  const auto size = static_cast<std::size_t>(status.st_size);
  if (known && known->name == name && known->modified_ns == modified_of(status) && known->inode == status.st_ino &&
      known->body.size() == size)
    return known;
  if (size > options_.max_file_bytes) return nullptr;
  auto body = content_of(file.get(), size);
  if (!body) return nullptr;
  StoredFile fresh{.name = name, .body = *std::move(body), .modified_ns = modified_of(status), .inode = status.st_ino};
  fresh.etag = etag_of(fresh.body);
  if (fresh.body.size() >= options_.min_gzip_bytes && is_compressible(content_type(name))) {
    fresh.brotli = text(name + ".br").value_or("");
    fresh.gzip = text(name + ".gz").value_or("");
    if (fresh.gzip.empty()) fresh.gzip = gzipped(fresh.body);
  }
  return std::make_shared<const StoredFile>(std::move(fresh));
}

}  // namespace conclave::web
