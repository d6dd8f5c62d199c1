#include "ops/setting_table.h"

namespace conclave::ops {
namespace {

using enum SettingKind;

// The switches of access.md 4.3; the default is each one's first word.
constexpr SettingRow kPolicy[] = {
    {"CONCLAVE_AUTH", "auth", List, "token",
     "Which credentials can be verified: any of token, password, ldap, or none alone. What is not listed is not looked "
     "at, so that nobody gets in by a way that was forgotten. A directory (ldap) that was not there at the start comes "
     "with a restart.",
     "", "", Change::AtOnce},
    {"CONCLAVE_GUESTS", "guests", Word, "join",
     "Somebody without a credential may enter an open room (join), not come in at all (deny), or also start rooms "
     "(create).",
     "join deny create", "", Change::AtOnce, true},
    {"CONCLAVE_GUEST_ROOMS", "guest_rooms", List, "",
     "Patterns (walk-in-*, lounge/*) of rooms where guests = create holds; elsewhere it means join. Empty: everywhere.",
     "", "", Change::AtOnce},
    {"CONCLAVE_STARTERS", "starters", Word, "moderators",
     "Which authenticated people bring a room into being: those who are moderators there, or everybody authenticated.",
     "moderators authenticated", "", Change::AtOnce, true},
    {"CONCLAVE_MODERATORS", "moderators", Word, "all",
     "What somebody is whose credential says nothing about a role: moderator (all) or participant (claimed). A role "
     "that is said always wins.",
     "all claimed", "", Change::AtOnce, true},
    {"CONCLAVE_AUTO_PROMOTE", "auto_promote", Word, "",
     "Whom the server makes moderator when none is there. Unset: anyone where nobody is authenticated and in guest "
     "rooms, else never, so that coming first is not a right.",
     "never authenticated anyone", "", Change::AtOnce, true},
    {"CONCLAVE_HOST_LEFT", "host_left", Word, "hold",
     "After the last moderator left and the grace is over: new guests wait (hold), nothing happens (open), the meeting "
     "ends for all (end).",
     "hold open end", "", Change::AtOnce, true},
    {"CONCLAVE_HOST_LEFT_GRACE", "host_left_grace", Duration, "60 seconds",
     "So long nothing happens: a reload is not a departure.", "", "", Change::AtOnce, true},
    {"CONCLAVE_WAITERS", "waiters", Word, "admit",
     "When a host arrives, those who wait come in (admit) or become knockers (ask).", "admit ask", "", Change::AtOnce,
     true},
    {"MAX_PARTICIPANTS", "max_participants", Number, "500",
     "How many people one room takes; the next is told that it is full.", "", ""},
    {"ENABLE_LOBBY", "lobby_exists", Switch, "1",
     "Off: there is no lobby at all, and people who wait ask again every few seconds. What clients are told of the "
     "server follows with a restart.",
     "", "", Change::AtOnce, true},
    {"CONCLAVE_LOBBY", "lobby", Word, "off",
     "Who has to knock from the first second of a meeting; moderators can change it in the room.", "off guests all", "",
     Change::AtOnce, true},
    {"CONCLAVE_LOBBY_PASSWORD", "lobby_password", Word, "yes", "Whether the room's password passes its lobby.",
     "yes no", "", Change::AtOnce, true},
    {"CONCLAVE_RELOAD", "reload", Word, "room",
     "Whether a browser's ticket carries a role over a reload into the same room. Without it (off) a moderator who "
     "presses F5 waits outside his own meeting.",
     "room off", "", Change::AtOnce, true},
    {"JICOFO_AUTH_LIFETIME", "ticket_lifetime", Duration, "24 hours",
     "Longest life of a ticket; never longer than the token that it came from.", "", "", Change::AtOnce},
    {"ENABLE_AUTO_LOGIN", "auto_login", Switch, "1",
     "For accounts: the ticket outlives the meeting. Off, a password is asked for again for each meeting.", "", "",
     Change::AtOnce},
    {"CONCLAVE_AT_RELOAD", "at_reload", Word, "keep",
     "New settings count from the next decision on. Those inside stay as they are until then (keep), or are decided "
     "anew "
     "at once, and removed if they would not be let in (anew). POST /admin/v1/reload may say either for once.",
     "keep anew", "", Change::AtOnce},
    {"CONCLAVE_TOKEN_EXPIRY", "token_expiry", Word, "keep",
     "A token expires during a meeting: its holder stays but cannot come back on it (keep), becomes what he is without "
     "it (demote), is taken out (remove).",
     "keep demote remove", "", Change::AtOnce, true},
    {"CONCLAVE_KICKED", "kicked", Word, "knock",
     "How a kicked person may come back to this meeting: a moderator has to let him in (knock), freely (return), not "
     "at "
     "all (barred).",
     "knock return barred", "", Change::AtOnce, true},
    {"CONCLAVE_COOL_DOWN", "cool_down", Duration, "10 seconds",
     "After \"end for all\" only a host may begin anew for so long; others' clients would reopen it by reconnecting.",
     "", "", Change::AtOnce, true},
    {"ENABLE_REQUIRE_DISPLAY_NAME", "require_display_name", Switch, "0", "Nobody comes in without a name.", "", "",
     Change::AtOnce, true},
    {"DISABLE_KICKOUT", "disable_kick", Switch, "0",
     "Nobody kicks or bans; on the server, where a hidden button is not enough.", "", "", Change::AtOnce, true},
    {"DISABLE_GRANT_MODERATOR", "disable_grant", Switch, "0", "Nobody makes others moderator.", "", "", Change::AtOnce,
     true},
    {"DISABLE_POLLS", "disable_polls", Switch, "0", "Nobody makes or answers polls.", "", "", Change::AtOnce, true},
    {"ENABLE_AV_MODERATION", "av_moderation", Switch, "1", "Off: no moderator may forbid others to unmute themselves.",
     "", "", Change::AtOnce, true},
    {"ENABLE_END_CONFERENCE", "end_for_all", Switch, "1", "Off: no moderator may end the meeting for all.", "", "",
     Change::AtOnce, true},
};

constexpr SettingRow kDocker[] = {
    {"ENABLE_AUTH", "", Switch, "0",
     "0: nobody is authenticated and everybody may start rooms (auth none, guests create, auto_promote anyone). 1: "
     "AUTH_TYPE says who is.",
     "", "", Change::AtOnce},
    {"AUTH_TYPE", "", List, "internal", "List of jwt, internal, ldap: auth token, password, ldap.", "", "",
     Change::AtOnce},
    {"PROSODY_AUTH_TYPE", "", List, "", "Newer name of AUTH_TYPE, which wins.", "", "", Change::AtOnce},
    {"JICOFO_AUTH_TYPE", "", Text, "", "Focus asks the same question as everybody else; AUTH_TYPE answers it.", "", "",
     Change::AtOnce},
    {"ENABLE_GUESTS", "", Switch, "0", "With ENABLE_AUTH=1: 1 is guests join, 0 is guests deny.", "", "",
     Change::AtOnce},
    {"JWT_ALLOW_EMPTY", "", Switch, "0", "Means the same as ENABLE_GUESTS here: guests join, they start nothing.", "",
     "", Change::AtOnce},
    {"JICOFO_ENABLE_AUTH", "", Switch, "1",
     "0 with ENABLE_AUTH=1: credentials are checked, nobody needs one of a moderator to start (starters authenticated, "
     "auto_promote by ENABLE_AUTO_OWNER).",
     "", "", Change::AtOnce},
    {"ENABLE_AUTO_OWNER", "", Switch, "1",
     "Without authentication: whether the first one becomes moderator (auto_promote anyone or never).", "", "",
     Change::AtOnce},
    {"WAIT_FOR_HOST_DISABLE_AUTO_OWNERS", "", Switch, "0", "1 is moderators claimed.", "", "", Change::AtOnce},
    {"XMPP_MODULES", "", List, "", "Names of Prosody modules; those that carry policy are translated.", "", "",
     Change::AtOnce},
    {"XMPP_MUC_MODULES", "", List, "", "Likewise.", "", "", Change::AtOnce},
    {"XMPP_INTERNAL_MUC_MODULES", "", List, "", "Likewise.", "", "", Change::AtOnce},
    {"XMPP_LOBBY_MUC_MODULES", "", List, "", "Likewise.", "", "", Change::AtOnce},
    {"XMPP_BREAKOUT_MUC_MODULES", "", List, "", "Likewise.", "", "", Change::AtOnce},
    {"XMPP_SPEAKERSTATS_MODULES", "", List, "", "Likewise.", "", "", Change::AtOnce},
    {"GLOBAL_MODULES", "", List, "", "Likewise.", "", "", Change::AtOnce},
    {"XMPP_CONFIGURATION", "", Text, "",
     "Lines of Lua, separated by commas or line breaks; those of the form name = value that are known are translated. "
     "No Lua is run.",
     "", "", Change::AtOnce},
    {"XMPP_MUC_CONFIGURATION", "", Text, "", "Likewise.", "", "", Change::AtOnce},
    {"GLOBAL_CONFIG", "", Text, "", "Likewise.", "", "", Change::AtOnce},
    {"JWT_TOKEN_AUTH_MODULE", "", Word, "token_verification",
     "token_no_wildcard refuses the room claim *; anything else is a notice.", "", "", Change::AtOnce},
};

}  // namespace

std::span<const SettingRow> policy_rows() {
  return kPolicy;
}
std::span<const SettingRow> docker_policy_rows() {
  return kDocker;
}

}  // namespace conclave::ops
