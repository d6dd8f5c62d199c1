#include "server/server.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <future>
#include <utility>

#include "base/log.h"
#include "net/interfaces.h"
#include "ops/addresses.h"
#include "server/client_config.h"
#include "server/tcp_addresses.h"
#include "xmpp/iq/disco_info.h"
#include "xmpp/iq/ping.h"
#include "xmpp/iq/version.h"

namespace conclave::server {
namespace {

// How long clients may take to hear that the server stops.
constexpr Duration kGoodbye = 200ms;

WallTime wall_now() {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

// wss://host:port of the public address, for streams and bridge channels.
std::string channel_origin(const std::string& url) {
  return url.starts_with("https://")  ? "wss://" + url.substr(8)
         : url.starts_with("http://") ? "ws://" + url.substr(7)
                                      : url;
}

std::unique_ptr<TlsContext> load_certificate(const ops::Settings& settings) {
  std::error_code ignored;  // what cannot be made is reported by whoever writes into it
  std::filesystem::create_directories(settings.data_dir, ignored);
  const std::string certificate = settings.data_dir / "cert.pem";
  const std::string key = settings.data_dir / "key.pem";
  if (!std::filesystem::exists(certificate)) {
    SelfSigned wanted{.certificate_file = certificate,
                      .key_file = key,
                      .names = {ops::public_host(settings), "localhost"},
                      .ips = {}};
    for (const Address& address : local_addresses({.with_loopback = true})) wanted.ips.push_back(address.ip());
    if (const auto made = make_self_signed(wanted); !made) {
      throw ops::ConfigError("CONCLAVE_DATA", settings.data_dir, made.error().problem + "; " + made.error().remedy);
    }
  }
  auto context = TlsContext::load(certificate, key);
  if (!context)
    throw ops::ConfigError("CONCLAVE_DATA", settings.data_dir, context.error().problem + "; " + context.error().remedy);
  return std::move(*context);
}

std::vector<std::unique_ptr<UvLoop>> make_loops(unsigned count) {
  std::vector<std::unique_ptr<UvLoop>> loops;
  for (std::uint32_t i = 0; i < count; ++i) loops.push_back(std::make_unique<UvLoop>(LoopId{i}));
  return loops;
}

std::filesystem::path audit_file(const ops::Settings& settings) {
  return settings.audit.file.empty() ? settings.data_dir / "audit.log" : settings.audit.file;
}

xmpp::DiscoInfo domain_info(const Names& names, const ops::Settings& settings) {
  xmpp::DiscoInfo info;
  info.identities = {{"server", "im", "Conclave"},
                     {"component", "end_conference", names.components.end_conference},
                     {"component", "av_moderation", names.components.av_moderation},
                     {"component", "file-sharing", names.components.file_sharing},
                     {"component", "polls", names.components.polls},
                     {"component", "speakerstats", names.components.speaker_stats},
                     {"component", "room_metadata", names.components.room_metadata},
                     {"component", "visitors", names.components.visitors}};
  for (const auto& [type, name] : {std::pair("shard", settings.web.shard), std::pair("region", settings.web.region)}) {
    if (!name.empty()) info.identities.push_back({"server", type, name});
  }
  info.identities.push_back({"server", "release", CONCLAVE_VERSION});
  if (settings.policies.base.lobby_exists) info.identities.push_back({"component", "lobbyrooms", names.lobby});
  if (has_breakout_rooms(settings))
    info.identities.push_back({"component", "breakout_rooms", names.components.breakout_rooms});
  info.features = {std::string(xmpp::kDiscoInfoNamespace), std::string(xmpp::kPingNamespace), "urn:xmpp:extdisco:2"};
  // The component says it too; clients that are pushed this ask nobody else.
  if (has_breakout_rooms(settings)) info.features.emplace_back(kBreakoutRename);
  return info;
}

void add_domain_services(xmpp::DomainServices& services, xmpp::DiscoInfo info) {
  xmpp::add_disco_info(services, std::move(info));
  xmpp::add_ping(services);
  xmpp::add_version(services, "Conclave", CONCLAVE_VERSION);
}

}  // namespace

Server::Server(const ops::Settings& settings)
    : settings_(settings),
      names_(settings.xmpp_domain, settings.domain_aliases),
      certificate_(random_, wall_now()),
      loops_(make_loops(settings.loops)),
      memory_(*loops_.front()),
      passwords_(*loops_.front(), settings),
      bookings_(settings.booking ? std::make_unique<BookingDesk>(*loops_.front(), *settings.booking) : nullptr),
      common_{.names = names_,
              .first_rules = nullptr,
              .certificate = certificate_,
              .srtp = srtp_,
              .domain_services = domain_services_,
              .channel_origin = {},
              .relays = settings.transports.relays,
              .rates = {},
              .breakout_rooms = has_breakout_rooms(settings),
              .loops = loops_.size(),
              .invitations = settings.invitations,
              .stations = {},
              .passwords = passwords_,
              .proxies = settings.accounts.proxies,
              .attached = settings.accounts.attached},
      media_door_(common_.stations) {
  common_.bookings = bookings_.get();
  common_.shared_documents = has_shared_documents(settings);
  common_.max_occupants = settings.max_participants.value_or(common_.max_occupants);
  xmpp::DiscoInfo info = domain_info(names_, settings);
  if (settings.transports.push_discovery) common_.pushed = xmpp::disco_info_query(info);
  add_domain_services(domain_services_, std::move(info));
  if (settings.https || settings.transports.xmpp_port) tls_ = load_certificate(settings);
  const std::vector<Address> advertise = ops::media_addresses(settings, local_addresses());
  rules_ = std::make_unique<RulesDesk>(*loops_.front(), common_, settings);
  common_.token_desk = &rules_->tokens();
  common_.first_rules = rules_->rules();
  open_audit();
  for (std::uint32_t i = 0; i < settings.loops; ++i) {
    const std::uint16_t port =
        settings.media_port == 0 ? std::uint16_t{0} : static_cast<std::uint16_t>(settings.media_port + i);
    stations_.push_back(
        std::make_unique<Station>(*loops_[i], common_,
                                  StationOptions{.media_address = ops::bind_address(settings).with_port(port),
                                                 .advertised = advertise,
                                                 .loudest_speakers = settings.media.loudest_speakers}));
    common_.stations.push_back(stations_.back().get());
  }
  services_ = std::make_unique<Services>(*loops_.front(), common_);
  common_.services = services_.get();
  tickets_ = std::make_unique<Tickets>(*loops_.front(), random_);
  common_.tickets = tickets_.get();
  passwords_.on_end([this](const std::string& subject) {
    common_.tickets->book().forget_subject(subject);
    end_links_of(subject);
    for (Station* station : common_.stations) {
      station->run([station, subject] {
        station->end_sessions_of(subject);
        // Who came back with a ticket is a guest to his stream; what the ticket gave him goes too.
        station->rooms().credentials_revoked(
            [&subject](const access::Identity& identity) { return identity.subject == subject; });
      });
    }
  });
  rooms_ = std::make_unique<RoomBook>(*loops_.front(), common_, settings_.data_dir / "rooms.json", settings_.rooms);
  reload_ = std::make_unique<SettingsDesk>(*loops_.front(), settings_,
                                           [this](const ops::Settings& fresh, ops::AtReload inside) {
                                             rooms_->replace_settings(fresh.rooms);
                                             rules_->replace(fresh, inside);
                                           });
  open_admin();
  web_ = std::make_unique<WebFront>(settings_, common_, *admin_);
  listen();
  common_.channel_origin = channel_origin(public_url());
  if (settings_.oidc) {
    single_sign_on_ = std::make_unique<SingleSignOn>(*loops_.front(), *settings_.oidc, public_url());
    common_.single_sign_on = single_sign_on_.get();
  }
}

Server::~Server() {
  stop();
}

// Those that an account gave until now, whatever becomes of it: they would be found again in no other way.
void Server::end_links_of(const std::string& subject) {
  const WallTime now = loops_.front()->wall_now();
  access::Revocation links{.kind = access::Revocation::Kind::Giver,
                           .value = subject,
                           .issued_before = now + 1s,
                           .until = now + access::kLongestInvitation,
                           .made = now,
                           .note = "the account was locked or removed, or has another password"};
  const bool added = revocations_->add(std::move(links), [](bool) {});
  if (!added) log::error("personal links cannot be revoked: the list is full", {{"giver", subject}});
}

void Server::open_audit() {
  if (!settings_.audit.enabled) return;
  auto file = audit::AuditFile::open({.path = audit_file(settings_)});
  if (!file) {
    throw ops::ConfigError("CONCLAVE_AUDIT_FILE", audit_file(settings_),
                           file.error() + ". Name a file that the server may write, or off.");
  }
  audit_ = std::make_unique<audit::AuditLog>(*std::move(file));
  common_.audit = audit_.get();
}

void Server::open_admin() {
  UvLoop& front = *loops_.front();
  revocations_ = std::make_unique<Revocations>(front, settings_.data_dir / "revocations.json", [this](auto list) {
    for (const auto& station : stations_) station->run([&station = *station, list] { station.set_revocations(list); });
  });
  for (const auto& station : stations_) station->begin_with(revocations_->list());
  operator_ = std::make_unique<Operator>(front, common_,
                                         Operator::Means{.revocations = *revocations_,
                                                         .rooms = *rooms_,
                                                         .settings = *reload_,
                                                         .audit = audit_.get(),
                                                         .audit_file = audit_file(settings_)});
  admin_ = std::make_unique<admin::Api>(*operator_, settings_.admin_token.value_or(""));
}

void Server::listen() {
  http_ = listen_on(settings_.http_port, "HTTP_PORT", nullptr);
  listen_for_media();
  if (settings_.https) https_ = listen_on(settings_.https_port, "HTTPS_PORT", tls_.get());
  if (settings_.transports.xmpp_port) listen_for_xmpp(*settings_.transports.xmpp_port);
  if (framed_ == nullptr) return;
  const auto port_of = [](const auto& server) { return server ? std::optional(server->port()) : std::nullopt; };
  const TcpPorts ports{.https = port_of(https_), .own = settings_.media.tcp_port ? port_of(framed_) : std::nullopt};
  const auto addresses = tcp_addresses(settings_, ops::media_addresses(settings_, local_addresses()), ports);
  for (Station* station : common_.stations) {
    station->loop().post([station, addresses] { station->sfu().set_tcp(addresses); });
  }
}

// On loop 0; each connection then moves to the loop that its first packet names.
void Server::listen_for_media() {
  const bool on_https = settings_.https && settings_.media.on_https;
  if (!on_https && !settings_.media.tcp_port) return;
  FramedFrontOptions options;
  for (const auto& station : stations_) options.loops.push_back(&station->net());
  framed_ = std::make_unique<FramedFront>(stations_.front()->net(), media_door_, std::move(options));
  if (!settings_.media.tcp_port) return;
  const Address address = ops::bind_address(settings_).with_port(*settings_.media.tcp_port);
  if (const auto listening = framed_->listen(address, "JVB_TCP_PORT"); !listening) {
    throw ops::ConfigError("JVB_TCP_PORT", std::to_string(address.port()),
                           listening.error().problem + "; " + listening.error().remedy);
  }
}

// On loop 0: who comes so names no room. Its stanzas go from there to the loops of its rooms, as others' do.
void Server::listen_for_xmpp(std::uint16_t port) {
  TcpServerOptions options{
      .address = ops::bind_address(settings_).with_port(port), .port_setting = "XMPP_PORT", .tls = tls_.get()};
  auto server = TcpServer::listen(stations_.front()->net(), stations_.front()->tcp(), std::move(options));
  if (!server) {
    throw ops::ConfigError(
        "XMPP_PORT", std::to_string(port),
        server.error().problem + "; " + server.error().remedy + ", or close it with CONCLAVE_XMPP_TCP=0");
  }
  xmpp_ = std::move(*server);
}

std::unique_ptr<HttpServer> Server::listen_on(std::uint16_t port, std::string_view setting, TlsContext* tls) {
  HttpServerOptions options;
  options.address = ops::bind_address(settings_).with_port(port);
  options.port_setting = setting;
  options.tls = tls;
  if (tls != nullptr && settings_.media.on_https) options.framed = framed_.get();
  for (const auto& station : stations_) options.loops.push_back(&station->net());
  auto server = HttpServer::listen(stations_.front()->net(), *web_, std::move(options));
  if (!server)
    throw ops::ConfigError(std::string(setting), std::to_string(port),
                           server.error().problem + "; " + server.error().remedy);
  return std::move(*server);
}

void Server::start() {
  for (const auto& loop : loops_) threads_.emplace_back([&loop = *loop] { loop.run(); });
}

void Server::stop() {
  if (threads_.empty()) return;
  // New connections first, then goodbyes, then the loops: nobody is let in by a server that is leaving.
  std::vector<std::promise<void>> said(stations_.size());
  for (std::size_t i = 0; i < stations_.size(); ++i) {
    loops_[i]->post([this, i, &said] {
      if (i == 0) {
        if (http_) http_->stop_listening();
        if (https_) https_->stop_listening();
        if (xmpp_) xmpp_->stop_listening();
        if (framed_) framed_->stop_listening();
      }
      stations_[i]->shut_down();
      said[i].set_value();
    });
  }
  for (auto& one : said) one.get_future().wait();
  std::vector<Timer> goodbyes(stations_.size());
  for (std::size_t i = 0; i < loops_.size(); ++i) {
    loops_[i]->post(
        [&loop = *loops_[i], &goodbye = goodbyes[i]] { goodbye = loop.after(kGoodbye, [&loop] { loop.stop(); }); });
  }
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
  goodbyes.clear();
  http_.reset();
  https_.reset();
  xmpp_.reset();
  framed_.reset();
  web_.reset();
  admin_.reset();
  operator_.reset();
  revocations_.reset();
  single_sign_on_.reset();
  reload_.reset();
  rooms_.reset();
  tickets_.reset();
  rules_.reset();
  services_.reset();
  stations_.clear();
  if (audit_) audit_->flush(*loops_.front());
}

void Server::reload_later() {
  loops_.front()->post([this] { reload_->reload_and_log(); });
}

std::string Server::public_url() const {
  std::string url = settings_.public_url;
  if (url.ends_with(":0")) url.replace(url.size() - 1, 1, std::to_string(https_ ? https_->port() : http_->port()));
  return url;
}

Server::Ports Server::ports() const {
  return {.http = http_ ? http_->port() : std::uint16_t{0},
          .https = https_ ? https_->port() : std::uint16_t{0},
          .xmpp = xmpp_ ? xmpp_->port() : std::uint16_t{0},
          .media_tcp = framed_ ? framed_->port() : std::uint16_t{0},
          .media_first = stations_.front()->media_port(),
          .media_last = stations_.back()->media_port()};
}

}  // namespace conclave::server
