#include "xmpp/framing.h"

#include "base/base64.h"

namespace conclave::xmpp {
namespace {

constexpr std::string_view kStreamErrorsNamespace = "urn:ietf:params:xml:ns:xmpp-streams";

}  // namespace

std::string open_frame(const StreamHeader& header) {
  return Element("open", kFramingNamespace)
      .set("from", header.from)
      .set("id", header.id)
      .set("version", "1.0")
      .set("xml:lang", "en")
      .str();
}

std::string features_frame(const std::vector<Element>& features) {
  std::string frame = R"(<stream:features xmlns:stream="http://etherx.jabber.org/streams" xmlns="jabber:client">)";
  for (const Element& feature : features) frame += feature.str(kClientNamespace);
  return frame += "</stream:features>";
}

std::string stream_error_frame(const StreamError& error) {
  std::string frame = R"(<stream:error xmlns:stream="http://etherx.jabber.org/streams">)";
  frame += Element(error.condition, kStreamErrorsNamespace).str();
  if (!error.text.empty()) frame += Element("text", kStreamErrorsNamespace).set_text(error.text).str();
  for (const Element& detail : error.details) frame += detail.str();
  return frame += "</stream:error>";
}

// COMPAT(lib-jitsi-meet): the reason is found by a regular expression on the frame. Quotes, order, no attribute on
// <text>, no white space.
std::string sasl_failure_frame(const SaslFailure& failure) {
  std::string frame = "<failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><" + failure.condition + "/>";
  if (!failure.text.empty()) {
    frame += "<text>";
    append_escaped(frame, failure.text);
    frame += "</text>";
  }
  return frame += "</failure>";
}

std::string sasl_challenge_frame(std::string_view data) {
  return Element("challenge", kSaslNamespace).set_text(data.empty() ? "=" : base64_encode(as_bytes(data))).str();
}

std::string sasl_success_frame(std::string_view data) {
  if (data.empty()) return std::string(kSaslSuccessFrame);
  return Element("success", kSaslNamespace).set_text(base64_encode(as_bytes(data))).str();
}

std::string sm_enabled_frame(std::string_view resumption_id, Duration max) {
  Element enabled("enabled", kSmNamespace);
  if (!resumption_id.empty()) {
    enabled.set("resume", "true").set("id", resumption_id);
    enabled.set("max", std::to_string(std::chrono::duration_cast<std::chrono::seconds>(max).count()));
  }
  return enabled.str();
}

std::string sm_resumed_frame(std::string_view resumption_id, std::uint32_t h) {
  return Element("resumed", kSmNamespace).set("previd", resumption_id).set("h", std::to_string(h)).str();
}

std::string sm_ack_frame(std::uint32_t h) {
  return Element("a", kSmNamespace).set("h", std::to_string(h)).str();
}

std::string sm_failed_frame(std::string_view condition) {
  Element failed("failed", kSmNamespace);
  failed.add(condition, kStanzasNamespace);
  return failed.str();
}

}  // namespace conclave::xmpp
