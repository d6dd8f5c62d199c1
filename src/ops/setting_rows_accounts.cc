// Settings of everything that knows people besides tokens: directory, single sign-on, booking server, service accounts.
#include "ops/setting_table.h"

namespace conclave::ops {
namespace {

using enum SettingKind;

constexpr SettingRow kLdap[] = {
    {"LDAP_URL", "url", Text, "",
     "Servers, with blanks between them: ldaps://ldap.example.com. The next is asked if one does not answer."},
    {"LDAP_BASE", "base", Text, "", "Where people are searched."},
    {"LDAP_BINDDN", "bind_dn", Text, "", "Who searches; unset: anonymously."},
    {"LDAP_BINDPW", "bind_password", Secret, "", "His password."},
    {"LDAP_FILTER", "filter", Text, "uid=%u",
     "Who counts. %u the name as typed, %U and %d its parts at the @, %D the person's DN; inserted texts are escaped."},
    {"LDAP_AUTH_METHOD", "method", Word, "bind",
     "bind: search, then bind as who was found. fastbind: bind as the filter says, without a search.", "bind fastbind"},
    {"LDAP_VERSION", "version", Number, "3", "Only 3."},
    {"LDAP_USE_TLS", "use_tls", Switch, "", "Whether TLS is used; must agree with the address."},
    {"LDAP_START_TLS", "start_tls", Switch, "0", "STARTTLS on ldap://; never falls back to clear text."},
    {"LDAP_TLS_CHECK_PEER", "verify", Switch, "1", "Off: any certificate is taken, with a warning at every start."},
    {"LDAP_TLS_CACERT_FILE", "ca_file", Path, "", "CA certificates; unset: the system's."},
    {"LDAP_TLS_CACERT_DIR", "ca_directory", Path, "", "The same as a directory."},
    {"LDAP_TLS_CIPHERS", "ciphers", Text, "", "Taken if the TLS library understands it."},
    {"CONCLAVE_LDAP_HOST_GROUP", "host_group", Text, "",
     "DN of the group whose members are hosts; others are participants. Unset: MODERATORS decides."},
    {"CONCLAVE_LDAP_MODERATOR_FILTER", "moderator_filter", Text, "",
     "The same by a filter, with the same placeholders. %D, the DN of the entry that was found, is the one to use: %u "
     "is "
     "what was typed, which the directory may take for more than one spelling of a name."},
    {"CONCLAVE_LDAP_NAME_ATTRIBUTE", "name_attribute", Text, "displayName", "Where the name stands that others see."},
    {"CONCLAVE_LDAP_MAIL_ATTRIBUTE", "mail_attribute", Text, "mail",
     "Where the mail address stands: for the booking server, shown to nobody."},
    {"CONCLAVE_LDAP_TIMEOUT", "timeout", Duration, "5 seconds", "How long one server may take."},
    {"CONCLAVE_LDAP_CACHE", "cache", Duration, "60 seconds", "How long a right password is remembered; 0 for never."},
};

constexpr SettingRow kOidc[] = {
    {"CONCLAVE_OIDC_ISSUER", "issuer", Text, "",
     "Address of the provider; its /.well-known/openid-configuration is read."},
    {"CONCLAVE_OIDC_CLIENT_ID", "client_id", Text, "",
     "What the provider calls this server. Its redirect address is <public address>/auth/callback."},
    {"CONCLAVE_OIDC_CLIENT_SECRET", "client_secret", Secret, "", "The secret that it gave; a public client has none."},
    {"CONCLAVE_OIDC_SCOPES", "scopes", Text, "openid profile email", "What is asked for."},
    {"CONCLAVE_OIDC_HOST_CLAIM", "host_claim", Text, "",
     "Claim that says who is host, such as groups. Unset: MODERATORS decides."},
    {"CONCLAVE_OIDC_HOST_VALUES", "host_values", List, "", "Its values that make a host; others are participants."},
    {"CONCLAVE_OIDC_CA_FILE", "ca_file", Path, "", "CA certificates for the provider; unset: the system's."},
    {"CONCLAVE_OIDC_NAME", "name", Text, "", "What the log-in button says."},
    {"CONCLAVE_OIDC_TOKEN_LIFE", "token_life", Duration, "1 hour", "How long one log-in is good, a minute to a day."},
};

constexpr SettingRow kBooking[] = {
    {"CONCLAVE_BOOKING_URL", "url", Text, "",
     "Asked before a room is started (Jicofo's reservation protocol). No answer: no room."},
    {"PROSODY_RESERVATION_ENABLED", "enabled", Switch, "", "Switches docker's names of the address, on or off."},
    {"PROSODY_RESERVATION_REST_BASE_URL", "", Text, "", "Docker's name of url; counts if it is switched on."},
    {"JICOFO_RESERVATION_REST_BASE_URL", "", Text, "", "Its older name; counts unless it is switched off."},
    {"CONCLAVE_BOOKING_CA_FILE", "ca_file", Path, "", "CA certificates for it; unset: the system's."},
    {"CONCLAVE_BOOKING_TIMEOUT", "timeout", Duration, "20 seconds", "How long one try may take."},
    {"CONCLAVE_BOOKING_TRIES", "tries", Number, "3", "How often it is tried in all."},
};

constexpr SettingRow kServices[] = {
    {"PROSODY_TRUSTED_PROXIES", "trusted_proxies", List, "127.0.0.1, ::1",
     "Proxies whose X-Forwarded-For and X-Forwarded-Proto are believed."},
    {"JIBRI_RECORDER_USER", "recorder_user", Text, "recorder",
     "Account of a recorder's browser: hidden, and let in only where it was called."},
    {"JIBRI_RECORDER_PASSWORD", "recorder_password", Secret, "",
     "Unset: none can log in. At least 12 characters, for this service alone."},
    {"JIBRI_XMPP_USER", "jibri_user", Text, "jibri", "Control account of an attached recorder."},
    {"JIBRI_XMPP_PASSWORD", "jibri_password", Secret, "", "Likewise."},
    {"JIBRI_BREWERY_MUC", "jibri_room", Text, "jibribrewery", "Room of the internal domain where recorders meet."},
    {"JIBRI_SIP_BREWERY_MUC", "jibri_sip_room", Text, "",
     "The same for recorders that make SIP calls; unset: there are none."},
    {"JIBRI_PENDING_TIMEOUT", "jibri_timeout", Duration, "90 seconds",
     "How long a recorder may take until it records; then another one is asked."},
    {"JIBRI_REQUEST_RETRIES", "jibri_retries", Number, "5", "How many others are asked, at most 100."},
    {"JIGASI_XMPP_USER", "jigasi_user", Text, "jigasi", "Account of an attached SIP gateway."},
    {"JIGASI_XMPP_PASSWORD", "jigasi_password", Secret, "", "Likewise."},
    {"JIGASI_BREWERY_MUC", "jigasi_room", Text, "jigasibrewery",
     "Room of the internal domain where SIP gateways and transcribers meet."},
    {"JIGASI_TRANSCRIBER_USER", "transcriber_user", Text, "transcriber", "Account of an attached transcriber."},
    {"JIGASI_TRANSCRIBER_PASSWORD", "transcriber_password", Secret, "", "Likewise."},
    {"JVB_AUTH_USER", "bridge_user", Text, "jvb", "Account of an attached bridge."},
    {"JVB_AUTH_PASSWORD", "bridge_password", Secret, "", "Likewise."},
};

}  // namespace

std::span<const SettingRow> ldap_rows() {
  return kLdap;
}
std::span<const SettingRow> oidc_rows() {
  return kOidc;
}
std::span<const SettingRow> booking_rows() {
  return kBooking;
}
std::span<const SettingRow> service_rows() {
  return kServices;
}

}  // namespace conclave::ops
