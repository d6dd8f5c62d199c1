#include "server/admin.h"

#include <openssl/crypto.h>

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "room/admin_view.h"
#include "server/gather.h"

namespace conclave::server {
namespace {

using nlohmann::json;

struct StationView {
  std::vector<room::RoomView> rooms;
  std::vector<room::WaitingView> waiting;
};

StationView view(Station& station) {
  return {station.rooms().view(), station.rooms().waiting()};
}

json as_json(const access::Reason& reason) {
  return {{"slug", access::slug_text(reason.slug)},
          {"rule", reason.rule},
          {"claim", reason.claim},
          {"setting", reason.setting},
          {"sentence", reason.sentence}};
}

json as_json(const room::OccupantView& occupant) {
  return {{"nick", occupant.nick},
          {"name", occupant.display_name},
          {"role", access::role_text(occupant.role)},
          {"kind", access::kind_text(occupant.kind)},
          {"reason", as_json(occupant.reason)}};
}

json as_json(const room::RoomView& room) {
  json occupants = json::array();
  for (const room::OccupantView& occupant : room.occupants) occupants.push_back(as_json(occupant));
  return {{"name", room.name},
          {"state", access::room_state_text(room.state)},
          {"meeting_id", room.meeting_id},
          {"waiting", room.waiting},
          {"occupants", std::move(occupants)}};
}

std::string dump(const json& value) {
  // Names come from clients: what is not UTF-8 must not throw here.
  return value.dump(-1, ' ', false, json::error_handler_t::replace) + "\n";
}

HttpResponse error(int status, std::string_view text) {
  return HttpResponse::json(status, dump({{"error", text}}));
}

HttpResponse all_rooms(const std::vector<StationView>& stations) {
  json rooms = json::array();
  json waiting = json::array();
  std::size_t count = 0;
  for (const StationView& station : stations) {
    for (const room::RoomView& room : station.rooms) {
      rooms.push_back(as_json(room));
      count += room.waiting;
    }
    for (const room::WaitingView& one : station.waiting) {
      waiting.push_back({{"name", one.name}, {"waiting", one.waiting}});
      count += one.waiting;
    }
  }
  return HttpResponse::json(
      200, dump({{"rooms", std::move(rooms)}, {"waiting_for", std::move(waiting)}, {"waiting", count}}));
}

HttpResponse explain(const std::vector<StationView>& stations, const std::string& key, std::string_view nick) {
  for (const StationView& station : stations) {
    for (const room::RoomView& room : station.rooms) {
      if (room.name != key) continue;
      for (const room::OccupantView& occupant : room.occupants) {
        if (occupant.nick == nick) return HttpResponse::json(200, dump(as_json(occupant)));
      }
      return error(404, "nobody of that nick is in the room");
    }
  }
  return error(404, "no such room is open");
}

void end_room(Common& common, const std::string& key, HttpReply reply) {
  const auto room = access::room_from_node(key);
  if (!room) return reply(error(404, access::name_error_sentence(room.error())));
  Station& home = common.station_of(*room);
  Station& front = *common.stations.front();
  home.run([&home, &front, room = *room, reply = std::move(reply)]() mutable {
    const bool ended = home.rooms().end_meeting(room);
    front.run([ended, reply = std::move(reply)]() mutable {
      reply(ended ? HttpResponse::json(200, dump({{"ended", true}})) : error(404, "no such room is open"));
    });
  });
}

}  // namespace

bool is_admin(const HttpRequest& request, std::string_view token) {
  constexpr std::string_view kScheme = "Bearer ";
  const std::string_view given = request.headers.find("Authorization").value_or("");
  if (token.empty() || !given.starts_with(kScheme) || given.size() - kScheme.size() != token.size()) return false;
  return CRYPTO_memcmp(given.data() + kScheme.size(), token.data(), token.size()) == 0;
}

void answer_admin(Common& common, const HttpRequest& request, std::string_view path, HttpReply reply) {
  if (path == "rooms") {
    if (request.method != "GET") return reply(HttpResponse::method_not_allowed("GET"));
    return gather<StationView>(common, view, [reply = std::move(reply)](std::vector<StationView> stations) mutable {
      reply(all_rooms(stations));
    });
  }
  constexpr std::string_view kRooms = "rooms/";
  constexpr std::string_view kExplain = "/explain/";
  constexpr std::string_view kEnd = "/end";
  if (!path.starts_with(kRooms)) return reply(error(404, "unknown: try /admin/v1/rooms"));
  const std::string_view rest = path.substr(kRooms.size());
  if (const std::size_t at = rest.find(kExplain); at != std::string_view::npos) {
    std::string key(rest.substr(0, at));
    std::string nick(rest.substr(at + kExplain.size()));
    return gather<StationView>(common, view,
                               [reply = std::move(reply), key = std::move(key), nick = std::move(nick)](
                                   std::vector<StationView> stations) mutable { reply(explain(stations, key, nick)); });
  }
  if (rest.ends_with(kEnd)) {
    if (request.method != "POST") return reply(HttpResponse::method_not_allowed("POST"));
    return end_room(common, std::string(rest.substr(0, rest.size() - kEnd.size())), std::move(reply));
  }
  reply(error(404, "unknown: try /admin/v1/rooms"));
}

}  // namespace conclave::server
