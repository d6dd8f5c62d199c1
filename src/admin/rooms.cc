#include <algorithm>

#include "admin/resources.h"

namespace conclave::admin {
namespace {

Json as_json(const access::Reason& reason) {
  return {{"slug", access::slug_text(reason.slug)},
          {"rule", reason.rule},
          {"claim", reason.claim},
          {"setting", reason.setting},
          {"sentence", reason.sentence}};
}

Json as_json(const room::OccupantView& occupant) {
  return {{"nick", occupant.nick},
          {"name", occupant.display_name},
          {"role", access::role_text(occupant.role)},
          {"kind", access::kind_text(occupant.kind)},
          {"subject", occupant.subject},
          {"reason", as_json(occupant.reason)}};
}

Json as_json(const room::RoomView& room) {
  Json occupants = Json::array();
  for (const room::OccupantView& occupant : room.occupants) occupants.push_back(as_json(occupant));
  Json shown{{"name", room.name},
             {"state", access::room_state_text(room.state)},
             {"meeting_id", room.meeting_id},
             {"waiting", room.waiting},
             {"occupants", std::move(occupants)}};
  if (room.created) shown["created"] = room.created->time_since_epoch().count();
  return shown;
}

Json as_json(const RoomList& list) {
  Json rooms = Json::array();
  Json waiting = Json::array();
  std::size_t count = 0;
  for (const room::RoomView& room : list.rooms) {
    rooms.push_back(as_json(room));
    count += room.waiting;
  }
  for (const room::WaitingView& one : list.waiting) {
    waiting.push_back({{"name", one.name}, {"waiting", one.waiting}});
    count += one.waiting;
  }
  return {{"rooms", std::move(rooms)}, {"waiting_for", std::move(waiting)}, {"waiting", count}};
}

const Problem kNoRoom{404, "No such room is open.", "GET /admin/v1/rooms lists the rooms that are."};

// Asks for the rooms and shows the one that the path names, or something in it.
template <class Show>
void with_room(Call call, Show show) {
  const auto name = room_named(call.parameters.front());
  if (!name) return call.reply(problem_response(name.error()));
  call.backend.rooms([reply = std::move(call.reply), key = name->key(),
                      show = std::move(show)](Result<RoomList, Problem> list) mutable {
    if (!list) return reply(problem_response(list.error()));
    const auto found = std::ranges::find(list->rooms, key, &room::RoomView::name);
    reply(found == list->rooms.end() ? problem_response(kNoRoom) : show(*found));
  });
}

void remove(Call call, bool barred) {
  auto room = room_named(call.parameters[0]);
  if (!room) return call.reply(problem_response(room.error()));
  call.backend.remove_occupant({.room = *std::move(room),
                                .nick = call.parameters[1],
                                .barred = barred,
                                .reason = call.body.value("reason", std::string())},
                               done(std::move(call.reply)));
}

}  // namespace

void list_rooms(Call call) {
  call.backend.rooms(answer<RoomList>(std::move(call.reply), 200, [](const RoomList& list) { return as_json(list); }));
}

void show_room(Call call) {
  with_room(std::move(call), [](const room::RoomView& room) { return json_response(200, as_json(room)); });
}

void end_room(Call call) {
  auto room = room_named(call.parameters.front());
  if (!room) return call.reply(problem_response(room.error()));
  call.backend.end_room(*std::move(room), done(std::move(call.reply)));
}

void explain_occupant(Call call) {
  std::string nick = call.parameters[1];
  with_room(std::move(call), [nick = std::move(nick)](const room::RoomView& room) {
    const auto found = std::ranges::find(room.occupants, nick, &room::OccupantView::nick);
    if (found != room.occupants.end()) return json_response(200, as_json(*found));
    return problem_response(
        {404, "Nobody of that nick is in the room.",
         "GET /admin/v1/rooms/{room} lists the nicks. To ask about somebody who is not inside: POST "
         "/admin/v1/explain."});
  });
}

void show_media(Call call) {
  auto room = room_named(call.parameters.front());
  if (!room) return call.reply(problem_response(room.error()));
  call.backend.media(*std::move(room), answer<std::string>(std::move(call.reply), 200, [](const std::string& text) {
    return Json::parse(text, nullptr, false);
  }));
}

void kick_occupant(Call call) {
  remove(std::move(call), false);
}

void bar_occupant(Call call) {
  remove(std::move(call), true);
}

}  // namespace conclave::admin
