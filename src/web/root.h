#pragma once
// The directory that is served. Reads from disk and may block: for workers, any number at once. Nothing that a name can
// say leaves the directory: the kernel resolves it beneath (openat2), symbolic links that lead out included.
#include <cstddef>
#include <optional>
#include <string>

#include "web/stored_file.h"

namespace conclave::web {

struct RootOptions {
  static constexpr std::size_t kMaxFileBytes = 64 * 1024 * 1024;  // larger ones are not served
  static constexpr std::size_t kMinGzipBytes = 512;

  std::size_t max_file_bytes = kMaxFileBytes;
  std::size_t min_gzip_bytes = kMinGzipBytes;
};

class Root {
 public:
  // One that does not exist has no files.
  explicit Root(const std::string& directory, RootOptions options = {});
  ~Root();
  Root(const Root&) = delete;
  Root& operator=(const Root&) = delete;

  bool exists() const { return fd_ >= 0; }

  // `known` itself if the file is still what it was; null if there is no such regular file, or it is too large, or it
  // changed while it was read. `name` begins with a slash. With the codings that lie beside it (x.br, x.gz), else with
  // a gzip of our own.
  SharedFile read(const std::string& name, const SharedFile& known = nullptr) const;
  // The content alone.
  std::optional<std::string> text(const std::string& name) const;

 private:
  int open(const std::string& name) const;
  int fd_ = -1;
  RootOptions options_;
};

}  // namespace conclave::web
