#include "ops/lua_lines.h"

#include <algorithm>

namespace conclave::ops {
namespace {

constexpr std::size_t kShownBytes = 80;

struct LuaName {
  std::string_view name;
  std::string_view variable;  // "" for those that need nothing
  std::string_view why = "";  // of those
};

constexpr std::string_view kAlways = "That is always so here.";

constexpr LuaName kNames[] = {
    {"allow_empty_token", "JWT_ALLOW_EMPTY"},
    {"enable_domain_verification", "JWT_ENABLE_DOMAIN_VERIFICATION"},
    {"asap_require_room_claim", "CONCLAVE_JWT_REQUIRE_ROOM"},
    {"asap_key_server", "JWT_ASAP_KEYSERVER"},
    {"cache_keys_url", "CONCLAVE_JWT_JWKS_URL"},
    {"asap_accepted_issuers", "JWT_ACCEPTED_ISSUERS"},
    {"asap_accepted_audiences", "JWT_ACCEPTED_AUDIENCES"},
    {"signature_algorithm", "JWT_SIGN_TYPE"},
    {"wait_for_host_disable_auto_owners", "WAIT_FOR_HOST_DISABLE_AUTO_OWNERS"},
    {"muc_max_occupants", "MAX_PARTICIPANTS"},
    {"party_check_timeout", "CONCLAVE_HOST_LEFT_GRACE"},
    {"reservations_api_prefix", "CONCLAVE_BOOKING_URL"},
    {"reservations_api_timeout", "CONCLAVE_BOOKING_TIMEOUT"},
    {"reservations_api_retry_count", "CONCLAVE_BOOKING_TRIES"},
    {"reservations_api_retry_delay", "", "Tries follow each other by a fixed plan."},
    {"muc_lobby_whitelist", "", "Services pass the lobby by what they are, not by a list."},
    {"token_verification_require_token_for_moderation", "", kAlways},
};

// Commas outside of quotation marks and braces, line breaks and semicolons end a line. Docker's file has them joined by
// commas, or by the two characters \n.
std::vector<std::string> lines_of(std::string text) {
  for (std::size_t at = 0; (at = text.find("\\n", at)) != std::string::npos;) text.replace(at, 2, "\n");
  std::vector<std::string> lines(1);
  int depth = 0;
  char quote = 0;
  for (const char c : text) {
    if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (c == '{' || c == '}') {
      depth += c == '{' ? 1 : -1;
    } else if ((c == ',' && depth == 0) || c == ';' || c == '\n') {
      lines.emplace_back();
      continue;
    }
    lines.back() += c;
  }
  return lines;
}

std::string unquoted(std::string_view text) {
  text = without_blanks(text);
  const bool quoted = text.size() >= 2 && (text.front() == '"' || text.front() == '\'') && text.back() == text.front();
  return std::string(quoted ? text.substr(1, text.size() - 2) : text);
}

FileSetting value_of(std::string_view text, const std::string& place) {
  text = without_blanks(text);
  if (!text.starts_with('{') || !text.ends_with('}')) return {unquoted(text), {}, place};
  FileSetting setting{.value = {}, .items = {}, .place = place};
  for (const std::string& item : lines_of(std::string(text.substr(1, text.size() - 2)))) {
    if (const std::string one = unquoted(item); !one.empty()) {
      setting.value += (setting.value.empty() ? "" : ", ") + one;
      setting.items.push_back(one);
    }
  }
  return setting;
}

void one_line(const SettingReader::Found& from, std::string_view line, Implied& implied) {
  line = without_blanks(line);
  if (line.empty() || line.starts_with("--")) return;
  const std::size_t equals = line.find('=');
  const std::string_view name = equals == std::string_view::npos ? line : without_blanks(line.substr(0, equals));
  const auto known = std::ranges::find(kNames, name, &LuaName::name);
  if (equals == std::string_view::npos || known == std::end(kNames)) {
    // The value may be a secret: only what stands before it is shown.
    implied.notices.push_back(
        {Notice::Kind::Ignored, from.name,
         "The line \"" + std::string(name.substr(0, kShownBytes)) + "\" is not known here; no Lua is run."});
    return;
  }
  if (known->variable.empty()) {
    implied.notices.push_back(
        {Notice::Kind::Ignored, from.name, std::string(name) + " has no effect. " + std::string(known->why)});
    return;
  }
  implied.settings.emplace(known->variable, value_of(line.substr(equals + 1), from.place + ", " + from.name));
}

}  // namespace

Implied read_lua_lines(const SettingReader& read) {
  Implied implied;
  for (const char* variable : {"XMPP_CONFIGURATION", "XMPP_MUC_CONFIGURATION", "GLOBAL_CONFIG"}) {
    const auto found = read.find_exactly(variable);
    if (!found) continue;
    for (const std::string& line : lines_of(found->value)) one_line(*found, line, implied);
  }
  return implied;
}

}  // namespace conclave::ops
