#pragma once
// The file that rooms defined by the admin API are kept in over a restart. Blocks.
#include <filesystem>
#include <string>
#include <vector>

#include "access/room_definition.h"
#include "base/result.h"

namespace conclave::server {

// A missing file is an empty list. The error says what is wrong with the file: an operator must decide, for a server
// that forgot a room's password or owners would let in whom they keep out.
Result<std::vector<access::RoomDefinition>, std::string> read_rooms(const std::filesystem::path& file);

// With the passwords: for that file only.
std::string rooms_text(const std::vector<access::RoomDefinition>& rooms);

}  // namespace conclave::server
