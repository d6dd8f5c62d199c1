#pragma once
// A listening TCP socket of one loop. Inside net/ only.
#include <uv.h>

#include <functional>
#include <memory>
#include <string>

#include "base/address.h"
#include "base/result.h"
#include "net/net_error.h"
#include "net/net_loop.h"

namespace conclave {

class TcpListener : public Pinned {
 public:
  // Takes the connection with uv_accept; may destroy the listener.
  using Accept = std::function<void(uv_stream_t* server)>;

  // `address` with port 0: any free one. `port_setting` is for the remedy: "HTTPS_PORT".
  static Result<std::unique_ptr<TcpListener>, NetError> listen(NetLoop& home, const Address& address,
                                                               const std::string& port_setting, Accept accept);
  ~TcpListener();

  Address address() const { return address_; }  // with the port that was found

 private:
  struct Handle;

  TcpListener(NetLoop& home, const Address& address, Accept accept);
  Result<void, NetError> start(const std::string& port_setting);
  void connected(int status);

  NetLoop& home_;
  Address address_;
  Accept accept_;
  Handle* handle_;  // freed by libuv's close callback
};

}  // namespace conclave
