#pragma once
// The composition root: makes the loops and everything on them from the settings, connects them, runs them in threads.
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "admin/api.h"
#include "audit/audit_log.h"
#include "base/random.h"
#include "loop/uv_loop.h"
#include "net/http_server.h"
#include "net/tcp_server.h"
#include "net/tls.h"
#include "ops/settings.h"
#include "server/booking_desk.h"
#include "server/memory_keeper.h"
#include "server/names.h"
#include "server/operator.h"
#include "server/revocations.h"
#include "server/room_book.h"
#include "server/rules_desk.h"
#include "server/services.h"
#include "server/settings_desk.h"
#include "server/single_sign_on.h"
#include "server/station.h"
#include "server/tickets.h"
#include "server/web_front.h"
#include "sfu/dtls/certificate.h"
#include "sfu/srtp/srtp_session.h"
#include "xmpp/iq/domain_services.h"

namespace conclave::server {

// Made, started and stopped by main's thread; everything else happens on its loops.
class Server {
 public:
  // Binds every port and reads or makes the certificate; throws ops::ConfigError. Serves nothing before start().
  explicit Server(const ops::Settings& settings);
  ~Server();  // stop()

  void start();
  // Says goodbye to every client, then ends the loops. Returns when all threads have.
  void stop();

  // From any thread, while it runs: the settings are read again, and what came of it is logged.
  void reload_later();

  struct Ports {
    std::uint16_t http = 0;  // 0: not served
    std::uint16_t https = 0;
    std::uint16_t xmpp = 0;
    std::uint16_t media_tcp = 0;  // of its own
    std::uint16_t media_first = 0;
    std::uint16_t media_last = 0;
  };
  Ports ports() const;
  // The address that people see; with the port that was found where the settings say "any free one".
  std::string public_url() const;

 private:
  void open_audit();
  void end_links_of(const std::string& subject);
  void open_admin();
  void listen();
  void listen_for_xmpp(std::uint16_t port);
  void listen_for_media();
  std::unique_ptr<HttpServer> listen_on(std::uint16_t port, std::string_view setting, TlsContext* tls);

  const ops::Settings& settings_;  // of the start
  Names names_;
  SystemRandom random_;
  srtp::Library srtp_;
  dtls::Certificate certificate_;
  xmpp::DomainServices domain_services_;
  std::unique_ptr<TlsContext> tls_;
  std::vector<std::unique_ptr<UvLoop>> loops_;
  MemoryKeeper memory_;
  Passwords passwords_;
  std::unique_ptr<audit::AuditLog> audit_;
  std::unique_ptr<BookingDesk> bookings_;  // null: rooms need no booking
  Common common_;
  std::vector<std::unique_ptr<Station>> stations_;
  std::unique_ptr<Services> services_;
  std::unique_ptr<RulesDesk> rules_;
  std::unique_ptr<SettingsDesk> reload_;
  std::unique_ptr<RoomBook> rooms_;
  std::unique_ptr<Tickets> tickets_;
  std::unique_ptr<Revocations> revocations_;
  std::unique_ptr<Operator> operator_;
  std::unique_ptr<admin::Api> admin_;
  std::unique_ptr<SingleSignOn> single_sign_on_;
  std::unique_ptr<WebFront> web_;
  MediaDoor media_door_;
  std::unique_ptr<FramedFront> framed_;  // null: media comes by UDP alone
  std::unique_ptr<HttpServer> http_;
  std::unique_ptr<HttpServer> https_;
  std::unique_ptr<TcpServer> xmpp_;
  std::vector<std::thread> threads_;
};

}  // namespace conclave::server
