#pragma once
// The server as the admin API sees it. On loop 0; asks the others by messages.
#include <optional>
#include <string>
#include <vector>

#include "admin/backend.h"
#include "audit/audit_log.h"
#include "loop/pinned.h"
#include "server/revocations.h"
#include "server/room_book.h"
#include "server/settings_desk.h"
#include "server/station.h"

namespace conclave::server {

class Operator final : public Pinned, public admin::Backend {
 public:
  struct Means {
    Revocations& revocations;
    RoomBook& rooms;
    SettingsDesk& settings;
    audit::AuditLog* audit = nullptr;  // null: off
    std::string audit_file;
  };
  // All referred to outlives this.
  Operator(Loop& loop, Common& common, Means means);

  WallTime now() const override { return loop().wall_now(); }
  void rooms(admin::Reply<admin::RoomList> reply) override;
  void end_room(access::RoomName room, admin::Reply<void> reply) override;
  void remove_occupant(admin::Removal removal, admin::Reply<void> reply) override;
  void media(access::RoomName room, admin::Reply<std::string> reply) override;
  void explain(admin::Question question, admin::Reply<ops::Explanation> reply) override;
  std::vector<access::Revocation> revocations() const override;
  void revoke(admin::RevokeOrder order, admin::Reply<access::Revocation> reply) override;
  void take_back(std::string id, admin::Reply<void> reply) override;
  std::vector<admin::DefinedRoom> definitions() const override { return means_.rooms.all(); }
  void define(access::RoomDefinition definition, admin::Reply<admin::DefinedRoom> reply) override;
  void undefine(access::RoomName room, admin::Reply<void> reply) override;
  void reload(std::optional<ops::AtReload> inside, admin::Reply<admin::Reloaded> reply) override;
  void status(admin::Reply<admin::Status> reply) override;
  void audit_tail(std::size_t lines, admin::Reply<std::vector<std::string>> reply) override;
  void audit(std::string act, std::string outcome, std::string peer, std::string detail) override;

 private:
  // `name` of a local account, or as the directory knows people.
  void explain_account(access::RoomName room, std::string name, admin::Reply<ops::Explanation> reply);
  Station& front() const { return *common_.stations.front(); }
  // `work` on the room's loop; what it returns goes to `reply` on this one.
  template <class T, class Work>
  void at_room(const access::RoomName& room, Work work, UniqueFunction<void(T)> reply);

  Common& common_;
  Means means_;
  WallTime started_;
  WallTime refusal_audited_ = {};
};

}  // namespace conclave::server
