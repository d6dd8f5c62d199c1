#pragma once
// One TCP connection of the server that speaks no HTTP: bytes both ways, in clear until start_tls(). TcpServer makes
// it; the handler owns it.
#include <cstddef>
#include <string_view>

#include "base/address.h"
#include "loop/pinned.h"

namespace conclave {

class TcpSocketListener {
 public:
  virtual ~TcpSocketListener() = default;
  // The view dies with the call. Calling back in is allowed, destroying the socket too.
  virtual void on_bytes(std::string_view bytes) = 0;
  // TLS was agreed on, after start_tls().
  virtual void on_tls() = 0;
  // Once, the last call, never from within write(), start_tls() or close(): the peer ended it, it failed, it did not
  // take what it was sent. Destroying the socket is allowed.
  virtual void on_closed() = 0;
};

// An interface, so that what speaks through it can be tested without sockets. Destroying it is close().
class TcpSocket : public Pinned {
 public:
  using Pinned::Pinned;
  virtual ~TcpSocket() = default;

  // Not owned; must outlive the socket or be replaced by null. Reading begins with the first one; the first on_bytes
  // comes in a later turn.
  virtual void set_listener(TcpSocketListener* listener) = 0;
  // Sent with everything else of this turn. After close() or on_closed() it is dropped.
  virtual void write(std::string_view bytes) = 0;
  // What was written goes out in clear; everything afterwards, both ways, is TLS. False if that cannot be begun.
  [[nodiscard]] virtual bool start_tls() = 0;
  // Sends what was written, then the end. No call to the listener follows.
  virtual void close() = 0;
  // Output that the kernel has not taken yet.
  virtual std::size_t buffered_bytes() const = 0;
  virtual Address peer() const = 0;
};

}  // namespace conclave
