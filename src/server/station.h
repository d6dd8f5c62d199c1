#pragma once
// Everything that one loop runs: its streams, rooms, focus, SFU and sockets, and the ways between them. Made by Server
// before the loop runs; lives on its loop from then on.
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "access/decision_log.h"
#include "access/identity.h"
#include "access/invitation.h"
#include "access/revocation.h"
#include "access/rules.h"
#include "audit/audit_log.h"
#include "component/components.h"
#include "component/shared_document.h"
#include "focus/focus.h"
#include "loop/pinned.h"
#include "loop/uv_loop.h"
#include "net/net_loop.h"
#include "net/trusted_proxies.h"
#include "net/udp_socket.h"
#include "ops/settings.h"
#include "room/rooms.h"
#include "server/channels.h"
#include "server/focus_orders.h"
#include "server/login.h"
#include "server/media_door.h"
#include "server/meeting_watch.h"
#include "server/names.h"
#include "server/passwords.h"
#include "server/services.h"
#include "server/tickets.h"
#include "server/token_desk.h"
#include "server/trail.h"
#include "server/watched_login.h"
#include "sfu/sfu.h"
#include "xmpp/binding/bosh_binding.h"
#include "xmpp/binding/tcp_binding.h"
#include "xmpp/binding/websocket_binding.h"
#include "xmpp/iq/domain_services.h"
#include "xmpp/iq/external_services.h"
#include "xmpp/sessions.h"

namespace conclave::server {

class BookingDesk;
class Station;
class SingleSignOn;

// The book of tickets is for everybody: one session takes no more than this of it.
inline constexpr std::size_t kMaxTicketsPerSession = 16;

// What all stations share; immutable while they run, except through the loops that it names.
struct Common {
  const Names& names;
  std::shared_ptr<const access::Rules> first_rules;  // what the stations begin with
  const dtls::Certificate& certificate;
  const srtp::Library& srtp;
  const xmpp::DomainServices& domain_services;
  std::string channel_origin;  // "wss://host:port"
  xmpp::RelayOptions relays = {};
  std::optional<xmpp::Element> pushed = {};  // StreamOptions::pushed
  xmpp::RateLimits rates;
  bool breakout_rooms = true;
  bool shared_documents = false;                             // there is an Etherpad server
  std::size_t loops = 1;                                     // as many as there will be stations
  std::size_t max_occupants = room::kMaxOccupants;           // of one room
  std::optional<access::InvitationIssuer> invitations = {};  // absent: no personal links
  std::vector<Station*> stations;                            // by loop id
  SingleSignOn* single_sign_on = nullptr;                    // on loop 0; null: nobody logs in at a provider
  Tickets* tickets = nullptr;                                // on station 0's loop
  TokenDesk* token_desk = nullptr;                           // likewise; there before the stations are
  BookingDesk* bookings = nullptr;                           // null: rooms need no booking
  Services* services = nullptr;                              // on loop 0; there before the loops run
  Passwords& passwords;
  const TrustedProxies& proxies;
  const service::Options& attached;
  audit::AuditLog* audit = nullptr;  // null: there is none

  Station& station_of(const access::RoomName& room) const;
  Station& station_of_breakout(std::string_view id) const;
};

struct StationOptions {
  Address media_address;             // port 0: any free one
  std::vector<Address> advertised;   // port 0: the media port
  std::size_t loudest_speakers = 0;  // as sfu::SfuOptions
};

class Station final : public Pinned,
                      public xmpp::StanzaHandler,
                      public xmpp::Outbox,
                      public DatagramListener,
                      public sfu::DatagramPort,
                      public access::DecisionLog {
 public:
  // Throws ops::ConfigError if the media port cannot be had.
  Station(UvLoop& loop, Common& common, StationOptions options);
  ~Station();

  std::uint16_t media_port() const { return media_->port(); }

  // From any loop: runs `work` on this one, at once if this is the current one.
  void run(UniqueFunction<void()> work);

  void accept_stream(const HttpRequest& request, std::unique_ptr<WebSocket> socket);
  void accept_channel(const HttpRequest& request, std::unique_ptr<WebSocket> socket) {
    channels_.accept(request, std::move(socket));
  }
  xmpp::BoshBinding& bosh() { return bosh_; }
  xmpp::TcpBinding& tcp() { return tcp_; }
  std::size_t open_websockets() const { return binding_.open(); }
  void shut_down();

  // The rules in force on this loop; the next decision uses what is set here. Those inside are decided anew only if
  // asked for (S25).
  const access::Rules& rules() const { return *rules_; }
  void set_rules(std::shared_ptr<const access::Rules> rules, ops::AtReload inside);
  // For an operator who wants the rules in force to count for those inside too: whose credential they do not take any
  // more is a guest, and everybody in rooms and lobbies of this loop is decided anew.
  void decide_anew();
  // Ends the streams of this loop that logged in as that subject.
  void end_sessions_of(const std::string& subject);

  // Before the loop runs.
  void begin_with(access::SharedRevocations list) { revocations_ = std::move(list); }
  // Whoever acts by a credential that is listed becomes a guest, or is removed where guests may not be.
  void set_revocations(access::SharedRevocations list);
  bool is_revoked(const access::Identity& identity) const;
  // Neither revoked nor of a kind or issuer that the rules in force no longer take.
  bool counts(const access::Identity& identity) const;
  // The visitor as this loop knows him: a guest if his credential counts no longer.
  room::Visitor as_of_now(room::Visitor visitor) const;
  // By the keys in force on this loop, and not revoked.
  Result<access::Identity, access::TokenFailure> verify(std::string_view token) const;

  room::Rooms& rooms() { return rooms_; }
  xmpp::Sessions& sessions() { return sessions_; }
  sfu::Sfu& sfu() { return sfu_; }
  focus::Focus& focus() { return focus_; }
  service::Recording& recording() { return recording_; }
  service::Dialing& dialing() { return dialing_; }
  NetLoop& net() { return net_; }
  const UdpSocket& media() const { return *media_; }
  TcpMedia& tcp_media() { return tcp_media_; }
  const sasl::PasswordLogin& password_login() const { return password_login_; }
  const Trail& trail() const { return trail_; }
  // Issuers who have let somebody in, on this loop, with a token that never expires. Of those in the settings, so few.
  const std::set<std::string>& issuers_without_end() const { return issuers_without_end_; }
  // A request of a session of this loop, counted as one that makes a wallet (access.md 4.8), made none.
  void ticket_not_made(xmpp::SessionId session);

  // --- xmpp::StanzaHandler
  void session_bound(xmpp::SessionId session, const xmpp::Jid& jid, const xmpp::StreamRequest& request,
                     const std::any& proof) override;
  void stanza(const xmpp::Sender& sender, xmpp::Element stanza) override;
  void session_resumed(xmpp::SessionId session, const xmpp::StreamRequest& request, const std::any& proof) override;
  void session_ended(xmpp::SessionId session, xmpp::SessionEnd end) override;
  // --- xmpp::Outbox: for room and focus of this loop, to sessions anywhere
  void deliver(xmpp::SessionId to, xmpp::Element stanza) override;
  void disconnect(xmpp::SessionId session, std::string_view condition) override;
  // --- access::DecisionLog: of this loop's rooms
  void decided(const access::Decided& what) override;
  // --- media in and out
  void datagrams(std::span<const ReceivedDatagram> batch) override;
  void send(const Address& to, Bytes datagram) override;

 private:
  struct Client {
    xmpp::Jid jid;
    access::Identity identity;
    std::string peer;       // his network, for limits (base/network.h)
    std::string room = {};  // that the stream is about, as its URL names it
    std::string tenant = {};
    std::set<std::uint32_t> stations = {};  // where the session may be known to rooms
    std::size_t tickets = 0;                // wallets made, or asked for; one that was shown and renewed does not count

    room::Visitor visitor(const xmpp::Sender& sender) const { return {sender, identity, peer}; }
  };

  const access::Identity* identity_of(xmpp::SessionId session) const;
  // Whether the rules in force take a credential of this kind, or of this issuer, no more.
  bool is_void(const access::Identity& identity) const;
  void refuse_second_use(xmpp::SessionId session);
  void to_domain(Client& client, const xmpp::Sender& sender, const xmpp::Element& stanza);
  void tell_relays(Client& client, const xmpp::Sender& sender, const xmpp::Element& iq);
  bool is_let_in(const room::Visitor& visitor, const access::RoomName& room);
  void to_muc(Client& client, const xmpp::Sender& sender, const xmpp::Jid& to, xmpp::Element stanza);
  void to_breakout(Client& client, const xmpp::Sender& sender, const xmpp::Jid& to, xmpp::Element stanza);
  void to_lobby(Client& client, const xmpp::Sender& sender, const xmpp::Jid& to, xmpp::Element stanza);
  void to_focus(Client& client, const xmpp::Sender& sender, xmpp::Element stanza);
  void breakout_request(Client& client, const xmpp::Sender& sender, const xmpp::Jid& address, xmpp::Element stanza);
  void to_component(Client& client, const xmpp::Sender& sender, const xmpp::Jid& to, xmpp::Element message);
  void to_call(const Client& client, const xmpp::Sender& sender, const xmpp::Element& iq);
  // On any loop: asks the first of those stations, and they the next.
  void ask_for_call(std::vector<std::uint32_t> stations, xmpp::SessionId session, const xmpp::Element& iq);
  bool hung_up(xmpp::SessionId session, const xmpp::Element& iq);
  void to_brewery(const Client& client, const xmpp::Sender& sender, const xmpp::Jid& to, xmpp::Element stanza);
  void refuse(const xmpp::Sender& sender, const xmpp::Element& stanza);

  SystemRandom random_;
  Common& common_;
  std::shared_ptr<const access::Rules> rules_;
  access::PolicyBook policies_;  // of rules_: stays where it is while they change
  NetLoop net_;
  std::unique_ptr<UdpSocket> media_;
  access::SharedRevocations revocations_ = std::make_shared<const access::RevocationList>();
  Trail trail_;
  std::map<xmpp::SessionId, Client> clients_;
  std::set<std::string> issuers_without_end_;
  sasl::PasswordLogin password_login_;
  Login login_;
  WatchedLogin watched_login_;
  xmpp::Sessions sessions_;
  xmpp::WebSocketBinding binding_;
  xmpp::BoshBinding bosh_;
  xmpp::TcpBinding tcp_;
  sfu::Sfu sfu_;
  TcpMedia tcp_media_;
  Channels channels_;
  focus::Focus focus_;
  MeetingWatch meetings_;
  FocusOrders media_orders_;
  component::SharedDocument shared_document_;
  component::Components components_;
  ServiceDesk service_desk_;
  service::Recording recording_;
  service::Dialing dialing_;
  room::RoomListeners listeners_;
  room::Rooms rooms_;
};

}  // namespace conclave::server
