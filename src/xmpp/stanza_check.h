#pragma once
// What a stream settles itself before a stanza goes up: malformed stanzas and requests that belong to the stream (RFC
// 6120 §7, §8).
#include <optional>

#include "xmpp/element.h"

namespace conclave::xmpp {

enum class StanzaVerdict { Pass, Settled };

struct StanzaCheck {
  StanzaVerdict verdict = StanzaVerdict::Pass;
  std::optional<Element> answer = std::nullopt;  // with Settled; none for what must not be answered
};

// `stanza` is an iq, message or presence of a bound stream.
StanzaCheck check_stanza(const Element& stanza);

}  // namespace conclave::xmpp
