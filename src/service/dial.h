#pragma once
// Calls (signalling.md 6.15, XEP-0327): what a client asks of focus, what focus asks of a gateway (Jigasi), and what a
// gateway says of itself. Values.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/identity.h"
#include "base/result.h"
#include "xmpp/stanza.h"

namespace conclave::service {

inline constexpr std::string_view kRayo = "urn:xmpp:rayo:1";
inline constexpr std::string_view kTranscribe = "jitsi_meet_transcribe";  // "to" of who wants a transcriber

inline constexpr std::size_t kMaxHeaders = 16;
inline constexpr std::size_t kMaxDialTextBytes = 512;  // of a number, of a header

struct Dial {
  std::string to;
  std::string from = "fromnumber";
  std::vector<std::pair<std::string, std::string>> headers = {};

  bool transcribes() const { return to == kTranscribe; }
};

bool is_dial(const xmpp::Element& iq);
bool is_hangup(const xmpp::Element& iq);
// Of an iq that is_dial(). Without the headers that are ours to say.
Result<Dial, xmpp::StanzaError> read_dial(const xmpp::Element& iq);
// The room that it is for, as the client wrote it; empty: none.
std::string room_of(const Dial& dial);
// As the gateway is asked: into that room, in the name of `who`; nobody: focus itself.
xmpp::Element dial_order(const Dial& dial, const std::string& room, const access::Identity* who);
xmpp::Element hangup_order();
// The address of the call in a gateway's answer, without "xmpp:"; empty: there is none.
std::string resource_of(const xmpp::Element& answer);

struct GatewayHealth {
  bool calls = false;
  bool transcribes = false;
  bool stopping = false;
  std::uint64_t participants = 0;
};
std::optional<GatewayHealth> read_gateway(const xmpp::Element& presence);

}  // namespace conclave::service
