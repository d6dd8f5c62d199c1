#include "ops/known_names.h"

#include <algorithm>
#include <array>
#include <vector>

#include "ops/setting_table.h"

namespace conclave::ops {
namespace {

constexpr std::string_view kUsed[] = {
    "HTTP_PORT",
    "HTTPS_PORT",
    "DISABLE_HTTPS",
    "PUBLIC_URL",
    "XMPP_DOMAIN",
    "XMPP_AUTH_DOMAIN",
    "XMPP_GUEST_DOMAIN",
    "XMPP_HIDDEN_DOMAIN",
    "XMPP_RECORDER_DOMAIN",
    "PROSODY_TRUSTED_PROXIES",
    "JVB_AUTH_PASSWORD",
    "JVB_AUTH_PASSWORD_FILE",
    "JIBRI_RECORDER_PASSWORD",
    "JIBRI_RECORDER_PASSWORD_FILE",
    "JIBRI_XMPP_PASSWORD",
    "JIBRI_XMPP_PASSWORD_FILE",
    "JIGASI_XMPP_PASSWORD",
    "JIGASI_XMPP_PASSWORD_FILE",
    "JIGASI_TRANSCRIBER_PASSWORD",
    "JIGASI_TRANSCRIBER_PASSWORD_FILE",
    "JVB_AUTH_USER",
    "JIBRI_RECORDER_USER",
    "JIBRI_XMPP_USER",
    "JIGASI_XMPP_USER",
    "JIGASI_TRANSCRIBER_USER",
    "JVB_PORT",
    "JVB_ADVERTISE_IPS",
    "DOCKER_HOST_ADDRESS",
    "LOG_LEVEL",
    "CONFIG",
    "ENABLE_AUTH",
    "ENABLE_GUESTS",
    "AUTH_TYPE",
    "PROSODY_AUTH_TYPE",
    "JICOFO_ENABLE_AUTH",
    "JICOFO_AUTH_TYPE",
    "ENABLE_AUTO_OWNER",
    "ENABLE_AUTO_LOGIN",
    "JICOFO_AUTH_LIFETIME",
    "WAIT_FOR_HOST_DISABLE_AUTO_OWNERS",
    "JWT_APP_ID",
    "JWT_APP_SECRET",
    "JWT_APP_SECRET_FILE",
    "JWT_ACCEPTED_ISSUERS",
    "JWT_ACCEPTED_AUDIENCES",
    "JWT_ALLOW_EMPTY",
    "JWT_SIGN_TYPE",
    "JWT_ENABLE_DOMAIN_VERIFICATION",
    "JWT_ASAP_KEYSERVER",
    "JWT_ACCEPTED_ALLOWNER_ISSUERS",
    "LDAP_URL",
    "LDAP_BASE",
    "LDAP_BINDDN",
    "LDAP_BINDPW",
    "LDAP_BINDPW_FILE",
    "LDAP_FILTER",
    "LDAP_AUTH_METHOD",
    "LDAP_VERSION",
    "LDAP_USE_TLS",
    "LDAP_TLS_CIPHERS",
    "LDAP_TLS_CHECK_PEER",
    "LDAP_TLS_CACERT_FILE",
    "LDAP_TLS_CACERT_DIR",
    "LDAP_START_TLS",
    "CONCLAVE_LDAP_MODERATOR_FILTER",
    "CONCLAVE_LDAP_HOST_GROUP",
    "CONCLAVE_LDAP_NAME_ATTRIBUTE",
    "CONCLAVE_LDAP_MAIL_ATTRIBUTE",
    "CONCLAVE_LDAP_TIMEOUT",
    "CONCLAVE_LDAP_CACHE",
    "XMPP_MODULES",
    "XMPP_MUC_MODULES",
    "GLOBAL_MODULES",
    "ENABLE_REQUIRE_DISPLAY_NAME",
    "DISABLE_KICKOUT",
    "DISABLE_GRANT_MODERATOR",
    "CONCLAVE_ENV_FILE",
    "CONCLAVE_DATA",
    "CONCLAVE_LOOPS",
    "CONCLAVE_BIND",
    "CONCLAVE_WEB_ROOT",
    "CONCLAVE_ADMIN_TOKEN",
    "CONCLAVE_ADMIN_URL",
    "CONCLAVE_AUDIT_FILE",
    "CONCLAVE_ADMIN_TOKEN_FILE",
    "CONCLAVE_LOG_LEVEL",
    "CONCLAVE_AUTH",
    "CONCLAVE_GUESTS",
    "CONCLAVE_GUEST_ROOMS",
    "CONCLAVE_STARTERS",
    "CONCLAVE_MODERATORS",
    "CONCLAVE_AUTO_PROMOTE",
    "CONCLAVE_HOST_LEFT",
    "CONCLAVE_HOST_LEFT_GRACE",
    "CONCLAVE_RELOAD",
    "CONCLAVE_TOKEN_EXPIRY",
    "CONCLAVE_KICKED",
    "CONCLAVE_COOL_DOWN",
    "CONCLAVE_LOBBY",
    "CONCLAVE_LOBBY_PASSWORD",
    "CONCLAVE_WAITERS",
    "ENABLE_LOBBY",
    "CONCLAVE_JWT_PUBLIC_KEY_FILE",
    "CONCLAVE_JWT_JWKS_FILE",
    "CONCLAVE_JWT_JWKS_URL",
    "CONCLAVE_JWT_KEY_LIFETIME",
    "CONCLAVE_JWT_CA_FILE",
    "CONCLAVE_JWT_SINGLE_USE",
    "CONCLAVE_JWT_LEEWAY",
    "CONCLAVE_JWT_REQUIRE_EXP",
    "CONCLAVE_JWT_REQUIRE_ROOM",
    "JICOFO_RESERVATION_REST_BASE_URL",
    "PROSODY_RESERVATION_ENABLED",
    "PROSODY_RESERVATION_REST_BASE_URL",
    "CONCLAVE_OIDC_ISSUER",
    "CONCLAVE_OIDC_CLIENT_ID",
    "CONCLAVE_OIDC_CLIENT_SECRET",
    "CONCLAVE_OIDC_CLIENT_SECRET_FILE",
    "CONCLAVE_OIDC_SCOPES",
    "CONCLAVE_OIDC_HOST_CLAIM",
    "CONCLAVE_OIDC_HOST_VALUES",
    "CONCLAVE_OIDC_CA_FILE",
    "CONCLAVE_OIDC_NAME",
    "CONCLAVE_OIDC_TOKEN_LIFE",
    "CONCLAVE_BOOKING_URL",
    "CONCLAVE_BOOKING_CA_FILE",
    "CONCLAVE_BOOKING_TIMEOUT",
    "CONCLAVE_BOOKING_TRIES",
};

struct Ignored {
  std::string_view name;  // exact, or a prefix that ends with an underscore
  std::string_view reason;
};
constexpr std::string_view kOneProcess = "It belongs to a part that is inside this one program.";
constexpr std::string_view kAttached =
    "It is for a bridge, recorder or gateway that is attached from outside, which this version does not take.";
constexpr std::string_view kLater = "This version does not have the feature yet.";
constexpr std::string_view kClient = "It is a setting of the stock client, which this version does not serve.";

// The first row that fits counts, so exact names stand before the prefixes of their families.
constexpr Ignored kIgnored[] = {
    {"TZ", ""},
    {"DISPLAY", ""},
    {"RESTART_POLICY", ""},
    {"JITSI_", ""},
    {"AUTOSCALER_", ""},
    {"SENTRY_DSN", ""},
    {"GF_", ""},
    {"LOCAL_ADDRESS", ""},
    {"ENABLE_STATS_D", ""},
    {"JICOFO_COMPONENT_SECRET", kOneProcess},
    {"JICOFO_AUTH_PASSWORD", kOneProcess},
    {"JICOFO_AUTH_USER", kOneProcess},
    {"JICOFO_", kOneProcess},
    {"JVB_AUTH_", kAttached},
    {"JVB_BREWERY_MUC", kAttached},
    {"JVB_STUN_SERVERS", kLater},
    {"JVB_TCP_", kLater},
    {"JVB_", kAttached},
    {"JIBRI_", kAttached},
    {"JIGASI_", kAttached},
    {"GC_", kAttached},
    {"CHROMIUM_FLAGS", kAttached},
    {"MATRIX_", "Matrix accounts are not supported."},
    {"XMPP_SERVER", kOneProcess},
    {"XMPP_BOSH_URL_BASE", kOneProcess},
    {"XMPP_INTERNAL_", kAttached},
    {"XMPP_PORT", kAttached},
    {"XMPP_MUC_DOMAIN", "Rooms live at conference. and muc. of the XMPP domain."},
    {"XMPP_", kOneProcess},
    {"PROSODY_ADMINS", "No account is above the rules; use the admin API."},
    {"PROSODY_GUEST_AUTH_TYPE", "Guests are guests, whatever their domain."},
    {"PROSODY_", kOneProcess},
    {"GLOBAL_CONFIG", "No Lua is run."},
    {"JWT_AUTH_TYPE", kOneProcess},
    {"JWT_TOKEN_AUTH_MODULE", kOneProcess},
    {"ENABLE_LETSENCRYPT", kLater},
    {"LETSENCRYPT_", kLater},
    {"ENABLE_HTTP_REDIRECT", kLater},
    {"ENABLE_HSTS", kLater},
    {"ENABLE_IPV6", kLater},
    {"NGINX_", kOneProcess},
    {"CSP_HEADER", kLater},
    {"CORS_HEADER_", kLater},
    {"WEB_CONFIG_", kClient},
    {"ETHERPAD_", kLater},
    {"ENABLE_RECORDING", kLater},
    {"ENABLE_TRANSCRIPTIONS", kLater},
    {"ENABLE_LIVESTREAMING", kLater},
    {"ENABLE_VISITORS", kLater},
    {"VISITORS_", kLater},
    {"ENABLE_BREAKOUT_ROOMS", kLater},
    {"ENABLE_AV_MODERATION", kLater},
    {"ENABLE_MODERATOR_CHECKS", "Recording and dialling always need the moderator role."},
    {"ENABLE_OCTO", kLater},
    {"STUN_", kLater},
    {"TURN_", kLater},
    {"TURNS_", kLater},
    {"TOKEN_AUTH_URL", kClient},
    {"ENABLE_XMPP_WEBSOCKET", "WebSocket is always there."},
    {"ENABLE_AUTH_DOMAIN", "Domains mean nothing for rights here."},
    {"VIDEOBRIDGE_MAX_MEMORY", kOneProcess},
    {"COLIBRI_REST_ENABLED", kOneProcess},
    {"SHUTDOWN_REST_ENABLED", kOneProcess},
    {"MAX_SSRC", kLater},
    {"BRIDGE_", kOneProcess},
    {"MAX_BRIDGE_PARTICIPANTS", kOneProcess},
    {"DISABLE_", kClient},
    {"ENABLE_", kClient},
    {"HIDE_", kClient},
    {"START_", kClient},
    {"RESOLUTION", kClient},
    {"TOOLBAR_BUTTONS", kClient},
    {"DESKTOP_SHARING_", kClient},
    {"CODEC_ORDER_", kClient},
    {"VIDEOQUALITY_", kClient},
    {"P2P_", kClient},
    {"RTCSTATS_", kClient},
    {"WHITEBOARD_", kClient},
    {"DEPLOYMENTINFO_", kClient},
    {"DYNAMIC_BRANDING_URL", kClient},
    {"BRANDING_DATA_URL", kClient},
    {"ROOM_PASSWORD_DIGITS", kClient},
};

bool fits(std::string_view row, std::string_view name) {
  return row.ends_with('_') ? name.starts_with(row) : name == row;
}

// What decides nothing about people in a docker file either: ports, addresses, names. With these alone nobody brings
// docker's default that everybody may start rooms; a real docker file always has others (its three service passwords
// are required).
constexpr std::string_view kNeutral[] = {
    "TZ",        "CONFIG",   "HTTP_PORT",     "HTTPS_PORT",          "PUBLIC_URL",        "XMPP_DOMAIN",
    "LOG_LEVEL", "JVB_PORT", "DISABLE_HTTPS", "DOCKER_HOST_ADDRESS", "JVB_ADVERTISE_IPS", "DISPLAY"};

bool exactly_known(std::string_view name) {
  return is_used_name(name) || std::ranges::any_of(kIgnored, [&](const Ignored& row) { return row.name == name; });
}

}  // namespace

bool is_used_name(std::string_view name) {
  return setting_named(name) != nullptr || std::ranges::find(kUsed, name) != std::end(kUsed);
}

std::optional<std::string_view> why_ignored(std::string_view name) {
  for (const Ignored& row : kIgnored) {
    if (fits(row.name, name)) return row.reason;
  }
  return std::nullopt;
}

std::vector<std::pair<std::string_view, std::string_view>> ignored_names() {
  std::vector<std::pair<std::string_view, std::string_view>> all;
  for (const Ignored& row : kIgnored) all.emplace_back(row.name, row.reason);
  return all;
}

std::optional<std::string> probably_meant(std::string_view name) {
  constexpr std::size_t kShortest = 6;  // shorter names are near everything
  if (name.size() < kShortest || exactly_known(name)) return std::nullopt;
  const std::string bare = without_underscores(name);
  const auto near = [&](std::string_view known) {
    if (known.ends_with('_') || known.size() < kShortest) return false;
    if (without_underscores(known) == bare) return true;
    const std::size_t longer = std::max(known.size(), name.size());
    if (longer - std::min(known.size(), name.size()) > 2) return false;
    return edit_distance(known, name) <= (longer < 12 ? 1U : 2U);
  };
  for (const SettingSection& section : setting_sections()) {
    for (const SettingRow& row : section.rows) {
      if (near(row.name)) return std::string(row.name);
    }
  }
  for (const std::string_view known : kUsed) {
    if (near(known)) return std::string(known);
  }
  for (const Ignored& row : kIgnored) {
    if (near(row.name)) return std::string(row.name);
  }
  return std::nullopt;
}

bool is_docker_name(std::string_view name) {
  if (name.starts_with("CONCLAVE_") || std::ranges::find(kNeutral, name) != std::end(kNeutral)) return false;
  return is_used_name(name) || why_ignored(name).has_value();
}

}  // namespace conclave::ops
