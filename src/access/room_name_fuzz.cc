// Whatever the text is: if it names a room, every form of that name names the same room.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "access/policy.h"
#include "access/room_name.h"

using namespace conclave::access;

namespace {

void expect(bool holds) {
  if (!holds) std::abort();
}

void expect_same(const RoomName& room) {
  const auto by_node = room_from_node(room.node());
  const auto by_key = room_from_node(room.key());
  const auto by_parts = canonical_room(room.name(), room.tenant());
  expect(by_node && *by_node == room);
  expect(by_key && *by_key == room);
  expect(by_parts && *by_parts == room);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto room = canonical_room(text)) {
    expect_same(*room);
    const auto pattern = RoomPattern::parse(text);
    expect(!pattern || pattern->matches(*room) || text.find('*') != std::string_view::npos);
  }
  if (const auto room = room_from_node(text)) expect_same(*room);
  return 0;
}
