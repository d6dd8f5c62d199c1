// Tokens per second and core through SASL: stream opened, token checked, success written. Beside it the check alone,
// and their ratio. The promise is 10,000 a second; the socket and its TLS are not in it (./dev bench has joins per
// second for the whole way).
#include <chrono>
#include <cstdio>
#include <string>
#include <vector>

#include "access/mint.h"
#include "base/log.h"
#include "loop/manual_loop.h"
#include "sasl/guess_desk.h"
#include "server/login.h"
#include "server/token_desk.h"
#include "xmpp/fake_peers.h"
#include "xmpp/framed.h"

namespace conclave::server {
namespace {

constexpr std::string_view kSecret = "a-secret-of-thirty-two-bytes-min";
constexpr int kTokens = 20'000;
constexpr double kPromised = 10'000;
constexpr std::string_view kOpen =
    R"(<open xmlns="urn:ietf:params:xml:ns:xmpp-framing" to="meet.example" version="1.0"/>)";
constexpr std::string_view kAuth = R"(<auth xmlns="urn:ietf:params:xml:ns:xmpp-sasl" mechanism="ANONYMOUS"/>)";

double per_second(int count, std::chrono::steady_clock::time_point begun) {
  return count / std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
}

std::vector<std::string> mint(WallTime now) {
  std::vector<std::string> tokens;
  for (int i = 0; i < kTokens; ++i) {
    access::TokenWish wish{
        .issuer = "portal", .audience = "portal", .room = "board", .role = access::ClaimedRole::Moderator};
    wish.user_name = "Ada";
    wish.user_id = "u-" + std::to_string(i);
    wish.issued_at = now;
    wish.expires = now + std::chrono::hours(1);
    tokens.push_back(access::mint_token(wish, kSecret));
  }
  return tokens;
}

int run() {
  log::set_level(log::Level::Off);
  ManualLoop loop;
  UvLoop desk_loop{LoopId{0}};
  SystemRandom random;
  const access::Issuer issuer{
      .name = "portal",
      .keys = {*access::VerificationKey::from_secret(access::Algorithm::HS256, std::string(kSecret))},
      .accepted_issuers = {"portal"}};
  const auto verifier = std::make_shared<const access::TokenVerifier>(std::vector<access::Issuer>{issuer});
  TokenDesk desk(desk_loop, {issuer}, {}, [](const keys::KeyFetcher::Verifier&) {});
  sasl::GuessDesk guesses(loop);
  const sasl::PasswordSources nobody;
  sasl::PasswordLogin passwords(loop, random, guesses, nobody, [] { return access::AuthMethods{.token = true}; });
  Login login(
      loop, TokenLogin(loop, desk, [&] { return verifier; }), passwords, random,
      [](xmpp::SessionId) { return nullptr; }, [](std::string_view) { return nullptr; });
  xmpp::fake::House house;
  xmpp::SessionsOptions options;
  options.stream.domains = {"meet.example"};
  xmpp::Sessions sessions(loop, login, house, random, options);
  xmpp::Parser parser;
  const std::vector<std::string> tokens = mint(loop.wall_now());

  const auto begun_bare = std::chrono::steady_clock::now();
  for (const std::string& token : tokens) {
    if (!verifier->verify(token, loop.wall_now())) return 1;
  }
  const double bare = per_second(kTokens, begun_bare);

  const auto begun = std::chrono::steady_clock::now();
  for (const std::string& token : tokens) {
    xmpp::fake::Client client;
    const xmpp::ConnectionId id = sessions.connected(client, xmpp::StreamRequest{.room = "board", .token = token});
    receive_frame(sessions, id, parser, kOpen);
    receive_frame(sessions, id, parser, kAuth);
    loop.run_ready();
    if (client.frames.empty() || client.frames.back().find("<success") == std::string::npos) return 1;
    sessions.lost(id);
  }
  const double through = per_second(kTokens, begun);
  std::printf("tokens through SASL   %8.0f /s a core   check alone %8.0f /s   ratio %.2f   promised %.0f: %s\n",
              through, bare, bare / through, kPromised, through >= kPromised ? "kept" : "NOT KEPT");
  return through >= kPromised ? 0 : 1;
}

}  // namespace
}  // namespace conclave::server

int main() {
  return conclave::server::run();
}
