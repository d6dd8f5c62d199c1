#include "ops/setting_table.h"

namespace conclave::ops {
namespace {

using enum SettingKind;

constexpr SettingRow kServer[] = {
    {"HTTP_PORT", "http_port", Number, "8000",
     "Plain HTTP; 0 takes any free port. It serves the same as HTTPS, unless ENABLE_HTTP_REDIRECT is set."},
    {"HTTPS_PORT", "https_port", Number, "8443",
     "HTTP with TLS. Browsers give camera and microphone only to it, or to localhost."},
    {"DISABLE_HTTPS", "disable_https", Switch, "0", "No TLS here, because a proxy in front ends it."},
    {"CONCLAVE_BIND", "bind", Text, "0.0.0.0",
     "Address of this machine to listen on, TCP and UDP. 0.0.0.0 is all of them, IPv6 too where there is one."},
    {"PUBLIC_URL", "public_url", Text, "https://localhost:8443",
     "What people type, without a path. It goes into links, /config.js and the bridge channel's address. The default "
     "follows HTTPS_PORT."},
    {"ENABLE_XMPP_WEBSOCKET", "websocket", Switch, "1", "0: clients come by BOSH alone, which is always there."},
    {"CONCLAVE_XMPP_TCP", "xmpp_tcp", Switch, "",
     "XMPP over TCP, for recorders, SIP gateways and native clients; every stream has to begin with STARTTLS. Unset: "
     "open where a service has a password."},
    {"XMPP_PORT", "xmpp_port", Number, "5222", "The port of it; 0 takes any free one."},
    {"CORS_HEADER_ACCESS_CONTROL_ALLOW_ORIGIN", "bosh_origins", List, "*",
     "Pages that may use BOSH, and load scripts and fonts, from elsewhere, such as https://www.example.com. Nothing "
     "depends on cookies, so * is no door by itself."},
    {"CONCLAVE_PUSH_DISCOVERY", "push_discovery", Switch, "0",
     "Tell clients what this server has before they ask, which saves them a question at the start. Clients from before "
     "2024 then hear of no TURN server."},
    {"JVB_PORT", "media_port", Number, "10000", "UDP for media; loop n takes this and n more. 0 takes any free ports."},
    {"JVB_ADVERTISE_IPS", "advertise_ips", List, "",
     "Addresses that browsers are told, each with an optional #port; unset: the machine's own. Needed behind NAT.", "",
     "DOCKER_HOST_ADDRESS"},
    {"CONCLAVE_MEDIA_ON_HTTPS", "media_on_https", Switch, "1",
     "Media over TCP at the HTTPS port too, for whoever gets no UDP through. Has no effect where a proxy ends TLS."},
    {"CONCLAVE_MEDIA_HTTPS_MAPPED_PORT", "media_https_mapped_port", Number, "",
     "The HTTPS port as people reach it, for that. Unset: as PUBLIC_URL says."},
    {"CONCLAVE_MEDIA_PSEUDO_TLS", "media_pseudo_tls", Switch, "0",
     "Offer it also with a beginning that passes for TLS (\"ssltcp\"), for firewalls that look. Chromium and native "
     "clients know it."},
    {"JVB_TCP_HARVESTER_DISABLED", "media_tcp_disabled", Switch, "1", "0: media over TCP at a port of its own as well."},
    {"JVB_TCP_PORT", "media_tcp_port", Number, "4443", "That port; 0 takes any free one."},
    {"JVB_TCP_MAPPED_PORT", "media_tcp_mapped_port", Number, "", "As people reach it. Unset: the same."},
    {"JVB_ADVERTISE_PRIVATE_CANDIDATES", "advertise_private", Switch, "1",
     "0: browsers are told no private address once a public one is known."},
    {"JVB_REQUIRE_VALID_ADDRESS", "require_public_address", Switch, "0",
     "1: without any public address, the machine's own or in JVB_ADVERTISE_IPS, the server does not start."},
    {"CONCLAVE_LOUDEST_SPEAKERS", "loudest_speakers", Number, "0",
     "So many people of a meeting are heard at once, the loudest, up to 16, and always who dominates. 0: everybody."},
    {"CONCLAVE_LOOPS", "loops", Number, "1",
     "Threads for rooms, 1 to 64. One is the default because one UDP port is what firewalls are told about."},
    {"CONCLAVE_DATA", "data", Path, "./data",
     "Certificate, secrets, accounts: made if missing. A leading ~ is the home directory.", "", "CONFIG"},
    {"CONCLAVE_WEB_ROOT", "web_root", Path, "",
     "Directory with a web client, also a stock Jitsi Meet (its Debian package has one in /usr/share/jitsi-meet); "
     "unset: our own, web/dist of the source tree that the program was built from.",
     "", "WEB_ROOT"},
    {"CONCLAVE_ENV_FILE", "", Path, "./.env",
     "File with NAME=value lines, from the command line (--env-file) or the environment only. A file that is named "
     "must "
     "exist."},
    {"CONCLAVE_CONFIG_FILE", "", Path, "./conclave.toml",
     "This file, from the command line (--config), the environment or the .env file. Unset: ./conclave.toml, else "
     "conclave.toml in the data directory, if there is one. A file that is named must exist."},
};

constexpr SettingRow kRelays[] = {
    {"STUN_HOST", "stun_host", List, "", "STUN servers: two browsers find their way to each other by them."},
    {"STUN_PORT", "stun_port", Number, "443", "Theirs, UDP."},
    {"TURN_HOST", "turn_host", List, "", "TURN servers: they pass media on for whoever does not get here by UDP."},
    {"TURN_PORT", "turn_port", Number, "443", "Theirs."},
    {"TURN_TRANSPORT", "turn_transport", List, "tcp",
     "tcp, udp or both: from the browser to the TURN server. Stock clients reach a meeting by tcp only."},
    {"TURNS_HOST", "turns_host", List, "", "TURN servers that are spoken to with TLS."},
    {"TURNS_PORT", "turns_port", Number, "443", "Theirs, TCP."},
    {"TURN_CREDENTIALS", "turn_secret", Secret, "",
     "The secret that the TURN servers share with us (coturn: static-auth-secret). Passwords are made from it, and "
     "only "
     "for those who are let into a meeting."},
    {"TURN_TTL", "turn_ttl", Duration, "86400",
     "How long such a password is good. A call needs it for as long as it lasts."},
    {"TURN_USERNAME", "turn_username", Text, "",
     "With TURN_PASSWORD, instead of TURN_CREDENTIALS: one pair for everybody, which everybody can read."},
    {"TURN_PASSWORD", "turn_password", Secret, "", "See TURN_USERNAME."},
};

constexpr SettingRow kLog[] = {
    {"CONCLAVE_LOG_LEVEL", "level", Word, "info", "How much is written to stderr. Never a token, ticket or password.",
     "debug info warn warning error off", "LOG_LEVEL", Change::AtOnce},
    {"CONCLAVE_ADMIN_TOKEN", "admin_token", Secret, "",
     "Bearer token of /admin/v1, at least 16 bytes; unset: made in the data directory, file admin-token."},
    {"CONCLAVE_AUDIT_FILE", "audit_file", Path, "",
     "Audit log, JSON lines; unset: audit.log in the data directory. off: none."},
    {"CONCLAVE_ADMIN_URL", "admin_url", Text, "",
     "Where commands find the running server; unset: this machine's HTTP port."},
};

constexpr SettingRow kNames[] = {
    {"XMPP_DOMAIN", "xmpp_domain", Text, "meet.jitsi",
     "Rooms are at conference.<it> (muc.<it> is taken too). It need not resolve."},
    {"XMPP_AUTH_DOMAIN", "auth_domain", Text, "",
     "A further domain that clients may open streams to; auth.<domain> is taken anyway."},
    {"XMPP_GUEST_DOMAIN", "guest_domain", Text, "",
     "The same for guest.<domain>; whoever uses it is no less, and no more, than elsewhere."},
    {"XMPP_HIDDEN_DOMAIN", "hidden_domain", Text, "", "The same for a recorder's browser."},
    {"XMPP_INTERNAL_MUC_DOMAIN", "internal_muc_domain", Text, "",
     "Where attached recorders and gateways say how they are; unset: internal-muc.<domain>. Nobody else gets in."},
    {"XMPP_RECORDER_DOMAIN", "recorder_domain", Text, "", "Older name of the hidden domain; both are taken."},
};

}  // namespace

std::span<const SettingRow> server_rows() {
  return kServer;
}
std::span<const SettingRow> relay_rows() {
  return kRelays;
}
std::span<const SettingRow> log_rows() {
  return kLog;
}
std::span<const SettingRow> name_rows() {
  return kNames;
}

}  // namespace conclave::ops
