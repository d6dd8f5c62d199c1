#pragma once
// Visitors who ask to take part, and the moderators who answer (signalling.md 6.19). A visitor asks by raising his
// hand; moderators are told, also those who come later; one of them answers for one or several. There is one server and
// one room: whoever is asked in stays where he is, and gets the role.
#include <map>
#include <set>
#include <string>

#include "component/component.h"

namespace conclave::component {

// Of one answer: more ids are not looked at. The rest is bounded by the occupants.
inline constexpr std::size_t kMaxAnsweredAtOnce = 500;

class Visitors final : public Component {
 public:
  using Component::Component;

  void message(room::Room&, const room::Occupant&, const xmpp::Element&) override {}
  void occupant_joined(room::Room& room, const room::Occupant& who) override;
  void occupant_left(room::Room& room, const room::Occupant& who) override;
  void role_changed(room::Room& room, const room::Occupant& who) override;
  void presence_changed(room::Room& room, const room::Occupant& who) override;
  bool json_to_all(room::Room& room, const room::Occupant& from, const xmpp::Element& message) override;
  void room_closed(room::Room& room) override;

 private:
  void review_hand(room::Room& room, const room::Occupant& who);
  void lower(room::Room& room, const room::Occupant& who);
  void tell_moderators(const room::Room& room, const room::Occupant& about, bool on) const;
  void answer(room::Room& room, const room::Occupant& by, const std::set<std::string>& ids, bool approved);

  std::map<const room::Room*, std::set<std::string>> asking_;  // nicks of visitors with a raised hand
};

}  // namespace conclave::component
