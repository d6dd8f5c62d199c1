#pragma once
// The transport of one endpoint: ICE, then DTLS, then the keys for SRTP, joined. Lives on the SFU's loop, owned by the endpoint.
#include <optional>
#include <string_view>
#include <vector>

#include "base/address.h"
#include "base/time.h"
#include "sfu/conference.h"
#include "sfu/dtls/dtls_session.h"
#include "sfu/ice/ice_agent.h"
#include "sfu/media.h"
#include "sfu/srtp/srtp_session.h"

namespace conclave::sfu {

struct Context;
class Endpoint;

class Transport {
 public:
  Transport(Context& context, Endpoint& owner);
  ~Transport();

  // Credentials, fingerprint and candidates of the offer.
  void describe(LocalTransport& local) const;
  EndpointError accept(TimePoint now, const RemoteTransport& remote);

  void receive_stun(TimePoint now, const Address& from, Bytes datagram, const Address* over_tcp = nullptr);
  void path_closed(TimePoint now, const Address& path);
  void receive_dtls(TimePoint now, const Address& from, Bytes datagram);
  void advance(TimePoint now);
  std::optional<TimePoint> deadline() const;

  // Keys are there and the peer's certificate is the one that the signalling named.
  bool ready() const { return srtp_.has_value() && selected_.has_value(); }
  srtp::SrtpSession* srtp() { return srtp_ ? &*srtp_ : nullptr; }
  const std::optional<Address>& selected() const { return selected_; }
  std::optional<TimePoint> last_heard() const { return ice_.last_heard(); }
  // Sends nothing more, answers nothing more.
  void abandon();
  std::string_view state() const;
  const ice::IceAgent& ice() const { return ice_; }

 private:
  void drain(TimePoint now);
  void drain_dtls(TimePoint now);
  void on_ice(const ice::IceEvent& event);
  void failed(std::string_view why);

  Context& context_;
  Endpoint& owner_;
  ice::IceAgent ice_;
  std::optional<dtls::DtlsSession> dtls_;  // from the first DTLS datagram on: its 30 s begin there, not at the offer
  std::vector<dtls::Fingerprint> fingerprints_;
  bool accepted_ = false;
  bool abandoned_ = false;
  bool connected_ = false;
  bool failed_ = false;
  std::optional<srtp::SrtpSession> srtp_;
  std::optional<Address> selected_;
  Address dtls_from_;
  std::vector<Address> learnt_;
  std::vector<Address> expected_;
};

}  // namespace conclave::sfu
