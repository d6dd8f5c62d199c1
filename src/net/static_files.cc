#include "net/static_files.h"

#include <fcntl.h>
#include <openssl/evp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <climits>
#include <cstdlib>
#include <memory>

namespace conclave {
namespace {

std::optional<std::string> canonical(const std::string& path) {
  const std::unique_ptr<char, decltype(&std::free)> resolved(::realpath(path.c_str(), nullptr), &std::free);
  if (!resolved) return std::nullopt;
  return std::string(resolved.get());
}

// From the content, because builds that repeat themselves repeat their times too.
std::string etag_of(const std::string& body) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  EVP_Digest(body.data(), body.size(), digest.data(), nullptr, EVP_sha256(), nullptr);
  std::string result = "\"";
  for (std::size_t i = 0; i < 12; ++i) {
    result.push_back("0123456789abcdef"[digest[i] >> 4]);
    result.push_back("0123456789abcdef"[digest[i] & 15]);
  }
  return result + "\"";
}

std::optional<std::string> read_file(const std::string& file, std::size_t size) {
  const int fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (fd < 0) return std::nullopt;
  std::string content(size, '\0');
  std::size_t done = 0;
  while (done < size) {
    const ssize_t count = ::read(fd, content.data() + done, size - done);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) break;
    done += static_cast<std::size_t>(count);
  }
  ::close(fd);
  content.resize(done);
  return content;
}

bool is_html(std::string_view name) { return name.ends_with(".html"); }

// RFC 9110 §13.1.2; a weak comparison, so W/ is overlooked.
bool etag_matches(const HttpRequest& request, const std::string& etag) {
  const auto asked = request.headers.find("If-None-Match");
  if (!asked) return false;
  return *asked == "*" || request.headers.has_token("If-None-Match", etag) || request.headers.has_token("If-None-Match", "W/" + etag);
}

}  // namespace

std::string_view content_type(std::string_view name) {
  static constexpr std::pair<std::string_view, std::string_view> kTypes[] = {
      {".html", "text/html; charset=utf-8"}, {".js", "text/javascript; charset=utf-8"}, {".mjs", "text/javascript; charset=utf-8"},
      {".css", "text/css; charset=utf-8"},   {".json", "application/json"},             {".map", "application/json"},
      {".svg", "image/svg+xml"},             {".png", "image/png"},                     {".jpg", "image/jpeg"},
      {".webp", "image/webp"},               {".ico", "image/x-icon"},                  {".wasm", "application/wasm"},
      {".woff2", "font/woff2"},              {".mp3", "audio/mpeg"},                    {".opus", "audio/ogg"},
      {".txt", "text/plain; charset=utf-8"}, {".webmanifest", "application/manifest+json"},
  };
  for (const auto& [ending, type] : kTypes) {
    if (name.ends_with(ending)) return type;
  }
  return "application/octet-stream";
}

bool has_hashed_name(std::string_view name) {
  name = name.substr(0, name.rfind('.'));
  const auto mark = name.find_last_of("-.");
  if (mark == std::string_view::npos) return false;
  const std::string_view hash = name.substr(mark + 1);
  if (hash.size() < 8 || hash.size() > 64) return false;
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  const bool base32 = std::all_of(hash.begin(), hash.end(), [&](char c) { return digit(c) || (c >= 'A' && c <= 'Z'); });
  const bool hex = std::all_of(hash.begin(), hash.end(), [&](char c) { return digit(c) || (c >= 'a' && c <= 'f'); });
  return base32 || (hex && std::any_of(hash.begin(), hash.end(), digit));
}

StaticFiles::StaticFiles(std::string root, StaticFilesOptions options)
    : root_(canonical(root).value_or("")), options_(options) {}

// Nothing that a path can say leaves the root: hidden names and ".." are refused as text, links by where they lead.
std::optional<std::string> StaticFiles::resolve(std::string_view path) const {
  if (root_.empty() || path.empty() || path.front() != '/' || path.size() > PATH_MAX) return std::nullopt;
  if (path.find('\0') != std::string_view::npos || path.find("/.") != std::string_view::npos) return std::nullopt;
  std::string wanted = root_ + std::string(path);
  if (wanted.back() == '/') wanted += "index.html";
  auto file = canonical(wanted);
  const std::string inside = root_ == "/" ? root_ : root_ + "/";
  if (!file || !file->starts_with(inside)) return std::nullopt;
  return file;
}

const StaticFiles::File* StaticFiles::load(const std::string& file) {
  struct stat status {};
  if (::stat(file.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return nullptr;
  const auto size = static_cast<std::size_t>(status.st_size);
  const long long modified = static_cast<long long>(status.st_mtim.tv_sec) * 1'000'000'000 + status.st_mtim.tv_nsec;
  const auto known = cache_.find(file);
  if (known != cache_.end()) {
    if (known->second.modified_ns == modified && known->second.body.size() == size) return &known->second;
    cached_bytes_ -= known->second.body.size();
    cache_.erase(known);
  }
  if (size > options_.max_file_bytes) return nullptr;
  auto body = read_file(file, size);
  if (!body) return nullptr;
  File fresh{.body = std::move(*body), .etag = {}, .modified_ns = modified};
  fresh.etag = etag_of(fresh.body);
  if (size <= options_.max_cached_file_bytes && cached_bytes_ + fresh.body.size() <= options_.max_cached_bytes) {
    cached_bytes_ += fresh.body.size();
    return &cache_.emplace(file, std::move(fresh)).first->second;
  }
  uncached_ = std::move(fresh);
  return &uncached_;
}

std::optional<HttpResponse> StaticFiles::serve(std::string_view path, const HttpRequest& request) {
  const auto file = resolve(path);
  if (!file) return std::nullopt;
  const File* found = load(*file);
  if (found == nullptr) return std::nullopt;
  if (request.method != "GET" && request.method != "HEAD") return HttpResponse::method_not_allowed("GET, HEAD");

  const std::string_view name = std::string_view(*file).substr(file->rfind('/') + 1);
  HttpResponse response;
  response.headers.add("ETag", found->etag);
  const bool forever = !is_html(name) && has_hashed_name(name);
  response.headers.add("Cache-Control", forever ? "public, max-age=31536000, immutable" : "no-cache");
  response.headers.add("X-Content-Type-Options", "nosniff");
  if (etag_matches(request, found->etag)) {
    response.status = 304;
    return response;
  }
  response.headers.add("Content-Type", content_type(name));
  response.body = found->body;
  return response;
}

}  // namespace conclave
