#include "server/client_config.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "net/http_url.h"
#include "server/single_sign_on.h"
#include "server/station.h"
#include "web/client_script.h"
#include "xmpp/binding/stream_request.h"

namespace conclave::server {
namespace {

// conference.acme.meet.example: as stock config.js files write a tenant into an address.
std::string muc_of(const std::string& muc, std::string_view tenant) {
  const auto any_room = access::canonical_room("any", tenant);
  if (tenant.empty() || !any_room) return muc;
  const std::size_t dot = muc.find('.');
  return muc.substr(0, dot + 1) + any_room->tenant() + muc.substr(dot);
}

// What this server is; nothing that an operator says about the client may contradict it.
nlohmann::json own_part(const ops::Settings& settings, const Common& common, std::string_view tenant) {
  const std::string folder = tenant.empty() ? "/" : "/" + percent_encode(tenant) + "/";
  // The channels' origin is ws:// or wss://; BOSH is spoken over http:// or https://.
  const std::string origin = settings.web.bosh_relative ? "" : "http" + common.channel_origin.substr(2);
  const access::AuthMethods& auth = settings.policies.base.auth;
  nlohmann::json config{
      {"hosts",
       {{"domain", common.names.domain}, {"muc", muc_of(common.names.muc, tenant)}, {"focus", common.names.focus}}},
      {"bosh", origin + folder + std::string(xmpp::kBoshSegment)},
      {"focusUserJid", common.names.focus_user},
      {"hiddenDomain", common.attached.hidden_domain},
      {"bridgeChannel", {{"preferSctp", false}}},
      {"flags",
       {{"sourceNameSignaling", true}, {"sendMultipleVideoStreams", true}, {"receiveMultipleVideoStreams", true}}},
      {"enableUserRolesBasedOnToken", false},
      {"tokenLoginOnly", !auth.password && !auth.ldap}};
  if (settings.transports.websocket) config["websocket"] = common.channel_origin + folder + "xmpp-websocket";
  return config;
}

}  // namespace

bool has_shared_documents(const ops::Settings& settings) {
  return !nlohmann::json::parse(settings.client.json).value("etherpad_base", "").empty();
}

bool has_breakout_rooms(const ops::Settings& settings) {
  return !nlohmann::json::parse(settings.client.json).value("hideAddRoomButton", false);
}

namespace {

std::string config_script(const ops::Settings& settings, const Common& common, std::string_view tenant) {
  nlohmann::json config = nlohmann::json::object();
  if (common.single_sign_on != nullptr) common.single_sign_on->add_to_config(config);
  config.merge_patch(nlohmann::json::parse(settings.client.json));
  config.merge_patch(own_part(settings, common, tenant));
  return settings.client.prefix + (settings.client.prefix.empty() ? "" : "\n") + web::assignment("config", config) +
         settings.client.custom_config;
}

}  // namespace

const std::string& ClientConfig::script(std::string_view tenant) {
  if (const auto known = scripts_.find(tenant); known != scripts_.end()) return known->second;
  // Anybody may make up tenants.
  if (scripts_.size() >= kMaxTenantScripts) scripts_.clear();
  return scripts_.emplace(tenant, config_script(settings_, common_, tenant)).first->second;
}

}  // namespace conclave::server
