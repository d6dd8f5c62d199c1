#include "audit/entry.h"

#include <nlohmann/json.hpp>
#include <string_view>

#include "base/rfc3339.h"

namespace conclave::audit {
namespace {

using Json = nlohmann::ordered_json;

}  // namespace

std::string as_line(const Entry& entry) {
  Json line{{"time", rfc3339(entry.time)}};
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
