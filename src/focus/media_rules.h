#pragma once
// What focus asks before somebody's media is passed on. Implemented above (component/av_moderation.h).
#include "room/room.h"
#include "sfu/media.h"

namespace conclave::focus {

class MediaRules {
 public:
  virtual ~MediaRules() = default;
  // On the room's loop. The occupant is inside.
  virtual bool may_send(const room::Room& room, const room::Occupant& who, sfu::SourceClass which) const = 0;
};

}  // namespace conclave::focus
