#pragma once
#include <string_view>

namespace conclave::xmpp {

// One client's connection, as Sessions sees it; implemented in binding/. Neither call may call back into Sessions.
class Transport {
 public:
  virtual ~Transport() = default;
  // One XML document: one frame.
  virtual void send(std::string_view frame) = 0;
  // Closes after what was sent. The last call: Sessions has forgotten the connection.
  virtual void close() = 0;
};

}  // namespace conclave::xmpp
