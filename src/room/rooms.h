#pragma once
// The MUC service of one loop: every room that lives here, and the entrance to them. It finds the room and the person a
// stanza is about and hands them to the feature's file; what a feature does stands there.
//
//   absent ─ ask/join that starts ─► open ◄─► held ─► (empty) absent        waiting: absent, and somebody waits
//                                     └─ end for all ─► ended ─ cool-down ─► absent
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "access/decide.h"
#include "access/room_name.h"
#include "base/random.h"
#include "loop/pinned.h"
#include "room/admin_view.h"
#include "room/counters.h"
#include "room/password_guesses.h"
#include "room/room_listener.h"
#include "room/service.h"
#include "xmpp/session.h"

namespace conclave::room {

class Meeting;
class Room;
struct Shown;

// A client with what was proved about it. Values: may have come from another loop.
struct Visitor {
  xmpp::Sender sender;
  access::Identity identity;
  std::string peer = {};     // network address of the connection, for limits
  std::string machine = {};  // the name of his browser, if his conference request gave one

  // He may ask before he opens one (signalling.md 4.2): then nothing is remembered of him.
  bool has_stream() const { return sender.session != xmpp::SessionId{}; }
};

class Rooms : public Pinned {
 public:
  // All references must outlive this; `policies` may be changed between turns. Destroying it tells nobody anything.
  Rooms(Loop& loop, xmpp::Outbox& outbox, Random& random, const access::PolicyBook& policies, RoomOptions options,
        RoomListener& listener, access::DecisionLog& log);
  ~Rooms();

  // The conference request (signalling.md 4): decides entry without entering. Starts the room if the decision says so;
  // a waiting person is counted until he asks again, leaves or the session ends. `from_ticket` is the identity of a
  // ticket in scope: it counts for this session in this room only, also at the join that follows. Who has no stream
  // yet is decided by what he shows now, and again at the join.
  access::Decision ask(const Visitor& visitor, const access::RoomName& room,
                       std::optional<access::Identity> from_ticket, const Booked& booked = {});
  // Whether ask() would start the room if the booking server agrees: then it is asked first, and its answer is passed
  // to ask(). A join that would start an unbooked room is told to ask again.
  bool would_start(const Visitor& visitor, const access::RoomName& room, std::optional<access::Identity> from_ticket);
  // Since would_start() said yes: false if the session has ended, and nothing is to be asked for it any more.
  bool still_asks(xmpp::SessionId session) const;

  // Rooms that are spoken of before they start. False if there are kMaxDefinitions already. A meeting that runs goes on
  // as it is, with the new owners, capacity and end.
  [[nodiscard]] bool define(access::RoomDefinition definition);
  bool undefine(const access::RoomName& room);  // false if it was not defined
  std::vector<access::RoomDefinition> definitions() const { return service_.definitions.all(); }

  // The breakout room of that id (breakout.h), if it is there.
  std::optional<access::RoomName> breakout_at(std::string_view id) const;
  // The same for a conference request. To somebody who is on his way it counts as there: he is told at the join that it
  // is gone, where stock clients go back to the main room; here they would give up.
  std::optional<access::RoomName> breakout_asked_for(xmpp::SessionId session, const std::string& id) const;

  // A presence, message or iq addressed to the MUC service, to a room or to an occupant.
  void stanza(const Visitor& visitor, const xmpp::Element& stanza);
  // The same addressed to the lobby of a room, or to somebody in it. To the component itself: `about` is the room that
  // his stream is about, null if it names none.
  void lobby_stanza(const Visitor& visitor, const xmpp::Element& stanza);
  void lobby_component_iq(const Visitor& visitor, const access::RoomName* about, const xmpp::Element& iq);
  void session_ended(xmpp::SessionId session);
  // <logout/>: what its tickets stood for counts no more. Who is inside by one stays until he leaves.
  void logged_out(xmpp::SessionId session);
  // The same session, new credential after a resumption: the role is decided anew.
  void identity_changed(const Visitor& visitor);

  // "End for all" by the operator: everybody gets the destroy, the room cools down. False if there is no such meeting.
  bool end_meeting(const access::RoomName& room);
  // By the operator: as a kick or, with `barred`, a ban by a host would. False if nobody of that nick is there.
  bool remove(const access::RoomName& room, std::string_view nick, bool barred, const std::string& reason);

  // Those inside whose credential `is_revoked` are decided anew as guests, and removed if guests may not be there; what
  // tickets stood for is forgotten.
  void credentials_revoked(const std::function<bool(const access::Identity&)>& is_revoked);

  // By the rules of now, for an operator who wants them to count for those inside too: whose credential `is_void` is a
  // guest, all are decided anew, and told the reason. Those in lobbies too.
  void decide_anew(const std::function<bool(const access::Identity&)>& is_void);

  // Tickets that were asked with in this process count for `which` no longer; nobody inside is decided anew.
  void forget_tickets(const std::function<bool(const access::Identity&)>& which) {
    service_.sessions.forget_tickets(which);
  }

  // What a join of this person would be answered now; changes nothing, and is not told to the decision log.
  access::Decision foresee(const access::Identity& identity, const access::RoomName& room);
  // The same for somebody who is connected: by the ticket and the machine that he showed.
  access::Decision foresee(const Visitor& visitor, const access::RoomName& room);

  // Null unless the room is open or held.
  const Room* find(const access::RoomName& room) const;
  Room* find(const access::RoomName& room);
  // The room of that address that the session is in; without one, the only room that it is in. Null if there is none.
  Room* room_of(xmpp::SessionId session, const std::optional<xmpp::Jid>& address);
  access::RoomState state_of(const access::RoomName& room) const;

  std::size_t room_count() const { return meetings_.size(); }  // open and held
  std::size_t occupant_count() const;
  std::size_t waiting_count() const { return service_.waiting.count(); }
  std::size_t knocking_count() const { return service_.lobbies.knocking(); }
  const RoomCounters& counters() const { return service_.counters; }
  std::vector<RoomView> view() const;  // open and held rooms
  std::vector<WaitingView> waiting() const;

 private:
  struct Addressed;

  Meeting* meeting(const access::RoomName& room) const;
  Meeting* open(const access::RoomName& room);
  bool has_started_enough(const Visitor& visitor);
  void has_started(const Visitor& visitor, const access::RoomName& room);
  std::string machine_of(const Visitor& visitor) const;
  Meeting* open_breakout(Meeting& main, std::string id);
  void retire(Meeting& meeting, CoolDown cool_down);
  void retire_breakout(Meeting& meeting);
  void defined_anew(const access::RoomName& room);
  access::Decision consider(const Visitor& visitor, const access::RoomName& room, const access::Identity& identity,
                            const Shown& shown, std::string_view act);

  bool may_guess(const Addressed& to) const;
  void guessed_wrong(const Addressed& to);
  void sent_away(const Addressed& to, const Shown& shown, const access::Decision& decision);
  void leave_waiting(xmpp::SessionId session, const access::RoomName& room);
  void keep_ticket(const Visitor& visitor, const access::RoomName& room, std::optional<access::Identity> from_ticket);
  void room_stanza(const Visitor& visitor, const xmpp::Jid& jid, const access::RoomName& name,
                   const xmpp::Element& stanza);
  void breakout_stanza(const Visitor& visitor, const xmpp::Jid& jid, const xmpp::Element& stanza);
  void presence(const Addressed& to, const xmpp::Element& stanza);
  void join(const Addressed& to, const xmpp::Element& stanza);
  void message(const Addressed& to, const xmpp::Element& stanza);
  void iq(const Addressed& to, const xmpp::Element& stanza);
  void room_iq(const Addressed& to, const xmpp::Element& stanza);
  void service_iq(const Visitor& visitor, const xmpp::Element& stanza);
  void answer(const Visitor& visitor, xmpp::Element stanza);

  Service service_;
  std::map<access::RoomName, std::unique_ptr<Meeting>> meetings_;
  std::map<access::RoomName, Booked> booked_;  // of meetings that run
  std::map<access::RoomName, Timer> cooling_;
  std::map<access::RoomName, std::string> started_ahead_;  // and by which network; those that were not entered yet
  PasswordGuesses guesses_;
};

}  // namespace conclave::room
