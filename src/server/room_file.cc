#include "server/room_file.h"

#include "admin/definition_json.h"
#include "server/stored_list.h"

namespace conclave::server {
namespace {

constexpr const char* kList = "rooms";

}  // namespace

Result<std::vector<access::RoomDefinition>, std::string> read_rooms(const std::filesystem::path& file) {
  std::vector<access::RoomDefinition> rooms;
  auto problem = read_stored_list(file, kList, [&rooms](const StoredJson& json) {
    auto room = admin::definition_in(json.at("path").get<std::string>(), json);
    if (room) rooms.push_back(*std::move(room));
    return room.has_value();
  });
  if (problem) return failure(*std::move(problem));
  return rooms;
}

std::string rooms_text(const std::vector<access::RoomDefinition>& rooms) {
  StoredJson all = StoredJson::array();
  for (const access::RoomDefinition& room : rooms) {
    StoredJson json = admin::as_json(room);
    json["path"] = room.name.path();
    json["password"] = room.password;
    all.push_back(std::move(json));
  }
  return stored_list_text(kList, std::move(all));
}

}  // namespace conclave::server
