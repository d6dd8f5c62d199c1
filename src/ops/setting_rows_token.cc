#include "ops/setting_table.h"

namespace conclave::ops {
namespace {

using enum SettingKind;

constexpr SettingRow kToken[] = {
    {"JWT_APP_ID", "app_id", Text, "conclave", "iss of accepted tokens, and of those that `conclave token` makes.", "",
     "", Change::AtOnce},
    {"JWT_APP_SECRET", "app_secret", Secret, "",
     "Shared secret (HS256 and kin), at least 16 bytes, better 32; unset: made in the data directory, file jwt-secret.",
     "", "", Change::AtOnce},
    {"CONCLAVE_JWT_PUBLIC_KEY_FILE", "public_key_file", Path, "",
     "Public key or certificate (PEM) of whoever signs; may stand beside the secret.", "", "", Change::AtOnce},
    {"JWT_SIGN_TYPE", "sign_type", Text, "",
     "The one algorithm of the key: HS256 for a secret and RS256 for a public key unless this says another. One "
     "algorithm a key, so that a token cannot choose a weaker one.",
     "", "", Change::AtOnce},
    {"JWT_ASAP_KEYSERVER", "key_server", Text, "", "Base address of a key server that has <sha256 of the key id>.pem.",
     "", "", Change::AtOnce},
    {"JWT_ACCEPTED_ISSUERS", "accepted_issuers", List, "",
     "What iss may be; unset: app_id. * accepts any, with a warning.", "", "", Change::AtOnce},
    {"JWT_ACCEPTED_AUDIENCES", "accepted_audiences", List, "*", "What aud may be. The claim must be there in any case.",
     "", "", Change::AtOnce},
    {"JWT_ENABLE_DOMAIN_VERIFICATION", "verify_domain", Switch, "0",
     "For rooms without tenant, sub must be the XMPP domain, the public host, or *. Tenants are always checked.", "",
     "", Change::AtOnce},
    {"CONCLAVE_JWT_LEEWAY", "leeway", Duration, "60 seconds", "How far clocks may differ, for exp and nbf.", "", "",
     Change::AtOnce},
    {"CONCLAVE_JWT_REQUIRE_EXP", "require_exp", Switch, "0", "Tokens without an end are refused.", "", "",
     Change::AtOnce},
    {"CONCLAVE_JWT_REQUIRE_ROOM", "require_room", Switch, "1", "Off: a token without a room claim is for all rooms.",
     "", "", Change::AtOnce},
    {"CONCLAVE_JWT_JWKS_FILE", "jwks_file", Path, "", "A key or key set (JWK, JWKS, or key id to PEM certificate).", "",
     "", Change::AtOnce},
    {"CONCLAVE_JWT_JWKS_URL", "jwks_url", Text, "",
     "Address of a key set; fetched, kept as long as its Cache-Control says, and fetched again.", "", "",
     Change::AtOnce},
    {"CONCLAVE_JWT_KEY_LIFETIME", "key_lifetime", Duration, "90 minutes",
     "How long a fetched key is good that its server no longer gives.", "", "", Change::AtOnce},
    {"CONCLAVE_JWT_CA_FILE", "ca_file", Path, "", "CA certificates (PEM) for the key server; unset: the system's.", "",
     "", Change::AtOnce},
    {"CONCLAVE_JWT_SINGLE_USE", "single_use", Switch, "0",
     "Each token (by its jti) lets in once; reloads go by ticket.", "", "", Change::AtOnce},
    {"JWT_ACCEPTED_ALLOWNER_ISSUERS", "moderator_issuers", List, "",
     "Only tokens of these issuers are moderators when they say nothing about a role.", "", "", Change::AtOnce},
};

}  // namespace

std::span<const SettingRow> token_rows() {
  return kToken;
}

}  // namespace conclave::ops
