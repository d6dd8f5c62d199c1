#pragma once
// What a credential is good for: which rooms, which tenants, from when until when (access.md 4.2, 4.9). Pure; any
// thread.
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "access/lua_pattern.h"
#include "access/room_name.h"
#include "base/time.h"

namespace conclave::access {

struct Scope {
  enum class Rooms { All, Exact, Pattern, None };  // None: the claim names no room that can exist

  Rooms rooms = Rooms::All;
  std::string name;                   // Exact: canonical, without tenant
  std::optional<LuaPattern> pattern;  // Pattern
  std::string claim;                  // the claim as it was written, for the reason

  bool any_tenant = false;
  std::set<std::string> tenants;  // canonical
  bool without_tenant = true;     // rooms outside any tenant

  // Both with the issuer's leeway already applied: good while from <= now < until.
  std::optional<WallTime> from;
  std::optional<WallTime> until;

  static Scope everywhere();                // guests, accounts: every room of every tenant
  static Scope only(const RoomName& room);  // tickets
};

enum class ScopeVerdict { InScope, NotYet, Expired, OtherTenant, OtherRoom };
ScopeVerdict covers(const Scope& scope, const RoomName& room, WallTime now);

}  // namespace conclave::access
