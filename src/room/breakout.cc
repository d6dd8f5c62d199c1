#include "room/breakout.h"

#include <algorithm>
#include <charconv>

#include "base/log.h"
#include "room/election.h"
#include "room/host_left.h"
#include "room/life.h"
#include "room/subject.h"
#include "room/wire.h"

namespace conclave::room {
namespace {

// The first group of a UUID (RFC 9562 §4).
constexpr std::size_t kLoopDigits = 8;

// A fresh id that leads to this loop. One in `loops` does.
std::string breakout_id(Service& service) {
  const std::size_t here = service.loop.id().value % service.options.loops;
  while (true) {
    std::string id = service.random.uuid();
    if (breakout_loop(id, service.options.loops) == here) return id;
  }
}

// Nobody came from between the rooms.
void gave_up(Meeting& main, xmpp::SessionId session) {
  forget_mover(main, session);
  elect_if_needed(main);
  close_if_empty(main);
  review_hosts(main);
}

}  // namespace

std::size_t breakout_loop(std::string_view id, std::size_t loops) {
  std::uint32_t number = 0;
  const std::string_view digits = id.substr(0, kLoopDigits);
  std::from_chars(digits.data(), digits.data() + digits.size(), number, 16);
  return number % loops;
}

BreakoutAdded add_breakout(Room& room, std::string name) {
  auto& main = static_cast<Meeting&>(room);
  Service& service = main.service();
  Meeting* added =
      main.breakouts.rooms.size() < kMaxBreakouts ? service.open_breakout(main, breakout_id(service)) : nullptr;
  if (added == nullptr) {
    service.counters.limits_reached.add();
    return BreakoutAdded::TooMany;
  }
  ++main.breakouts.made;
  added->title = {.text = std::move(name), .nick = {}};
  return BreakoutAdded::Yes;
}

Room* find_breakout(Room& main, const xmpp::Jid& address) {
  for (Meeting* one : static_cast<Meeting&>(main).breakouts.rooms) {
    if (one->jid() == address.bare()) return one;
  }
  return nullptr;
}

void rename_breakout(Room& room, std::string name) {
  auto& breakout = static_cast<Meeting&>(room);
  breakout.title = {.text = std::move(name), .nick = {}};
  for (const auto& who : breakout.occupants()) send_subject(breakout, *who);
}

void remove_breakout(Room& room) {
  auto& breakout = static_cast<Meeting&>(room);
  if (breakout.over()) return;
  for (const auto& who : breakout.occupants()) begin_move(breakout, *who);
  end_meeting(breakout, kBreakoutRemoved, CoolDown::No);
}

std::vector<Meeting*> rooms_of(Meeting& main) {
  std::vector<Meeting*> rooms{&main};
  rooms.insert(rooms.end(), main.breakouts.rooms.begin(), main.breakouts.rooms.end());
  return rooms;
}

std::vector<const Meeting*> rooms_of(const Meeting& main) {
  std::vector<const Meeting*> rooms{&main};
  rooms.insert(rooms.end(), main.breakouts.rooms.begin(), main.breakouts.rooms.end());
  return rooms;
}

const Meeting::Mover* find_mover(const Meeting& main, xmpp::SessionId session) {
  const auto& movers = main.breakouts.movers;
  const auto found = std::ranges::find_if(movers, [&](const auto& one) { return one.session == session; });
  return found == movers.end() ? nullptr : &*found;
}

bool is_within(const Meeting& main, xmpp::SessionId session) {
  return find_mover(main, session) != nullptr ||
         std::ranges::any_of(rooms_of(main), [&](const Meeting* room) { return room->Room::find(session) != nullptr; });
}

bool nick_is_taken(const Meeting& main, std::string_view nick, xmpp::SessionId by) {
  const auto is_anothers = [&](const auto& one) { return one.nick == nick && one.session != by; };
  if (std::ranges::any_of(main.breakouts.movers, is_anothers)) return true;
  return std::ranges::any_of(rooms_of(main), [&](const Meeting* room) {
    const Occupant* holder = room->Room::find(nick);
    return holder != nullptr && holder->session != by;
  });
}

bool is_moderated(const Meeting& main, const Occupant* but) {
  if (std::ranges::any_of(main.breakouts.movers, [](const auto& one) { return one.moderates; })) return true;
  return std::ranges::any_of(rooms_of(main), [&](const Meeting* room) {
    return std::ranges::any_of(room->occupants(),
                               [&](const auto& who) { return who.get() != but && access::moderates(who->role); });
  });
}

bool is_deserted(const Meeting& main) {
  return main.breakouts.movers.empty() &&
         std::ranges::all_of(rooms_of(main), [](const Meeting* room) { return room->occupants().empty(); });
}

void begin_move(Meeting& from, const Occupant& who) {
  Meeting& main = from.main();
  if (main.over() || main.breakouts.rooms.empty()) return;
  forget_mover(main, who.session);
  auto& movers = main.breakouts.movers;
  if (movers.size() >= kMaxMovers) {
    main.service().counters.limits_reached.add();
    movers.pop_front();
  }
  Meeting::Mover& mover = movers.emplace_back(Meeting::Mover{.session = who.session,
                                                             .nick = who.nick,
                                                             .main_address = who.main_address,
                                                             .moderates = access::moderates(who.role),
                                                             .elected = who.elected,
                                                             .stepped_down = who.stepped_down,
                                                             .until = {}});
  mover.until = main.service().loop.after(kMoveTimeout, [&main, session = who.session] { gave_up(main, session); });
}

void end_move(Meeting& to, Occupant& who) {
  Meeting& main = to.main();
  who.main_address = who.room_address;
  if (const Meeting::Mover* mover = find_mover(main, who.session)) {
    who.stepped_down = mover->stepped_down;
    if (to.name().is_breakout()) who.main_address = mover->main_address;
    forget_mover(main, who.session);
    return;
  }
  if (!to.name().is_breakout()) return;
  for (const Meeting* room : rooms_of(std::as_const(main))) {
    const Occupant* same = room == &to ? nullptr : room->Room::find(who.session);
    if (same != nullptr) who.main_address = same->main_address;
  }
}

void forget_mover(Meeting& main, xmpp::SessionId session) {
  std::erase_if(main.breakouts.movers, [&](const auto& one) { return one.session == session; });
}

void stop_moving(Service& service, xmpp::SessionId session) {
  // One meeting per session, as a rule: it came from there.
  std::vector<Meeting*> left;
  for (const auto& [id, room] : service.breakouts) {
    Meeting& main = room->main();
    if (find_mover(main, session) != nullptr && std::ranges::count(left, &main) == 0) left.push_back(&main);
  }
  for (Meeting* main : left) gave_up(*main, session);
}

}  // namespace conclave::room
