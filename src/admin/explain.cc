#include "admin/resources.h"

namespace conclave::admin {

void explain(Call call) {
  auto room = room_named(call.body.at("room").get<std::string>());
  if (!room) return call.reply(problem_response(room.error()));
  Question question{.room = *std::move(room), .token = {}, .account = {}};
  if (call.body.contains("token")) question.token = call.body["token"].get<std::string>();
  if (call.body.contains("account")) question.account = call.body["account"].get<std::string>();
  if (question.token && question.account) {
    return call.reply(problem_response({400, "A token and an account are two persons.",
                                        "Ask twice, or leave one out; without either it is a guest."}));
  }
  call.backend.explain(std::move(question), [reply = std::move(call.reply), text = call.wants_text](
                                                Result<ops::Explanation, Problem> answered) mutable {
    if (!answered) return reply(problem_response(answered.error()));
    HttpResponse response =
        text ? HttpResponse::text(200, ops::as_text(*answered)) : HttpResponse::json(200, ops::as_json(*answered));
    response.headers.set("Cache-Control", "no-store");
    reply(std::move(response));
  });
}

}  // namespace conclave::admin
