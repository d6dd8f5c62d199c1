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
  Meeting(Service& service, access::RoomName name);

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
  // definitions
  std::optional<access::RoomDefinition> definition;
  Timer end;
  // subject
  struct Subject {
    std::string text;
    std::string nick;  // who set it; empty: nobody yet
  } subject;
  // invitation
  std::size_t invitations = 0;               // given out so far
  std::deque<std::string> withdrawn_givers;  // access::giver_name of whose links count here no more; oldest first
  // history
  std::deque<xmpp::Element> history;
  // expiry
  std::unordered_map<xmpp::SessionId, Timer> expiry;

 private:
  bool over_ = false;
};

}  // namespace conclave::room
