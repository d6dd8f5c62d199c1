#pragma once
// The bridge channel of one endpoint: open or not, replaced by a newer one, messages in and out. Lives on the SFU's loop, owned by the
// endpoint; the WebSocket behind it belongs to server/, which holds the token that open() returns.
#include <memory>
#include <string>
#include <string_view>

#include "base/time.h"
#include "sfu/sfu.h"

namespace conclave::sfu {

class Endpoint;

// How much of something may come in a while: refills steadily up to a burst.
class TokenBucket {
 public:
  TokenBucket(double per_second, double burst) : per_second_(per_second), burst_(burst), tokens_(burst) {}
  bool take(TimePoint now, double amount);

 private:
  double per_second_;
  double burst_;
  double tokens_;
  TimePoint filled_{};
};

class EndpointChannel {
 public:
  explicit EndpointChannel(Endpoint& endpoint);
  ~EndpointChannel();  // closes it with 1001 "endpoint closed"
  EndpointChannel(const EndpointChannel&) = delete;
  EndpointChannel& operator=(const EndpointChannel&) = delete;

  const std::string& password() const { return password_; }
  bool accepts(std::string_view password) const;  // in constant time

  // Replaces an open one (1000 "replaced"); says all that media.md 6.4 has the bridge say on open.
  std::unique_ptr<Sfu::Channel> open(ChannelWriter& writer);
  bool is_open() const { return writer_ != nullptr; }
  void send(std::string_view message) const;

 private:
  class Token;
  void receive(std::string_view text);
  void send_slots(MediaKind kind) const;  // SSRC rewriting: all that are in use
  void close(std::uint16_t code, std::string_view reason);

  Endpoint& endpoint_;
  const std::string password_;
  ChannelWriter* writer_ = nullptr;
  Token* token_ = nullptr;
  TokenBucket messages_;
  TokenBucket bytes_;
};

}  // namespace conclave::sfu
