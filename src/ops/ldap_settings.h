#pragma once
// The directory, from docker's LDAP_ names (environment.md, "LDAP") and our own CONCLAVE_LDAP_ ones.
#include "ldap/directory_options.h"

namespace conclave::ops {

class SettingReader;
struct Settings;

// Throws ConfigError for what cannot be meant: no LDAP_URL, TLS switches that contradict the URL, a filter that asks
// for nobody in particular, CA files that cannot be read. What is allowed and unwise becomes a notice of `settings`.
// `settings.xmpp_domain` is the realm.
ldap::DirectoryOptions read_ldap_settings(const SettingReader& read, Settings& settings);

}  // namespace conclave::ops
