#pragma once
// Rooms that somebody defined before they start: the settings, or the admin API, whose rooms are stored in the data
// directory. Each is told to the loop where it would live. Lives on loop 0.
#include <filesystem>
#include <map>
#include <vector>

#include "access/room_definition.h"
#include "admin/backend.h"
#include "loop/pinned.h"
#include "loop/workers.h"

namespace conclave::server {

struct Common;

class RoomBook : public Pinned {
 public:
  static constexpr std::size_t kMaxDefinedByApi = 2'000;  // the file is written whole at each change

  // Reads what is stored, and tells every loop; throws ops::ConfigError if the file cannot be read. `common` outlives
  // this.
  RoomBook(Loop& loop, Common& common, std::filesystem::path file, const std::vector<access::RoomDefinition>& settings);

  // What the settings define from now on. A room that both define is as the settings say, while they do; one that is
  // defined as it was is not touched.
  void replace_settings(const std::vector<access::RoomDefinition>& settings);

  std::vector<admin::DefinedRoom> all() const;

  enum class Change { Done, OfSettings, TooMany, Unknown };
  // In force at once; `stored` says when, and whether, it will be after a restart too. It is not called unless Done.
  using Stored = UniqueFunction<void(bool)>;
  Change define(access::RoomDefinition definition, Stored stored);
  Change undefine(const access::RoomName& room, Stored stored);

 private:
  using Rooms = std::map<access::RoomName, access::RoomDefinition>;

  Rooms in_force() const;
  void tell(const Rooms& before) const;
  void store(Stored stored);

  Common& common_;
  std::filesystem::path file_;
  Rooms of_settings_;
  Rooms of_api_;
  Workers writer_;  // one thread: the newest list is written last
};

}  // namespace conclave::server
