#pragma once
// One request to the API that was let in, routed and checked, as its resource gets it.
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "admin/backend.h"
#include "net/http_server.h"

namespace conclave::admin {

using Json = nlohmann::ordered_json;

struct Call {
  Backend& backend;
  std::vector<std::string> parameters;  // of the path, in its order
  Json query = Json::object();          // checked against the route's schema
  Json body = Json::object();           // as well
  bool wants_text = false;              // Accept: text/plain
  HttpReply reply;
};

std::string dump(const Json& value);
HttpResponse json_response(int status, const Json& value);
HttpResponse problem_response(const Problem& problem);

// Turns a backend's answer into a response: what fails is a problem, what succeeds is what `as_json` makes of it.
template <class T, class Render>
Reply<T> answer(HttpReply reply, int status, Render as_json) {
  return [reply = std::move(reply), status, as_json = std::move(as_json)](Result<T, Problem> result) mutable {
    if (!result) return reply(problem_response(result.error()));
    reply(json_response(status, as_json(*result)));
  };
}

// The same for answers that say nothing but "done".
Reply<void> done(HttpReply reply);

// The room that a path or a body names; a problem if it can be none.
Result<access::RoomName, Problem> room_named(const std::string& text);

}  // namespace conclave::admin
