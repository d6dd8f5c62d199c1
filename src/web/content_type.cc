#include "web/content_type.h"

#include <algorithm>
#include <utility>

namespace conclave::web {

std::string_view content_type(std::string_view name) {
  static constexpr std::pair<std::string_view, std::string_view> kTypes[] = {
      {".html", "text/html; charset=utf-8"},
      {".js", "text/javascript; charset=utf-8"},
      {".css", "text/css; charset=utf-8"},
      {".mjs", "text/javascript; charset=utf-8"},
      {".json", "application/json"},
      {".map", "application/json"},
      {".svg", "image/svg+xml"},
      {".png", "image/png"},
      {".jpg", "image/jpeg"},
      {".jpeg", "image/jpeg"},
      {".gif", "image/gif"},
      {".webp", "image/webp"},
      {".ico", "image/x-icon"},
      {".wasm", "application/wasm"},
      {".woff2", "font/woff2"},
      {".woff", "font/woff"},
      {".ttf", "font/ttf"},
      {".otf", "font/otf"},
      {".eot", "application/vnd.ms-fontobject"},
      {".mp3", "audio/mpeg"},
      {".wav", "audio/wav"},
      {".ogg", "audio/ogg"},
      {".opus", "audio/ogg"},
      {".mp4", "video/mp4"},
      {".webm", "video/webm"},
      {".txt", "text/plain; charset=utf-8"},
      {".xml", "application/xml"},
      {".webmanifest", "application/manifest+json"},
  };
  for (const auto& [ending, type] : kTypes) {
    if (name.ends_with(ending)) return type;
  }
  return "application/octet-stream";
}

bool is_compressible(std::string_view type) {
  static constexpr std::string_view kTypes[] = {"application/json",
                                                "application/wasm",
                                                "application/xml",
                                                "application/manifest+json",
                                                "application/vnd.ms-fontobject",
                                                "image/svg+xml",
                                                "image/x-icon",
                                                "font/ttf",
                                                "font/otf"};
  return type.starts_with("text/") || std::ranges::find(kTypes, type) != std::end(kTypes);
}

bool has_hashed_name(std::string_view name) {
  name = name.substr(0, name.rfind('.'));
  const auto mark = name.find_last_of("-.");
  if (mark == std::string_view::npos) return false;
  const std::string_view hash = name.substr(mark + 1);
  if (hash.size() < 8 || hash.size() > 64) return false;
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  const bool base32 = std::ranges::all_of(hash, [&](char c) { return digit(c) || (c >= 'A' && c <= 'Z'); });
  const bool hex = std::ranges::all_of(hash, [&](char c) { return digit(c) || (c >= 'a' && c <= 'f'); });
  // Digits alone are a date or a size, letters alone a word.
  return (base32 || hex) && std::ranges::any_of(hash, digit) && !std::ranges::all_of(hash, digit);
}

}  // namespace conclave::web
