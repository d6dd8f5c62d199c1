#pragma once
// The composition root: makes the loops and everything on them from the settings, connects them, runs them in threads.
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "access/policy_book.h"
#include "access/token.h"
#include "admin/api.h"
#include "audit/audit_log.h"
#include "base/random.h"
#include "base/result.h"
#include "loop/uv_loop.h"
#include "net/http_server.h"
#include "net/tls.h"
#include "ops/settings.h"
#include "ops/settings_change.h"
#include "server/booking_desk.h"
#include "server/names.h"
#include "server/operator.h"
#include "server/revocations.h"
#include "server/single_sign_on.h"
#include "server/station.h"
#include "server/tickets.h"
#include "server/token_desk.h"
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

  // From any thread, while it runs: every loop decides by these from its next turn on. Keys that were fetched stay,
  // where their source is the same.
  void set_rules(access::PolicyBook policies, std::vector<access::Issuer> issuers,
                 std::vector<keys::KeySource> sources);

  // Reads the settings again from where they were read first (S25). What may change while running is in force for the
  // next decision; nothing is disconnected. An error leaves the old settings in force and is returned as a sentence.
  // On loop 0, while it runs.
  Result<ops::SettingsChange, std::string> reload();
  // The same, brought to loop 0; what came of it is logged. From any thread.
  void reload_later();

  struct Ports {
    std::uint16_t http = 0;  // 0: not served
    std::uint16_t https = 0;
    std::uint16_t media_first = 0;
    std::uint16_t media_last = 0;
  };
  Ports ports() const;
  // The address that people see; with the port that was found where the settings say "any free one".
  std::string public_url() const;

 private:
  void keys_changed(std::shared_ptr<const access::TokenVerifier> verifier);
  void open_audit();
  void open_admin();
  void listen();
  void define_rooms(const std::vector<access::RoomDefinition>& before, const std::vector<access::RoomDefinition>& now);
  std::unique_ptr<HttpServer> listen_on(std::uint16_t port, std::string_view setting, TlsContext* tls);

  const ops::Settings& settings_;  // of the start
  ops::Settings in_force_;         // of the last reload; on loop 0 once it runs
  Names names_;
  SystemRandom random_;
  srtp::Library srtp_;
  dtls::Certificate certificate_;
  xmpp::DomainServices domain_services_;
  std::unique_ptr<TlsContext> tls_;
  std::vector<std::unique_ptr<UvLoop>> loops_;
  Passwords passwords_;
  std::unique_ptr<audit::AuditLog> audit_;
  std::unique_ptr<BookingDesk> bookings_;  // null: rooms need no booking
  Common common_;
  std::vector<std::unique_ptr<Station>> stations_;
  access::PolicyBook policies_;  // in force; loop 0's, once it runs
  std::unique_ptr<TokenDesk> token_desk_;
  std::unique_ptr<Tickets> tickets_;
  std::unique_ptr<Revocations> revocations_;
  std::unique_ptr<Operator> operator_;
  std::unique_ptr<admin::Api> admin_;
  std::unique_ptr<SingleSignOn> single_sign_on_;
  std::unique_ptr<WebFront> web_;
  std::unique_ptr<HttpServer> http_;
  std::unique_ptr<HttpServer> https_;
  std::vector<std::thread> threads_;
};

}  // namespace conclave::server
