#include "ops/web_settings.h"

#include <algorithm>

#include "ops/setting_reader.h"

namespace conclave::ops {
namespace {

// What stands in a header of each answer.
std::string header_value(const SettingReader& read, const std::string& name) {
  const std::string value = read.text(name).value_or("");
  if (std::ranges::any_of(value, [](unsigned char c) { return c < 0x20 || c >= 0x7f; }))
    read.wrong(name, "Write it on one line, in ASCII: it goes into a header of each answer.");
  return value;
}

}  // namespace

WebSettings read_web(const SettingReader& read) {
  WebSettings web;
  web.tenants = read.boolean("ENABLE_SUBDOMAINS").value_or(web.tenants);
  web.redirect_to_https = read.boolean("ENABLE_HTTP_REDIRECT").value_or(web.redirect_to_https);
  web.hsts = read.boolean("ENABLE_HSTS").value_or(web.hsts);
  web.content_security_policy = header_value(read, "CSP_HEADER");
  // The header has one origin or all; scripts and fonts are nobody's secret.
  const std::vector<std::string> origins = read.list("CORS_HEADER_ACCESS_CONTROL_ALLOW_ORIGIN");
  if (origins.size() == 1) web.shared_origin = origins.front();
  web.bosh_relative = read.boolean("BOSH_RELATIVE").value_or(web.bosh_relative);
  web.region = read.text("DEPLOYMENTINFO_REGION").value_or("");
  web.shard = header_value(read, "DEPLOYMENTINFO_SHARD");
  return web;
}

}  // namespace conclave::ops
