#pragma once
// What stands around stanzas, as text. Stock clients compare several of them byte for byte (signalling.md 1.2, 2.3), so
// they are spelled here and nowhere else.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "xmpp/authenticator.h"
#include "xmpp/element.h"

namespace conclave::xmpp {

inline constexpr std::string_view kFramingNamespace = "urn:ietf:params:xml:ns:xmpp-framing";
inline constexpr std::string_view kStreamsNamespace = "http://etherx.jabber.org/streams";
inline constexpr std::string_view kSaslNamespace = "urn:ietf:params:xml:ns:xmpp-sasl";
inline constexpr std::string_view kBindNamespace = "urn:ietf:params:xml:ns:xmpp-bind";
inline constexpr std::string_view kSessionNamespace = "urn:ietf:params:xml:ns:xmpp-session";

// The space before "/>" is what makes the client see it.
inline constexpr std::string_view kCloseFrame = R"(<close xmlns="urn:ietf:params:xml:ns:xmpp-framing" />)";
inline constexpr std::string_view kSaslSuccessFrame = R"(<success xmlns="urn:ietf:params:xml:ns:xmpp-sasl"/>)";

inline constexpr std::string_view kSmNamespace = "urn:xmpp:sm:3";
inline constexpr std::string_view kSmRequestFrame = R"(<r xmlns="urn:xmpp:sm:3"/>)";

struct StreamError {
  std::string condition;  // RFC 6120 §4.9.3
  std::string text = {};
  std::vector<Element> details = {};  // application-specific
};

// Of the server (RFC 6120 §4.7); how it is written depends on the transport.
struct StreamHeader {
  std::string from;
  std::string id;
};

std::string open_frame(const StreamHeader& header);  // RFC 7395 §3.4
std::string features_frame(const std::vector<Element>& features);
std::string stream_error_frame(const StreamError& error);
std::string sasl_failure_frame(const SaslFailure& failure);
std::string sasl_challenge_frame(std::string_view data);
// kSaslSuccessFrame if there is no data.
std::string sasl_success_frame(std::string_view data);
std::string sm_enabled_frame(std::string_view resumption_id, Duration max);  // an empty id: without resumption
std::string sm_resumed_frame(std::string_view resumption_id, std::uint32_t h);
std::string sm_ack_frame(std::uint32_t h);
std::string sm_failed_frame(std::string_view condition);

}  // namespace conclave::xmpp
