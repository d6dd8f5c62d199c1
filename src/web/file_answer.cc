#include "web/file_answer.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "net/http_date.h"
#include "web/content_type.h"
#include "web/site_path.h"

namespace conclave::web {
namespace {

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

template <class Act>
void for_each_item(std::string_view list, Act act) {
  while (!list.empty()) {
    const std::size_t comma = std::min(list.find(','), list.size());
    act(trimmed(list.substr(0, comma)));
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
}

// §13.1.2; a weak comparison, so W/ is overlooked, and each coding of a file has its tag.
bool names_tag(std::string_view list, std::string_view etag) {
  bool found = trimmed(list) == "*";
  for_each_item(list, [&](std::string_view one) {
    if (one.starts_with("W/")) one.remove_prefix(2);
    found = found || one == etag;
  });
  return found;
}

bool unchanged(const HttpRequest& request, const StoredFile& file, std::string_view etag) {
  if (const auto tags = request.headers.find("If-None-Match")) return names_tag(*tags, etag);
  // Only the very date that we gave: dates in other forms are no reason to save a body.
  return request.headers.find("If-Modified-Since") == http_date(file.modified());
}

struct ByteRange {
  std::size_t first = 0;
  std::size_t last = 0;  // included
};

std::optional<std::size_t> number_of(std::string_view text) {
  std::size_t value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || read.ec != std::errc() || read.ptr != text.data() + text.size()) return std::nullopt;
  return value;
}

enum class Asked { Whole, Part, Unsatisfiable };

// "bytes=0-", "bytes=5-9", "bytes=-3". Several ranges at once, other units and nonsense are answered with the whole.
Asked read_range(std::string_view header, std::size_t size, ByteRange& range) {
  if (!header.starts_with("bytes=") || header.find(',') != std::string_view::npos) return Asked::Whole;
  header.remove_prefix(6);
  const std::size_t dash = header.find('-');
  if (dash == std::string_view::npos) return Asked::Whole;
  const std::string_view from = trimmed(header.substr(0, dash));
  const std::string_view to = trimmed(header.substr(dash + 1));
  const auto first = number_of(from);
  const auto last = number_of(to);
  if ((!from.empty() && !first) || (!to.empty() && !last) || (!first && !last)) return Asked::Whole;
  if (!first) {
    if (*last == 0 || size == 0) return Asked::Unsatisfiable;
    range = {size - std::min(*last, size), size - 1};
    return Asked::Part;
  }
  if (last && *last < *first) return Asked::Whole;
  if (*first >= size) return Asked::Unsatisfiable;
  range = {*first, std::min(last.value_or(size - 1), size - 1)};
  return Asked::Part;
}

Asked asked_for(const HttpRequest& request, const StoredFile& file, ByteRange& range) {
  const auto header = request.headers.find("Range");
  if (!header || request.method != "GET") return Asked::Whole;
  // §13.1.5: the part of what it was, else the whole of what it is.
  const auto condition = request.headers.find("If-Range");
  if (condition && *condition != file.etag && *condition != http_date(file.modified())) return Asked::Whole;
  return read_range(*header, file.body.size(), range);
}

// Each coding is another representation and has another strong tag (§8.8.3.3).
std::string tag_of(const StoredFile& file, std::string_view coding) {
  if (coding.empty()) return file.etag;
  return file.etag.substr(0, file.etag.size() - 1) + "-" + std::string(coding) + "\"";
}

std::string_view cache_control(const StoredFile& file, const HttpRequest& request) {
  const std::string_view name = std::string_view(file.name).substr(file.name.rfind('/') + 1);
  if (name.ends_with(".html")) return "no-cache";
  // The stock client's pages name scripts and pictures with ?v=, a number that its builds change.
  const auto version = request.query_value("v");
  const bool versioned = version && !version->empty() && is_shared_asset(file.name);
  if (versioned || has_hashed_name(name)) return "public, max-age=31536000, immutable";
  return "no-cache";
}

}  // namespace

bool accepts_coding(const HttpRequest& request, std::string_view coding) {
  const auto header = request.headers.find("Accept-Encoding");
  if (!header) return false;
  std::optional<bool> by_name;
  bool by_star = false;
  for_each_item(*header, [&](std::string_view item) {
    const std::size_t semicolon = item.find(';');
    const std::string_view name = trimmed(item.substr(0, semicolon));
    const std::string_view weight =
        semicolon == std::string_view::npos ? std::string_view() : trimmed(item.substr(semicolon + 1));
    const bool wanted =
        weight != "q=0" && !(weight.starts_with("q=0.") && weight.find_first_not_of("q=0.") == std::string_view::npos);
    if (same_without_case(name, coding)) by_name = wanted;
    if (name == "*") by_star = wanted;
  });
  return by_name.value_or(by_star);
}

HttpResponse answer_with(const SharedFile& shared, const HttpRequest& request) {
  const StoredFile& file = *shared;
  HttpResponse response;
  ByteRange range;
  const Asked asked = asked_for(request, file, range);
  const bool has_codings = !file.gzip.empty() || !file.brotli.empty();
  std::string_view coding;
  if (asked == Asked::Whole && !file.brotli.empty() && accepts_coding(request, "br")) coding = "br";
  if (asked == Asked::Whole && coding.empty() && !file.gzip.empty() && accepts_coding(request, "gzip")) coding = "gzip";

  const std::string etag = tag_of(file, coding);
  response.headers.add("ETag", etag);
  if (file.modified_ns != 0) response.headers.add("Last-Modified", http_date(file.modified()));
  response.headers.add("Cache-Control", cache_control(file, request));
  if (has_codings) response.headers.add("Vary", "Accept-Encoding");
  if (unchanged(request, file, etag)) {
    response.status = 304;
    return response;
  }
  response.headers.add("Accept-Ranges", "bytes");
  if (asked == Asked::Unsatisfiable) {
    response.status = 416;
    response.headers.add("Content-Range", "bytes */" + std::to_string(file.body.size()));
    return response;
  }
  response.headers.add("Content-Type", content_type(file.name));
  if (asked == Asked::Part) {
    response.status = 206;
    response.headers.add("Content-Range", "bytes " + std::to_string(range.first) + "-" + std::to_string(range.last) +
                                              "/" + std::to_string(file.body.size()));
    response.shared = {shared, std::string_view(file.body).substr(range.first, range.last - range.first + 1)};
    return response;
  }
  if (!coding.empty()) response.headers.add("Content-Encoding", coding);
  response.shared = {shared, coding == "br" ? file.brotli : coding == "gzip" ? file.gzip : file.body};
  return response;
}

}  // namespace conclave::web
