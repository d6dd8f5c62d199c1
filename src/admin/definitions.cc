// Rooms that are defined before they start.
#include <algorithm>

#include "admin/definition_json.h"
#include "admin/resources.h"

namespace conclave::admin {
namespace {

Json as_json(const DefinedRoom& room) {
  Json json = admin::as_json(room.definition);
  json["defined_by"] = room.by_settings ? "settings" : "api";
  return json;
}

}  // namespace

void list_definitions(Call call) {
  Json list = Json::array();
  for (const DefinedRoom& room : call.backend.definitions()) list.push_back(as_json(room));
  call.reply(json_response(200, {{"definitions", std::move(list)}}));
}

void show_definition(Call call) {
  const auto name = room_named(call.parameters.front());
  if (!name) return call.reply(problem_response(name.error()));
  const auto all = call.backend.definitions();
  const auto found = std::ranges::find_if(all, [&](const DefinedRoom& room) { return room.definition.name == *name; });
  if (found != all.end()) return call.reply(json_response(200, as_json(*found)));
  call.reply(
      problem_response({404, "Nobody has defined such a room.", "GET /admin/v1/definitions lists those there are."}));
}

void define_room(Call call) {
  const auto name = room_named(call.parameters.front());
  if (!name) return call.reply(problem_response(name.error()));
  auto definition = definition_in(name->path(), call.body);
  if (!definition) {
    return call.reply(
        problem_response({422, "That cannot be: " + definition.error().field + ".", definition.error().remedy}));
  }
  call.backend.define(
      *std::move(definition),
      answer<DefinedRoom>(std::move(call.reply), 200, [](const DefinedRoom& room) { return as_json(room); }));
}

void undefine_room(Call call) {
  auto name = room_named(call.parameters.front());
  if (!name) return call.reply(problem_response(name.error()));
  call.backend.undefine(*std::move(name), done(std::move(call.reply)));
}

}  // namespace conclave::admin
