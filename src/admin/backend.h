#pragma once
// What the admin API asks of the server that it stands in. Called on loop 0; answers come there, at once or in a later
// turn.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "access/revocation.h"
#include "access/room_definition.h"
#include "access/room_name.h"
#include "base/result.h"
#include "base/time.h"
#include "base/unique_function.h"
#include "ops/explain.h"
#include "ops/settings_change.h"
#include "room/admin_view.h"

namespace conclave::admin {

// An answer that is none: HTTP status, what is wrong, and what to do next.
struct Problem {
  int status = 404;
  std::string error;
  std::string remedy;
};

template <class T>
using Reply = UniqueFunction<void(Result<T, Problem>)>;

struct RoomList {
  std::vector<room::RoomView> rooms;
  std::vector<room::WaitingView> waiting;  // for rooms that are not there
};

// "What would happen if" he came now.
struct Question {
  access::RoomName room;
  std::optional<std::string> token;    // the person's; absent: a guest, or the account
  std::optional<std::string> account;  // name of a local account, or in the directory
};

struct Removal {
  access::RoomName room;
  std::string nick;
  bool barred = false;  // every device of the person, and he does not come back
  std::string reason;
};

struct RevokeOrder {
  access::Revocation revocation;      // `value` is empty if one of the next two is given
  std::optional<std::string> token;   // whose hash is revoked
  std::optional<std::string> ticket;  // whose wallet is
};

struct DefinedRoom {
  access::RoomDefinition definition;
  bool by_settings = false;  // conclave.toml has it; else it was defined here
};

struct Reloaded {
  std::vector<std::string> policy;  // the start-up's sentences, as they are now
  ops::SettingsChange change;
};

struct Status {
  std::string version;
  WallTime started = {};
  std::vector<std::string> policy;   // the start-up's sentences
  std::vector<std::string> notices;  // settings without effect, warnings
  std::size_t rooms = 0;
  std::size_t occupants = 0;
  std::size_t waiting = 0;
  std::size_t sessions = 0;
  std::size_t revocations = 0;
  std::optional<std::string> audit_file;  // absent: off
  std::uint64_t audit_written = 0;
  std::uint64_t audit_lost = 0;
  std::vector<std::string> troubles;  // what an operator should look at now; empty: none
};

class Backend {
 public:
  virtual ~Backend() = default;

  virtual WallTime now() const = 0;
  virtual void rooms(Reply<RoomList> reply) = 0;
  virtual void end_room(access::RoomName room, Reply<void> reply) = 0;
  virtual void remove_occupant(Removal removal, Reply<void> reply) = 0;
  // The media of a room as JSON text, by the schema RoomMedia.
  virtual void media(access::RoomName room, Reply<std::string> reply) = 0;
  virtual void explain(Question question, Reply<ops::Explanation> reply) = 0;

  virtual std::vector<access::Revocation> revocations() const = 0;
  // Answered when it is stored; in force before that.
  virtual void revoke(RevokeOrder order, Reply<access::Revocation> reply) = 0;
  virtual void take_back(std::string id, Reply<void> reply) = 0;

  virtual std::vector<DefinedRoom> definitions() const = 0;
  // Answered when it is stored; in force before that.
  virtual void define(access::RoomDefinition definition, Reply<DefinedRoom> reply) = 0;
  virtual void undefine(access::RoomName room, Reply<void> reply) = 0;

  // Reads the settings anew. `inside`: what becomes of those who are inside; absent: as the new settings say.
  virtual void reload(std::optional<ops::AtReload> inside, Reply<Reloaded> reply) = 0;
  virtual void status(Reply<Status> reply) = 0;
  // JSON lines, oldest first.
  virtual void audit_tail(std::size_t lines, Reply<std::vector<std::string>> reply) = 0;
  // That the API was used to change something, or in vain.
  virtual void audit(std::string act, std::string outcome, std::string peer, std::string detail) = 0;
};

}  // namespace conclave::admin
