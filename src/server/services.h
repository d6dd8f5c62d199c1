#pragma once
// The services that are attached (service/): their breweries, the recorders in them, and the ways from a room's loop to
// them and back.
#include "base/random.h"
#include "loop/pinned.h"
#include "service/brewery.h"
#include "service/dialing.h"
#include "service/gateways.h"
#include "service/recorders.h"
#include "service/recording.h"

namespace conclave::server {

struct Common;

// Lives on loop 0, as the breweries do; the services' streams may be on any.
class Services : public Pinned {
 public:
  Services(Loop& loop, Common& common);

  // A stanza of a service to the internal domain. `subject`: which account it is.
  void stanza(const xmpp::Sender& sender, const std::string& subject, const xmpp::Jid& to, const xmpp::Element& stanza);
  void session_ended(xmpp::SessionId session);

  service::Recorders& recorders() { return recorders_; }
  service::Gateways& gateways() { return gateways_; }

 private:
  // One brewery and whoever watches it.
  template <class Watcher>
  void at(service::Brewery& brewery, Watcher& watcher, const xmpp::Sender& sender, const xmpp::Jid& to,
          const xmpp::Element& stanza);
  void reported(const service::Recorders::Report& report);
  void dialled(const service::Gateways::Report& report);
  void refuse(const xmpp::Sender& sender, const xmpp::Element& stanza, const xmpp::StanzaError& error);

  Common& common_;
  SystemRandom random_;
  service::Brewery recorder_brewery_;
  service::Recorders recorders_;
  service::Brewery gateway_brewery_;
  service::Gateways gateways_;
};

// What the rooms of one loop ask of the services. Lives on that loop.
class ServiceDesk final : public service::RecorderDesk, public service::GatewayDesk {
 public:
  explicit ServiceDesk(Common& common) : common_(common) {}

  void start(const access::RoomName& room, service::RecorderOrder order) override;
  void stop(const std::string& session_id) override;
  void dial(const access::RoomName& room, const std::string& call, bool transcribes, xmpp::Element order) override;
  void hang_up(const std::string& resource) override;

 private:
  Common& common_;
};

}  // namespace conclave::server
