#include "room/lobby_room.h"

#include <algorithm>

namespace conclave::room {
namespace {

std::size_t count_in(const LobbyRoom& lobby, Knocker::Standing standing) {
  return static_cast<std::size_t>(
      std::ranges::count_if(lobby.knockers, [&](const auto& one) { return one->standing == standing; }));
}

template <class List, class Key>
auto* find_by(const List& list, const Key& is_it) {
  const auto found = std::ranges::find_if(list, is_it);
  return found == list.end() ? nullptr : &*found;
}

}  // namespace

Knocker* LobbyRoom::knocker(xmpp::SessionId session) const {
  const auto* found = find_by(knockers, [&](const auto& one) { return one->session == session; });
  return found ? found->get() : nullptr;
}

Knocker* LobbyRoom::knocker(std::string_view nick) const {
  const auto* found = find_by(knockers, [&](const auto& one) { return one->nick == nick; });
  return found ? found->get() : nullptr;
}

const Watcher* LobbyRoom::watcher(xmpp::SessionId session) const {
  return find_by(watchers, [&](const Watcher& one) { return one.session == session; });
}

const Watcher* LobbyRoom::watcher(std::string_view nick) const {
  return find_by(watchers, [&](const Watcher& one) { return one.nick == nick; });
}

LobbyRoom* Lobbies::find(const access::RoomName& room) {
  const auto found = lobbies_.find(room);
  return found == lobbies_.end() ? nullptr : &found->second;
}

const LobbyRoom* Lobbies::find(const access::RoomName& room) const {
  const auto found = lobbies_.find(room);
  return found == lobbies_.end() ? nullptr : &found->second;
}

void Lobbies::close_if_empty(const access::RoomName& room) {
  const auto found = lobbies_.find(room);
  if (found != lobbies_.end() && found->second.is_empty()) lobbies_.erase(found);
}

Knocker& Lobbies::add(const access::RoomName& room, std::unique_ptr<Knocker> knocker) {
  ++by_peer_[knocker->peer];
  auto& knockers = lobbies_[room].knockers;
  knockers.push_back(std::move(knocker));
  return *knockers.back();
}

void Lobbies::add(const access::RoomName& room, Watcher watcher) {
  lobbies_[room].watchers.push_back(std::move(watcher));
}

std::unique_ptr<Knocker> Lobbies::take_knocker(const access::RoomName& room, xmpp::SessionId session) {
  LobbyRoom* lobby = find(room);
  if (!lobby) return nullptr;
  const auto found = std::ranges::find_if(lobby->knockers, [&](const auto& one) { return one->session == session; });
  if (found == lobby->knockers.end()) return nullptr;
  std::unique_ptr<Knocker> taken = std::move(*found);
  lobby->knockers.erase(found);
  if (const auto peer = by_peer_.find(taken->peer); --peer->second == 0) by_peer_.erase(peer);
  close_if_empty(room);
  return taken;
}

std::optional<Watcher> Lobbies::take_watcher(const access::RoomName& room, xmpp::SessionId session) {
  LobbyRoom* lobby = find(room);
  if (!lobby) return std::nullopt;
  const auto found = std::ranges::find_if(lobby->watchers, [&](const auto& one) { return one.session == session; });
  if (found == lobby->watchers.end()) return std::nullopt;
  Watcher taken = std::move(*found);
  lobby->watchers.erase(found);
  close_if_empty(room);
  return taken;
}

std::size_t Lobbies::count(const access::RoomName& room, Knocker::Standing standing) const {
  const LobbyRoom* lobby = find(room);
  return lobby ? count_in(*lobby, standing) : 0;
}

std::size_t Lobbies::knocking() const {
  std::size_t count = 0;
  for (const auto& [name, lobby] : lobbies_) count += count_in(lobby, Knocker::Standing::Knocks);
  return count;
}

std::vector<access::RoomName> Lobbies::rooms() const {
  std::vector<access::RoomName> names;
  names.reserve(lobbies_.size());
  for (const auto& [name, lobby] : lobbies_) names.push_back(name);
  return names;
}

std::size_t Lobbies::from(const std::string& peer) const {
  const auto found = by_peer_.find(peer);
  return found == by_peer_.end() ? 0 : found->second;
}

}  // namespace conclave::room
