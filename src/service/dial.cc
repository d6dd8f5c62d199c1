#include "service/dial.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace conclave::service {
namespace {

using xmpp::Element;

constexpr std::string_view kStats = "http://jitsi.org/protocol/colibri";
constexpr std::string_view kRoomHeader = "JvbRoomName";
constexpr std::string_view kUserHeader = "X-outbound-call-initiator-user";
constexpr std::string_view kGroupHeader = "X-outbound-call-initiator-group";
// What we say ourselves; and a password, which a gateway does not need where it was called.
constexpr std::array<std::string_view, 4> kOurs = {kRoomHeader, "JvbRoomPassword", kUserHeader, kGroupHeader};

void add_header(Element& dial, std::string_view name, std::string_view value) {
  if (!value.empty()) dial.add("header", kRayo).set("name", name).set("value", value);
}

}  // namespace

bool is_dial(const Element& iq) {
  return xmpp::is_iq_request(iq) && iq.child("dial", kRayo) != nullptr;
}

bool is_hangup(const Element& iq) {
  return xmpp::is_iq_request(iq) && iq.child("hangup", kRayo) != nullptr;
}

Result<Dial, xmpp::StanzaError> read_dial(const Element& iq) {
  const Element& said = *iq.child("dial", kRayo);
  Dial dial{.to = std::string(said.attribute("to"))};
  if (iq.attribute("type") != "set" || dial.to.empty()) return failure(xmpp::errors::kBadRequest);
  bool too_long = dial.to.size() > kMaxDialTextBytes || said.children().size() > kMaxHeaders;
  for (const Element& header : said.children()) {
    if (!header.is("header", kRayo)) continue;
    const auto name = header.attribute("name");
    const auto value = header.attribute("value");
    too_long |= std::max(name.size(), value.size()) > kMaxDialTextBytes;
    dial.headers.emplace_back(name, value);
  }
  if (too_long) return failure(xmpp::StanzaError{"modify", "bad-request", "This is more than a gateway is told."});
  return dial;
}

std::string room_of(const Dial& dial) {
  const auto found =
      std::ranges::find(dial.headers, kRoomHeader, [](const auto& one) { return std::string_view(one.first); });
  return found == dial.headers.end() ? std::string() : found->second;
}

Element dial_order(const Dial& dial, const std::string& room, const access::Identity* who) {
  Element iq("iq");
  iq.set("type", "set");
  Element& order = iq.add("dial", kRayo).set("from", dial.from).set("to", dial.to);
  add_header(order, kRoomHeader, room);
  for (const auto& [name, value] : dial.headers) {
    if (std::ranges::count(kOurs, name) == 0) add_header(order, name, value);
  }
  if (who != nullptr) {
    add_header(order, kUserHeader, who->display.user_id);
    add_header(order, kGroupHeader, who->display.group);
  }
  return iq;
}

Element hangup_order() {
  Element iq("iq");
  iq.set("type", "set").add("hangup", kRayo);
  return iq;
}

std::string resource_of(const Element& answer) {
  const Element* ref = answer.child("ref", kRayo);
  std::string_view uri = ref == nullptr ? std::string_view() : ref->attribute("uri");
  if (uri.starts_with("xmpp:")) uri.remove_prefix(5);
  return std::string(uri.substr(0, kMaxDialTextBytes));
}

std::optional<GatewayHealth> read_gateway(const Element& presence) {
  const Element* stats = presence.child("stats", kStats);
  if (stats == nullptr) return std::nullopt;
  GatewayHealth health;
  for (const Element& stat : stats->children()) {
    const auto name = stat.attribute("name");
    const auto value = stat.attribute("value");
    if (name == "supports_sip") health.calls = value == "true";
    if (name == "supports_transcription") health.transcribes = value == "true";
    if (name == "shutdown_in_progress") health.stopping = value == "true";
    if (name == "participants") std::from_chars(value.data(), value.data() + value.size(), health.participants);
  }
  return health;
}

}  // namespace conclave::service
