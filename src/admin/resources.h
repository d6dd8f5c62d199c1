#pragma once
// What each row of the table does; a file per resource.
#include "admin/call.h"

namespace conclave::admin {

// rooms.cc
void list_rooms(Call call);
void show_room(Call call);
void end_room(Call call);
void explain_occupant(Call call);
void show_media(Call call);
void kick_occupant(Call call);
void bar_occupant(Call call);
// definitions.cc
void list_definitions(Call call);
void show_definition(Call call);
void define_room(Call call);
void undefine_room(Call call);
// explain.cc
void explain(Call call);
// revocations.cc
void list_revocations(Call call);
void revoke(Call call);
void take_back(Call call);
// operating.cc
void health(Call call);
void status(Call call);
void reload(Call call);
void audit_tail(Call call);
// openapi.cc
void openapi(Call call);

}  // namespace conclave::admin
