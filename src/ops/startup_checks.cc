#include "ops/startup_checks.h"

#include <algorithm>
#include <map>

namespace conclave::ops {
namespace {

constexpr std::string_view kHttps = "https://";
constexpr std::string_view kHttp = "http://";

void warn(Settings& settings, std::string name, std::string text) {
  settings.notices.push_back({Notice::Kind::Warning, std::move(name), std::move(text)});
}

// Certificates are not fetched by this version; what docker would refuse is refused all the same, so that a file that
// is wrong there is not right here.
void check_certificates(const SettingReader& read, const Settings& settings) {
  if (!read.boolean("ENABLE_LETSENCRYPT").value_or(false)) return;
  if (!settings.https)
    read.wrong("ENABLE_LETSENCRYPT", "DISABLE_HTTPS=1 says that there is no certificate here. Keep one of them.");
  if (!read.has("LETSENCRYPT_EMAIL"))
    read.wrong("ENABLE_LETSENCRYPT", "Certificates are given to somebody with a mail address: set LETSENCRYPT_EMAIL.");
}

// Docker refuses its former defaults; these accounts do not exist here, so that a word is enough. Those that do:
// account_settings.h.
void check_unused_passwords(const SettingReader& read, Settings& settings) {
  std::map<std::string, std::string> seen;
  for (const char* name : {"JICOFO_COMPONENT_SECRET", "JICOFO_AUTH_PASSWORD", "JIGASI_SIP_PASSWORD"}) {
    const auto password = read.text(name);
    if (!password) continue;
    const auto [other, first] = seen.emplace(*password, name);
    if (*password == "passw0rd" || *password == "s3cr37")
      warn(settings, name, "The password is a published example: everybody knows it.");
    else if (!first)
      warn(settings, name, "It is the same password as " + other->second + ".");
  }
}

// Encryption and accounts are different things, and one does not bring the other (access.md D10).
void check_encryption(Settings& settings) {
  if (public_host(settings) == "localhost") return;
  const bool authenticated = settings.policies.base.auth.any();
  if (settings.public_url.starts_with(kHttp) && authenticated)
    warn(settings, "PUBLIC_URL",
         "People authenticate, but the public address is plain HTTP: tokens can be read on the way.");
  if (settings.public_url.starts_with(kHttps) && !authenticated)
    warn(settings, "PUBLIC_URL",
         "The public address is HTTPS, which keeps others from listening; nobody is authenticated all the same.");
}

// The port that people come to; absent if the address is not one of a port that we could serve.
std::uint16_t public_port(const Settings& settings) {
  const bool tls = settings.public_url.starts_with(kHttps);
  const std::string authority = settings.public_url.substr((tls ? kHttps : kHttp).size());
  const std::size_t colon = authority.rfind(':');
  const bool has_port = colon != std::string::npos && authority.find(']', colon) == std::string::npos;
  const auto port = has_port ? whole_number_of(authority.substr(colon + 1)) : std::nullopt;
  return static_cast<std::uint16_t>(port.value_or(tls ? 443 : 80));
}

void check_public_port(const SettingReader& read, Settings& settings) {
  if (!read.has("PUBLIC_URL")) return;
  const bool tls = settings.public_url.starts_with(kHttps);
  if (tls && !settings.https) return;  // a proxy in front ends TLS, and listens where it likes
  const std::uint16_t served = tls ? settings.https_port : settings.http_port;
  const std::uint16_t wanted = public_port(settings);
  if (served == 0 || wanted == 0 || served == wanted) return;
  warn(settings, "PUBLIC_URL",
       "People come to port " + std::to_string(wanted) + ", this server listens on " + std::to_string(served) +
           ": something between has to pass it on, or set " + (tls ? "HTTPS_PORT." : "HTTP_PORT."));
}

// environment.md 7. Only where it was written: the default is as wide, and nobody chose it.
void check_origins(const SettingReader& read, Settings& settings) {
  constexpr const char* kOrigins = "CORS_HEADER_ACCESS_CONTROL_ALLOW_ORIGIN";
  const bool wide = std::ranges::count(settings.transports.cors_origins, "*") > 0;
  if (!wide || !read.has(kOrigins) || !settings.policies.base.auth.token) return;
  settings.notices.push_back({Notice::Kind::Warning, kOrigins,
                              "Tokens are in use, and a page of any site may use BOSH with a token that it has got."});
}

}  // namespace

void check_together(const SettingReader& read, Settings& settings) {
  check_certificates(read, settings);
  check_encryption(settings);
  check_public_port(read, settings);
  check_origins(read, settings);
  check_unused_passwords(read, settings);
}

}  // namespace conclave::ops
