#include <iterator>

#include "ops/client_table.h"
#include "ops/setting_table.h"

namespace conclave::ops {
namespace {

using enum SettingKind;

constexpr SettingRow kWeb[] = {
    {"ENABLE_HTTP_REDIRECT", "redirect_to_https", Switch, "0",
     "Pages over plain HTTP are sent to the public address. Metrics, health and the admin API stay where they are."},
    {"ENABLE_HSTS", "hsts", Switch, "1",
     "Browsers are told to come by HTTPS only (RFC 6797), where that is served here."},
    {"CSP_HEADER", "content_security_policy", Text, "",
     "Content-Security-Policy of all pages; unset: none. The stock client needs scripts in its pages."},
    {"ENABLE_SUBDOMAINS", "tenants", Switch, "1",
     "/tenant/room is a room of a tenant. 0: pages and config.js below a tenant are not found."},
    {"BOSH_RELATIVE", "bosh_relative", Switch, "0", "config.js names BOSH without the public address."},
    {"WEB_CONFIG_PREFIX", "config_prefix", Text, "",
     "JavaScript in front of config.js, as it stands. Behind it stand custom-config.js, and behind interface_config.js "
     "custom-interface_config.js, of the directory web in the data directory, if they are there."},
};

std::vector<SettingRow> all_client_rows() {
  std::vector<SettingRow> rows;
  for (const auto settings : {client_pages(), client_media(), client_services()}) {
    for (const ClientSetting& setting : settings) rows.push_back(setting.row);
  }
  return rows;
}

}  // namespace

std::span<const SettingRow> web_rows() {
  return kWeb;
}
std::span<const SettingRow> client_rows() {
  static const std::vector<SettingRow> rows = all_client_rows();
  return rows;
}

}  // namespace conclave::ops
