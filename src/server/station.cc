#include "server/station.h"

#include <functional>
#include <utility>

#include "base/log.h"
#include "base/network.h"
#include "component/room_metadata.h"
#include "focus/conference_request.h"
#include "net/interfaces.h"
#include "ops/config_error.h"
#include "room/breakout.h"
#include "server/booking_desk.h"
#include "server/conference_requests.h"
#include "xmpp/iq/disco_info.h"
#include "xmpp/stanza.h"

namespace conclave::server {
namespace {

// signalling.md 5.1: what a client calls itself in a room, mostly.
constexpr std::size_t kNickLength = 8;

std::unique_ptr<UdpSocket> bind_media(UvLoop& loop, const Address& address) {
  auto socket = UdpSocket::bind(loop, address);
  if (!socket)
    throw ops::ConfigError("JVB_PORT", std::to_string(address.port()),
                           socket.error().problem + "; " + socket.error().remedy);
  return std::move(*socket);
}

std::vector<Address> candidates(const StationOptions& options, std::uint16_t port) {
  std::vector<Address> addresses = options.advertised;
  for (Address& address : addresses) {
    if (address.port() == 0) address = address.with_port(port);
  }
  return addresses;
}

xmpp::SessionsOptions session_options(const Common& common) {
  xmpp::SessionsOptions options;
  options.stream.domains = common.names.stream_domains;
  options.stream.pushed = common.pushed;
  options.rates = common.rates;
  return options;
}

// What the component says it can do (signalling.md 3.3).
std::optional<xmpp::Element> breakout_info(const xmpp::Element& iq) {
  if (!xmpp::is_iq_request(iq)) return std::nullopt;
  if (iq.attribute("type") != "get" || iq.child("query", xmpp::kDiscoInfoNamespace) == nullptr)
    return xmpp::error_of(iq, xmpp::errors::kServiceUnavailable);
  xmpp::Element answer = xmpp::result_of(iq);
  const std::string_view node = iq.child("query", xmpp::kDiscoInfoNamespace)->attribute("node");
  answer.add(xmpp::disco_info_query({.identities = {{"component", "breakout_rooms", std::string(iq.attribute("to"))}},
                                     .features = {std::string(kBreakoutRename)}},
                                    node));
  return answer;
}

}  // namespace

Station& Common::station_of_breakout(std::string_view id) const {
  return *stations[room::breakout_loop(id, stations.size())];
}

Station& Common::station_of(const access::RoomName& room) const {
  return *stations[std::hash<access::RoomName>{}(room) % stations.size()];
}

Station::Station(UvLoop& loop, Common& common, StationOptions options)
    : Pinned(loop),
      common_(common),
      rules_(common.first_rules),
      policies_(rules_->policies),
      net_(loop),
      media_(bind_media(loop, options.media_address)),
      trail_(loop, common.audit),
      password_login_(loop, random_, common.passwords.desk(), common.passwords.sources(),
                      [this] { return rules_->policies.base.auth; }),
      login_(
          loop, TokenLogin(loop, *common.token_desk, [this] { return rules_->verifier; }), password_login_, random_,
          [this](xmpp::SessionId session) { return identity_of(session); },
          [this](std::string_view resumption_id) {
            const auto session = sessions_.session_named_by(resumption_id);
            return session ? identity_of(*session) : nullptr;
          }),
      watched_login_(login_, trail_, [this](const access::Identity& identity) { return is_revoked(identity); }),
      sessions_(loop, watched_login_, *this, random_, session_options(common)),
      binding_(loop, sessions_),
      bosh_(loop, sessions_, random_),
      tcp_(loop, sessions_, common.names.stream_domains, random_),
      sfu_(loop, *this, common.certificate, random_,
           {.advertised = candidates(options, media_->port()),
            .ufrag_prefix = ufrag_prefix(loop.id()),
            .loudest_speakers = options.loudest_speakers,
            .srtp = &common.srtp}),
      tcp_media_(loop, sfu_),
      channels_(loop, sfu_),
      focus_(loop, sfu_, random_,
             {.focus_jid = common.names.focus_user + "/focus", .channel_origin = common.channel_origin}),
      meetings_([&common](const access::RoomName& room) {
        if (common.bookings != nullptr) common.bookings->ended(room);
        common.stations.front()->run([&common, room] { common.tickets->book().end_of_meeting(room); });
      }),
      media_orders_(focus_),
      shared_document_(common.shared_documents),
      components_(loop, common.names.components, *this, media_orders_,
                  [this](const room::Occupant& who) {
                    return xmpp::with_credentials(common_.relays, who.nick, this->loop().wall_now());
                  }),
      service_desk_(common),
      recording_(loop, random_, common.attached, service_desk_),
      dialing_(loop, random_, common.attached, service_desk_),
      rooms_(loop, *this, random_, policies_,
             {.muc_domain = common.names.muc,
              .lobby_domain = common.names.lobby,
              .breakout_domain = common.names.components.breakout_rooms,
              .loops = common.loops,
              .focus_jid = common.names.focus_user,
              .max_occupants = common.max_occupants,
              .booking = common.bookings != nullptr,
              .invitations = common.invitations},
             listeners_, *this) {
  listeners_.add(meetings_);
  listeners_.add(shared_document_);
  components_.join(listeners_);
  components_.metadata().on_transcribing([this](room::Room& room, bool on) { dialing_.transcribe(room, on); });
  focus_.set_rules(components_.media_rules());
  listeners_.add(recording_);
  listeners_.add(dialing_);
  // Focus is the last: what nobody else takes is Jingle, or nothing.
  listeners_.add(focus_);
  media_->set_listener(this);
}

Station::~Station() {
  media_->set_listener(nullptr);
}

void Station::run(UniqueFunction<void()> work) {
  if (loop().is_current()) {
    work();
  } else {
    loop().post(std::move(work));
  }
}

void Station::accept_stream(const HttpRequest& request, std::unique_ptr<WebSocket> socket) {
  const TrustedProxies::Origin origin = common_.proxies.origin_of(request);
  HttpRequest seen_through = request;
  seen_through.peer = origin.client;
  seen_through.tls = origin.confidential;
  binding_.accept(seen_through, std::move(socket));
}

void Station::end_sessions_of(const std::string& subject) {
  assert_here();
  for (const auto& [session, client] : clients_) {
    if (client.identity.subject == subject) sessions_.disconnect(session, "not-authorized");
  }
}

const access::Identity* Station::identity_of(xmpp::SessionId session) const {
  const auto it = clients_.find(session);
  return it == clients_.end() ? nullptr : &it->second.identity;
}

void Station::decided(const access::Decided& what) {
  trail_.decided(what);
}

void Station::shut_down() {
  assert_here();
  sessions_.shutdown();
}

void Station::session_bound(xmpp::SessionId session, const xmpp::Jid& jid, const xmpp::StreamRequest& request,
                            const std::any& proof) {
  const auto* identity = std::any_cast<access::Identity>(&proof);
  clients_.insert_or_assign(session, Client{.jid = jid,
                                            .identity = identity ? *identity : access::guest(jid.node),
                                            .peer = network_of(request.peer),
                                            .room = request.room,
                                            .tenant = request.prefix});
  if (clients_.at(session).identity.proof.resumes_only) return refuse_second_use(session);
  // Revoked between the login and now.
  Client& client = clients_.at(session);
  client.identity = as_of_now({{session, jid}, client.identity}).identity;
  if (client.identity.kind == access::IdentityKind::Token && !client.identity.scope.until)
    issuers_without_end_.insert(client.identity.proof.issuer);
}

// A token that is good once was shown beside the id of a stream, and then a new stream begun with it.
void Station::refuse_second_use(xmpp::SessionId session) {
  Client& client = clients_.at(session);
  log::info("token refused", {{"reason", "used before"}, {"peer", client.identity.proof.peer}});
  client.identity = access::guest_instead(client.identity, client.jid.node);
  loop().post([this, session] { sessions_.disconnect(session, "not-authorized"); });
}

void Station::session_resumed(xmpp::SessionId session, const xmpp::StreamRequest&, const std::any& proof) {
  const auto it = clients_.find(session);
  const auto* identity = std::any_cast<access::Identity>(&proof);
  // A new connection that shows nothing but the resumption id goes on as who the stream was; a token or a password that
  // is shown is decided anew: what it is worth may have changed (access.md 4.8).
  if (it == clients_.end() || identity == nullptr || !identity->authenticated()) return;
  it->second.identity = *identity;
  it->second.identity.proof.resumes_only = false;
  const room::Visitor visitor = as_of_now(it->second.visitor({session, it->second.jid}));
  it->second.identity = visitor.identity;
  for (const std::uint32_t index : it->second.stations) {
    Station& station = *common_.stations[index];
    station.run([&station, visitor] { station.rooms_.identity_changed(visitor); });
  }
}

void Station::session_ended(xmpp::SessionId session, xmpp::SessionEnd) {
  const auto it = clients_.find(session);
  if (it == clients_.end()) return;
  for (const std::uint32_t index : it->second.stations) {
    // By way of the tickets' loop, as conference requests go: the end must not overtake what the session asked.
    Station& station = *common_.stations[index];
    common_.stations.front()->run([&station, session] {
      station.run([&station, session] {
        station.rooms_.session_ended(session);
        station.trail_.session_ended(session.value);
      });
    });
  }
  if (it->second.identity.kind == access::IdentityKind::Service) {
    common_.stations.front()->run([&common = common_, session] { common.services->session_ended(session); });
  }
  clients_.erase(it);
}

void Station::stanza(const xmpp::Sender& sender, xmpp::Element stanza) {
  assert_here();
  const auto it = clients_.find(sender.session);
  if (it == clients_.end()) return;
  const auto to = xmpp::Jid::parse(stanza.attribute("to"));
  if (!to || (common_.names.is_own(to->domain) && to->node.empty())) return to_domain(it->second, sender, stanza);
  if (common_.names.muc_domain.serves(to->domain)) return to_muc(it->second, sender, *to, std::move(stanza));
  if (to->domain == common_.names.lobby) return to_lobby(it->second, sender, *to, std::move(stanza));
  if (to->domain == common_.names.focus) return to_focus(it->second, sender, std::move(stanza));
  if (to->domain == common_.attached.brewery_domain) return to_brewery(it->second, sender, *to, std::move(stanza));
  if (to->domain == common_.names.components.breakout_rooms && !common_.breakout_rooms) return refuse(sender, stanza);
  if (to->domain == common_.names.components.breakout_rooms && (!to->node.empty() || stanza.name() == "iq"))
    return to_breakout(it->second, sender, *to, std::move(stanza));
  if (common_.names.components.has(to->domain) && stanza.name() == "message") {
    return to_component(it->second, sender, *to, std::move(stanza));
  }
  if (service::is_hangup(stanza)) return to_call(it->second, sender, stanza);
  refuse(sender, stanza);
}

// The address of a call is a gateway's word; whose it is knows the room that it was made from. The loops where he may
// be are asked one after the other, so that he gets one answer.
void Station::to_call(const Client& client, const xmpp::Sender& sender, const xmpp::Element& iq) {
  ask_for_call({client.stations.begin(), client.stations.end()}, sender.session, iq);
}

void Station::ask_for_call(std::vector<std::uint32_t> stations, xmpp::SessionId session, const xmpp::Element& iq) {
  if (stations.empty()) return deliver(session, xmpp::error_of(iq, xmpp::errors::kItemNotFound));
  Station& station = *common_.stations[stations.back()];
  stations.pop_back();
  station.run([&station, stations = std::move(stations), session, iq]() mutable {
    if (!station.hung_up(session, iq)) station.ask_for_call(std::move(stations), session, iq);
  });
}

bool Station::hung_up(xmpp::SessionId session, const xmpp::Element& iq) {
  room::Room* room = rooms_.room_of(session, std::nullopt);
  const room::Occupant* who = room == nullptr ? nullptr : std::as_const(*room).find(session);
  return who != nullptr && dialing_.hang_up(*room, *who, std::string(iq.attribute("to")), iq, *this);
}

void Station::to_domain(Client& client, const xmpp::Sender& sender, const xmpp::Element& stanza) {
  if (xmpp::asks_for_external_services(stanza)) return tell_relays(client, sender, stanza);
  auto answer = common_.domain_services.handle(sender, stanza);
  if (!answer) return;
  if (!answer->has_attribute("from")) answer->set("from", common_.names.domain);
  sessions_.deliver(sender.session, std::move(*answer));
}

// Stock clients ask before they join, and are told again as they enter (component/room_metadata). Who would not be let
// in now, because he waits or must knock, is told the servers that need no credentials (access.md A41).
void Station::tell_relays(Client& client, const xmpp::Sender& sender, const xmpp::Element& iq) {
  const auto room = access::canonical_room(client.room, client.tenant);
  Station& home = room ? common_.station_of(*room) : *this;
  home.run([&home, visitor = client.visitor(sender), room = room ? std::optional(*room) : std::nullopt, iq] {
    const xmpp::RelayOptions& relays = home.common_.relays;
    const bool let_in = room && home.is_let_in(home.as_of_now(visitor), *room);
    auto answer = xmpp::external_services_answer(
        iq, let_in
                ? xmpp::with_credentials(relays, visitor.sender.jid.node.substr(0, kNickLength), home.loop().wall_now())
                : xmpp::without_credentials(relays));
    if (!answer.has_attribute("from")) answer.set("from", home.common_.names.domain);
    home.deliver(visitor.sender.session, std::move(answer));
  });
}

bool Station::is_let_in(const room::Visitor& visitor, const access::RoomName& room) {
  const room::Room* open = rooms_.find(room);
  return (open != nullptr && open->find(visitor.sender.session) != nullptr) || rooms_.foresee(visitor, room).admitted();
}

void Station::to_muc(Client& client, const xmpp::Sender& sender, const xmpp::Jid& to, xmpp::Element stanza) {
  // A name that is none is told so by whichever loop the connection is on.
  const auto room = common_.names.muc_domain.room_at(to);
  Station& home = room ? common_.station_of(*room) : *this;
  client.stations.insert(home.loop().id().value);
  home.run([&home, visitor = client.visitor(sender), stanza = std::move(stanza)] {
    home.rooms_.stanza(home.as_of_now(visitor), stanza);
  });
}

void Station::to_breakout(Client& client, const xmpp::Sender& sender, const xmpp::Jid& to, xmpp::Element stanza) {
  if (to.node.empty()) {
    if (auto answer = breakout_info(stanza)) sessions_.deliver(sender.session, std::move(*answer));
    return;
  }
  Station& home = common_.station_of_breakout(to.node);
  client.stations.insert(home.loop().id().value);
  home.run([&home, visitor = client.visitor(sender), stanza = std::move(stanza)] {
    home.rooms_.stanza(home.as_of_now(visitor), stanza);
  });
}

void Station::to_lobby(Client& client, const xmpp::Sender& sender, const xmpp::Jid& to, xmpp::Element stanza) {
  const bool to_component = to.node.empty();
  const auto room =
      to_component ? access::canonical_room(client.room, client.tenant) : access::room_from_node(to.node, "");
  Station& home = room ? common_.station_of(*room) : *this;
  client.stations.insert(home.loop().id().value);
  home.run([&home, visitor = client.visitor(sender), room = room ? std::optional(*room) : std::nullopt, to_component,
            stanza = std::move(stanza)] {
    if (!to_component) return home.rooms_.lobby_stanza(home.as_of_now(visitor), stanza);
    home.rooms_.lobby_component_iq(visitor, room ? &*room : nullptr, stanza);
  });
}

void Station::to_focus(Client& client, const xmpp::Sender& sender, xmpp::Element stanza) {
  if (const auto ticket = focus::read_logout(stanza)) {
    // By the tickets' loop, as the requests before it went.
    common_.stations.front()->run(
        [&common = common_, ticket = *ticket, session = sender.session, stations = client.stations] {
          common.tickets->book().forget(ticket);
          for (const std::uint32_t index : stations) {
            Station& station = *common.stations[index];
            station.run([&station, session] { station.rooms_.logged_out(session); });
          }
        });
    return deliver(sender.session, focus::logout_reply(stanza));
  }
  if (!focus::is_conference_request(stanza)) return refuse(sender, stanza);
  if (const auto address = focus::requested_address(stanza);
      address && address->domain == common_.names.components.breakout_rooms)
    return breakout_request(client, sender, *address, std::move(stanza));
  auto request = focus::read_conference_request(stanza, common_.names.muc_domain);
  if (!request) return deliver(sender.session, std::move(request.error()));
  client.stations.insert(common_.station_of(request->room).loop().id().value);
  // Counted before it is made: many requests may be on their way at once.
  const auto wallet =
      !request->machine_uid.empty() && client.tickets < kMaxTicketsPerSession ? NewWallet::Counted : NewWallet::No;
  if (wallet == NewWallet::Counted) ++client.tickets;
  // On whichever loop the answer is found: deliver() posts.
  auto reply = [this, session = sender.session, iq = std::move(stanza)](const focus::ConferenceAnswer& answer) {
    deliver(session, focus::as_iq(iq, answer));
  };
  handle_conference_request(common_, client.visitor(sender), std::move(*request), wallet, std::move(reply));
}

void Station::breakout_request(Client& client, const xmpp::Sender& sender, const xmpp::Jid& address,
                               xmpp::Element stanza) {
  Station& home = common_.station_of_breakout(address.node);
  client.stations.insert(home.loop().id().value);
  home.run([&home, visitor = client.visitor(sender), id = address.node, stanza = std::move(stanza)]() mutable {
    auto room = home.rooms_.breakout_asked_for(visitor.sender.session, id);
    if (!room) return home.deliver(visitor.sender.session, xmpp::error_of(stanza, xmpp::errors::kItemNotFound));
    auto request = focus::conference_request_for(stanza, std::move(*room));
    // He is inside the meeting: whatever ticket he needs he has been given at its door.
    auto reply = [&home, session = visitor.sender.session, iq = std::move(stanza)](
                     const focus::ConferenceAnswer& answer) { home.deliver(session, focus::as_iq(iq, answer)); };
    handle_conference_request(home.common_, std::move(visitor), std::move(request), NewWallet::No, std::move(reply));
  });
}

void Station::ticket_not_made(xmpp::SessionId session) {
  if (const auto it = clients_.find(session); it != clients_.end()) --it->second.tickets;
}

void Station::to_component(Client& client, const xmpp::Sender& sender, const xmpp::Jid& to, xmpp::Element message) {
  // Where the room is that he is in, only that loop knows; elsewhere he is in none.
  for (const std::uint32_t index : client.stations) {
    Station& station = *common_.stations[index];
    station.run([&station, session = sender.session, address = to.domain, message] {
      station.components_.message(station.rooms_, session, address, message);
    });
  }
}

// Nobody else learns that there is such a place.
void Station::to_brewery(const Client& client, const xmpp::Sender& sender, const xmpp::Jid& to, xmpp::Element stanza) {
  if (client.identity.kind != access::IdentityKind::Service) return refuse(sender, stanza);
  common_.stations.front()->run([&common = common_, sender, subject = client.identity.subject, to,
                                 stanza = std::move(stanza)] { common.services->stanza(sender, subject, to, stanza); });
}

void Station::refuse(const xmpp::Sender& sender, const xmpp::Element& stanza) {
  const std::string_view type = stanza.attribute("type");
  const bool is_answer = type == "error" || xmpp::is_iq_response(stanza);
  if (is_answer || (stanza.name() == "presence" && !type.empty())) return;
  sessions_.deliver(sender.session, xmpp::error_of(stanza, xmpp::errors::kServiceUnavailable));
}

void Station::deliver(xmpp::SessionId to, xmpp::Element stanza) {
  const std::uint32_t index = xmpp::loop_of(to);
  if (CONCLAVE_BUG_IF(index >= common_.stations.size())) return;
  Station& home = *common_.stations[index];
  home.run([&home, to, stanza = std::move(stanza)]() mutable { home.sessions_.deliver(to, std::move(stanza)); });
}

void Station::disconnect(xmpp::SessionId session, std::string_view condition) {
  const std::uint32_t index = xmpp::loop_of(session);
  if (CONCLAVE_BUG_IF(index >= common_.stations.size())) return;
  Station& home = *common_.stations[index];
  home.run([&home, session, condition = std::string(condition)] { home.sessions_.disconnect(session, condition); });
}

void Station::datagrams(std::span<const ReceivedDatagram> batch) {
  for (const ReceivedDatagram& datagram : batch) {
    if (TcpMedia::is_path(datagram.from)) [[unlikely]] continue;  // forged
    sfu_.receive(datagram.from, datagram.bytes);
  }
}

void Station::send(const Address& to, Bytes datagram) {
  if (TcpMedia::is_path(to)) [[unlikely]] return tcp_media_.send(to, datagram);
  media_->send(to, datagram);
}

}  // namespace conclave::server
