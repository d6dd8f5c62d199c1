#include "web/site_path.h"

#include <algorithm>

namespace conclave::web {
namespace {

constexpr std::size_t kMaxSegmentBytes = 512;

// Folders of a stock build, and `assets` of our own. What is not in one of them and has two segments is a tenant's.
constexpr std::string_view kFolders[] = {"libs",   "css",  "static",      "images", "fonts",
                                         "sounds", "lang", ".well-known", "assets", "connection_optimization"};

// A missing script must not be answered with a page: the client would take it for a script.
constexpr std::string_view kFileEndings[] = {".js",  ".mjs",  ".css",  ".map",   ".html", ".ico", ".png", ".svg",
                                             ".jpg", ".json", ".wasm", ".woff2", ".txt",  ".mp3", ".wav"};

std::vector<std::string_view> segments_of(std::string_view path) {
  std::vector<std::string_view> segments;
  while (!path.empty()) {
    path.remove_prefix(1);
    const std::size_t slash = std::min(path.find('/'), path.size());
    if (slash > 0) segments.push_back(path.substr(0, slash));
    path.remove_prefix(slash);
  }
  return segments;
}

bool is_hidden(std::string_view segment) {
  return segment.starts_with('.') && segment != ".well-known";
}

bool is_folder(std::string_view segment) {
  return std::ranges::find(kFolders, segment) != std::end(kFolders);
}

bool looks_like_file(std::string_view segment) {
  return std::ranges::any_of(kFileEndings, [&](std::string_view ending) { return segment.ends_with(ending); });
}

// The path without its tenant.
SitePath below(std::string_view path, const std::vector<std::string_view>& segments) {
  SitePath found{.kind = SitePath::Kind::Files};
  if (segments.empty()) {
    found.page = true;
    return found;
  }
  if (path == "/config.js") return {.kind = SitePath::Kind::Config};
  if (path == "/interface_config.js") return {.kind = SitePath::Kind::InterfaceConfig};
  if (segments.size() > 1 && !is_folder(segments.front())) return {};
  found.files.emplace_back(path);
  if (path == "/external_api.js") found.files.emplace_back("/libs/external_api.min.js");
  found.page = segments.size() == 1 && !looks_like_file(segments.front()) && is_plain_segment(segments.front());
  return found;
}

}  // namespace

bool is_plain_segment(std::string_view segment) {
  if (segment.empty() || segment.size() > kMaxSegmentBytes) return false;
  return std::ranges::none_of(segment, [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || std::string_view("?&:'\"<>\\`$").find(c) != std::string_view::npos;
  });
}

bool is_shared_asset(std::string_view file) {
  const std::vector<std::string_view> segments = segments_of(file);
  return segments.size() > 1 && is_folder(segments.front());
}

SitePath site_path(std::string_view path, bool tenants) {
  if (!path.starts_with('/')) return {};
  std::vector<std::string_view> segments = segments_of(path);
  if (std::ranges::any_of(segments, is_hidden)) return {};
  if (segments.size() < 2 || is_folder(segments.front())) return below(path, segments);
  if (!tenants || !is_plain_segment(segments.front())) return {};
  const std::string_view tenant = segments.front();
  segments.erase(segments.begin());
  SitePath found = below(path.substr(1 + tenant.size()), segments);
  if (found.kind != SitePath::Kind::Nothing) found.tenant = tenant;
  return found;
}

}  // namespace conclave::web
