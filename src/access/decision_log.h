#pragma once
// Who hears of every decision: metrics by reason, the audit log. The folders that ask for decisions report them here
// and know nothing of either.
#include <cstdint>
#include <string_view>

#include "access/decision.h"
#include "access/identity.h"
#include "access/room_name.h"

namespace conclave::access {

// Views: good during the call only.
struct Decided {
  std::string_view act;  // "request", "join", or what capability_text() says; static storage
  const Identity& identity;
  std::string_view nick;  // "" before he is inside
  const RoomName& room;
  const Decision& decision;
  std::uint64_t session = 0;  // the stream that asked; 0: none
};

class DecisionLog {
 public:
  virtual ~DecisionLog() = default;
  // On the loop of the room.
  virtual void decided(const Decided& what) = 0;
};

}  // namespace conclave::access
