#pragma once
// From variables to oidc::Options, and to the issuer whose tokens a login gives. Throws ConfigError.
#include <optional>

#include "access/token.h"
#include "oidc/options.h"
#include "ops/setting_reader.h"

namespace conclave::ops {

// Absent without CONCLAVE_OIDC_ISSUER. token_secret is left empty: complete_secrets() makes it.
std::optional<oidc::Options> read_oidc(const SettingReader& read);

// Who signs what a login gives; `options.token_secret` is set.
access::Issuer oidc_token_issuer(const oidc::Options& options);

}  // namespace conclave::ops
