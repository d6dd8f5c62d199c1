#pragma once
// Where stanzas go up. All calls come on the loop of the session and may call back into Sessions (deliver, disconnect).
#include <any>

#include "xmpp/authenticator.h"
#include "xmpp/element.h"
#include "xmpp/session.h"

namespace conclave::xmpp {

class StanzaHandler {
 public:
  virtual ~StanzaHandler() = default;

  // Comes before the bind result is sent: what is delivered now arrives before it (signalling.md 2.6). `proof` is the
  // authenticator's.
  virtual void session_bound(SessionId session, const Jid& jid, const StreamRequest& request,
                             const std::any& proof) = 0;

  // An iq, message or presence. Checked: `from` is the sender's full address, `to` is absent or a well-formed address,
  // an iq has an id, a known type and, if a request, exactly one payload. Bind and session requests, and repeated
  // binds, never get here.
  virtual void stanza(const Sender& sender, Element stanza) = 0;

  // The same session on a new connection, with the credential that the new connection showed. The authenticator agreed
  // to it.
  virtual void session_resumed(SessionId session, const StreamRequest& request, const std::any& proof) = 0;

  // Once for each session_bound, always in a turn of its own: never from within deliver() or disconnect(). The session
  // is gone already.
  virtual void session_ended(SessionId session, SessionEnd end) = 0;
};

}  // namespace conclave::xmpp
