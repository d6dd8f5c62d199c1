#pragma once
#include <string_view>

namespace conclave::xmpp {

struct StreamHeader;
struct StreamError;

// One client's connection, as Sessions sees it; implemented in binding/, once for each way in (WebSocket, BOSH, TCP).
// What a stream says is the same over all of them; how its header, its error and its end are spelled is the binding's.
// No call may call back into Sessions.
class Transport {
 public:
  virtual ~Transport() = default;
  // The server's header of the stream, again after each restart (RFC 6120 §4.2, §4.3.3).
  virtual void open(const StreamHeader& header) = 0;
  // It is known who the client is; what it sends next is a new header (RFC 6120 §6.4.6).
  virtual void logged_in() {}
  // One element of the stream, as a document of its own.
  virtual void send(std::string_view element) = 0;
  // What ends the stream; close() follows.
  virtual void fail(const StreamError& error) = 0;
  // The end of the stream, and of the connection once everything was sent. The last call: Sessions has forgotten it.
  virtual void close() = 0;
};

}  // namespace conclave::xmpp
