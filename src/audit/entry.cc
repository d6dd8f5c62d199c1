#include "audit/entry.h"

#include <array>
#include <ctime>
#include <nlohmann/json.hpp>
#include <string_view>

namespace conclave::audit {
namespace {

using Json = nlohmann::ordered_json;

// RFC 3339 in UTC.
std::string time_text(WallTime time) {
  const std::time_t seconds = time.time_since_epoch().count();
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  std::array<char, 32> text{};
  const std::size_t length = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts);
  return {text.data(), length};
}

}  // namespace

std::string as_line(const Entry& entry) {
  Json line{{"time", time_text(entry.time)}};
  const auto put = [&line](std::string_view name, std::string_view value) {
    if (!value.empty()) line[std::string(name)] = value.substr(0, kMaxFieldBytes);
  };
  put("act", entry.act);
  put("kind", entry.kind);
  put("subject", entry.subject);
  put("nick", entry.nick);
  put("peer", entry.peer);
  put("room", entry.room);
  put("outcome", entry.outcome);
  put("reason", entry.reason);
  put("rule", entry.rule);
  put("claim", entry.claim);
  put("setting", entry.setting);
  put("detail", entry.detail);
  return line.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace conclave::audit
