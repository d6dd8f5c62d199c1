#pragma once
// Who may use microphone, camera and screen (signalling.md 6.2). Visitors never do, and a screen takes the right to
// share one. Switched on by a moderator, from then on nobody sends but those who are approved. The SFU drops what
// others send all the same (focus/media_rules.h).
#include <array>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "component/component.h"
#include "focus/media_rules.h"

namespace conclave::component {

// What AV moderation asks of those who drive the media. On the room's loop.
class MediaOrders {
 public:
  virtual ~MediaOrders() = default;
  virtual void rules_changed(room::Room& room) = 0;
  virtual void order_mute(room::Room& room, const room::Occupant& who, sfu::SourceClass which,
                          const std::string& actor) = 0;
};

class AvModeration final : public Component, public focus::MediaRules {
 public:
  // `on_switch`: moderation of a class was switched on or off in that room.
  using Switched = std::function<void(room::Room&, sfu::SourceClass, bool on)>;

  AvModeration(std::string address, xmpp::Outbox& outbox, MediaOrders& orders, Switched on_switch);

  void message(room::Room& room, const room::Occupant& from, const xmpp::Element& message) override;
  void occupant_joined(room::Room& room, const room::Occupant& who) override;
  void occupant_left(room::Room& room, const room::Occupant& who) override;
  void role_changed(room::Room& room, const room::Occupant& who) override;
  void room_closed(room::Room& room) override;

  // --- focus::MediaRules
  bool may_send(const room::Room& room, const room::Occupant& who, sfu::SourceClass which) const override;

 private:
  // The nicks of those who are approved; nothing while the class is free for all. Bounded by the occupants.
  using Approved = std::optional<std::set<std::string>>;
  using State = std::array<Approved, sfu::kSourceClasses>;

  void switch_on(room::Room& room, const room::Occupant& by, sfu::SourceClass which);
  void switch_off(room::Room& room, const room::Occupant& by, sfu::SourceClass which);
  void approve(room::Room& room, const room::Occupant& by, const room::Occupant& whom, sfu::SourceClass which);
  void withdraw(room::Room& room, const room::Occupant& whom, sfu::SourceClass which);
  void tell_switched(const room::Occupant& to, const std::string& actor, sfu::SourceClass which, bool on) const;
  void tell_lists(const room::Room& room, sfu::SourceClass which, bool removed) const;
  Approved* approved_in(const room::Room& room, sfu::SourceClass which);

  MediaOrders& orders_;
  Switched on_switch_;
  std::map<const room::Room*, State> rooms_;  // with a class that is switched on
};

}  // namespace conclave::component
