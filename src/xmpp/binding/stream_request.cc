#include "xmpp/binding/stream_request.h"

#include <string>

#include "xmpp/stream_management.h"

namespace conclave::xmpp {
namespace {

constexpr std::string_view kBearer = "Bearer ";

struct Path {
  bool ours = false;
  std::string_view tenant;
};

Path split(std::string_view path, std::string_view segment) {
  if (!path.starts_with('/')) return {};
  path.remove_prefix(1);
  if (path == segment) return {true, {}};
  const std::size_t slash = path.find('/');
  if (slash == std::string_view::npos || slash == 0 || path.substr(slash + 1) != segment) return {};
  return {true, path.substr(0, slash)};
}

std::string_view shown_token(const HttpRequest& request) {
  const std::string_view in_query = request.query_value("token").value_or("");
  if (!in_query.empty()) return in_query;
  const std::string_view header = request.headers.find("authorization").value_or("");
  if (header.size() <= kBearer.size() || !same_without_case(header.substr(0, kBearer.size()), kBearer)) return {};
  return header.substr(kBearer.size());
}

}  // namespace

bool is_xmpp_websocket_path(std::string_view path) {
  return split(path, kWebSocketSegment).ours;
}

bool is_bosh_path(std::string_view path) {
  return split(path, kBoshSegment).ours;
}

std::optional<StreamRequest> stream_request(const HttpRequest& request) {
  // A proxy that takes the tenant off the path says it as prefix; where it is still on the path, that is what the
  // person opened.
  std::string_view tenant = split(request.path, is_bosh_path(request.path) ? kBoshSegment : kWebSocketSegment).tenant;
  if (tenant.empty()) tenant = request.query_value("prefix").value_or("");
  const std::string_view room = request.query_value("room").value_or("");
  const std::string_view token = shown_token(request);
  const std::string_view previd = request.query_value("previd").value_or("");
  if (room.size() > kMaxRoomBytes || tenant.size() > kMaxRoomBytes || token.size() > kMaxTokenBytes)
    return std::nullopt;
  return StreamRequest{.room = std::string(room),
                       .prefix = std::string(tenant),
                       .token = std::string(token),
                       // A text that is no resumption id names no session; there is no need to keep it.
                       .previd = loop_of_resumption_id(previd) ? std::string(previd) : std::string(),
                       .peer = request.peer,
                       .confidential = request.tls,
                       .to = {}};
}

LoopId home_of(const StreamRequest& request, LoopId room_loop, std::uint32_t loops) {
  const std::optional<LoopId> session_loop = loop_of_resumption_id(request.previd);
  return session_loop && session_loop->value < loops ? *session_loop : room_loop;
}

}  // namespace conclave::xmpp
