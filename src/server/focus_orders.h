#pragma once
// What AV moderation asks of focus. On their loop.
#include "component/av_moderation.h"
#include "focus/focus.h"

namespace conclave::server {

class FocusOrders final : public component::MediaOrders {
 public:
  explicit FocusOrders(focus::Focus& focus) : focus_(focus) {}

  void rules_changed(room::Room& room) override { focus_.rules_changed(room); }
  void order_mute(room::Room& room, const room::Occupant& who, sfu::SourceClass which,
                  const std::string& actor) override {
    focus_.order_mute(room, who, which, actor);
  }

 private:
  focus::Focus& focus_;
};

}  // namespace conclave::server
