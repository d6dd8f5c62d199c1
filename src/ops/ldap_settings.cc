#include "ops/ldap_settings.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <utility>

#include "ldap/dn.h"
#include "ldap/placeholders.h"
#include "ldap/tls_context.h"
#include "ops/setting_reader.h"
#include "ops/settings.h"

namespace conclave::ops {
namespace {

using ldap::DirectoryOptions;
using ldap::Method;

constexpr std::size_t kMaxServers = 8;
constexpr std::string_view kExamplePassword = "LdapUserPassw0rd";

void warn(Settings& settings, std::string name, std::string text) {
  settings.notices.push_back({Notice::Kind::Warning, std::move(name), std::move(text)});
}

// "ldap://host", "ldaps://host:636/"; the rest of RFC 4516 has settings of its own.
bool is_server(const std::string& url) {
  const std::string lower = lower_ascii(url);
  const std::size_t scheme = lower.starts_with("ldap://") ? 7 : lower.starts_with("ldaps://") ? 8 : 0;
  if (scheme == 0) return false;
  std::string host = lower.substr(scheme);
  if (host.ends_with('/')) host.pop_back();
  return !host.empty() && host.find_first_of("/?#@, \"'<>") == std::string::npos;
}

bool is_loopback(const std::string& url) {
  const std::string host = url.substr(url.find("//") + 2);
  return host.starts_with("127.") || host.starts_with("localhost") || host.starts_with("[::1]");
}

std::vector<std::string> read_urls(const SettingReader& read) {
  std::istringstream words(read.text("LDAP_URL").value_or(""));
  std::vector<std::string> urls;
  for (std::string url; words >> url;) {
    if (!is_server(url)) {
      read.wrong("LDAP_URL",
                 "Write ldap://host or ldaps://host, with an optional :port; several with blanks between them.");
    }
    urls.push_back(lower_ascii(url));
  }
  if (urls.empty())
    throw ConfigError("LDAP_URL", "", "Directory accounts are to be checked: say where the directory is.");
  if (urls.size() > kMaxServers) read.wrong("LDAP_URL", "Name at most 8 servers.");
  return urls;
}

std::string read_dn(const SettingReader& read, const std::string& name) {
  const auto dn = read.text(name);
  if (dn && !ldap::normalised_dn(*dn))
    read.wrong(name, "Write a distinguished name, such as ou=people,dc=example,dc=com.");
  return dn.value_or("");
}

void read_search_account(const SettingReader& read, DirectoryOptions& options, Settings& settings) {
  options.bind_dn = read.text("LDAP_BINDDN").value_or("");
  options.bind_password = read.secret("LDAP_BINDPW").value_or("");
  if (!options.bind_dn.empty() && options.bind_password.empty()) {
    // Servers take that for an anonymous bind and say yes (RFC 4513 §5.1.2).
    throw ConfigError("LDAP_BINDPW", "", "LDAP_BINDDN is set: set its password too, or neither for anonymous search.");
  }
  if (options.bind_password == kExamplePassword)
    throw ConfigError("LDAP_BINDPW", "", "The password is a published example: everybody knows it.");
  if (options.bind_dn.empty() && !options.bind_password.empty()) {
    settings.notices.push_back(
        {Notice::Kind::Ignored, "LDAP_BINDPW", "There is no LDAP_BINDDN, so the search is anonymous."});
    options.bind_password.clear();
  }
}

void check_filter(const SettingReader& read, const std::string& name, const std::string& filter) {
  if (const auto unknown = ldap::unknown_placeholder(filter)) {
    read.wrong(name, "There is no placeholder " + *unknown +
                         ". Known are %u %U %d %1 to %9 %s %r %D, and %% for a percent sign.");
  }
  int depth = 0;
  for (const char c : filter) {
    depth += c == '(' ? 1 : c == ')' ? -1 : 0;
    if (depth < 0) break;
  }
  if (depth != 0) read.wrong(name, "The brackets do not match.");
}

void read_filter(const SettingReader& read, DirectoryOptions& options) {
  if (lower_ascii(read.text("LDAP_AUTH_METHOD").value_or("")) == "custom")
    read.wrong("LDAP_AUTH_METHOD", "Passwords are checked by the directory only. Use bind or fastbind.");
  options.method =
      read.choice<Method>("LDAP_AUTH_METHOD", {{"bind", Method::SearchAndBind}, {"fastbind", Method::FastBind}})
          .value_or(options.method);
  options.filter = read.text("LDAP_FILTER").value_or(options.filter);
  check_filter(read, "LDAP_FILTER", options.filter);
  const auto uses = [&](char letter) { return ldap::uses_placeholder(options.filter, letter); };
  if (!uses('u') && !uses('U')) read.wrong("LDAP_FILTER", "It names nobody in particular: use %u, the name as typed.");
  if (uses('D'))
    read.wrong("LDAP_FILTER", "%D is known only when the user is found: use it in CONCLAVE_LDAP_MODERATOR_FILTER.");
  if (options.method == Method::FastBind &&
      !ldap::normalised_dn(ldap::expand_dn(options.filter, {.user = "u", .realm = "r"})))
    read.wrong("LDAP_FILTER", "With fastbind it is the user's DN, such as uid=%u,ou=people,dc=example,dc=com.");
}

void read_roles(const SettingReader& read, DirectoryOptions& options, Settings& settings) {
  options.host_group = read_dn(read, "CONCLAVE_LDAP_HOST_GROUP");
  options.moderator_filter = read.text("CONCLAVE_LDAP_MODERATOR_FILTER").value_or("");
  check_filter(read, "CONCLAVE_LDAP_MODERATOR_FILTER", options.moderator_filter);
  const bool by_typed_name = std::ranges::any_of(
      std::string_view("uU"), [&](char letter) { return ldap::uses_placeholder(options.moderator_filter, letter); });
  if (by_typed_name) {
    warn(settings, "CONCLAVE_LDAP_MODERATOR_FILTER",
         "It looks for the name as typed, which need not be the name of who was found. Use %D, the DN of his entry.");
  }
  if (const auto name = read.text("CONCLAVE_LDAP_NAME_ATTRIBUTE")) options.name_attributes = {*name};
  options.mail_attribute = read.text("CONCLAVE_LDAP_MAIL_ATTRIBUTE").value_or(options.mail_attribute);
}

void check_ca_file(const SettingReader& read, const std::string& path) {
  std::ifstream in(path);
  if (!in)
    read.wrong("LDAP_TLS_CACERT_FILE", "The file cannot be read. Name one that exists and that the server may read.");
  // The TLS library takes a file without certificates for an empty list.
  for (std::string line; std::getline(in, line);) {
    if (line.find("CERTIFICATE-----") != std::string::npos) return;
  }
  read.wrong("LDAP_TLS_CACERT_FILE", "It holds no certificate (PEM).");
}

void read_certificates(const SettingReader& read, DirectoryOptions& options, Settings& settings) {
  ldap::TlsOptions& tls = options.tls;
  tls.verify = read.boolean("LDAP_TLS_CHECK_PEER").value_or(true);
  tls.ca_file = read.text("LDAP_TLS_CACERT_FILE").value_or("");
  tls.ca_directory = read.text("LDAP_TLS_CACERT_DIR").value_or("");
  if (!tls.ca_file.empty()) check_ca_file(read, tls.ca_file);
  if (!tls.ca_directory.empty() && !std::filesystem::is_directory(tls.ca_directory))
    read.wrong("LDAP_TLS_CACERT_DIR", "There is no such folder.");
  if (!ldap::TlsContext::make(tls)) read.wrong("LDAP_TLS_CACERT_FILE", "The TLS library does not understand it.");
  if (const auto ciphers = read.text("LDAP_TLS_CIPHERS")) {
    tls.ciphers = *ciphers;
    if (!ldap::TlsContext::make(tls)) {
      tls.ciphers.clear();
      settings.notices.push_back({Notice::Kind::Ignored, "LDAP_TLS_CIPHERS",
                                  "The TLS library does not understand this list (it wants GnuTLS's spelling); its own "
                                  "modern one is used."});
    }
  }
  if (!tls.verify) {
    warn(settings, "LDAP_TLS_CHECK_PEER",
         "The directory's certificate is not verified: whoever sits between can read every password.");
  }
}

// LDAP_USE_TLS says it once more; saying two things is an error, since one of them is not what the operator wants.
void check_tls_switches(const SettingReader& read, const DirectoryOptions& options) {
  const auto is_ldaps = [](const std::string& url) { return url.starts_with("ldaps:"); };
  const bool some = std::ranges::any_of(options.urls, is_ldaps);
  const bool every = std::ranges::all_of(options.urls, is_ldaps);
  if (options.tls.start_tls && some)
    read.wrong("LDAP_START_TLS", "LDAP_URL is ldaps://, which is TLS from the first byte. Use one of the two.");
  const auto wanted = read.boolean("LDAP_USE_TLS");
  if (wanted == true && !every && !options.tls.start_tls)
    read.wrong("LDAP_USE_TLS", "LDAP_URL is ldap://, which is clear text. Use ldaps://, or LDAP_START_TLS=1.");
  if (wanted == false && (some || options.tls.start_tls))
    read.wrong("LDAP_USE_TLS", "LDAP_URL or LDAP_START_TLS asks for TLS. Leave LDAP_USE_TLS out, or set it to 1.");
}

void read_tls(const SettingReader& read, DirectoryOptions& options, Settings& settings) {
  options.tls.start_tls = read.boolean("LDAP_START_TLS").value_or(false);
  check_tls_switches(read, options);
  if (ldap::uses_tls(options)) read_certificates(read, options, settings);
  const bool clear = !options.tls.start_tls && std::ranges::any_of(options.urls, [](const std::string& url) {
    return url.starts_with("ldap:") && !is_loopback(url);
  });
  if (clear)
    warn(settings, "LDAP_URL", "Passwords go to the directory in clear text. Use ldaps://, or LDAP_START_TLS=1.");
}

}  // namespace

DirectoryOptions read_ldap_settings(const SettingReader& read, Settings& settings) {
  DirectoryOptions options;
  options.urls = read_urls(read);
  options.realm = settings.xmpp_domain;
  options.base = read_dn(read, "LDAP_BASE");
  if (read.number("LDAP_VERSION", 1, 9).value_or(3) != 3)
    read.wrong("LDAP_VERSION", "Only version 3 is spoken, as by every directory of this century.");
  read_search_account(read, options, settings);
  read_filter(read, options);
  read_roles(read, options, settings);
  read_tls(read, options, settings);
  options.timeout = read.duration("CONCLAVE_LDAP_TIMEOUT").value_or(std::chrono::seconds(5));
  if (options.timeout < std::chrono::seconds(1) || options.timeout > std::chrono::minutes(1))
    read.wrong("CONCLAVE_LDAP_TIMEOUT", "Use 1 to 60 seconds.");
  options.cache = read.duration("CONCLAVE_LDAP_CACHE").value_or(options.cache);
  if (options.cache > std::chrono::hours(1))
    read.wrong("CONCLAVE_LDAP_CACHE", "Use at most an hour: so long somebody who was removed can still log in.");
  return options;
}

}  // namespace conclave::ops
