#pragma once
// A file as it was read, and what it looks like to the disk. Immutable once made: loops and workers share it.
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/time.h"

namespace conclave::web {

struct StoredFile {
  std::string name;  // "/libs/app.js"
  std::string body;
  std::string gzip = {};  // the body in that coding; empty: there is none
  std::string brotli = {};
  std::string etag = {};  // quoted, from the content: builds that repeat themselves repeat their times too
  std::int64_t modified_ns = 0;
  std::uint64_t inode = 0;

  std::size_t bytes() const { return name.size() + body.size() + gzip.size() + brotli.size(); }
  WallTime modified() const { return WallTime(std::chrono::seconds(modified_ns / 1'000'000'000)); }
};
using SharedFile = std::shared_ptr<const StoredFile>;

std::string etag_of(std::string_view content);

}  // namespace conclave::web
