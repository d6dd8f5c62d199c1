#include "admin/call.h"

namespace conclave::admin {

std::string dump(const Json& value) {
  // Names come from clients: what is not UTF-8 must not throw here.
  return value.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

HttpResponse json_response(int status, const Json& value) {
  HttpResponse response = HttpResponse::json(status, dump(value));
  response.headers.set("Cache-Control", "no-store");
  return response;
}

HttpResponse problem_response(const Problem& problem) {
  return json_response(problem.status, {{"error", problem.error}, {"remedy", problem.remedy}});
}

Reply<void> done(HttpReply reply) {
  return [reply = std::move(reply)](Result<void, Problem> result) mutable {
    reply(result ? json_response(200, {{"done", true}}) : problem_response(result.error()));
  };
}

Result<access::RoomName, Problem> room_named(const std::string& text) {
  auto room = access::room_in_link(text);
  if (room) return *std::move(room);
  return failure(Problem{400, std::string(access::name_error_sentence(room.error())),
                         "Give the room as GET /admin/v1/rooms lists it, or as it stands in its link."});
}

}  // namespace conclave::admin
