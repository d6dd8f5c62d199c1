#pragma once
// "End meeting for all" (signalling.md 6.10): not said in a breakout room.
#include "component/component.h"

namespace conclave::component {

class EndConference final : public Component {
 public:
  using Component::Component;

  void message(room::Room& room, const room::Occupant& from, const xmpp::Element& message) override;
};

}  // namespace conclave::component
