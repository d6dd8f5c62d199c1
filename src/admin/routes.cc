#include "admin/resources.h"
#include "admin/route.h"

namespace conclave::admin {
namespace {

constexpr std::span<const int> kNone;
constexpr int kMissing[] = {404};
constexpr int kExplain[] = {404, 409, 503};
constexpr int kRevoke[] = {409, 422, 500};
constexpr int kTakeBack[] = {404, 500};
constexpr int kReload[] = {422, 503};
constexpr int kDefine[] = {409, 422, 500};
constexpr int kUndefine[] = {404, 409, 500};
constexpr int kAudit[] = {404, 503};

constexpr Route kRoutes[] = {
    {"GET", "/health", "health", "Does every loop answer, and is there something to look at", "", "", "Health", 200,
     kNone, health},
    {"GET", "/status", "status", "The policy in force in sentences, notices on settings, counts", "", "", "Status", 200,
     kNone, status},
    {"GET", "/rooms", "listRooms", "All rooms, and what people wait for", "", "", "RoomList", 200, kNone, list_rooms},
    {"GET", "/rooms/{room}", "showRoom", "One room with its occupants and their reasons", "", "", "Room", 200, kMissing,
     show_room},
    {"POST", "/rooms/{room}/end", "endRoom", "End the meeting for all", "", "", "Done", 200, kMissing, end_room, true},
    {"GET", "/rooms/{room}/explain/{nick}", "explainOccupant", "Why an occupant has his role", "", "", "Occupant", 200,
     kMissing, explain_occupant},
    {"GET", "/debug/room/{room}", "showMedia",
     "The media of a room: loss, jitter, round trip and bit rates of each endpoint, what it is sent, and why", "", "",
     "RoomMedia", 200, kMissing, show_media},
    {"POST", "/rooms/{room}/occupants/{nick}/kick", "kickOccupant",
     "Take an occupant out; KICKED says how he may return", "", "Removal", "Done", 200, kMissing, kick_occupant, true},
    {"POST", "/rooms/{room}/occupants/{nick}/bar", "barOccupant",
     "Take a person out, with all his devices, until the meeting ends", "", "Removal", "Done", 200, kMissing,
     bar_occupant, true},
    {"GET", "/definitions", "listDefinitions", "Rooms that were defined before they start", "", "", "DefinitionList",
     200, kNone, list_definitions},
    {"GET", "/definitions/{room}", "showDefinition", "One of them", "", "", "Definition", 200, kMissing,
     show_definition},
    {"PUT", "/definitions/{room}", "defineRoom",
     "Define a room, or define it anew; a meeting that runs goes on with the new owners, capacity and end", "",
     "RoomDefinition", "Definition", 200, kDefine, define_room, true},
    {"DELETE", "/definitions/{room}", "undefineRoom", "Let it be a room like any other", "", "", "Done", 200, kUndefine,
     undefine_room, true},
    {"POST", "/explain", "explain", "What would happen if that person came to that room now", "", "Question",
     "Explanation", 200, kExplain, explain},
    {"GET", "/revocations", "listRevocations", "What has been taken back", "", "", "RevocationList", 200, kNone,
     list_revocations},
    {"POST", "/revocations", "revoke", "Take a credential back, everywhere and at once", "", "RevokeOrder",
     "Revocation", 201, kRevoke, revoke, true},
    {"DELETE", "/revocations/{id}", "takeBack", "Let it count again", "", "", "Done", 200, kTakeBack, take_back, true},
    {"POST", "/reload", "reload", "Read the settings anew", "", "ReloadOrder", "Reloaded", 200, kReload, reload, true},
    {"GET", "/audit", "audit", "The last lines of the audit log", "AuditQuery", "", "AuditTail", 200, kAudit,
     audit_tail},
    {"GET", "/openapi.json", "openapi", "This document", "", "", "Document", 200, kNone, openapi},
};

}  // namespace

std::span<const Route> routes() {
  return kRoutes;
}

}  // namespace conclave::admin
