#include "server/room_book.h"

#include <tuple>
#include <utility>

#include "base/log.h"
#include "ops/config_error.h"
#include "server/atomic_file.h"
#include "server/room_file.h"
#include "server/station.h"

namespace conclave::server {
namespace {

constexpr std::size_t kMaxWrites = 64;

std::map<access::RoomName, access::RoomDefinition> by_name(const std::vector<access::RoomDefinition>& rooms) {
  std::map<access::RoomName, access::RoomDefinition> named;
  for (const access::RoomDefinition& room : rooms) named.insert_or_assign(room.name, room);
  return named;
}

bool same(const access::RoomDefinition& a, const access::RoomDefinition& b) {
  const auto all = [](const access::RoomDefinition& one) {
    return std::tie(one.name, one.owners, one.password, one.lobby, one.capacity, one.not_before, one.expires,
                    one.recorders);
  };
  return all(a) == all(b);
}

std::vector<access::RoomDefinition> stored_in(const std::filesystem::path& file) {
  auto rooms = read_rooms(file);
  if (rooms) return *std::move(rooms);
  throw ops::ConfigError("CONCLAVE_DATA", file.string(),
                         rooms.error() +
                             " It says which rooms have owners, passwords and times of their own: bring it back from a "
                             "backup, or remove it if they may be rooms like any other.");
}

}  // namespace

RoomBook::RoomBook(Loop& loop, Common& common, std::filesystem::path file,
                   const std::vector<access::RoomDefinition>& settings)
    : Pinned(loop),
      common_(common),
      file_(std::move(file)),
      of_settings_(by_name(settings)),
      of_api_(by_name(stored_in(file_))),
      writer_("rooms", 1, kMaxWrites) {
  tell({});
}

void RoomBook::replace_settings(const std::vector<access::RoomDefinition>& settings) {
  assert_here();
  const Rooms before = in_force();
  of_settings_ = by_name(settings);
  tell(before);
}

std::vector<admin::DefinedRoom> RoomBook::all() const {
  std::vector<admin::DefinedRoom> all;
  for (const auto& [name, room] : in_force()) all.push_back({room, of_settings_.contains(name)});
  return all;
}

RoomBook::Change RoomBook::define(access::RoomDefinition definition, Stored stored) {
  assert_here();
  if (of_settings_.contains(definition.name)) return Change::OfSettings;
  if (of_api_.size() >= kMaxDefinedByApi && !of_api_.contains(definition.name)) return Change::TooMany;
  const Rooms before = in_force();
  const access::RoomName name = definition.name;
  of_api_.insert_or_assign(name, std::move(definition));
  tell(before);
  store(std::move(stored));
  return Change::Done;
}

RoomBook::Change RoomBook::undefine(const access::RoomName& room, Stored stored) {
  assert_here();
  const Rooms before = in_force();
  if (of_api_.erase(room) == 0) return of_settings_.contains(room) ? Change::OfSettings : Change::Unknown;
  tell(before);
  store(std::move(stored));
  return Change::Done;
}

RoomBook::Rooms RoomBook::in_force() const {
  Rooms all = of_settings_;
  all.insert(of_api_.begin(), of_api_.end());  // what the settings have stays
  return all;
}

void RoomBook::tell(const Rooms& before) const {
  const Rooms now = in_force();
  for (const auto& [name, room] : before) {
    if (now.contains(name)) continue;
    Station& home = common_.station_of(name);
    home.run([&home, name = name] { home.rooms().undefine(name); });
  }
  for (const auto& [name, room] : now) {
    const auto old = before.find(name);
    if (old != before.end() && same(old->second, room)) continue;
    Station& home = common_.station_of(name);
    home.run([&home, room = room] {
      if (!home.rooms().define(room)) log::error("too many rooms are defined", {{"room", room.name.key()}});
    });
  }
}

void RoomBook::store(Stored stored) {
  std::vector<access::RoomDefinition> rooms;
  for (const auto& [name, room] : of_api_) rooms.push_back(room);
  // Who changed the list can hear of it from two sides: the writer, or its full queue.
  auto answer = std::make_shared<Stored>(std::move(stored));
  const bool queued = writer_.run<bool>(
      loop(), [file = file_, rooms = std::move(rooms)] { return write_atomically(file, rooms_text(rooms)); },
      [answer](bool written) {
        if (!written) log::error("defined rooms cannot be stored");
        (*answer)(written);
      });
  if (!queued) (*answer)(false);
}

}  // namespace conclave::server
