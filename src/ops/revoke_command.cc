#include "ops/revoke_command.h"

#include <charconv>
#include <iostream>
#include <nlohmann/json.hpp>

#include "ops/admin_client.h"
#include "ops/setting_reader.h"

namespace conclave::ops {
namespace {

using Json = nlohmann::ordered_json;

std::string secret_of(const std::string& given) {
  if (given != "-") return given;
  std::string line;
  std::getline(std::cin, line);
  return std::string(without_blanks(line));
}

std::int64_t moment_of(const std::string& text, WallTime now) {
  if (text == "now") return now.time_since_epoch().count();
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error == std::errc{} && end == text.data() + text.size() && seconds >= 0) return seconds;
  throw ConfigError("--issued-before", text, "Use now, or seconds since 1970.");
}

Json order_of(const RevokeWish& wish, WallTime now) {
  Json order = Json::object();
  const auto put = [&order](const char* name, const std::string& value) {
    if (!value.empty()) order[name] = value;
  };
  put("token", secret_of(wish.token));
  put("jti", wish.token_id);
  put("token_hash", wish.token_hash);
  put("subject", wish.subject);
  put("account", wish.account);
  put("key_id", wish.key_id);
  put("ticket", secret_of(wish.ticket));
  put("issuer", wish.issuer);
  put("note", wish.note);
  if (!wish.issued_before.empty()) order["issued_before"] = moment_of(wish.issued_before, now);
  if (wish.lasts.empty()) return order;
  const auto lasts = duration_of(wish.lasts);
  if (!lasts) throw ConfigError("--lasts", wish.lasts, "Use a number and a unit, such as 2h or 30 days.");
  order["until"] = (now + *lasts).time_since_epoch().count();
  return order;
}

std::string line_of(const Json& one) {
  std::string line = one.at("id").get<std::string>() + "  " + one.at("kind").get<std::string>() + " " +
                     one.at("value").get<std::string>();
  if (const auto issuer = one.value("issuer", std::string()); !issuer.empty()) line += "  issuer " + issuer;
  if (one.at("issued_before").is_number()) line += "  issued before " + one.at("issued_before").dump();
  line += one.at("until").is_number() ? "  until " + one.at("until").dump() : std::string("  for ever");
  if (const auto note = one.value("note", std::string()); !note.empty()) line += "  (" + note + ")";
  return line + "\n";
}

std::string all(const Settings& settings) {
  const Json list = Json::parse(ask_admin(settings, {.path = "/revocations"}));
  std::string text;
  for (const Json& one : list.at("revocations")) text += line_of(one);
  return text.empty() ? "Nothing is revoked.\n" : text;
}

bool is_id(const std::string& text) {
  return !text.empty() && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

}  // namespace

std::string revoke(const RevokeWish& wish, const Settings& settings, WallTime now) {
  if (wish.list) return all(settings);
  if (!wish.take_back.empty()) {
    if (!is_id(wish.take_back)) throw ConfigError("--take-back", wish.take_back, "Use an id that --list shows.");
    ask_admin(settings, {.method = "DELETE", .path = "/revocations/" + wish.take_back});
    return "It counts again.\n";
  }
  const Json made =
      Json::parse(ask_admin(settings, {.method = "POST", .path = "/revocations", .body = order_of(wish, now).dump()}));
  return "Revoked: " + line_of(made);
}

}  // namespace conclave::ops
