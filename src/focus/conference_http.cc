#include "focus/conference_http.h"

#include <nlohmann/json.hpp>

namespace conclave::focus {
namespace {

using Json = nlohmann::json;

std::string text_in(const Json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

HttpConferenceAnswer text(int status, const std::string& sentence) {
  return {status, "text/plain; charset=utf-8", sentence + "\n"};
}

}  // namespace

Result<ConferenceRequest, std::string> read_conference_request(std::string_view text, const room::MucDomain& muc) {
  const Json json = Json::parse(text, nullptr, false);
  if (!json.is_object()) return failure("The body is not a JSON object.");
  std::string address = text_in(json, "room");
  auto room = room_of_request(address, muc);
  if (!room) return failure(std::string(room.error().text));
  ConferenceRequest request{.room = *std::move(room),
                            .room_address = std::move(address),
                            .machine_uid = text_in(json, "machineUid").substr(0, kMaxMachineUidBytes),
                            .session_id = std::nullopt};
  if (std::string ticket = text_in(json, "sessionId"); !ticket.empty()) request.session_id = std::move(ticket);
  return request;
}

std::optional<std::string> breakout_asked_for(std::string_view text, std::string_view breakout_domain) {
  const Json json = Json::parse(text, nullptr, false);
  std::string address = json.is_object() ? text_in(json, "room") : std::string();
  const auto jid = xmpp::Jid::parse(address);
  if (!jid || jid->node.empty() || jid->domain != breakout_domain) return std::nullopt;
  return address;
}

HttpConferenceAnswer as_http(const ConferenceAnswer& answer) {
  using Kind = ConferenceAnswer::Kind;
  switch (answer.kind) {
    case Kind::NotAuthorized:
      return text(403, answer.sentence);
    case Kind::SessionInvalid:
      // COMPAT(lib-jitsi-meet): it forgets its ticket if these words stand anywhere but at the beginning.
      return text(400, "Error 400 invalid-session");
    case Kind::BookingRefused:
      return text(answer.booking_code >= 400 && answer.booking_code < 600 ? answer.booking_code : 500, answer.sentence);
    case Kind::Ready:
      break;
  }
  Json json{{"ready", true},
            {"room", answer.room_address},
            {"focusJid", answer.focus_jid},
            // Texts, not booleans: clients compare them.
            {"properties",
             {{"authentication", answer.password_login ? "true" : "false"},
              {"externalAuth", "false"},
              {"sipGatewayEnabled", "false"},
              {"visitors-supported", "false"}}}};
  if (!answer.identity.empty()) json["identity"] = answer.identity;
  if (!answer.session_id.empty()) json["sessionId"] = answer.session_id;
  return {200, "application/json", json.dump(-1, ' ', false, Json::error_handler_t::replace)};
}

}  // namespace conclave::focus
