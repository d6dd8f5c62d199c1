#include "focus/jingle/offer.h"

#include <span>
#include <string_view>

#include "focus/jingle/media_table.h"
#include "focus/jingle/namespaces.h"
#include "focus/jingle/sources_codec.h"

namespace conclave::focus {
namespace {

using xmpp::Element;

void add_feedback(Element& payload, std::string_view type, std::string_view subtype = {}) {
  Element& feedback = payload.add("rtcp-fb", ns::kRtcpFeedback);
  feedback.set("type", type);
  if (!subtype.empty()) feedback.set("subtype", subtype);
}

void add_parameters(Element& payload, std::string_view parameters) {
  while (!parameters.empty()) {
    const std::string_view one = parameters.substr(0, parameters.find(';'));
    parameters.remove_prefix(std::min(parameters.size(), one.size() + 1));
    const std::size_t equals = one.find('=');
    payload.add("parameter", ns::kRtp).set("name", one.substr(0, equals)).set("value", one.substr(equals + 1));
  }
}

void add_payload(Element& description, const OfferedPayload& offered, const ClientFeatures& features) {
  Element& payload = description.add("payload-type", ns::kRtp);
  payload.set("id", std::to_string(offered.id))
      .set("name", offered.name)
      .set("clockrate", std::to_string(offered.clock_rate));
  if (offered.channels > 1) payload.set("channels", std::to_string(offered.channels));
  add_parameters(payload, offered.parameters);
  if (offered.associated != 0) {
    payload.add("parameter", ns::kRtp).set("name", "apt").set("value", std::to_string(offered.associated));
  }
  if (offered.is_repairable) {
    add_feedback(payload, "ccm", "fir");
    add_feedback(payload, "nack");
    add_feedback(payload, "nack", "pli");
    if (features.remb && !features.transport_cc) add_feedback(payload, "goog-remb");
  }
  const bool carries_media = offered.is_repairable || offered.name == "opus";
  if (features.transport_cc && carries_media) add_feedback(payload, "transport-cc");
}

void add_description(Element& content, std::string_view media, std::span<const OfferedPayload> payloads,
                     std::span<const OfferedExtension> extensions, const Offer& offer) {
  Element& description = content.add("description", ns::kRtp);
  description.set("media", media);
  if (media == "audio") description.set("maxptime", "60");
  for (const OfferedPayload& payload : payloads) {
    if (payload.associated != 0 && !offer.features.rtx) continue;
    add_payload(description, payload, offer.features);
  }
  for (const OfferedExtension& extension : extensions) {
    if (extension.uri == kTransportCcUri && !offer.features.transport_cc) continue;
    description.add("rtp-hdrext", ns::kHeaderExtensions)
        .set("id", std::to_string(extension.id))
        .set("uri", extension.uri);
  }
  description.add("extmap-allow-mixed", ns::kHeaderExtensions);
  description.add("rtcp-mux", ns::kRtp);
  if (!offer.features.json_sources) {
    write_sources_xml(description, offer.sources, media == "audio" ? sfu::MediaKind::Audio : sfu::MediaKind::Video);
  }
}

void add_candidate(Element& transport, const sfu::TransportCandidate& candidate, std::size_t index) {
  Element& element = transport.add("candidate", ns::kIceUdp);
  element.set("component", "1")
      .set("foundation", candidate.foundation)
      .set("generation", "0")
      .set("id", "c" + std::to_string(index))
      .set("network", "0")
      .set("priority", std::to_string(candidate.priority))
      .set("protocol", candidate.protocol)
      .set("ip", candidate.address.ip())
      .set("port", std::to_string(candidate.address.port()))
      .set("type", candidate.type);
  if (candidate.protocol != "udp") element.set("tcptype", "passive");
  if (candidate.related) {
    element.set("rel-addr", candidate.related->ip()).set("rel-port", std::to_string(candidate.related->port()));
  }
}

Element transport_element(const Offer& offer) {
  Element transport("transport", ns::kIceUdp);
  transport.set("ufrag", offer.transport.ufrag).set("pwd", offer.transport.pwd);
  // actpass: the client answers "active" and begins the handshake (media.md 8.2).
  transport.add("fingerprint", ns::kDtls)
      .set("hash", offer.transport.fingerprint.hash)
      .set("setup", "actpass")
      .set("required", "false")
      .set_text(offer.transport.fingerprint.value);
  std::size_t index = 0;
  for (const sfu::TransportCandidate& candidate : offer.transport.candidates)
    add_candidate(transport, candidate, index++);
  transport.add("web-socket", ns::kColibri).set("url", offer.channel_url);
  return transport;
}

}  // namespace

ClientFeatures read_features(const Element& query) {
  ClientFeatures features{.audio = false, .video = false};
  for (const Element& child : query.children()) {
    if (child.name() != "feature") continue;
    const std::string_view var = child.attribute("var");
    if (var == "urn:xmpp:jingle:apps:rtp:audio") features.audio = true;
    if (var == "urn:xmpp:jingle:apps:rtp:video") features.video = true;
    if (var == "urn:ietf:rfc:4588") features.rtx = true;
    if (var == "http://jitsi.org/tcc") features.transport_cc = true;
    if (var == "http://jitsi.org/remb") features.remb = true;
    if (var == "http://jitsi.org/json-encoded-sources") features.json_sources = true;
    if (var == "http://jitsi.org/ssrc-rewriting-1") features.ssrc_rewriting = true;
  }
  // Whoever speaks of neither is no media client by its own word, yet is in a meeting: a plain one, as if it had not
  // answered.
  if (!features.audio && !features.video) features.audio = features.video = true;
  return features;
}

Element write_session_initiate(const Offer& offer) {
  Element jingle("jingle", ns::kJingle);
  jingle.set("action", "session-initiate").set("initiator", offer.initiator).set("sid", offer.sid);
  Element group("group", ns::kGrouping);
  group.set("semantics", "BUNDLE");
  const auto add_content = [&](std::string_view name, std::span<const OfferedPayload> payloads,
                               std::span<const OfferedExtension> extensions) {
    Element& content = jingle.add("content", ns::kJingle);
    content.set("creator", "initiator").set("name", name).set("senders", "both");
    add_description(content, name, payloads, extensions, offer);
    content.add(transport_element(offer));
    group.add("content", ns::kGrouping).set("name", name);
  };
  if (offer.features.audio) add_content("audio", kAudioPayloads, kAudioExtensions);
  if (offer.features.video) add_content("video", kVideoPayloads, kVideoExtensions);
  jingle.add(std::move(group));
  jingle.add("bridge-session", ns::kFocus).set("id", offer.bridge_session).set("region", "default");
  if (offer.features.json_sources) jingle.add(write_sources_json(offer.sources));
  return jingle;
}

}  // namespace conclave::focus
