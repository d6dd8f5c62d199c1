#pragma once
// A Room as the feature files of this folder see it: with everything that they may change. Each group of members
// belongs to the feature that it names; nobody else writes it.
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "room/room.h"
#include "room/service.h"

namespace conclave::room {

class Meeting final : public Room {
 public:
  // `main`: of a breakout room, the main room that it belongs to and that outlives it.
  Meeting(Service& service, access::RoomName name, Meeting* main = nullptr);

  // What counts for a meeting with all its rooms is kept by its main room: everything below but history, subject and
  // expiry. Of a breakout room those members stay as they were made.
  Meeting& main() { return main_ != nullptr ? *main_ : *this; }
  const Meeting& main() const { return main_ != nullptr ? *main_ : *this; }

  Service& service() { return service_; }
  const Service& service() const { return service_; }
  const access::Policy& policy() const { return service_.policies.for_room(name()); }

  // Whether it still stands; false from the moment its last occupant was told to go.
  bool over() const { return over_; }
  void set_over() { over_ = true; }

  using Room::find;
  Occupant* find(std::string_view nick);
  Occupant* find(xmpp::SessionId session);
  Occupant& add(std::unique_ptr<Occupant> occupant);
  std::unique_ptr<Occupant> take(const Occupant& occupant);

  using Room::focus_presence;
  using Room::send;
  void send_to_all(std::string_view from_nick, const xmpp::Element& stanza) const;

  // breakout
  struct Mover {  // is between two rooms of this meeting, which keep his place
    xmpp::SessionId session;
    std::string nick;
    xmpp::Jid main_address;
    bool moderates = false;
    bool elected = false;
    bool stepped_down = false;
    Timer until;
  };
  struct Breakouts {
    std::vector<Meeting*> rooms;  // oldest first; owned by Rooms as every other room
    std::size_t made = 0;
    std::deque<Mover> movers;  // oldest first
    Timer all_left;
  } breakouts;

  // host_left
  struct Host {
    bool was_here = false;  // a host, or a moderator made by one; election does not count
    bool held = false;
    Timer grace;
  } host;

  // join
  Timer start_timeout;

  // moderation: both by identity.subject, for the meeting's life
  struct Grant {
    std::string by;  // nick
    std::optional<access::FeatureSet> features;
  };
  std::map<std::string, Grant> grants;
  std::deque<std::string> promoted;  // who came to watch and was asked in; oldest first
  struct Removed {
    std::string subject;
    std::string machine = {};  // browser, where it gave its name; binds guests only
    bool barred = false;
  };
  std::deque<Removed> removed;  // oldest first

  // owner_config
  std::string password;
  std::uint64_t password_version = 0;  // changes with the password; 0 while there is none
  void set_password(std::string text);
  bool accounts_only = false;           // allowUnauthenticatedAccess=false
  std::optional<std::size_t> capacity;  // less than the server's; absent: the server's
  // admission
  access::Lobby lobby;
  struct Admitted {
    std::string subject;
    bool entered = false;
  };
  std::deque<Admitted> admitted;  // oldest first
  xmpp::Jid lobby_jid() const;    // bare
  const Lobbies& lobbies() const { return service_.lobbies; }
  Timer empty_timeout;
  // life
  Timer services_only;
  // definitions
  std::optional<access::RoomDefinition> definition;
  Timer end;
  // subject
  struct Subject {
    std::string text;
    std::string nick;  // who set it; empty: nobody yet
  } title;
  // invitation
  std::size_t invitations = 0;               // given out so far
  std::deque<std::string> withdrawn_givers;  // access::giver_name of whose links count here no more; oldest first
  // history
  std::deque<xmpp::Element> history;
  // expiry
  std::unordered_map<xmpp::SessionId, Timer> expiry;

 private:
  Meeting* main_;
  bool over_ = false;
};

}  // namespace conclave::room
