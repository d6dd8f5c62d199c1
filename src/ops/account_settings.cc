#include "ops/account_settings.h"

#include <algorithm>
#include <map>

#include "ops/setting_reader.h"
#include "sasl/prepare.h"
#include "xmpp/jid.h"

namespace conclave::ops {
namespace {

constexpr std::string_view kPublished[] = {"passw0rd", "s3cr37", "password", "changeme"};

struct Service {
  const char* user;
  const char* default_user;
  const char* password;
  bool hidden;                             // logs in at the hidden domain, else at that of the service accounts
  std::string service::Options::*subject;  // where its identity's name goes; null: nowhere
};
constexpr Service kServices[] = {
    {"JIBRI_RECORDER_USER", "recorder", "JIBRI_RECORDER_PASSWORD", true, &service::Options::recorder},
    {"JIGASI_TRANSCRIBER_USER", "transcriber", "JIGASI_TRANSCRIBER_PASSWORD", true, &service::Options::transcriber},
    {"JIBRI_XMPP_USER", "jibri", "JIBRI_XMPP_PASSWORD", false, &service::Options::jibri},
    {"JIGASI_XMPP_USER", "jigasi", "JIGASI_XMPP_PASSWORD", false, &service::Options::jigasi},
    {"JVB_AUTH_USER", "jvb", "JVB_AUTH_PASSWORD", false, nullptr},
};

[[noreturn]] void wrong_password(const SettingReader& read, const std::string& name, const std::string& why) {
  const auto found = read.find(name);
  throw ConfigError(name, "", why + " A good one: openssl rand -hex 16", found ? found->place : "");
}

void check_password(const SettingReader& read, const std::string& name, const std::string& password) {
  if (std::ranges::count(kPublished, lower_ascii(password)) > 0) {
    wrong_password(read, name, "The password is a published default: everybody can guess it.");
  }
  if (password.size() < kMinServicePasswordLength) {
    wrong_password(
        read, name,
        "The password has fewer than " + std::to_string(kMinServicePasswordLength) + " characters: it can be guessed.");
  }
}

std::string domain_from(const SettingReader& read, std::initializer_list<const char*> names,
                        const std::string& otherwise) {
  for (const char* name : names) {
    if (const auto domain = read.text(name)) return lower_ascii(*domain);
  }
  return otherwise;
}

void read_attached(const SettingReader& read, const std::string& xmpp_domain, service::Options& attached) {
  attached.brewery_domain = domain_from(read, {"XMPP_INTERNAL_MUC_DOMAIN"}, "internal-muc." + xmpp_domain);
  const auto put_room = [&](const char* name, std::string& room) {
    const auto text = read.text(name);
    if (!text) return;
    room = lower_ascii(*text);
    const auto jid = xmpp::Jid::parse(room + "@x");
    if (!jid || jid->node != room) read.wrong(name, "Write a room's name alone, such as jibribrewery.");
  };
  put_room("JIBRI_BREWERY_MUC", attached.jibri_brewery);
  put_room("JIBRI_SIP_BREWERY_MUC", attached.sip_jibri_brewery);
  put_room("JIGASI_BREWERY_MUC", attached.jigasi_brewery);
  if (const auto timeout = read.duration("JIBRI_PENDING_TIMEOUT")) attached.pending_timeout = *timeout;
  if (const auto retries = read.number("JIBRI_REQUEST_RETRIES", 0, service::kMaxRetries)) {
    attached.retries = static_cast<int>(*retries);
  }
}

}  // namespace

AccountSettings read_account_settings(const SettingReader& read, const std::string& xmpp_domain) {
  AccountSettings settings;
  const std::string auth = domain_from(read, {"XMPP_AUTH_DOMAIN"}, "auth." + xmpp_domain);
  const std::string hidden = domain_from(read, {"XMPP_HIDDEN_DOMAIN", "XMPP_RECORDER_DOMAIN"}, "hidden." + xmpp_domain);
  std::map<std::string, std::string> owner_of;
  for (const Service& service : kServices) {
    const auto password = read.secret(service.password);
    if (!password) continue;
    check_password(read, service.password, *password);
    const auto [other, first] = owner_of.emplace(*password, service.password);
    if (!first) wrong_password(read, service.password, "The password is that of " + other->second + " too.");
    const std::string user = read.text(service.user).value_or(service.default_user);
    auto name = sasl::prepare_username(user);
    if (!name) read.wrong(service.user, "No account can have this name.");
    auto prepared = sasl::prepare_password(*password);
    if (!prepared) wrong_password(read, service.password, "The password has characters that cannot be typed.");
    const std::string& domain = service.hidden ? hidden : auth;
    if (service.subject != nullptr) settings.attached.*service.subject = sasl::service_subject(*name, domain);
    settings.services.push_back({*std::move(name), *std::move(prepared), domain});
  }
  settings.attached.hidden_domain = hidden;
  read_attached(read, xmpp_domain, settings.attached);
  auto proxies = read.list("PROSODY_TRUSTED_PROXIES");
  if (proxies.empty()) proxies = {"127.0.0.1", "::1"};
  for (const std::string& proxy : proxies) {
    if (!settings.proxies.add(proxy)) {
      read.wrong("PROSODY_TRUSTED_PROXIES",
                 "\"" + proxy + "\" is no address and no network. Write such as 10.0.0.1 or 10.0.0.0/8.");
    }
  }
  return settings;
}

}  // namespace conclave::ops
