#pragma once
// Who is in the lobby of a room (signalling.md 6.3): people who knock or wait for a host, and the moderators who look
// on. The lists and nothing else: what happens there is in lobby.h and admission.h, who may be there is asked of access
// each time. A lobby outlives its meeting, because people wait in it before there is one. Owned by Rooms, on its loop.
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "access/identity.h"
#include "access/room_name.h"
#include "xmpp/element.h"
#include "xmpp/session.h"

namespace conclave::room {

struct Knocker {
  // Waits: a host has to come, nobody sees him. Knocks: moderators see him. Admitted: he has been asked in and is on
  // his way.
  enum class Standing { Waits, Knocks, Admitted };

  std::string nick;  // in the lobby; another one than he takes in the room
  xmpp::SessionId session;
  xmpp::Jid real_jid;                // full
  xmpp::Jid lobby_address;           // bare, as he wrote it
  xmpp::Jid room_address;            // of the main room, bare, as he wrote it
  access::Identity identity;         // effective for the main room
  std::string peer;                  // network address
  std::uint64_t password_right = 0;  // Meeting::password_version that he knew
  Standing standing = Standing::Waits;
  xmpp::Element presence{"presence"};  // cleaned
};

struct Watcher {
  std::string nick;  // in the lobby
  xmpp::SessionId session;
  xmpp::Jid real_jid;
  xmpp::Jid lobby_address;
};

struct LobbyRoom {
  std::vector<std::unique_ptr<Knocker>> knockers;  // in order of arrival
  std::vector<Watcher> watchers;

  Knocker* knocker(xmpp::SessionId session) const;
  Knocker* knocker(std::string_view nick) const;
  const Watcher* watcher(xmpp::SessionId session) const;
  const Watcher* watcher(std::string_view nick) const;
  bool is_empty() const { return knockers.empty() && watchers.empty(); }
};

class Lobbies {
 public:
  // Null while nobody is there.
  LobbyRoom* find(const access::RoomName& room);
  const LobbyRoom* find(const access::RoomName& room) const;

  Knocker& add(const access::RoomName& room, std::unique_ptr<Knocker> knocker);
  void add(const access::RoomName& room, Watcher watcher);
  std::unique_ptr<Knocker> take_knocker(const access::RoomName& room, xmpp::SessionId session);
  std::optional<Watcher> take_watcher(const access::RoomName& room, xmpp::SessionId session);

  std::size_t count(const access::RoomName& room, Knocker::Standing standing) const;
  // Of all lobbies here: people who knock, and people from one address.
  std::size_t knocking() const;
  std::size_t from(const std::string& peer) const;
  std::vector<access::RoomName> rooms() const;  // whose lobby somebody is in

 private:
  void close_if_empty(const access::RoomName& room);

  std::map<access::RoomName, LobbyRoom> lobbies_;
  std::unordered_map<std::string, std::size_t> by_peer_;
};

}  // namespace conclave::room
