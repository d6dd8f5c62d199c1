#include "access/scope.h"

namespace conclave::access {

Scope Scope::everywhere() {
  Scope scope;
  scope.any_tenant = true;
  return scope;
}

Scope Scope::only(const RoomName& room) {
  Scope scope;
  scope.rooms = Rooms::Exact;
  scope.name = room.name();
  scope.claim = room.key();
  scope.without_tenant = room.tenant().empty();
  if (!room.tenant().empty()) scope.tenants.insert(room.tenant());
  return scope;
}

namespace {

bool tenant_covered(const Scope& scope, const RoomName& room) {
  if (room.tenant().empty()) return scope.without_tenant;
  return scope.any_tenant || scope.tenants.contains(room.tenant());
}

bool room_covered(const Scope& scope, const RoomName& room) {
  switch (scope.rooms) {
    case Scope::Rooms::All:
      return true;
    case Scope::Rooms::Exact:
      return room.name() == scope.name;
    case Scope::Rooms::Pattern:
      return scope.pattern && scope.pattern->matches(room.name());
    case Scope::Rooms::None:
      return false;
  }
  return false;
}

}  // namespace

ScopeVerdict covers(const Scope& scope, const RoomName& room, WallTime now) {
  if (scope.from && now < *scope.from) return ScopeVerdict::NotYet;
  if (scope.until && now >= *scope.until) return ScopeVerdict::Expired;
  if (!tenant_covered(scope, room)) return ScopeVerdict::OtherTenant;
  if (!room_covered(scope, room)) return ScopeVerdict::OtherRoom;
  return ScopeVerdict::InScope;
}

}  // namespace conclave::access
