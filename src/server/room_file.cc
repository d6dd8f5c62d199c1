#include "server/room_file.h"

#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "admin/definition_json.h"

namespace conclave::server {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kList = "rooms";

}  // namespace

Result<std::vector<access::RoomDefinition>, std::string> read_rooms(const std::filesystem::path& file) {
  std::vector<access::RoomDefinition> rooms;
  std::error_code error;
  if (!std::filesystem::exists(file, error)) return rooms;
  std::ifstream in(file);
  if (!in) return failure(std::string("It cannot be read."));
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  try {
    const Json stored = Json::parse(text);
    for (const Json& json : stored.at(kList)) {
      auto room = admin::definition_in(json.at("path").get<std::string>(), json);
      if (!room) return failure(std::string("It holds what this version cannot keep."));
      rooms.push_back(*std::move(room));
    }
  } catch (const Json::exception&) {
    return failure(std::string("It is damaged."));
  }
  return rooms;
}

std::string rooms_text(const std::vector<access::RoomDefinition>& rooms) {
  Json all = Json::array();
  for (const access::RoomDefinition& room : rooms) {
    Json json = admin::as_json(room);
    json["path"] = room.name.path();
    json["password"] = room.password;
    all.push_back(std::move(json));
  }
  return Json{{kList, std::move(all)}}.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace conclave::server
