#include "admin/resources.h"

namespace conclave::admin {
namespace {

using access::Revocation;

Json seconds(const std::optional<WallTime>& time) {
  return time ? Json(time->time_since_epoch().count()) : Json(nullptr);
}

Json as_json(const Revocation& one) {
  return {{"id", one.id()},
          {"kind", access::revocation_kind_text(one.kind)},
          {"value", one.value},
          {"issuer", one.issuer},
          {"issued_before", seconds(one.issued_before)},
          {"until", seconds(one.until)},
          {"made", seconds(one.made)},
          {"note", one.note}};
}

std::optional<WallTime> time_in(const Json& body, const char* name) {
  if (!body.contains(name)) return std::nullopt;
  return WallTime(std::chrono::seconds(body[name].get<std::int64_t>()));
}

bool is_hash(const std::string& text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

constexpr std::string_view kNames = "jti, token, token_hash, subject, account, key_id or ticket";

Result<RevokeOrder, Problem> order_in(const Json& body) {
  RevokeOrder order;
  int named = 0;
  for (const auto& [name, value] : body.items()) {
    const auto kind = access::revocation_kind_named(name);
    if (name != "token" && !kind) continue;
    ++named;
    if (name == "token") {
      order.token = value.get<std::string>();
      order.revocation.kind = Revocation::Kind::TokenHash;
    } else if (*kind == Revocation::Kind::Wallet) {
      order.ticket = value.get<std::string>();
      order.revocation.kind = *kind;
    } else {
      order.revocation.kind = *kind;
      order.revocation.value = value.get<std::string>();
    }
  }
  if (named != 1) {
    return failure(
        Problem{400, "A revocation names one credential.", "Give exactly one of " + std::string(kNames) + "."});
  }
  if (order.revocation.kind == Revocation::Kind::TokenHash && !order.token && !is_hash(order.revocation.value)) {
    return failure(
        Problem{400, "That is no SHA-256.", "Give 64 hexadecimal digits in lower case, or the token itself."});
  }
  order.revocation.issuer = body.value("issuer", std::string());
  order.revocation.issued_before = time_in(body, "issued_before");
  order.revocation.until = time_in(body, "until");
  order.revocation.note = body.value("note", std::string());
  return order;
}

}  // namespace

void list_revocations(Call call) {
  Json list = Json::array();
  for (const Revocation& one : call.backend.revocations()) list.push_back(as_json(one));
  call.reply(json_response(200, {{"revocations", std::move(list)}}));
}

void revoke(Call call) {
  auto order = order_in(call.body);
  if (!order) return call.reply(problem_response(order.error()));
  const WallTime now = call.backend.now();
  order->revocation.made = now;
  if (order->revocation.until && *order->revocation.until <= now) {
    return call.reply(problem_response(
        {422, "That moment has passed: nothing would be revoked.", "Give `until` in the future, or leave it out."}));
  }
  call.backend.revoke(*std::move(order), answer<Revocation>(std::move(call.reply), 201,
                                                            [](const Revocation& made) { return as_json(made); }));
}

void take_back(Call call) {
  std::string id = call.parameters.front();
  call.backend.take_back(std::move(id), done(std::move(call.reply)));
}

}  // namespace conclave::admin
