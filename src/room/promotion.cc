#include "room/promotion.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/log.h"
#include "room/breakout.h"
#include "room/roles.h"

namespace conclave::room {
namespace {

void decide_all_anew(Meeting& main, const std::string& subject) {
  std::vector<std::pair<Meeting*, xmpp::SessionId>> devices;
  for (Meeting* room : rooms_of(main)) {
    for (const auto& who : room->occupants()) {
      if (who->identity.subject == subject) devices.emplace_back(room, who->session);
    }
  }
  for (const auto& [room, session] : devices) {
    Occupant* who = main.over() || room->over() ? nullptr : room->find(session);
    if (who) decide_anew(*room, *who, who->identity);
  }
}

}  // namespace

void promote(Room& room, const Occupant& visitor) {
  Meeting& main = static_cast<Meeting&>(room).main();
  if (visitor.role != access::Role::Visitor) return;
  const std::string subject = visitor.identity.subject;
  std::erase(main.promoted, subject);
  if (main.promoted.size() >= kMaxPromoted) {
    main.service().counters.limits_reached.add();
    main.promoted.pop_front();
  }
  main.promoted.push_back(subject);
  log::info("visitor asked in", {{"room", main.name().key()}, {"nick", visitor.nick}});
  decide_all_anew(main, subject);
}

void demote(Room& room, const Occupant& promoted) {
  Meeting& main = static_cast<Meeting&>(room).main();
  const std::string subject = promoted.identity.subject;
  // A grant is taken back as such.
  if (main.grants.contains(subject) || std::erase(main.promoted, subject) == 0) return;
  log::info("visitor watches again", {{"room", main.name().key()}, {"nick", promoted.nick}});
  decide_all_anew(main, subject);
}

}  // namespace conclave::room
