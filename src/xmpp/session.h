#pragma once
// How the layers above see a connected client: an id, an address, and a way to send to it.
#include <cstdint>
#include <string>

#include "base/strong_id.h"
#include "xmpp/element.h"
#include "xmpp/jid.h"

namespace conclave::xmpp {

// One bound stream, over resumptions. The upper 16 bits name the loop that it lives on.
using SessionId = StrongId<struct SessionTag, std::uint64_t>;
inline constexpr unsigned kSessionLoopShift = 48;
inline std::uint32_t loop_of(SessionId id) {
  return static_cast<std::uint32_t>(id.value >> kSessionLoopShift);
}

enum class SessionEnd { Closed, TimedOut, Replaced, PolicyViolation, ServerStop };

// Sends to clients, wherever they live. Implemented above xmpp (it posts when the session is on another loop); used by
// room and focus.
class Outbox {
 public:
  virtual ~Outbox() = default;
  // `stanza` needs its `from`; `to` is set to the session's full address. Lost silently if the session has ended.
  virtual void deliver(SessionId to, Element stanza) = 0;
  // Ends the stream with a stream error (RFC 6120 §4.9), for example "policy-violation".
  virtual void disconnect(SessionId session, std::string_view condition) = 0;
};

// Who sent a stanza: verified by the stream, never read from the stanza.
struct Sender {
  SessionId session;
  Jid jid;  // full
};

}  // namespace conclave::xmpp
