#pragma once
#include "base/counter.h"

namespace conclave::xmpp {

// Of one loop; read from any.
struct XmppCounters {
  Counter connections_opened;
  Counter connections_refused;  // full
  Counter logins;
  Counter login_failures;
  Counter sessions_bound;
  Counter sessions_resumed;
  Counter resumes_refused;
  Counter sessions_hibernated;
  Counter sessions_ended;
  Counter sessions_timed_out;
  Counter stanzas_in;
  Counter stanzas_out;
  Counter stanzas_delayed;
  Counter undeliverable;  // deliver() to a session that has ended
  Counter stream_errors;  // of all kinds
  Counter malformed;      // of those: XML that could not be read
  Counter policy_violations;
  Counter handshake_timeouts;
};

}  // namespace conclave::xmpp
