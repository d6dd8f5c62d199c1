#include "component/end_conference.h"

#include "room/life.h"

namespace conclave::component {

void EndConference::message(room::Room& room, const room::Occupant& from, const xmpp::Element& message) {
  if (message.child("end_conference") != nullptr) room::end_for_all(room, from);
}

}  // namespace conclave::component
