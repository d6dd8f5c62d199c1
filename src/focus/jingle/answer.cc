#include "focus/jingle/answer.h"

#include <algorithm>
#include <charconv>

#include "focus/jingle/media_table.h"
#include "focus/jingle/namespaces.h"
#include "focus/jingle/sources_codec.h"

namespace conclave::focus {
namespace {

using xmpp::Element;

template <class Number>
std::optional<Number> parse_number(std::string_view text) {
  Number value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::string lower(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return result;
}

// RFC 8839 §5.4: ice-char = ALPHA / DIGIT / "+" / "/"; ufrag at least 4, pwd at least 22 characters.
bool is_credential(std::string_view text, std::size_t least) {
  return text.size() >= least && text.size() <= kMaxCredentialBytes && std::ranges::all_of(text, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' || c == '/';
         });
}

std::optional<sfu::TransportCandidate> read_candidate(const Element& element) {
  if (element.attribute("protocol") != "udp" || element.attribute("component") != "1") return std::nullopt;
  const auto port = parse_number<std::uint16_t>(element.attribute("port"));
  const auto priority = parse_number<std::uint32_t>(element.attribute("priority"));
  if (!port || *port == 0 || !priority) return std::nullopt;
  // Names instead of addresses (mDNS) are learnt from the checks that come from them.
  const auto address = Address::parse(element.attribute("ip"), *port);
  if (!address) return std::nullopt;
  return sfu::TransportCandidate{.foundation = std::string(element.attribute("foundation").substr(0, 32)),
                                 .priority = *priority,
                                 .address = *address,
                                 .type = std::string(element.attribute("type").substr(0, 8))};
}

Result<sfu::RemoteTransport, AnswerError> read_transport(const Element& element) {
  sfu::RemoteTransport transport;
  transport.ufrag = element.attribute("ufrag");
  transport.pwd = element.attribute("pwd");
  if (!is_credential(transport.ufrag, 4) || !is_credential(transport.pwd, 22))
    return failure(AnswerError::BadCredentials);
  for (const Element& child : element.children()) {
    if (child.is("fingerprint", ns::kDtls)) {
      if (transport.fingerprints.size() == kMaxFingerprints) return failure(AnswerError::TooMany);
      std::string value = child.text();
      std::erase_if(value, [](char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; });
      transport.fingerprints.push_back({.hash = lower(child.attribute("hash")), .value = std::move(value)});
    } else if (child.name() == "candidate") {
      if (transport.candidates.size() == kMaxCandidates) return failure(AnswerError::TooMany);
      if (auto candidate = read_candidate(child)) transport.candidates.push_back(std::move(*candidate));
    }
  }
  if (transport.fingerprints.empty()) return failure(AnswerError::NoFingerprint);
  return transport;
}

std::optional<AnswerError> read_payload(const Element& element, sfu::MediaDescription& media) {
  const auto id = parse_number<unsigned>(element.attribute("id"));
  // RFC 5761 §4: 64 to 95 would be taken for RTCP.
  if (!id || *id > 127 || (*id >= 64 && *id <= 95)) return AnswerError::BadPayloadType;
  if (media.payload_types.size() == kMaxPayloadTypes) return AnswerError::TooMany;
  sfu::PayloadType type{.id = static_cast<std::uint8_t>(*id),
                        .codec = lower(element.attribute("name")),
                        .clock_rate = 90000,
                        .associated = std::nullopt};
  if (const auto rate = parse_number<std::uint32_t>(element.attribute("clockrate")); rate && *rate > 0)
    type.clock_rate = *rate;
  for (const Element& parameter : element.children()) {
    if (parameter.name() != "parameter" || parameter.attribute("name") != "apt") continue;
    const auto apt = parse_number<unsigned>(parameter.attribute("value"));
    if (!apt || *apt > 127) return AnswerError::BadPayloadType;
    type.associated = static_cast<std::uint8_t>(*apt);
  }
  if (type.codec == "rtx" && !type.associated) return AnswerError::BadPayloadType;
  if (std::ranges::count(media.payload_types, type.id, &sfu::PayloadType::id) == 0) media.payload_types.push_back(type);
  return std::nullopt;
}

std::optional<AnswerError> read_extension(const Element& element, sfu::ExtensionIds& ids) {
  const auto id = parse_number<unsigned>(element.attribute("id"));
  if (!id || *id == 0 || *id > 255) return AnswerError::BadExtension;
  const auto value = static_cast<std::uint8_t>(*id);
  const std::string_view uri = element.attribute("uri");
  if (uri == kAudioLevelUri) ids.audio_level = value;
  if (uri == kAbsSendTimeUri) ids.abs_send_time = value;
  if (uri == kTransportCcUri) ids.transport_cc = value;
  if (uri == kMidUri) ids.mid = value;
  if (uri == kDependencyDescriptorUri) ids.dependency_descriptor = value;
  return std::nullopt;
}

std::optional<AnswerError> read_description(const Element& description, sfu::MediaDescription& media) {
  for (const Element& child : description.children()) {
    std::optional<AnswerError> error;
    if (child.name() == "payload-type") error = read_payload(child, media);
    if (child.is("rtp-hdrext", ns::kHeaderExtensions)) error = read_extension(child, media.extensions);
    if (error) return error;
  }
  return std::nullopt;
}

}  // namespace

std::string_view text_of(AnswerError error) {
  switch (error) {
    case AnswerError::NoContent:
      return "the session-accept has no content with a description";
    case AnswerError::NoTransport:
      return "the session-accept has no transport";
    case AnswerError::BadCredentials:
      return "ufrag or pwd is missing or malformed";
    case AnswerError::NoFingerprint:
      return "the transport has no fingerprint";
    case AnswerError::BadPayloadType:
      return "a payload type is malformed";
    case AnswerError::BadExtension:
      return "a header extension is malformed";
    case AnswerError::TooMany:
      return "too many payload types, candidates or fingerprints";
    case AnswerError::BadSources:
      return "the sources are malformed";
  }
  return "";
}

Result<Answer, AnswerError> read_answer(const Element& jingle, const sfu::EndpointId& owner) {
  Answer answer;
  const Element* transport = nullptr;
  bool has_description = false;
  for (const Element& content : jingle.children()) {
    if (!content.is("content", ns::kJingle)) continue;
    // Everything is bundled: the first transport counts.
    if (transport == nullptr) transport = content.child("transport", ns::kIceUdp);
    const Element* description = content.child("description", ns::kRtp);
    if (description == nullptr) continue;
    has_description = true;
    if (const auto error = read_description(*description, answer.media)) return failure(*error);
  }
  if (!has_description) return failure(AnswerError::NoContent);
  if (transport == nullptr) return failure(AnswerError::NoTransport);
  auto remote = read_transport(*transport);
  if (!remote) return failure(remote.error());
  answer.transport = std::move(*remote);
  auto sources = read_sources(jingle, owner);
  if (!sources) return failure(AnswerError::BadSources);
  answer.sources = std::move(*sources);
  return answer;
}

}  // namespace conclave::focus
