#pragma once
// What the admin API shows of the rooms of a loop. Values; safe to send to another loop. No credential, no mail
// address.
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "access/decide.h"
#include "base/time.h"

namespace conclave::room {

struct OccupantView {
  std::string nick;
  std::string display_name;
  access::Role role = access::Role::None;
  access::IdentityKind kind = access::IdentityKind::Guest;
  std::string subject;
  access::Reason reason;
};

struct RoomView {
  std::string name;  // RoomName::key()
  access::RoomState state = access::RoomState::Open;
  std::string meeting_id;
  std::optional<WallTime> created;
  std::size_t waiting = 0;
  std::size_t knocking = 0;
  std::vector<OccupantView> occupants;
};

// People who wait for a room that is not there.
struct WaitingView {
  std::string name;
  std::size_t waiting = 0;
};

}  // namespace conclave::room
