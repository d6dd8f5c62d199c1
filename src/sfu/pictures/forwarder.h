#pragma once
// The middle of the way alone, without keys and allocation: order, what is in a packet, projection, rewriting. Its target is set directly, so
// that every layer is tried.
#include <array>
#include <map>
#include <vector>

#include "sfu/limits.h"
#include "sfu/pictures/meeting.h"
#include "sfu/projection.h"
#include "sfu/receive_order.h"

namespace conclave::sfu::pictures {

class Forwarder {
 public:
  explicit Forwarder(rtp::Codec codec) : codec_(codec), numbers_(numbers_of(codec)) {}

  void set_target(LayerIndex layer) { projection_.set_target(layer); }
  bool needs_key_frame() const { return projection_.needs_key_frame(); }
  // What the viewer gets is kept until it is taken.
  void receive(TimePoint now, const testing::Datagram& packet);
  void resend(std::span<const std::uint16_t> sequences);
  std::vector<testing::Datagram> take() { return std::exchange(out_, {}); }
  int forwarded() const { return forwarded_; }

 private:
  struct Understood;
  void send(const Understood& understood, const Projection::Numbers& numbers);

  rtp::Codec codec_;
  Numbers numbers_;
  std::array<ReceiveOrder, kMaxEncodings> orders_;
  std::array<std::optional<rtp::DependencyStructure>, kMaxEncodings> structures_;
  Projection projection_{true};
  OutboundSsrc outbound_;
  std::array<std::map<std::uint16_t, testing::Datagram>, kMaxEncodings> received_;
  std::map<std::uint16_t, testing::Datagram> sent_;
  std::vector<testing::Datagram> out_;
  int forwarded_ = 0;
};

}  // namespace conclave::sfu::pictures
