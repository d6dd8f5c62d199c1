#pragma once
// Serves one directory. Reads from disk on the caller's loop: meant for a web client's few files, which the page cache holds.
// No loop of its own; used from one.
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "net/http.h"

namespace conclave {

struct StaticFilesOptions {
  static constexpr std::size_t kMaxCachedBytes = 64 * 1024 * 1024;     // all files together; beyond: read each time
  static constexpr std::size_t kMaxCachedFileBytes = 4 * 1024 * 1024;  // one file
  static constexpr std::size_t kMaxFileBytes = 64 * 1024 * 1024;       // larger ones are not served

  std::size_t max_cached_bytes = kMaxCachedBytes;
  std::size_t max_cached_file_bytes = kMaxCachedFileBytes;
  std::size_t max_file_bytes = kMaxFileBytes;
};

class StaticFiles {
 public:
  // A root that does not exist has no files.
  explicit StaticFiles(std::string root, StaticFilesOptions options = {});

  // The file at `path` ("/app.js"; "/" is "/index.html"), which may differ from the request's own path (a room's page is index.html).
  // 200, 304, or 405 for other methods than GET and HEAD; nullopt if there is no such file, or it is hidden (".x") or outside the root.
  std::optional<HttpResponse> serve(std::string_view path, const HttpRequest& request);

  std::size_t cached_bytes() const { return cached_bytes_; }

 private:
  struct File {
    std::string body;
    std::string etag;
    long long modified_ns = 0;
  };
  std::optional<std::string> resolve(std::string_view path) const;
  const File* load(const std::string& file);

  std::string root_;  // canonical; empty if there is none
  StaticFilesOptions options_;
  std::map<std::string, File> cache_;
  std::size_t cached_bytes_ = 0;
  File uncached_;
};

std::string_view content_type(std::string_view file_name);
// "app-K3J7QZ2A.js", "font.0f3a9c21.woff2": the name changes with the content.
bool has_hashed_name(std::string_view file_name);

}  // namespace conclave
