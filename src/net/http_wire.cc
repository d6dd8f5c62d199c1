#include "net/http_wire.h"

#include <ctime>

#include "net/http_date.h"

namespace conclave {
namespace {

bool breaks_lines(const std::string& text) {
  return text.find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos;
}

}  // namespace

std::string http_date(WallTime time) {
  static constexpr const char* kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                            "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  char text[32];
  std::strftime(text, sizeof(text), ", %d ??? %Y %H:%M:%S GMT", &utc);
  std::string result = std::string(kDays[utc.tm_wday]) + text;
  return result.replace(8, 3, kMonths[utc.tm_mon]);
}

bool is_bodiless(const HttpResponse& response) {
  return response.status == 204 || response.status == 304;
}

std::string serialise(const HttpResponse& response, const ResponseFraming& framing) {
  // RFC 9110 §8.6: no length where there can be no body; a 304 would have to name that of the 200.
  const bool bodiless = is_bodiless(response);
  std::string out;
  out.reserve(256 + (framing.head_only ? 0 : response.body.size()));
  out.append("HTTP/1.1 ")
      .append(std::to_string(response.status))
      .append(" ")
      .append(http_reason(response.status))
      .append("\r\n");
  for (const auto& [name, value] : response.headers) {
    // A value that came from a request must not become a header of its own.
    if (breaks_lines(name) || breaks_lines(value)) continue;
    out.append(name).append(": ").append(value).append("\r\n");
  }
  out.append("Date: ").append(http_date(framing.date)).append("\r\n");
  if (!bodiless) out.append("Content-Length: ").append(std::to_string(response.content().size())).append("\r\n");
  if (!framing.keep_alive) {
    out.append("Connection: close\r\n");
  } else if (!framing.is_http_1_1) {
    out.append("Connection: keep-alive\r\n");
  }
  out.append("\r\n");
  if (!bodiless && !framing.head_only && !response.shared.owner) out.append(response.body);
  return out;
}

}  // namespace conclave
